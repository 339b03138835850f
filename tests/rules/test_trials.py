"""Do exposures become the right courses and runs, and is a drug that was not taken none?"""

from datetime import date

import pytest

from rules.findings import GradedTrial
from rules.knowledge import Knowledge
from rules.trials import Course, exposed_spans, find_never_filled, merge_exposures
from tests.rules.trial_cases import MDD, NOW, SERTRALINE_FAILED, graded, judged, later, trial
from tests.support.build import (
    AS_OF,
    BUPROPION,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    dispense,
    drug,
    facts,
    order,
    phq9,
    refills,
    span,
    statement,
    when,
)


def courses(knowledge: Knowledge, *pieces: Piece, as_of: date = AS_OF) -> tuple[Course, ...]:
    return merge_exposures(facts(*pieces), as_of, knowledge)


@pytest.mark.parametrize(("gap", "runs"), [(13, 1), (14, 1), (15, 2)])
def test_a_refill_up_to_14_days_late_continues_the_run(
    gap: int, runs: int, knowledge: Knowledge
) -> None:
    refill = dispense(SERTRALINE, later("2025-09-01", 30 + gap))
    (course,) = courses(knowledge, dispense(SERTRALINE, "2025-09-01"), refill)
    assert len(course.runs) == runs


def test_gap_days_are_not_covered_days(knowledge: Knowledge) -> None:
    fills = (dispense(SERTRALINE, "2026-01-01"), dispense(SERTRALINE, "2026-02-10"))
    assert trial(judged(knowledge, MDD, NOW, *fills), "sertraline").covered_days == 60


def test_dose_brand_and_refill_stay_in_one_course(knowledge: Knowledge) -> None:
    brand = drug("sertraline", strength_mg=None, dose_row="sertraline")
    found = courses(
        knowledge, dispense(SERTRALINE, "2025-09-01", mg=50), dispense(brand, "2025-10-01", mg=100)
    )
    assert [(course.ingredient, len(course.runs)) for course in found] == [("sertraline", 1)]


def test_a_product_for_another_use_never_lengthens_a_trial(knowledge: Knowledge) -> None:
    zyban = drug("bupropion", not_for_depression="smoking-cessation product")
    found = courses(
        knowledge, dispense(BUPROPION, "2025-09-01", mg=300), dispense(zyban, "2025-10-01", mg=300)
    )
    assert sorted(course.not_for_depression or "" for course in found) == [
        "",
        "smoking-cessation product",
    ]


def test_a_drug_of_no_interest_is_no_course(knowledge: Knowledge) -> None:
    assert courses(knowledge, dispense(drug("metformin", "metformin"), "2026-01-01")) == ()


def test_an_exposure_that_comes_twice_is_one(knowledge: Knowledge) -> None:
    filled = dispense(SERTRALINE, "2025-09-01")
    assert courses(knowledge, filled, filled) == courses(knowledge, filled)


@pytest.mark.parametrize(
    ("fill_after", "never"), [(29, False), (30, False), (31, True), (-29, False), (-30, True)]
)
def test_an_order_is_filled_within_30_days_or_from_supply_in_hand(
    fill_after: int, never: bool, knowledge: Knowledge
) -> None:
    written = order(SERTRALINE, "2025-09-01")
    filled = dispense(SERTRALINE, later("2025-09-01", fill_after), 30)
    seen = [when("2025-09-01").earliest]  # type: ignore[union-attr]
    found = find_never_filled([written, filled], seen, AS_OF, knowledge)
    assert (found == (written,)) is never


@pytest.mark.parametrize(("days_ago", "never"), [(29, False), (30, False), (31, True)])
def test_a_fill_that_may_still_come_is_awaited(
    days_ago: int, never: bool, knowledge: Knowledge
) -> None:
    start = later(AS_OF.isoformat(), -days_ago)
    found = find_never_filled([order(SERTRALINE, start)], [AS_OF], AS_OF, knowledge)
    assert bool(found) is never


@pytest.mark.parametrize(("apart", "never"), [(-91, False), (-90, True), (90, True), (91, False)])
def test_never_filled_needs_dispensing_seen_within_90_days(
    apart: int, never: bool, knowledge: Knowledge
) -> None:
    seen = [date.fromisoformat(later("2025-09-01", apart))]
    found = find_never_filled([order(SERTRALINE, "2025-09-01")], seen, AS_OF, knowledge)
    assert bool(found) is never


@pytest.mark.parametrize(("filled_on", "never"), [("2025-10-30", False), ("2025-10-31", True)])
def test_an_order_known_to_the_month_may_have_been_written_on_its_last_day(
    filled_on: str, never: bool, knowledge: Knowledge
) -> None:
    written = order(SERTRALINE, "2025-09", 90)
    filled = dispense(SERTRALINE, filled_on)
    seen = [date(2025, 9, 1)]
    assert bool(find_never_filled([written, filled], seen, AS_OF, knowledge)) is never


def test_a_supply_that_names_the_order_fills_it_whenever_it_comes(knowledge: Knowledge) -> None:
    written = order(SERTRALINE, "2025-09-01")
    filled = dispense(SERTRALINE, "2025-12-01", order=written.order)
    assert find_never_filled([written, filled], [date(2025, 9, 1)], AS_OF, knowledge) == ()


def test_an_undated_order_is_not_called_never_filled(knowledge: Knowledge) -> None:
    found = find_never_filled([order(SERTRALINE, None)], [date(2025, 9, 1)], AS_OF, knowledge)
    assert found == ()


def test_ten_thousand_orders_and_supplies_of_one_drug_are_one_course(knowledge: Knowledge) -> None:
    starts = [date.fromordinal(date(1998, 1, 1).toordinal() + n).isoformat() for n in range(10_000)]
    orders = [order(SERTRALINE, start, 1, order=None) for start in starts]
    fills = [dispense(SERTRALINE, start, 1) for start in starts]
    (course,) = courses(knowledge, *orders, *fills)
    assert (len(course.runs), course.never_filled) == (1, ())


def test_ten_thousand_orders_never_filled_are_told_apart(knowledge: Knowledge) -> None:
    starts = [date.fromordinal(date(1998, 1, 1).toordinal() + n).isoformat() for n in range(10_000)]
    orders = [order(SERTRALINE, start, 1) for start in starts]
    seen = [dispense(drug("metformin", "metformin"), start, 1) for start in starts]
    (course,) = courses(knowledge, *orders, *seen)
    assert len(course.never_filled) == 10_000


def test_an_order_never_filled_breaks_no_silence(knowledge: Knowledge) -> None:
    filled = dispense(SERTRALINE, "2025-09-01")
    never = order(VENLAFAXINE, "2025-10-15")
    assert exposed_spans([filled, never], AS_OF, knowledge) == (span("2025-09-01", "2025-10-01"),)


def test_a_drug_that_was_not_taken_breaks_no_silence(knowledge: Knowledge) -> None:
    denied = statement(SERTRALINE, "2025-09-01", "2025-12-01", status="not-taken")
    assert exposed_spans([denied], AS_OF, knowledge) == ()


def test_esketamine_breaks_a_silence_and_a_statin_does_not(knowledge: Knowledge) -> None:
    supporting = dispense(drug("esketamine", "supporting"), "2025-09-01", 10)
    statin = dispense(drug("statin, unspecified", "statin"), "2025-10-01", 10)
    expected = (span("2025-09-01", "2025-09-11"),)
    assert exposed_spans([supporting, statin], AS_OF, knowledge) == expected


VENLAFAXINE_ORDER = order(VENLAFAXINE, "2025-12-20", 120, mg=150)
SCORES = (phq9(15, "2025-11-20"), phq9(16, "2026-03-10"))


def denied(start: str | None, end: str | None = None) -> Piece:
    return statement(VENLAFAXINE, start, end, status="not-taken", mg=None)


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        ((), ("adequate_failed", set())),
        (denied("2025-12-20", "2026-04-18"), ("not_counted", set())),
        (denied("2026-02-01", "2026-02-01"), ("not_counted", set())),
        (denied("2026-02-01"), ("not_counted", set())),
        (denied("2026-04-18"), ("not_counted", set())),
        (denied("2026-04-19"), ("adequate_failed", set())),
        (denied("2025-11-01", "2025-12-19"), ("adequate_failed", set())),
        (denied(None), ("indeterminate", {"adherence_doubt"})),
        (denied("2026-07-15"), ("adequate_failed", set())),
    ],
    ids=["none", "all", "a day", "from", "last day", "after", "before", "undated", "future"],
)
def test_an_order_reported_as_not_taken_is_no_trial(
    denial: Piece, expected: tuple[str, set[str]], knowledge: Knowledge
) -> None:
    told = judged(knowledge, MDD, NOW, VENLAFAXINE_ORDER, SCORES, denial)
    assert graded(told, "venlafaxine") == expected


def test_the_answer_says_that_it_was_recorded_as_not_taken(knowledge: Knowledge) -> None:
    found = denied_trial(knowledge)
    assert "recorded as not taken" in found.finding.because
    assert "MedicationStatement/venlafaxine-2026-02-01" in found.finding.sources


def denied_trial(knowledge: Knowledge) -> GradedTrial:
    told = judged(knowledge, MDD, NOW, VENLAFAXINE_ORDER, SCORES, denied("2026-02-01"))
    return trial(told, "venlafaxine")


@pytest.mark.parametrize(
    "taken",
    [
        refills(VENLAFAXINE, "2025-12-20", 120, mg=150),
        (statement(VENLAFAXINE, "2025-12-20", "2026-04-18", mg=150),),
    ],
    ids=["dispensed", "reported as taken"],
)
def test_a_denial_against_other_entries_is_a_doubt(
    taken: tuple[Piece, ...], knowledge: Knowledge
) -> None:
    told = judged(knowledge, MDD, NOW, taken, SCORES, denied("2026-02-01"))
    assert graded(told, "venlafaxine") == ("indeterminate", {"adherence_doubt"})


def test_a_denial_of_one_drug_says_nothing_of_another(knowledge: Knowledge) -> None:
    told = judged(
        knowledge, MDD, NOW, SERTRALINE_FAILED, VENLAFAXINE_ORDER, SCORES, denied("2025-09-01")
    )
    assert graded(told, "sertraline") == ("adequate_failed", set())


def test_a_denial_alone_is_no_course(knowledge: Knowledge) -> None:
    assert judged(knowledge, MDD, NOW, denied("2026-02-01")).trials == ()
