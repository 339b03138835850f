"""Does the source of a card tell where the words come from, and nothing of this card?"""

import json
from typing import Any
from uuid import uuid4

import pytest

from cds.hooks.cards import CardWriter
from cds.settings import Settings
from rules.findings import CardKind
from rules.knowledge import Knowledge
from tests.cds.assessments import NOW, assessment, signal

KINDS = [kind for kind in CardKind if kind is not CardKind.EXPERIMENTAL_ORDER]


@pytest.fixture(scope="module")
def cards(knowledge: Knowledge) -> list[dict[str, Any]]:
    writer = CardWriter(knowledge, Settings(), uuid4, lambda: NOW)
    due = assessment(*KINDS, suicide_signals=(signal(),))
    return [card.to_wire() for card in writer.write_cards(due, str(uuid4()))]


@pytest.mark.requirement("CARD-12", "I@107", "I@109", "I@110")
def test_the_source_is_one_page_and_no_view_of_a_patient_or_card(
    cards: list[dict[str, Any]],
) -> None:
    assert {card["source"]["url"] for card in cards} == {Settings().evidence_page}


@pytest.mark.requirement("I@110", "CARD-17")
def test_no_link_holds_an_id_of_the_card_or_its_decision(cards: list[dict[str, Any]]) -> None:
    for card in cards:
        decision = card["extension"]["com.trd-inflammation-cds.card"]["decision"]
        links = json.dumps([card.get("links"), card["source"]])
        assert card["uuid"] not in links
        assert decision not in links


@pytest.mark.requirement("CARD-14")
def test_each_kind_of_card_has_a_topic_of_its_own(cards: list[dict[str, Any]]) -> None:
    assert len({card["source"]["topic"]["code"] for card in cards}) == len(KINDS)
