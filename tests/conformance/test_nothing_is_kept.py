"""Is every call answered from what it brings, and never from what an earlier one brought?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.knowledge import Knowledge
from tests.cds.charts import hook_request
from tests.cds.trusted import Trusting, again, trusting, with_access, without
from tests.support.fhir_stand_in import StandIn, bundle, fhir_stand_in

BODY = hook_request()
MARKERS = [entry["resource"] for entry in BODY["prefetch"]["markers"]["entry"]]


@pytest.fixture
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path, server: StandIn) -> Iterator[Trusting]:
    with trusting(knowledge, tmp_path, server) as running:
        yield running


@pytest.mark.requirement("TIME-2")
def test_what_was_fetched_for_one_call_is_fetched_anew_for_the_next(
    service: Trusting, server: StandIn
) -> None:
    body = with_access(without(BODY, "markers"), server)
    server.answer("Observation", bundle(*MARKERS), bundle())
    assert [len(service.cards(each)) for each in (body, again(body))] == [1, 0]


@pytest.mark.requirement("TIME-2", "PFR-1")
def test_what_was_sent_with_one_call_does_not_complete_the_next(service: Trusting) -> None:
    assert len(service.cards(BODY)) == 1
    response = service.post(
        "/cds-services/trd-inflammation-patient-view", again(without(BODY, "markers"))
    )
    assert response.status_code == 412


@pytest.mark.requirement("TIME-2", "E22")
def test_a_call_delivered_again_has_cards_of_its_own(service: Trusting) -> None:
    first, second = service.cards(BODY), service.cards(BODY)
    assert [card["summary"] for card in first] == [card["summary"] for card in second]
    assert first[0]["uuid"] != second[0]["uuid"]
