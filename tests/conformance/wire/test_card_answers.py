"""Does a running service answer a chart with a card, or with none, as the standard has it?"""

from typing import Any

import pytest

from tests.cds.charts import searchset
from tests.conformance.schemas import faults_of
from tests.conformance.wire.calls import VIEW, Json, order_call, patient_view, with_prefetch
from tests.conformance.wire.target import Target, let_in


def cards_for(target: Target, path: str, body: Json) -> list[Json]:
    response = let_in(target, target.post(path, body))
    assert response.status_code == 200, response.text
    assert faults_of("service-response", response.json()) == []
    cards: list[Json] = response.json()["cards"]
    return cards


def one_card(target: Target, path: str, body: Json) -> Json:
    cards = cards_for(target, path, body)
    if not cards and not target.is_own:
        pytest.skip(
            "no card came: this client is silent or off, or the knowledge is the site's own"
        )
    (card,) = cards
    return card


@pytest.mark.requirement("RESP-1", "RESP-3", "CARD-1", "CARD-2", "CARD-3", "CARD-4", "CARD-5",
                         "CARD-6", "CARD-7", "CARD-8", "CARD-9", "CARD-10", "CARD-11", "CARD-12",
                         "CARD-14", "CARD-15", "CARD-16", "CARD-17", "CARD-18", "I@28", "I@74",
                         "I@75", "I@83", "I@88", "A4", "GEN-2")  # fmt: skip
def test_a_full_chart_earns_one_card_that_keeps_the_schema(target: Target) -> None:
    assert "experimental" in one_card(target, VIEW, patient_view())["summary"]


@pytest.mark.requirement("CTX-5", "CARD-2")
@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_a_draft_order_earns_one_card_that_keeps_the_schema(hook: str, target: Target) -> None:
    card = one_card(target, f"/cds-services/trd-inflammation-{hook}", order_call(hook))
    assert "experimental" in card["summary"]


@pytest.mark.requirement("CARD-1", "I@80")
def test_the_same_chart_opened_again_has_a_card_of_its_own(target: Target) -> None:
    first = one_card(target, VIEW, patient_view())
    second = one_card(target, VIEW, patient_view())
    assert first["uuid"] != second["uuid"]
    assert first["summary"] == second["summary"]


@pytest.mark.requirement("RESP-2", "PFR-3", "I@77")
@pytest.mark.parametrize("empty", [None, searchset(), {"resourceType": "Bundle"}], ids=str)
def test_nothing_to_say_is_an_empty_list(empty: Any, target: Target) -> None:
    assert cards_for(target, VIEW, with_prefetch(markers=empty)) == []


@pytest.mark.requirement("GEN-4", "GEN-5", "REQ-7", "CTX-2", "CTX-3", "VER-1")
@pytest.mark.parametrize(
    "added",
    [
        {"context": {"userId": "PractitionerRole/r", "patientId": "pat-1", "encounterId": "e"}},
        {"unknown": {"a": [1]}},
    ],
    ids=str,
)
def test_what_a_client_adds_changes_nothing(added: Json, target: Target) -> None:
    plain = cards_for(target, VIEW, patient_view())
    more = cards_for(target, VIEW, patient_view(**added))
    assert [card["summary"] for card in more] == [card["summary"] for card in plain]
