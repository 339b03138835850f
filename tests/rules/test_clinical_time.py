"""Are dates no more precise than the record states them, and are days counted once?"""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clinical_time import (
    Precision,
    Span,
    days_between,
    merge_spans,
    overlap_days,
    overlaps,
    plus_days,
    read_clinical_date,
)
from tests.support.build import day, span

DAYS = st.integers(0, 400).map(
    lambda number: date.fromordinal(date(2025, 1, 1).toordinal() + number)
)
SPANS = st.builds(Span, DAYS, DAYS)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2025", "2025-01-01", "2025-12-31", Precision.YEAR),
        ("2025-02", "2025-02-01", "2025-02-28", Precision.MONTH),
        ("2024-02", "2024-02-01", "2024-02-29", Precision.MONTH),
        ("2025-03-07", "2025-03-07", "2025-03-07", Precision.DAY),
    ],
)
def test_a_partial_date_is_any_day_it_can_mean(
    text: str, earliest: str, latest: str, precision: Precision
) -> None:
    read = read_clinical_date(text)
    assert (read.earliest, read.latest, read.precision, read.text) == (
        day(earliest),
        day(latest),
        precision,
        text,
    )


@pytest.mark.parametrize(
    "text", ["2025-03-07T23:30:00-08:00", "2025-03-07T00:10:00Z", "2025-03-07T12:00:00.123+14:00"]
)
def test_the_day_of_an_instant_is_the_local_day_as_written(text: str) -> None:
    assert read_clinical_date(text).text == "2025-03-07"


@pytest.mark.parametrize(
    "text", ["", "about 2010", "2025-13", "2025-02-30", "0000", "25-01-01", "2025-03-07T25:00:00Z"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_clinical_date(text)


def test_an_inverted_span_holds_no_day() -> None:
    assert span("2025-03-02", "2025-03-01").days == 0


def test_a_span_does_not_hold_its_end() -> None:
    known = span("2025-03-01", "2025-03-03")
    assert [known.holds(day(each)) for each in ("2025-02-28", "2025-03-02", "2025-03-03")] == [
        False,
        True,
        False,
    ]


def test_a_cut_before_the_start_leaves_nothing() -> None:
    assert span("2025-03-01", "2025-03-09").cut(day("2025-02-01")).days == 0


@pytest.mark.parametrize(("days", "edge"), [(10**9, date.max), (-(10**9), date.min)])
def test_a_supply_beyond_the_calendar_ends_at_its_edge(days: int, edge: date) -> None:
    assert plus_days(date(2025, 1, 1), days) == edge


def test_days_between_is_negative_where_the_order_is_reversed() -> None:
    assert days_between(day("2025-03-03"), day("2025-03-01")) == -2


@given(st.lists(SPANS))
def test_merged_spans_never_touch_and_hold_the_same_days(spans: list[Span]) -> None:
    merged = merge_spans(spans)
    assert all(a.end < b.start for a, b in itertools.pairwise(merged))
    assert _days(merged) == _days(spans)


@given(st.lists(SPANS), SPANS)
def test_overlap_counts_the_days_that_both_hold(spans: list[Span], other: Span) -> None:
    assert overlap_days(merge_spans(spans), other) == len(_days(spans) & _days([other]))


@given(st.lists(SPANS), SPANS)
def test_spans_overlap_where_they_share_a_day(spans: list[Span], other: Span) -> None:
    merged = merge_spans(spans)
    assert overlaps(merged, other) == (overlap_days(merged, other) > 0)


def _days(spans: list[Span] | tuple[Span, ...]) -> set[int]:
    return {
        number for each in spans for number in range(each.start.toordinal(), each.end.toordinal())
    }
