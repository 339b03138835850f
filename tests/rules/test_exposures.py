"""Are the days of a drug counted once, from what the record surely shows, and not beyond today?"""

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clinical_time import Span
from rules.exposures import Length, Stretch, adds_days, cover, place, stated_span
from rules.facts import Exposure, ExposureKind
from rules.knowledge import Knowledge, load_knowledge
from tests.rules.trial_cases import ago, later
from tests.support.build import (
    AS_OF,
    SERTRALINE,
    administration,
    day,
    dispense,
    dose,
    exposure,
    order,
    span,
    statement,
)

KNOWLEDGE = load_knowledge()


def days_of(stretches: tuple[Stretch, ...]) -> set[int]:
    return {
        number
        for each in stretches
        for number in range(each.span.start.toordinal(), each.span.end.toordinal())
    }


@pytest.mark.parametrize(
    ("given_exposure", "expected"),
    [
        (dispense(SERTRALINE, "2026-01-01", 30), span("2026-01-01", "2026-01-31")),
        (dispense(SERTRALINE, "2026-01-01", None), Length.UNKNOWN),
        (dispense(SERTRALINE, None, 30), Length.UNDATED),
        (dispense(SERTRALINE, "2026-01-01", 0), Length.UNDATED),
        (dispense(SERTRALINE, "2026-06-20", 30), span("2026-06-20", "2026-06-30")),
        (dispense(SERTRALINE, "2026-06-30", 30), span("2026-06-30", "2026-06-30")),
        (dispense(SERTRALINE, "2026-01", 30), Length.UNDATED),
        (dispense(SERTRALINE, "2026-01", 40), span("2026-01-31", "2026-02-10")),
        (dispense(SERTRALINE, "2026", 400), span("2026-06-30", "2026-06-30")),
        (dispense(SERTRALINE, "2026-01-01", None, status="active"), Length.UNKNOWN),
        (order(SERTRALINE, "2026-01-01", None, end="2026-01-31"), span("2026-01-01", "2026-02-01")),
        (order(SERTRALINE, "2026-01-01", None, end="2026-02"), span("2026-01-01", "2026-02-02")),
        (order(SERTRALINE, "2026-01-01", 30, status="active"), span("2026-01-01", "2026-01-31")),
        (order(SERTRALINE, "2026-01-01", None, status="active"), span("2026-01-01", "2026-06-30")),
        (order(SERTRALINE, "2026-06-30", None, status="active"), span("2026-06-30", "2026-06-30")),
        (order(SERTRALINE, "2026-06", None, status="active"), span("2026-06-30", "2026-06-30")),
        (order(SERTRALINE, "2026-01-01", None, status="stopped"), Length.UNKNOWN),
        (statement(SERTRALINE, "2026-01-01", "2026-01-01"), Length.UNDATED),
        (statement(SERTRALINE, "2026-02-01", "2026-01-01"), Length.UNDATED),
        (statement(SERTRALINE, "2026-01-01", "2026-01-02"), span("2026-01-01", "2026-01-03")),
        (administration(SERTRALINE, "2026-01-01"), span("2026-01-01", "2026-01-02")),
        (
            exposure(ExposureKind.ADMINISTRATION, SERTRALINE, "2026-01-01"),
            span("2026-01-01", "2026-01-02"),
        ),
        (order(SERTRALINE, "2026-01-01", 10**9), span("2026-01-01", "2026-06-30")),
    ],
    ids=lambda each: str(each)[:60],
)
def test_an_exposure_covers_what_the_record_surely_says(
    given_exposure: Exposure, expected: Span | Length, knowledge: Knowledge
) -> None:
    assert stated_span(given_exposure, AS_OF, knowledge) == expected


@pytest.mark.parametrize(("early", "carried"), [(29, 29), (30, 30), (31, 30)])
def test_an_early_refill_is_carried_forward_by_30_days_at_most(
    early: int, carried: int, knowledge: Knowledge
) -> None:
    first = dispense(SERTRALINE, "2025-09-01", 60)
    refill = dispense(SERTRALINE, later("2025-09-01", 60 - early), 60)
    covered = cover([first, refill], AS_OF, knowledge)
    assert len(days_of(covered)) == 60 + 60 - (early - carried)


def test_a_refill_at_another_dose_is_taken_at_once(knowledge: Knowledge) -> None:
    first = dispense(SERTRALINE, "2025-09-01", 30, mg=50)
    refill = dispense(SERTRALINE, "2025-09-21", 30, mg=100)
    assert len(days_of(cover([first, refill], AS_OF, knowledge))) == 50


def test_two_supplies_of_one_day_are_not_added_up(knowledge: Knowledge) -> None:
    first = dispense(SERTRALINE, "2025-09-01", 30, sources=("MedicationDispense/a",))
    twice = dispense(SERTRALINE, "2025-09-01", 30, sources=("MedicationDispense/b",))
    assert len(days_of(cover([first, twice], AS_OF, knowledge))) == 30


def test_a_month_only_supply_is_carried_no_further_than_it_surely_lasts(
    knowledge: Knowledge,
) -> None:
    assert len(days_of(cover([dispense(SERTRALINE, "2026-01", 90)], AS_OF, knowledge))) == 60


def test_overlapping_orders_are_not_carried_forward(knowledge: Knowledge) -> None:
    orders = [order(SERTRALINE, "2025-09-01", 30), order(SERTRALINE, "2025-09-11", 30)]
    assert len(days_of(cover(orders, AS_OF, knowledge))) == 40


@pytest.mark.parametrize(
    ("first", "second", "governs"),
    [
        ({"mg": 50}, {"mg": None}, 0),
        ({"mg": 50}, {"mg": 100}, 1),
        ({"mg": 50}, {"mg": 50, "as_needed": True}, 0),
        ({"mg": None}, {"mg": 50, "as_needed": True}, 0),
    ],
)
def test_one_dose_governs_each_day(
    first: dict[str, Any], second: dict[str, Any], governs: int, knowledge: Knowledge
) -> None:
    both = [
        order(SERTRALINE, "2025-09-01", 60, **first),
        order(SERTRALINE, "2025-09-20", 60, **second),
    ]
    covered = cover(both, AS_OF, knowledge)
    (at,) = [each for each in covered if each.span.holds(day("2025-10-01"))]
    assert at.exposure is both[governs]


def test_of_two_doses_begun_together_the_lower_governs(knowledge: Knowledge) -> None:
    both = [order(SERTRALINE, "2025-09-01", 60, mg=mg, sources=(str(mg),)) for mg in (100, 50)]
    (only,) = cover(both, AS_OF, knowledge)
    assert only.dose == dose(50)


def test_a_dose_that_is_interrupted_goes_on_afterwards(knowledge: Knowledge) -> None:
    long = order(SERTRALINE, "2025-09-01", 60, mg=50)
    short = order(SERTRALINE, "2025-09-11", 10, mg=100)
    covered = cover([long, short], AS_OF, knowledge)
    assert [(str(each.span.start), each.dose.low_mg) for each in covered] == [
        ("2025-09-01", 50),
        ("2025-09-11", 100),
        ("2025-09-21", 50),
    ]


@pytest.mark.parametrize(("interval", "placed"), [(97, 1), (98, 1), (99, 0)])
def test_an_order_of_unknown_length_lasts_until_the_next_within_98_days(
    interval: int, placed: int, knowledge: Knowledge
) -> None:
    first = order(SERTRALINE, "2025-09-01", None)
    following = order(SERTRALINE, later("2025-09-01", interval), None)
    found = place([first, following], AS_OF, knowledge)
    assert [each.days for _, each in found] == [interval] * placed


def test_a_supply_stands_for_the_order_it_names(knowledge: Knowledge) -> None:
    written = order(SERTRALINE, "2025-09-01", 30)
    filled = dispense(SERTRALINE, "2025-11-01", 30, order=written.order)
    assert adds_days([written, filled], AS_OF, knowledge) == (filled,)


def test_a_supply_of_unknown_length_leaves_the_order_standing(knowledge: Knowledge) -> None:
    written = order(SERTRALINE, "2025-09-01", 90)
    filled = dispense(SERTRALINE, "2025-09-02", None, order=written.order)
    assert written in adds_days([written, filled], AS_OF, knowledge)


@pytest.mark.parametrize(("start", "stays"), [("2025-09-20", False), ("2025-10-01", True)])
def test_an_order_or_statement_beside_a_supply_adds_no_days(
    start: str, stays: bool, knowledge: Knowledge
) -> None:
    filled = dispense(SERTRALINE, "2025-09-01", 30)
    report = statement(SERTRALINE, start, "2025-12-31")
    assert (report in adds_days([filled, report], AS_OF, knowledge)) is stays


@pytest.mark.parametrize(
    ("at", "stays"), [("2025-09-10", False), ("2025-09", False), ("2025-12-10", True)]
)
def test_a_report_for_one_day_adds_nothing_where_that_day_is_covered(
    at: str, stays: bool, knowledge: Knowledge
) -> None:
    written = order(SERTRALINE, "2025-09-01", 30)
    report = statement(SERTRALINE, at, at)
    assert (report in adds_days([written, report], AS_OF, knowledge)) is stays


def test_ten_thousand_fills_are_covered(knowledge: Knowledge) -> None:
    fills = [
        dispense(SERTRALINE, date.fromordinal(date(1990, 1, 1).toordinal() + number).isoformat(), 1)
        for number in range(10_000)
    ]
    assert len(days_of(cover(fills, AS_OF, knowledge))) == 10_000


KINDS = st.sampled_from(["dispense", "order", "open order", "statement", "unknown length"])


@st.composite
def exposures(draw: st.DrawFn, kinds: st.SearchStrategy[str] = KINDS) -> Exposure:
    kind, start = draw(kinds), ago(draw(st.integers(0, 500)))
    length = draw(st.integers(1, 120))
    name = (f"Resource/{draw(st.integers(0, 10**9))}",)
    mg = draw(st.sampled_from([None, "50", "100", "25-100"]))
    if kind == "dispense":
        return dispense(SERTRALINE, start, length, mg=mg, sources=name)
    if kind == "order":
        return order(SERTRALINE, start, length, mg=mg, sources=name)
    if kind == "open order":
        return order(SERTRALINE, start, None, mg=mg, status="active", sources=name)
    if kind == "statement":
        return statement(SERTRALINE, start, later(start, length), mg=mg, sources=name)
    return order(SERTRALINE, start, None, mg=mg, status="stopped", sources=name)


MANY = st.lists(exposures(), max_size=12, unique_by=lambda each: each.sources)


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_exposures_changes_nothing(many: list[Exposure], chance: Any) -> None:
    shuffled = list(many)
    chance.shuffle(shuffled)
    assert cover(shuffled, AS_OF, KNOWLEDGE) == cover(many, AS_OF, KNOWLEDGE)


@given(MANY)
def test_a_repeated_exposure_changes_nothing(many: list[Exposure]) -> None:
    once, twice = cover(many, AS_OF, KNOWLEDGE), cover([*many, *many], AS_OF, KNOWLEDGE)
    assert [(each.span, each.dose) for each in twice] == [(each.span, each.dose) for each in once]


@given(MANY)
def test_covered_stretches_never_overlap_and_never_reach_beyond_today(many: list[Exposure]) -> None:
    covered = cover(many, AS_OF, KNOWLEDGE)
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(covered))
    assert all(each.span.start < each.span.end <= AS_OF for each in covered)


@given(MANY)
def test_no_more_days_are_counted_than_the_calendar_has(many: list[Exposure]) -> None:
    covered = cover(many, AS_OF, KNOWLEDGE)
    starts = [each.start.latest for each in many if each.start]
    calendar = (AS_OF - min(starts)).days if starts else 0
    assert sum(each.span.days for each in covered) <= calendar


@given(MANY, st.integers(0, 300))
def test_a_later_day_of_evaluation_never_takes_a_covered_day_away(
    many: list[Exposure], days: int
) -> None:
    earlier = date.fromisoformat(ago(days))
    known = [each for each in many if each.start and each.start.latest <= earlier]
    assert days_of(cover(known, earlier, KNOWLEDGE)) <= days_of(cover(known, AS_OF, KNOWLEDGE))


@given(st.lists(exposures(st.just("dispense")), min_size=1, max_size=12))
def test_supply_never_covers_more_days_than_were_supplied(many: list[Exposure]) -> None:
    supplied = sum(each.supply_days or 0 for each in many)
    assert len(days_of(cover(many, AS_OF, KNOWLEDGE))) <= supplied
