"""Which days did the patient have a drug, and at which dose?

Evidence has ranks: a supply beats an order, an order equals a statement. The same supply is never
counted twice: an order whose supply is in the record adds no days of its own.
"""

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import groupby, pairwise

from rules.clinical_time import Span, merge_spans, overlaps, plus_days
from rules.facts import DailyDose, Drug, Exposure, ExposureKind
from rules.knowledge.model import Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Covered days of one drug at one dose, with the exposure they come from."""

    span: Span
    dose: DailyDose
    drug: Drug
    exposure: Exposure

    def at(self, span: Span) -> "Stretch":
        """The same drug, dose and exposure on other days."""
        return Stretch(span=span, dose=self.dose, drug=self.drug, exposure=self.exposure)


# What shows that the drug itself was handed over or given.
SUPPLY = frozenset({ExposureKind.DISPENSE, ExposureKind.ADMINISTRATION})


class Length(Enum):
    """Why an exposure covers no days that could be placed."""

    UNDATED = "undated"
    UNKNOWN = "unknown"


def stated_span(exposure: Exposure, as_of: date, knowledge: Knowledge) -> Span | Length:
    """Give the days an exposure covers, up to the day of evaluation; none if it begins that day.

    Units: half-open days; FHIR period ends are inclusive, supply is half-open. Source: rule.md
    sections 4.1, 4.4 and 12 points 7 to 10. An order or statement still active without supply or
    end runs to the day of evaluation. A date known only to the month covers the days that are
    covered whichever day was meant. Unknown input: no start is UNDATED, and so is a statement at a
    single point of time; an ended order without supply or end is UNKNOWN in length.
    """
    start = exposure.start
    if start is None or is_point(exposure):
        return Length.UNDATED
    first = min(start.latest, as_of)
    end = _stated_end(exposure, start.earliest)
    if end is None:
        return Span(first, as_of) if _is_open(exposure, knowledge) else Length.UNKNOWN
    if end <= start.latest:
        return Length.UNDATED
    return Span(first, end).cut(as_of)


def _stated_end(exposure: Exposure, start: date) -> date | None:
    """The day after the last one that is surely covered, or None where no length is stated."""
    if exposure.end is not None:
        return plus_days(exposure.end.earliest, 1)
    if exposure.supply_days is not None:
        return plus_days(start, exposure.supply_days)
    return plus_days(start, 1) if exposure.kind is ExposureKind.ADMINISTRATION else None


def cover(exposures: Sequence[Exposure], as_of: date, knowledge: Knowledge) -> tuple[Stretch, ...]:
    """Lay the exposures of one drug on the line of days: which days are covered, at which dose.

    Where several speak of a day, a daily schedule governs one on need, a known dose an unknown
    one, then the one begun last (a change of dose), then the lower dose. Source: rule.md sections
    4.1 and 4.4.
    Exposures whose length cannot be placed give no days.
    """
    placed = [
        Stretch(span=span, dose=exposure.dose, drug=exposure.drug, exposure=exposure)
        for exposure, span in place(exposures, as_of, knowledge)
    ]
    return _govern(_carry_early_refills(placed, as_of, knowledge))


def place(
    exposures: Sequence[Exposure], as_of: date, knowledge: Knowledge
) -> list[tuple[Exposure, Span]]:
    """Give each exposure that can be placed its days.

    An ended order of unknown length that is followed by another exposure of the same drug within
    the prescription interval lasted until then. Source: rule.md section 4.4 item 3.
    """
    starts = sorted(exposure.start.latest for exposure in exposures if exposure.start)
    placed = []
    for exposure in exposures:
        span = stated_span(exposure, as_of, knowledge)
        if span is Length.UNKNOWN and exposure.start is not None:
            span = _until_next(exposure.start.latest, starts, knowledge.trd.order_only_gap_days)
        if isinstance(span, Span):
            placed.append((exposure, span))
    return placed


def adds_days(
    exposures: Sequence[Exposure], as_of: date, knowledge: Knowledge
) -> tuple[Exposure, ...]:
    """Leave out orders and statements of one drug that speak of supply the record holds itself.

    An order is left out where a dispense or administration of known length names it or overlaps
    it, a statement where one overlaps it, and a report for one point of time where the drug is
    covered then. Source: rule.md section 4.1. Unknown input: what has no dates overlaps nothing
    and stays; a supply of unknown length leaves the order standing, which may state it.
    """
    spans = [(each, stated_span(each, as_of, knowledge)) for each in exposures]
    placed = [(each, span) for each, span in spans if isinstance(span, Span)]
    supplied = [(each, span) for each, span in placed if each.kind in SUPPLY]
    named = {each.order for each, _ in supplied if each.order}
    supply, known = merge_spans(s for _, s in supplied), merge_spans(s for _, s in placed)

    def repeats(exposure: Exposure, span: Span | Length) -> bool:
        if exposure.kind in SUPPLY:
            return False
        if is_point(exposure) and exposure.start is not None:
            at = Span(exposure.start.earliest, plus_days(exposure.start.latest, 1))
            return overlaps(known, at)
        shared = isinstance(span, Span) and overlaps(supply, span)
        return shared or bool(named.intersection(exposure.sources))

    return tuple(exposure for exposure, span in spans if not repeats(exposure, span))


def is_point(exposure: Exposure) -> bool:
    """Say whether a statement speaks of one point of time, which shows no length."""
    return (
        exposure.kind is ExposureKind.STATEMENT
        and exposure.end is not None
        and exposure.end == exposure.start
    )


def _is_open(exposure: Exposure, knowledge: Knowledge) -> bool:
    return exposure.status in knowledge.records.order_open and exposure.kind not in SUPPLY


def _until_next(start: date, starts: Sequence[date], within_days: int) -> Span | Length:
    following = bisect_left(starts, plus_days(start, 1))
    if following < len(starts) and starts[following] <= plus_days(start, within_days):
        return Span(start, starts[following])
    return Length.UNKNOWN


def _carry_early_refills(
    placed: Iterable[Stretch], as_of: date, knowledge: Knowledge
) -> list[Stretch]:
    """Move a refill of the same dose that came early behind the supply still in hand.

    Supplies of one day are not refills of each other: they may be one supply, recorded twice.
    """
    carried: list[Stretch] = []
    in_hand: dict[tuple[Decimal | None, Decimal | None], date] = {}
    ordered = sorted(placed, key=_in_order)
    for day, begun in groupby(ordered, key=lambda each: each.span.start):
        filled = dict(in_hand)
        for stretch in begun:
            if stretch.exposure.kind is not ExposureKind.DISPENSE:
                carried.append(stretch)
                continue
            dose = (stretch.dose.low_mg, stretch.dose.high_mg)
            left = (in_hand.get(dose, date.min) - day).days
            kept = max(0, min(left, knowledge.trd.stockpile_max_days))
            span = Span(plus_days(day, kept), plus_days(stretch.span.end, kept)).cut(as_of)
            filled[dose] = max(span.end, filled.get(dose, date.min))
            carried.append(stretch.at(span))
        in_hand = filled
    return carried


def _govern(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Cut overlapping stretches so that each day has one dose."""
    waiting = sorted((each for each in stretches if each.span.days > 0), key=_in_order)
    edges = sorted({edge for each in waiting for edge in (each.span.start, each.span.end)})
    governed: list[Stretch] = []
    active: list[tuple[tuple[bool, bool, int, str], int]] = []
    begun = 0
    for start, end in pairwise(edges):
        while begun < len(waiting) and waiting[begun].span.start <= start:
            heapq.heappush(active, (_rank(waiting[begun]), begun))
            begun += 1
        while active and waiting[active[0][1]].span.end <= start:
            heapq.heappop(active)
        if active:
            _append(governed, waiting[active[0][1]].at(Span(start, end)))
    return tuple(governed)


def _append(governed: list[Stretch], stretch: Stretch) -> None:
    last = governed[-1] if governed else None
    if (
        last is not None
        and last.exposure is stretch.exposure
        and last.span.end == stretch.span.start
    ):
        governed[-1] = last.at(Span(last.span.start, stretch.span.end))
    else:
        governed.append(stretch)


def _rank(stretch: Stretch) -> tuple[bool, bool, int, str]:
    """Sort first what governs: a daily schedule, a known dose, the latest start, the lower dose."""
    low = "" if stretch.dose.low_mg is None else f"{stretch.dose.low_mg:020.4f}"
    begun = -stretch.span.start.toordinal()
    return (stretch.exposure.as_needed, not stretch.dose.known, begun, low)


def _in_order(stretch: Stretch) -> tuple[date, date, str, tuple[str, ...]]:
    dose = "" if stretch.dose.low_mg is None else f"{stretch.dose.low_mg:020.4f}"
    return (stretch.span.start, stretch.span.end, dose, stretch.exposure.sources)
