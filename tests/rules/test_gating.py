"""Does each cell of the card table give its card, and only what may change it changes it?"""

from itertools import product

import pytest

from rules.findings import (
    CardKind,
    Finding,
    InflammationStatus,
    ResistanceStatus,
    SuicideSignal,
    Verdict,
    Withheld,
)
from rules.gating import CardDecision, decide_cards
from rules.knowledge import Knowledge
from tests.support.variants import with_parameters

FOUND = Finding(verdict=Verdict.MET, because="a reason")
SIGNAL = SuicideSignal(item_score=2, label="item", date=None, total_disagrees=False, finding=FOUND)
SUICIDALITY = Withheld(reason="suicidality", finding=FOUND)
PREGNANCY = Withheld(reason="pregnancy", finding=FOUND)
DECEASED = Withheld(reason="deceased", finding=FOUND)

EVIDENCE_CELLS = {
    ("met", "raised_persistent"),
    ("met", "raised_once"),
    ("possible", "raised_persistent"),
}
GAP_CELLS = {
    ("met", "stale"),
    ("met", "unknown"),
    ("possible", "raised_once"),
    ("insufficient_data", "raised_persistent"),
    ("insufficient_data", "raised_once"),
}
CELLS = list(product(ResistanceStatus, InflammationStatus))
IDS = [f"{row.value}-{column.value}" for row, column in CELLS]


def decide(
    knowledge: Knowledge,
    cell: tuple[ResistanceStatus, InflammationStatus],
    reasons: tuple[Withheld, ...] = (),
    signals: tuple[SuicideSignal, ...] = (),
) -> CardDecision:
    return decide_cards(*cell, reasons, signals, knowledge)


def names(decision: CardDecision) -> list[str]:
    return [each.value for each in decision.cards]


def card_of(cell: tuple[ResistanceStatus, InflammationStatus], data_gap_card: bool) -> list[str]:
    pair = (cell[0].value, cell[1].value)
    if pair in EVIDENCE_CELLS:
        return ["evidence"]
    if pair == ("met", "possible_acute"):
        return ["marker_note"]
    return ["data_gap"] if data_gap_card and pair in GAP_CELLS else []


@pytest.mark.parametrize("data_gap_card", [False, True])
@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_each_cell_gives_its_card(
    cell: tuple[ResistanceStatus, InflammationStatus], data_gap_card: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"cards.data_gap_card": data_gap_card})
    assert names(decide(changed, cell)) == card_of(cell, data_gap_card)


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_by_default_the_safety_card_only_replaces_an_evidence_card(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    expected = card_of(cell, data_gap_card=False)
    shown = ["safety"] if expected == ["evidence"] else expected
    assert names(decide(knowledge, cell, (SUICIDALITY,), (SIGNAL,))) == shown


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_always_shows_the_safety_card_first(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"safety.suicide_safety_card": "always"})
    expected = card_of(cell, data_gap_card=False)
    others = [] if expected == ["evidence"] else expected
    assert names(decide(changed, cell, (SUICIDALITY,), (SIGNAL,))) == ["safety", *others]


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_off_never_shows_the_safety_card_and_still_withholds_the_evidence(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"safety.suicide_safety_card": "off"})
    expected = card_of(cell, data_gap_card=False)
    others = [] if expected == ["evidence"] else expected
    assert names(decide(changed, cell, (SUICIDALITY,), (SIGNAL,))) == others


@pytest.mark.parametrize(
    ("setting", "cards"),
    [
        ("when_evidence_withheld", ["evidence"]),
        ("always", ["safety", "evidence"]),
        ("off", ["evidence"]),
    ],
)
def test_a_signal_that_withholds_nothing_leaves_the_evidence_card(
    setting: str, cards: list[str], knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"safety.suicide_safety_card": setting})
    cell = (ResistanceStatus.MET, InflammationStatus.RAISED_PERSISTENT)
    assert names(decide(changed, cell, (), (SIGNAL,))) == cards


@pytest.mark.parametrize("setting", ["when_evidence_withheld", "always", "off"])
def test_without_a_signal_there_is_no_safety_card(setting: str, knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"safety.suicide_safety_card": setting})
    cell = (ResistanceStatus.MET, InflammationStatus.RAISED_PERSISTENT)
    assert names(decide(changed, cell, (PREGNANCY,))) == []


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_reasons_are_listed_only_where_an_evidence_card_was_due(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    due = (cell[0].value, cell[1].value) in EVIDENCE_CELLS
    assert decide(knowledge, cell, (PREGNANCY,)).withheld == ((PREGNANCY,) if due else ())


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_a_reason_of_the_population_leaves_every_card_but_the_evidence(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"cards.data_gap_card": True})
    expected = [each for each in card_of(cell, data_gap_card=True) if each != "evidence"]
    assert names(decide(changed, cell, (PREGNANCY,))) == expected


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_nothing_is_shown_of_a_patient_who_has_died(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    changed = with_parameters(
        knowledge, {"safety.suicide_safety_card": "always", "cards.data_gap_card": True}
    )
    assert decide(changed, cell, (SUICIDALITY, DECEASED), (SIGNAL,)).cards == ()


def test_every_kind_of_card_can_be_due(knowledge: Knowledge) -> None:
    changed = with_parameters(
        knowledge, {"safety.suicide_safety_card": "always", "cards.data_gap_card": True}
    )
    seen = {card for cell in CELLS for card in decide(changed, cell, (), (SIGNAL,)).cards}
    # The one on draft orders has a rule of its own.
    assert seen == set(CardKind) - {CardKind.EXPERIMENTAL_ORDER}


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_a_death_is_named_and_leaves_no_card_whatever_was_due(
    cell: tuple[ResistanceStatus, InflammationStatus], knowledge: Knowledge
) -> None:
    decision = decide(knowledge, cell, (PREGNANCY, DECEASED), (SIGNAL,))
    assert (decision.cards, decision.withheld) == ((), (DECEASED,))
