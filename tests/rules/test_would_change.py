"""Is what could change the verdict named, and nothing else?"""

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import (
    MDD,
    NOW,
    SERTRALINE_FAILED,
    VENLAFAXINE_FAILED,
    judged,
)
from tests.support.build import (
    MIRTAZAPINE,
    VENLAFAXINE,
    Piece,
    diagnosis,
    dispense,
    order,
    phq9,
    statement,
    unread,
)

ONE = (SERTRALINE_FAILED, phq9(17, "2026-04-01"))


@pytest.mark.parametrize(
    "pieces",
    [(MDD, NOW, SERTRALINE_FAILED, VENLAFAXINE_FAILED), (MDD, NOW, diagnosis("F31.9"))],
    ids=["met", "out of scope"],
)
def test_nothing_is_named_where_positive_evidence_decides(
    pieces: tuple[Piece, ...], knowledge: Knowledge
) -> None:
    assert judged(knowledge, *pieces).would_change == ()


def test_who_is_not_depressed_now_would_need_a_later_score(knowledge: Knowledge) -> None:
    assert judged(knowledge, MDD, phq9(3, "2026-06-20")).would_change == (
        "a later symptom score of at least moderate severity within 90 days",
    )


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((MDD, NOW, ONE), "one more adequate trial without response"),
        ((MDD, NOW, ONE, unread("MedicationStatement")),
         "the medication statements of the record"),
        ((NOW, ONE), "a coded major depressive disorder"),
        ((MDD, SERTRALINE_FAILED), "a symptom score within 90 days"),
        ((MDD, NOW, ONE, statement(MIRTAZAPINE, None)), "when mirtazapine was taken"),
        ((MDD, NOW, ONE, order(VENLAFAXINE, "2026-04-01", 60, mg=None, order=None),
          dispense(VENLAFAXINE, "2026-04-01", 60, mg=None)), "the daily dose of venlafaxine"),
        ((MDD, NOW, ONE, dispense(VENLAFAXINE, "2026-05-20", 60, mg=150)),
         "symptom scores or a stop reason for the trial of venlafaxine"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_what_is_missing_is_named(
    pieces: tuple[Piece, ...], words: str, knowledge: Knowledge
) -> None:
    scored = judged(knowledge, *pieces).would_change
    twin = judged(knowledge, MDD, NOW, SERTRALINE_FAILED, VENLAFAXINE_FAILED).would_change
    assert (words in scored, words in twin) == (True, False)


def test_another_trial_that_fails_is_nothing_a_record_lacks(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, SERTRALINE_FAILED)
    assert told.would_change == (
        "one more adequate trial without response",
        "a symptom score within 90 days",
    )
    assert told.missing == ("a symptom score within 90 days",)


def test_a_worse_score_is_nothing_a_record_lacks(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, phq9(3, "2026-06-20"), unread("Observation"))
    assert told.missing == ("the observations of the record",)
