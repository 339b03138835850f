"""Do the outcomes of an evaluation stay apart?"""

import pytest

from cds.outcome import OutcomeKind, find_outcome
from rules.findings import (
    Assessment,
    CardKind,
    InflammationStatus,
    ResistanceStatus,
    Withheld,
)
from rules.gating import decide_cards
from rules.knowledge import Knowledge
from tests.cds.assessments import (
    GAP,
    assessment,
    finding,
    with_inflammation,
    with_resistance,
)

# For each status of resistance: what comes of it beside each status of the marker, in the order of
# raised repeatedly, raised once, possibly acute, normal, too old, unknown.
SHOWN, NOTHING, OPEN = "shown", "nothing_to_say", "could_not_tell"
OUTCOMES = {
    "met": (SHOWN, SHOWN, SHOWN, NOTHING, OPEN, OPEN),
    "possible": (SHOWN, OPEN, OPEN, NOTHING, OPEN, OPEN),
    "not_met": (NOTHING,) * 6,
    "insufficient_data": (OPEN, OPEN, OPEN, NOTHING, OPEN, OPEN),
    "out_of_scope": (NOTHING,) * 6,
}
CASES = [
    (resistance, marker.value, outcome)
    for resistance, row in OUTCOMES.items()
    for marker, outcome in zip(InflammationStatus, row, strict=True)
]


def judged(resistance: str, marker: str, *due: CardKind) -> Assessment:
    given = with_resistance(
        assessment(cards_due=due),
        status=ResistanceStatus(resistance),
        finding=finding("about resistance"),
    )
    status = InflammationStatus(marker)
    return with_inflammation(given, status=status, finding=finding("about CRP"))


@pytest.mark.parametrize(("resistance", "marker", "outcome"), CASES)
def test_every_pair_of_judgements_has_one_outcome(
    resistance: str, marker: str, outcome: str, knowledge: Knowledge
) -> None:
    statuses = ResistanceStatus(resistance), InflammationStatus(marker)
    due = decide_cards(*statuses, (), (), knowledge).cards
    assert find_outcome(judged(resistance, marker, *due)).kind.value == outcome


@pytest.mark.parametrize(("resistance", "marker", "outcome"), CASES)
def test_without_a_card_there_is_always_a_reason(
    resistance: str, marker: str, outcome: str
) -> None:
    reasons = find_outcome(judged(resistance, marker)).reasons
    assert reasons or outcome == SHOWN


def test_what_could_not_be_told_names_each_missing_piece() -> None:
    given = judged("insufficient_data", "stale")
    told = find_outcome(given).reasons
    assert [(each.what, each.because) for each in told] == [
        ("Treatment resistance", "about resistance"),
        ("CRP", "about CRP"),
    ]


def test_what_could_not_be_read_is_named_as_well() -> None:
    given = with_resistance(assessment(cards_due=(), gaps=(GAP,)), status=ResistanceStatus.POSSIBLE)
    assert GAP.because in [each.because for each in find_outcome(given).reasons]


def test_a_settled_judgement_is_not_named_as_missing() -> None:
    told = find_outcome(judged("insufficient_data", "raised_persistent")).reasons
    assert [each.what for each in told] == ["Treatment resistance"]


def test_a_data_gap_card_does_not_settle_the_question() -> None:
    given = judged("met", "unknown", CardKind.DATA_GAP)
    assert find_outcome(given).kind is OutcomeKind.COULD_NOT_TELL


def test_a_withheld_card_is_an_answer_with_its_reason() -> None:
    withheld = Withheld(reason="pregnancy", finding=finding("pregnancy is coded as active"))
    outcome = find_outcome(assessment(cards_due=(), withheld=(withheld,)))
    assert outcome.kind is OutcomeKind.NOTHING_TO_SAY
    assert outcome.reasons[0].because == "pregnancy is coded as active"
