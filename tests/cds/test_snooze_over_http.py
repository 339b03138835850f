"""Is the same evidence on the same patient shown once, written down each time, and never lost?"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cds.store.database import open_store
from cds.store.decisions import read_decisions
from cds.store.schema import decisions
from rules.knowledge import Knowledge
from tests.cds.trusted import FEEDBACK, LIVE, Trusting, again, trusting
from tests.support.fhir_stand_in import StandIn, fhir_stand_in

REQUESTS = Path("fixtures/requests")


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path, server: StandIn) -> Iterator[Trusting]:
    with trusting(knowledge, tmp_path, server, rests="") as built:
        yield built


@pytest.fixture
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as running:
        yield running


def request(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((REQUESTS / f"{name}.json").read_text("utf-8"))
    return body


def written(folder: Path) -> list[tuple[str, str, list[bool]]]:
    store = open_store(f"sqlite:///{folder / 'store.sqlite3'}")
    with closing(store), store.reading() as connection:
        found = read_decisions(connection, decisions.c.id.is_not(None))
    return [
        (each.outcome, each.review_class, [card.shown for card in each.cards]) for each in found
    ]


def test_a_card_on_the_same_evidence_is_shown_once_and_written_down_each_time(
    service: Trusting, tmp_path: Path
) -> None:
    body = request("evidence-card")
    counts = [len(service.cards(again(body))) for _ in range(3)]
    assert counts == [1, 0, 0]
    assert sorted(written(tmp_path)) == [
        ("evaluated", "shown", [True]),
        ("snoozed", "silent", [False]),
        ("snoozed", "silent", [False]),
    ]


def test_the_same_call_delivered_twice_is_answered_alike(service: Trusting) -> None:
    body = request("evidence-card")
    assert [len(service.cards(body)) for _ in range(2)] == [1, 1]


def test_whoever_posts_a_bundle_is_given_its_cards_every_time(service: Trusting) -> None:
    body = json.loads(Path("fixtures/patients/C01.json").read_text("utf-8"))
    answers = [service.post("/evaluate", body, LIVE).get_json() for _ in range(3)]
    assert [len(answer["cards"]) for answer in answers] == [1, 1, 1]


def test_a_bundle_that_was_posted_keeps_no_card_from_the_chart(service: Trusting) -> None:
    body = json.loads(Path("fixtures/patients/C01.json").read_text("utf-8"))
    assert service.post("/evaluate", body, LIVE).get_json()["cards"]
    assert service.cards(again(request("evidence-card")))


def test_new_evidence_is_shown(service: Trusting) -> None:
    assert service.cards(again(request("evidence-card-one-raised-result")))
    assert service.cards(again(request("evidence-card-possible-resistance")))


def test_a_safety_card_is_shown_every_time(service: Trusting) -> None:
    body = request("safety-card")
    assert [len(service.cards(again(body))) for _ in range(3)] == [1, 1, 1]


def test_a_card_rests_after_it_was_overridden_although_it_was_shown_long_ago(
    knowledge: Knowledge, tmp_path: Path, server: StandIn
) -> None:
    body = request("evidence-card")
    with trusting(knowledge, tmp_path, server, rests="snooze_days = 0") as service:
        (card,) = service.cards(again(body))
        assert service.cards(again(body))
        entry = {
            "card": card["uuid"],
            "outcome": "overridden",
            "outcomeTimestamp": "2026-06-30T09:00:00Z",
        }
        assert service.post(FEEDBACK, {"feedback": [entry]}, LIVE).status_code == 200
        assert service.cards(again(body)) == []
