"""Do days belong to the drug, the order and the other treatments that the record gives them to?"""

import pytest

from rules.exposures import cover
from rules.facts import Exposure
from rules.knowledge import Knowledge
from rules.trial_candidate import exposures_of
from rules.trials import Course, exposed_spans, merge_exposures
from tests.rules.trial_cases import later
from tests.support.build import (
    ARIPIPRAZOLE,
    AS_OF,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    day,
    dispense,
    dose,
    drug,
    facts,
    order,
    span,
)

START = "2025-12-20"
TODAY = AS_OF.isoformat()
LITHIUM = drug("lithium", "augmentation")
NICOTINE = drug("nicotine", "smoking_cessation")


def course_of(knowledge: Knowledge, *pieces: Piece) -> Course:
    (course,) = merge_exposures(facts(*pieces), AS_OF, knowledge)
    return course


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            [
                dispense(VENLAFAXINE, START, 30, mg=100),
                dispense(VENLAFAXINE, later(START, 5), 5, mg=50, as_needed=True),
            ],
            [(0, 30, 100)],
        ),
        (
            [dispense(VENLAFAXINE, START, 20, mg=100), dispense(VENLAFAXINE, START, 30, mg=50)],
            [(0, 30, 50)],
        ),
        (
            [
                dispense(VENLAFAXINE, START, 90),
                dispense(VENLAFAXINE, later(START, 10), 5),
                dispense(VENLAFAXINE, later(START, 60), 30),
            ],
            [(0, 40, 100), (40, 45, 100), (45, 90, 100), (90, 120, 100)],
        ),
    ],
    ids=["one on need inside", "two doses of one day", "a short refill before a long one"],
)
def test_days_are_covered_by_what_governs_them(
    pieces: list[Exposure], expected: list[tuple[int, int, int]], knowledge: Knowledge
) -> None:
    covered = cover(pieces, AS_OF, knowledge)
    assert [(each.span, each.dose) for each in covered] == [
        (span(later(START, first), later(START, end)), dose(mg)) for first, end, mg in expected
    ]


def test_an_order_without_an_end_speaks_of_the_run_it_overlaps(knowledge: Knowledge) -> None:
    supply = dispense(VENLAFAXINE, START, 60, mg=150)
    before = dispense(VENLAFAXINE, "2025-06-01", 60, mg=150)
    open_order = order(VENLAFAXINE, later(START, 10), None, mg=150, status="active")
    course = course_of(knowledge, before, supply, open_order)
    assert exposures_of(course, course.runs[0], AS_OF, knowledge) == (before,)
    assert exposures_of(course, course.runs[1], AS_OF, knowledge) == (supply, open_order)


@pytest.mark.parametrize(
    ("others", "starts"),
    [
        ([order(ARIPIPRAZOLE, "2026-01-10", None, mg=5, status="active")], ["2026-01-10"]),
        (
            [dispense(ARIPIPRAZOLE, "2026-01-10", 60, mg=5), dispense(LITHIUM, "2026-02-01", 60)],
            ["2026-01-10", "2026-02-01"],
        ),
        (
            [
                dispense(ARIPIPRAZOLE, "2026-01-10", 30, mg=5),
                dispense(ARIPIPRAZOLE, "2026-02-01", 30, mg=5),
            ],
            ["2026-01-10"],
        ),
    ],
    ids=["still open", "two drugs", "one drug twice"],
)
def test_each_drug_that_is_added_begins_on_its_own_day(
    others: list[Piece], starts: list[str], knowledge: Knowledge
) -> None:
    course = course_of(knowledge, dispense(VENLAFAXINE, START, 100, mg=150), *others)
    assert course.other_starts == tuple(day(each) for each in starts)


def test_a_drug_to_stop_smoking_without_an_end_is_taken_until_today(knowledge: Knowledge) -> None:
    patches = order(NICOTINE, "2026-02-01", None, status="active")
    course = course_of(knowledge, dispense(VENLAFAXINE, START, 100, mg=150), patches)
    assert course.beside_smoking == (span("2026-02-01", TODAY),)


def test_a_supply_of_unknown_length_fills_an_order(knowledge: Knowledge) -> None:
    written = order(VENLAFAXINE, START, 90)
    other = dispense(SERTRALINE, START, 30)
    of_other = merge_exposures(facts(written, other), AS_OF, knowledge)
    assert [each.never_filled for each in of_other] == [(), (written,)]
    filled = course_of(knowledge, written, dispense(VENLAFAXINE, later(START, 5), None))
    assert filled.never_filled == ()


def test_a_supply_of_one_drug_fills_no_order_of_another(knowledge: Knowledge) -> None:
    exposures: list[Exposure] = [order(VENLAFAXINE, START, 90), dispense(SERTRALINE, START, 30)]
    covered = (span(START, later(START, 30)),)
    assert exposed_spans(exposures, AS_OF, knowledge) == covered
