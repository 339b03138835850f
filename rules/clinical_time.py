"""When did it happen, as far as the record says? Dates with precision, and days on a line."""

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache

import msgspec

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_DATE_LENGTH = 10


class Precision(Enum):
    """How much of a date the record states."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class ClinicalDate(msgspec.Struct, frozen=True, gc=False):
    """A date as the record states it: the first and the last day it can mean.

    "2025-03" is any day of March, not the first. The day of an instant is the local date as
    written, without conversion of the zone. Source: rule.md section 12 point 26.
    """

    earliest: date
    latest: date

    @property
    def precision(self) -> Precision:
        if self.earliest == self.latest:
            return Precision.DAY
        same = (self.earliest.year, self.earliest.month) == (self.latest.year, self.latest.month)
        return Precision.MONTH if same else Precision.YEAR

    @property
    def text(self) -> str:
        """The date in ISO 8601, no more precise than it is known."""
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[self.precision]
        return self.earliest.isoformat()[:length]


def exact(day: date) -> ClinicalDate:
    """Give a date that is known to the day."""
    return ClinicalDate(day, day)


@lru_cache(maxsize=4096)  # a chart says the same days again and again
def read_clinical_date(text: str) -> ClinicalDate:
    """Read a FHIR date, dateTime or instant.

    Errors: ValueError for anything else, such as "about 2010", month 13 or year 0000.
    """
    if _INSTANT.fullmatch(text):
        datetime.fromisoformat(text)  # refuses 25:00 and the like
        return exact(date.fromisoformat(text[:_DATE_LENGTH]))
    stated = _PARTIAL.fullmatch(text)
    if stated is None:
        raise ValueError("not a FHIR date")
    year, month, day = stated.groups()
    if day is not None:
        return exact(date.fromisoformat(text))
    if month is not None:
        first = date(int(year), int(month), 1)
        return ClinicalDate(first, first.replace(day=calendar.monthrange(int(year), int(month))[1]))
    return ClinicalDate(date(int(year), 1, 1), date(int(year), 12, 31))


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days the span holds; an inverted span holds none."""
        return max(0, (self.end - self.start).days)

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end

    def cut(self, end: date) -> "Span":
        """The part of the span before `end`."""
        return Span(self.start, max(self.start, min(self.end, end)))


def days_between(earlier: date, later: date) -> int:
    """Count the days from one date to another; negative where the order is reversed."""
    return (later - earlier).days


def plus_days(day: date, days: int) -> date:
    """Move a date by whole days, staying inside the calendar.

    A supply of a hundred thousand days is bad data; it must not end the evaluation.
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Give the union of spans as spans that neither overlap nor touch, earliest first."""
    merged: list[Span] = []
    for span in sorted(each for each in spans if each.days > 0):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def overlaps(merged: Sequence[Span], span: Span) -> bool:
    """Say whether a span shares a day with the union of others (as merge_spans gives it).

    One search, however many of the others lie within a long span.
    """
    position = bisect_right(merged, span.start, key=lambda each: each.end)
    return span.days > 0 and position < len(merged) and merged[position].start < span.end


def overlap_days(merged: Sequence[Span], span: Span) -> int:
    """Count the days that a span shares with the union of others (as merge_spans gives it)."""
    position = bisect_right(merged, span.start, key=lambda each: each.end)
    days = 0
    while position < len(merged) and merged[position].start < span.end:
        each = merged[position]
        days += Span(max(each.start, span.start), min(each.end, span.end)).days
        position += 1
    return days
