"""Is supply set against the days it was meant for, and only those?"""

import pytest

from rules.adherence import judge_adherence
from rules.findings import Verdict
from rules.knowledge import Knowledge
from rules.trials import merge_exposures
from tests.rules.trial_cases import MDD, NOW, graded, judged, later
from tests.support.build import (
    AS_OF,
    VENLAFAXINE,
    Piece,
    dispense,
    facts,
    order,
    phq9,
    refills,
)

SCORES = (phq9(15, "2025-12-20"), phq9(16, "2026-03-01"))


def adherence(knowledge: Knowledge, *pieces: Piece) -> Verdict:
    (course,) = merge_exposures(facts(*pieces), AS_OF, knowledge)
    return judge_adherence(course, course.runs[-1], AS_OF, knowledge).verdict


@pytest.mark.parametrize(
    ("supplied", "verdict"), [(79, Verdict.NOT_MET), (80, Verdict.MET), (81, Verdict.MET)]
)
def test_supply_for_four_fifths_of_the_ordered_days_is_enough(
    supplied: int, verdict: Verdict, knowledge: Knowledge
) -> None:
    written = order(VENLAFAXINE, "2026-01-01", 100, mg=150)
    assert adherence(knowledge, written, dispense(VENLAFAXINE, "2026-01-01", supplied)) is verdict


def test_orders_alone_say_nothing_of_adherence(knowledge: Knowledge) -> None:
    assert adherence(knowledge, order(VENLAFAXINE, "2026-01-01", 100)) is Verdict.CANNOT_TELL


def test_supply_without_orders_is_set_against_its_own_time(knowledge: Knowledge) -> None:
    assert adherence(knowledge, *refills(VENLAFAXINE, "2026-01-01", 90)) is Verdict.MET


@pytest.mark.parametrize(("gap", "verdict"), [(14, Verdict.MET), (15, Verdict.NOT_MET)])
def test_a_gap_inside_a_run_is_not_held_against_it(
    gap: int, verdict: Verdict, knowledge: Knowledge
) -> None:
    written = order(VENLAFAXINE, "2026-01-01", 56 + gap)
    again = dispense(VENLAFAXINE, later("2026-01-01", 28 + gap), 28, order=written.order)
    first = dispense(VENLAFAXINE, "2026-01-01", 28, order=written.order)
    assert adherence(knowledge, written, first, again) is verdict


def test_supply_outside_the_ordered_days_does_not_make_up_for_them(knowledge: Knowledge) -> None:
    before = refills(VENLAFAXINE, "2025-10-01", 90)
    written = order(VENLAFAXINE, "2026-01-01", 90)
    filled = dispense(VENLAFAXINE, "2026-01-01", 30, order=written.order)
    assert adherence(knowledge, *before, written, filled) is Verdict.NOT_MET


def test_an_order_never_filled_is_not_held_against_the_trial_before_it(
    knowledge: Knowledge,
) -> None:
    written = order(VENLAFAXINE, "2025-12-20", 90, mg=150)
    filled = refills(VENLAFAXINE, "2025-12-20", 60, mg=150, order=written.order)
    last = dispense(VENLAFAXINE, "2026-02-18", 30, mg=150, order=written.order)
    never = order(VENLAFAXINE, "2026-04-25", 60, mg=150)
    told = judged(knowledge, MDD, NOW, written, filled, last, never, SCORES)
    assert graded(told, "venlafaxine") == ("adequate_failed", set())


def test_an_irregular_earlier_course_is_not_held_against_this_one(knowledge: Knowledge) -> None:
    years_ago = [dispense(VENLAFAXINE, day, 30, mg=150) for day in ("2019-01-01", "2019-06-01")]
    now = refills(VENLAFAXINE, "2025-12-20", 90, mg=150)
    told = judged(knowledge, MDD, NOW, years_ago, now, SCORES)
    assert graded(told, "venlafaxine") == ("adequate_failed", set())


def test_the_same_missing_fills_are_not_counted_three_times(knowledge: Knowledge) -> None:
    written = order(VENLAFAXINE, "2025-12-20", 84, mg=150)
    filled = dispense(VENLAFAXINE, "2025-12-20", 30, mg=150, order=written.order)
    told = judged(knowledge, MDD, NOW, written, filled)
    assert graded(told, "venlafaxine")[1] == {"duration_near", "no_response_evidence"}


def test_missing_fills_are_a_doubt_beside_response_evidence(knowledge: Knowledge) -> None:
    written = order(VENLAFAXINE, "2025-12-20", 84, mg=150)
    filled = dispense(VENLAFAXINE, "2025-12-20", 30, mg=150, order=written.order)
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-01-25"))
    told = judged(knowledge, MDD, NOW, written, filled, scores)
    assert graded(told, "venlafaxine")[1] == {"duration_near", "adherence_doubt"}
