"""Is a key set fetched from its one address, without a detour and without a limitless body?"""

import time
from collections.abc import Iterator

import pytest

from cds.ehr import key_fetch
from cds.ehr.key_fetch import key_set_fetcher
from cds.ehr.key_sets import MAX_KEY_SET_BYTES, KeySetError
from cds.ehr.trusted_clients import TrustedClient, TrustedClients
from tests.support.fhir_stand_in import (
    Answer,
    StandIn,
    cut_off,
    fhir_stand_in,
    raw,
    trickle,
)


@pytest.fixture
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as stand_in:
        yield stand_in


def fetch(server: StandIn, answer: Answer) -> bytes:
    url = f"{server.base}/keys"
    server.answer("keys", answer)
    client = TrustedClient(name="ehr", issuer="urn:ehr", jwks_url=url)
    other = TrustedClient.model_validate(
        {"name": "other", "issuer": "urn:other", "jwks_file": "keys.json"}
    )
    return key_set_fetcher(TrustedClients((client, other)))(url)


@pytest.mark.requirement("D2")
def test_a_key_set_is_fetched_as_it_is(server: StandIn) -> None:
    assert fetch(server, raw(200, b'{"keys": []}')) == b'{"keys": []}'


@pytest.mark.requirement("D3", "E9")
def test_a_key_set_that_trickles_is_cut_off(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_fetch, "_TIMEOUT_S", 0.3)
    with pytest.raises(KeySetError):
        fetch(server, trickle(30))
    deadline = time.monotonic() + 5
    while server.under_way and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.under_way == 0


@pytest.mark.requirement("D2", "D3", "E9")
@pytest.mark.parametrize(
    "answer",
    [
        raw(404, b"{}"),
        raw(500, b"{}"),
        raw(302, b"", Location="http://127.0.0.1:1/keys"),
        raw(200, b" " * (MAX_KEY_SET_BYTES + 1)),
        cut_off,
    ],
    ids=["missing", "fault", "redirect", "too large", "cut off"],
)
def test_every_other_answer_is_no_key_set(server: StandIn, answer: Answer) -> None:
    with pytest.raises(KeySetError):
        fetch(server, answer)
    assert len(server.asked) == 1
