"""Are signed calls of the benchmark let in, each judged anew and stored, beside the same rule?"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from flask import Flask

from benchmarks import surroundings as around
from benchmarks.bodies import ENDPOINT, read_call, with_new_instance, write_call
from benchmarks.contestants import (
    CONTESTANTS,
    EVALUATION,
    MAKES_EVIDENCE_CARD,
    SERVICE,
    SIGNED,
    SIGNED_CONTESTANTS,
    Contestant,
)
from benchmarks.load import call_in_turn
from benchmarks.peers.evaluation_alone import app as evaluation_alone
from benchmarks.processes import is_supported
from benchmarks.servers import holds_card, serve
from benchmarks.signing import PUBLIC_URL, SigningClient, es384_client, rs384_client
from benchmarks.surroundings import own_folder, surroundings
from cds import clock
from cds.app import create_app
from cds.settings import Settings

CLIENTS = {"ES384": es384_client(), "RS384": rs384_client()}
LONGEST_LIFE_S = 20 * 60


def body() -> bytes:
    return write_call(read_call(clock.today()))


def contestant(name: str) -> Contestant:
    return next(each for each in SIGNED_CONTESTANTS if each.name == name)


def claims_of(client: SigningClient) -> dict[str, Any]:
    token = client.headers()["Authorization"].removeprefix("Bearer ")
    public = client.key.public_key()
    read: dict[str, Any] = jwt.decode(
        token, public, algorithms=[client.algorithm], audience=PUBLIC_URL + ENDPOINT
    )
    return read


def cards_of(app: Flask, path: str) -> list[dict[str, Any]]:
    """Give what a reader sees of the cards; the ids and the moment differ in each answer."""
    answer = app.test_client().post(path, data=body(), content_type="application/json")
    cards: list[dict[str, Any]] = msgspec.json.decode(answer.data)["cards"]
    return [{name: card[name] for name in ("summary", "detail", "source")} for card in cards]


def count(store: Path, table: str) -> int:
    with closing(sqlite3.connect(store)) as connection:
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(rows)


@pytest.mark.skipif(not is_supported(), reason="this system has no /proc")
@pytest.mark.parametrize("name", SIGNED.values())
def test_every_signed_call_is_let_in_and_stored_as_a_decision_of_its_own(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @contextmanager
    def this_folder() -> Iterator[Path]:
        yield tmp_path

    monkeypatch.setattr("benchmarks.servers.own_folder", this_folder)
    with serve(contestant(name), 1, body()) as server:
        call_in_turn(server, body(), 3)
        store = tmp_path / "store.sqlite3"
        stored = {table: count(store, table) for table in ("used_tokens", "decisions", "cases")}
    asked = 1 + 3  # the first is the check that the card is there
    assert stored == {"used_tokens": asked, "decisions": asked, "cases": asked}


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_a_token_is_for_one_address_and_short_lived(client: SigningClient) -> None:
    claims = claims_of(client)
    assert 0 < claims["exp"] - claims["iat"] <= LONGEST_LIFE_S


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_no_two_calls_have_the_same_token_id(client: SigningClient) -> None:
    assert len({claims_of(client)["jti"] for _ in range(5)}) == 5


def test_a_key_is_in_no_repr() -> None:
    assert "PrivateKey" not in repr(es384_client())


def test_the_evaluation_alone_makes_the_cards_of_the_service() -> None:
    service = create_app(Settings())
    assert cards_of(evaluation_alone, "/") == cards_of(service, ENDPOINT) != []


@pytest.mark.parametrize("name", sorted(MAKES_EVIDENCE_CARD))
def test_of_those_with_the_whole_rule_another_card_is_not_enough(name: str) -> None:
    other = {"extension": {"com.trd-inflammation-cds.card": {"kind": "missing_data"}}}
    answer = msgspec.json.encode({"cards": [other]})
    assert not holds_card(answer, contestant(name))


def test_the_service_and_its_evaluation_take_turns_with_signed_calls() -> None:
    assert [each.name for each in SIGNED_CONTESTANTS] == [EVALUATION, SERVICE, *SIGNED.values()]


def test_beside_floors_and_peers_calls_are_not_signed() -> None:
    assert [each.name for each in CONTESTANTS if each.headers()] == []


def test_a_started_process_has_no_setting_of_a_deployment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRD_CDS_PROFILE", "production")
    monkeypatch.setenv("TRD_CDS_STORE_URL", "postgresql://records/trd")
    found = {name: value for name, value in surroundings(tmp_path).items() if "TRD_CDS" in name}
    assert found == {"TRD_CDS_STORE_URL": f"sqlite:///{tmp_path}/store.sqlite3"}


def test_the_folder_of_a_started_process_goes_when_it_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(around, "BENCH", tmp_path / "bench")
    with own_folder() as folder:
        (folder / "store.sqlite3").write_bytes(b"decisions")
    assert list((tmp_path / "bench").iterdir()) == []


def test_a_call_without_its_own_id_is_sent_as_it_is() -> None:
    assert with_new_instance(b"{}") == b"{}"
