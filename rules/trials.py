"""Which antidepressants did the patient take, from when to when? Exposures become courses and runs.

A course is everything the record holds on one ingredient; a run is a stretch of it without a long
gap. Change of dose, brand or formulation and refills stay in one course, and one course gives at
most one trial in an episode.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.clinical_time import Span, days_between, merge_spans, plus_days
from rules.exposures import Length, Stretch, adds_days, cover, place, stated_span
from rules.facts import Exposure, ExposureKind, Facts
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Covered days of one ingredient without a gap longer than `trd.within_trial_gap_days`."""

    stretches: tuple[Stretch, ...]

    @property
    def span(self) -> Span:
        """First covered day to the day after the last; the gap days inside are not covered."""
        return Span(self.stretches[0].span.start, self.stretches[-1].span.end)

    @property
    def sources(self) -> tuple[str, ...]:
        return sources_of([stretch.exposure.sources for stretch in self.stretches])

    def within(self, span: Span) -> "Run | None":
        """The part of the run inside a span, or None where no covered day lies in it."""
        inside = tuple(
            Stretch(span=cut, dose=each.dose, drug=each.drug, exposure=each.exposure)
            for each in self.stretches
            if (cut := Span(max(each.span.start, span.start), min(each.span.end, span.end))).days
        )
        return Run(stretches=inside) if inside else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Everything usable the record holds on one antidepressant ingredient.

    not_for_depression: why its product is not meant for depression; such products are a course of
    their own, so that smoking cessation never lengthens a trial of the same ingredient.
    exposures: all of it. runs: what covers days, oldest first. of_unknown_length: ended orders
    that have a start and no length. undated: what has no usable date. never_filled: orders no
    dispense followed, in a record that holds dispensing.
    """

    ingredient: str
    not_for_depression: str | None
    exposures: tuple[Exposure, ...]
    runs: tuple[Run, ...]
    of_unknown_length: tuple[Exposure, ...]
    undated: tuple[Exposure, ...]
    never_filled: tuple[Exposure, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return sources_of([exposure.sources for exposure in self.exposures])

    @property
    def from_orders_only(self) -> bool:
        return all(exposure.kind is ExposureKind.REQUEST for exposure in self.exposures)


def merge_exposures(facts: Facts, as_of: date, knowledge: Knowledge) -> tuple[Course, ...]:
    """Merge the exposures to antidepressants into one course for each ingredient.

    Units: days. Source: rule.md sections 4.1, 4.4 and 12 points 7 to 11. Unknown input: exposures
    without a usable date or length are kept apart in the course, never given an invented one.
    """
    by_ingredient: dict[tuple[str, str], list[Exposure]] = {}
    for exposure in facts.exposures:
        if "antidepressant" in exposure.drug.roles:
            key = (exposure.drug.name, exposure.drug.not_for_depression or "")
            by_ingredient.setdefault(key, []).append(exposure)
    dispensing = sorted(each.earliest for each in facts.dispense_dates)
    return tuple(
        _course(sorted(exposures, key=_in_order), dispensing, as_of, knowledge)
        for _, exposures in sorted(by_ingredient.items())
    )


def exposed_spans(
    exposures: Iterable[Exposure], as_of: date, knowledge: Knowledge
) -> tuple[Span, ...]:
    """Give the days under any antidepressant treatment, esketamine and ketamine included.

    Units: days. Source: rule.md section 4.6, where silence is the absence of such days. Unknown
    input: exposures that cannot be placed break no silence.
    """
    treatments = {"antidepressant", "supporting"}
    by_drug: dict[str, list[Exposure]] = {}
    for exposure in exposures:
        if treatments & exposure.drug.roles:
            by_drug.setdefault(exposure.drug.name, []).append(exposure)
    return merge_spans(
        span for same in by_drug.values() for _, span in place(same, as_of, knowledge)
    )


def _in_order(exposure: Exposure) -> tuple[date, str, tuple[str, ...], str]:
    start = exposure.start.earliest if exposure.start else date.min
    return (start, exposure.kind.value, exposure.sources, str(exposure.dose.low_mg))


def _course(
    exposures: Sequence[Exposure],
    dispensing: Sequence[date],
    as_of: date,
    knowledge: Knowledge,
) -> Course:
    never_filled = tuple(
        each for each in exposures if is_never_filled(each, exposures, dispensing, as_of, knowledge)
    )
    counted = adds_days([each for each in exposures if each not in never_filled], as_of, knowledge)
    lengths = {id(each): stated_span(each, as_of, knowledge) for each in counted}
    placed = {id(exposure) for exposure, _ in place(counted, as_of, knowledge)}
    return Course(
        ingredient=exposures[0].drug.name,
        not_for_depression=exposures[0].drug.not_for_depression,
        exposures=tuple(exposures),
        runs=split_into_runs(cover(counted, as_of, knowledge), knowledge.trd.within_trial_gap_days),
        of_unknown_length=tuple(
            each
            for each in counted
            if lengths[id(each)] is Length.UNKNOWN and id(each) not in placed
        ),
        undated=tuple(each for each in counted if lengths[id(each)] is Length.UNDATED),
        never_filled=never_filled,
    )


def is_never_filled(
    order: Exposure,
    exposures: Iterable[Exposure],
    dispensing: Sequence[date],
    as_of: date,
    knowledge: Knowledge,
) -> bool:
    """Say whether an order was never filled, in a record that shows dispensing at that time.

    Units: days. Source: rule.md sections 4.1 and 12 point 11: a dispense of any drug within
    `trd.dispensing_seen_days` of the order's start, and none of this drug from then until
    `trd.fill_within_days` later. Unknown input: no start, or a fill that may still come, is not
    "never filled".
    """
    if order.kind is not ExposureKind.REQUEST or order.start is None:
        return False
    start, trd = order.start.earliest, knowledge.trd
    if plus_days(start, trd.fill_within_days) >= as_of:
        return False
    seen = any(abs(days_between(start, day)) <= trd.dispensing_seen_days for day in dispensing)
    return seen and not any(_fills(each, order, as_of, knowledge) for each in exposures)


def _fills(exposure: Exposure, order: Exposure, as_of: date, knowledge: Knowledge) -> bool:
    """Say whether a supply belongs to an order: it names it, or falls into its time."""
    if exposure.kind not in {ExposureKind.DISPENSE, ExposureKind.ADMINISTRATION}:
        return False
    if exposure.order in order.sources:
        return True
    if exposure.start is None or order.start is None:
        return False
    window = Span(
        order.start.earliest, plus_days(order.start.earliest, knowledge.trd.fill_within_days + 1)
    )
    supplied = stated_span(exposure, as_of, knowledge)
    if isinstance(supplied, Span) and supplied.start < window.end and window.start < supplied.end:
        return True
    return window.holds(exposure.start.earliest)


def split_into_runs(stretches: Sequence[Stretch], gap_days: int) -> tuple[Run, ...]:
    """Split covered stretches into runs wherever more than `gap_days` days are not covered.

    Units: days; a gap of exactly `gap_days` stays in the run. Source: rule.md section 4.4 item 3.
    """
    runs: list[list[Stretch]] = []
    for stretch in stretches:
        if runs and days_between(runs[-1][-1].span.end, stretch.span.start) <= gap_days:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return tuple(Run(stretches=tuple(run)) for run in runs)
