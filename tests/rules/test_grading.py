"""Does each thing that can speak against a trial do so, and alone?

Twins: each patient differs from the one whose trial counts in full in one thing.
"""

from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import MDD, NOW, ago, graded, judged, trial
from tests.support.build import (
    AS_OF,
    MIRTAZAPINE,
    VENLAFAXINE,
    Piece,
    dispense,
    drug,
    icd,
    order,
    phq9,
    statement,
)

START = "2025-12-20"
SCORES = (phq9(15, START), phq9(16, "2026-03-10"))
FULL = ("adequate_failed", set[str]())
OUT = ("not_counted", set[str]())
ZYBAN = drug("venlafaxine", not_for_depression="a product for something else")


def venlafaxine(kind: Any = dispense, what: Any = VENLAFAXINE, **given: Any) -> Piece:
    fields = {"mg": 150, **given}
    start, days = fields.pop("start", START), fields.pop("days", 100)
    if kind is statement:
        piece: Piece = statement(what, start, fields.pop("end", "2026-04-01"), **fields)
    else:
        piece = kind(what, start, days, **fields)
    return piece


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        (venlafaxine(), FULL),
        (venlafaxine(order), FULL),
        (venlafaxine(statement), FULL),
        (venlafaxine(what=ZYBAN), OUT),
        (venlafaxine(mg=37), OUT),
        (venlafaxine(days=20), OUT),
        (venlafaxine(as_needed=True), OUT),
        (venlafaxine(intermittent=True), OUT),
        (venlafaxine(order, status="draft"), None),
        (venlafaxine(order, intent="plan"), None),
        (venlafaxine(order, do_not_perform=True), None),
        (venlafaxine(order, reasons=(icd("N95.1"),)), OUT),
        (venlafaxine(start=ago(900)), OUT),
        (venlafaxine(mg=None), ("indeterminate", {"dose_unknown"})),
        (venlafaxine(mg="37-150"), ("indeterminate", {"dose_range_spans"})),
        (venlafaxine(drug_from_text=True), ("indeterminate", {"code_free_text"})),
        (venlafaxine(status="in-progress"), ("indeterminate", {"status_unclear"})),
        (venlafaxine(order, status="unknown"), ("indeterminate", {"status_unclear"})),
        (venlafaxine(order, status=None), ("indeterminate", {"status_unclear"})),
        (venlafaxine(statement, status="on-hold"), FULL),
        (venlafaxine(order, status="on-hold"), ("indeterminate", {"status_unclear"})),
        (venlafaxine(statement, status="intended"), None),
        (venlafaxine(statement, status="not-taken"), None),
    ],
    ids=str,
)
def test_one_thing_changed_changes_the_grade(
    course: Piece, expected: tuple[str, set[str]] | None, knowledge: Knowledge
) -> None:
    told = judged(knowledge, MDD, NOW, SCORES, course)
    found = [graded(told, each.ingredient) for each in told.trials]
    assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("pieces", "grade", "words"),
    [
        ((venlafaxine(statement, start=None, end=None),), "unplaceable", "without a date"),
        ((venlafaxine(statement, start="2026-02-01", end="2026-02-01"),), "unplaceable",
         "without a date"),
        ((venlafaxine(statement, start="2021-02-01", end="2021-02-01"),), "not_counted",
         "before the look-back"),
        ((venlafaxine(statement, start=None, end=None, mg=10),), "not_counted", "no adequate one"),
        ((venlafaxine(order, days=None, status="stopped", mg=10),), "not_counted",
         "no adequate one"),
        ((venlafaxine(order, days=None, status="stopped", start=ago(900)),), "not_counted",
         "before the look-back"),
        ((venlafaxine(order, days=None, status="active", start=str(AS_OF)),), "not_counted",
         "no day of it is covered yet"),
        ((venlafaxine(start="2026"),), "unplaceable", "without a date"),
        ((venlafaxine(what=ZYBAN),), "not_counted", "not a product for depression"),
        ((venlafaxine(order), dispense(MIRTAZAPINE, START, 10)), "not_counted",
         "no dispense followed the prescription of "),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_a_course_without_days_in_the_episode_is_told_as_such(
    pieces: tuple[Piece, ...], grade: str, words: str, knowledge: Knowledge
) -> None:
    found = trial(judged(knowledge, MDD, NOW, *pieces), "venlafaxine")
    assert (found.grade.value, words in found.finding.because) == (grade, True), found.finding


def test_the_run_that_counts_best_stands_for_the_course(knowledge: Knowledge) -> None:
    short, long = dispense(VENLAFAXINE, "2025-10-01", 20, mg=150), venlafaxine()
    found = trial(judged(knowledge, MDD, NOW, SCORES, short, long), "venlafaxine")
    assert (str(found.start), found.covered_days) == (START, 100)


def test_a_failed_course_is_one_trial_although_the_drug_was_begun_twice(
    knowledge: Knowledge,
) -> None:
    first, second = dispense(VENLAFAXINE, "2025-09-01", 60, mg=150), venlafaxine()
    told = judged(knowledge, MDD, NOW, SCORES, phq9(17, "2025-10-20"), first, second)
    assert len(told.trials) == 1


def test_an_order_of_unknown_length_with_an_unknown_dose_has_both_gaps(
    knowledge: Knowledge,
) -> None:
    told = judged(knowledge, MDD, NOW, venlafaxine(order, days=None, mg=None))
    assert graded(told, "venlafaxine") == (
        "not_counted",
        {"duration_unknown", "dose_unknown", "no_response_evidence"},
    )


def test_an_order_of_unknown_length_known_from_free_text_rests_on_it(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, venlafaxine(order, days=None, drug_from_text=True))
    assert "code_free_text" in graded(told, "venlafaxine")[1]


def test_an_unfilled_renewal_does_not_bring_an_old_course_into_the_episode(
    knowledge: Knowledge,
) -> None:
    old = dispense(VENLAFAXINE, ago(900), 60, mg=150)
    renewal = order(VENLAFAXINE, ago(100), 60, mg=150)
    other = dispense(MIRTAZAPINE, ago(100), 60, mg=30)
    found = trial(judged(knowledge, MDD, NOW, old, renewal, other), "venlafaxine")
    assert found.finding.because == "long enough at its dose, but before the look-back"
