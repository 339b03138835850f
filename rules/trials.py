"""Which antidepressants did the patient take, from when to when? Exposures become courses and runs.

A course is everything the record holds on one ingredient; a run is a stretch of it without a long
gap. Change of dose, brand or formulation and refills stay in one course, and one course gives at
most one trial in an episode.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from rules.clinical_time import Span, days_between, merge_spans, overlaps, plus_days
from rules.exposures import SUPPLY, Length, Stretch, adds_days, cover, place, stated_span
from rules.facts import Exposure, ExposureKind, Facts
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of
from rules.record_status import reported_not_taken


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
            each.at(cut)
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
    dispense followed, in a record that holds dispensing. not_taken: statements that deny it.
    beside_smoking: days of nicotine replacement and the like, whatever the course.
    other_starts: when treatments of another kind began: augmentation, esketamine, ECT.
    """

    ingredient: str
    not_for_depression: str | None
    exposures: tuple[Exposure, ...]
    runs: tuple[Run, ...]
    of_unknown_length: tuple[Exposure, ...]
    undated: tuple[Exposure, ...]
    never_filled: tuple[Exposure, ...]
    not_taken: tuple[Exposure, ...] = ()
    beside_smoking: tuple[Span, ...] = ()
    other_starts: tuple[date, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        return sources_of([exposure.sources for exposure in self.exposures])


def merge_exposures(facts: Facts, as_of: date, knowledge: Knowledge) -> tuple[Course, ...]:
    """Merge the exposures to antidepressants into one course for each ingredient.

    Units: days. Source: rule.md sections 4.1, 4.4 and 12 points 7 to 11. Unknown input: exposures
    without a usable date or length are kept apart in the course, never given an invented one; a
    drug of which it is only said that it was not taken is no course.
    """
    by_ingredient: dict[tuple[str, str], list[Exposure]] = {}
    not_taken: dict[str, list[Exposure]] = {}
    for exposure in dict.fromkeys(facts.exposures):
        if "antidepressant" not in exposure.drug.roles:
            continue
        if reported_not_taken(exposure, knowledge.records):
            not_taken.setdefault(exposure.drug.name, []).append(exposure)
        else:
            key = (exposure.drug.name, exposure.drug.not_for_depression or "")
            by_ingredient.setdefault(key, []).append(exposure)
    dispensing = sorted(each.earliest for each in facts.dispense_dates)
    smoking = merge_spans(
        span for each in _runs_of(facts, {"smoking_cessation"}, as_of, knowledge) for span in each
    )
    starts = _other_starts(facts, as_of, knowledge)
    return tuple(
        replace(
            _course(sorted(exposures, key=_in_order), dispensing, as_of, knowledge),
            not_taken=tuple(not_taken.get(name, ())),
            beside_smoking=smoking,
            other_starts=starts,
        )
        for (name, _), exposures in sorted(by_ingredient.items())
    )


def exposed_spans(
    exposures: Iterable[Exposure], as_of: date, knowledge: Knowledge
) -> tuple[Span, ...]:
    """Give the days under any antidepressant treatment, esketamine and ketamine included.

    Units: days. Source: rule.md section 4.6, where silence is the absence of such days. Orders
    that the dispenses among these exposures show to be never filled are no treatment. Unknown
    input: exposures that cannot be placed break no silence.
    """
    known = list(exposures)
    dispensing = sorted(
        each.start.earliest for each in known if each.kind is ExposureKind.DISPENSE and each.start
    )
    by_drug: dict[str, list[Exposure]] = {}
    for exposure in known:
        treats = {"antidepressant", "supporting"} & exposure.drug.roles
        if treats and not reported_not_taken(exposure, knowledge.records):
            by_drug.setdefault(exposure.drug.name, []).append(exposure)
    taken: list[Span] = []
    for same in by_drug.values():
        unfilled = {id(each) for each in find_never_filled(same, dispensing, as_of, knowledge)}
        filled = [each for each in same if id(each) not in unfilled]
        taken += [span for _, span in place(filled, as_of, knowledge)]
    return merge_spans(taken)


def _runs_of(
    facts: Facts, roles: set[str], as_of: date, knowledge: Knowledge
) -> Iterable[tuple[Span, ...]]:
    """The covered days of each drug that has one of these roles."""
    by_drug: dict[str, list[Exposure]] = {}
    for exposure in facts.exposures:
        if roles & exposure.drug.roles:
            by_drug.setdefault(exposure.drug.name, []).append(exposure)
    for same in by_drug.values():
        yield merge_spans(span for _, span in place(same, as_of, knowledge))


def _other_starts(facts: Facts, as_of: date, knowledge: Knowledge) -> tuple[date, ...]:
    """The days on which augmentation or esketamine began, or neuromodulation was given."""
    gap = knowledge.trd.within_trial_gap_days
    sets = [knowledge.value_sets[name] for name in ("ect", "rtms", "vns")]
    days = {
        each.date.latest
        for each in facts.procedures
        if each.date is not None
        for known in sets
        if known.find(each.codes)
    }
    for spans in _runs_of(facts, {"augmentation", "supporting"}, as_of, knowledge):
        days |= {span.start for span in spans[:1]}
        days |= {b.start for a, b in pairwise(spans) if days_between(a.end, b.start) > gap}
    return tuple(sorted(days))


def _in_order(exposure: Exposure) -> tuple[date, str, tuple[str, ...], str]:
    start = exposure.start.earliest if exposure.start else date.min
    return (start, exposure.kind.value, exposure.sources, str(exposure.dose.low_mg))


def _course(
    exposures: Sequence[Exposure],
    dispensing: Sequence[date],
    as_of: date,
    knowledge: Knowledge,
) -> Course:
    never_filled = find_never_filled(exposures, dispensing, as_of, knowledge)
    unfilled = {id(each) for each in never_filled}
    counted = adds_days([e for e in exposures if id(e) not in unfilled], as_of, knowledge)
    lengths = [(each, stated_span(each, as_of, knowledge)) for each in counted]
    placed = {id(exposure) for exposure, _ in place(counted, as_of, knowledge)}
    return Course(
        ingredient=exposures[0].drug.name,
        not_for_depression=exposures[0].drug.not_for_depression,
        exposures=tuple(exposures),
        runs=split_into_runs(cover(counted, as_of, knowledge), knowledge.trd.within_trial_gap_days),
        of_unknown_length=tuple(
            each for each, length in lengths if length is Length.UNKNOWN and id(each) not in placed
        ),
        undated=tuple(each for each, length in lengths if length is Length.UNDATED),
        never_filled=never_filled,
    )


def find_never_filled(
    exposures: Sequence[Exposure], dispensing: Sequence[date], as_of: date, knowledge: Knowledge
) -> tuple[Exposure, ...]:
    """Give the orders of one drug never filled, in a record that shows dispensing at that time.

    Units: days; `dispensing` is sorted. Source: rule.md sections 4.1 and 12 point 11: a dispense of
    any drug within `trd.dispensing_seen_days` of the order's start, and none of this drug from then
    until `trd.fill_within_days` later, nor one that names the order. Unknown input: no start, or a
    fill that may still come, is not "never filled"; a start known to the month is any day of it.
    """
    supplied = [each for each in exposures if each.kind in SUPPLY]
    named = {each.order for each in supplied if each.order}
    spans = [stated_span(each, as_of, knowledge) for each in supplied]
    begun = [Span(e.start.earliest, plus_days(e.start.earliest, 1)) for e in supplied if e.start]
    covered = merge_spans([*begun, *(span for span in spans if isinstance(span, Span))])
    trd = knowledge.trd

    def never_filled(order: Exposure) -> bool:
        if order.kind is not ExposureKind.REQUEST or order.start is None:
            return False
        last = plus_days(order.start.latest, trd.fill_within_days)
        if last >= as_of or named.intersection(order.sources):
            return False
        nearest = bisect_left(
            dispensing, plus_days(order.start.earliest, -trd.dispensing_seen_days)
        )
        seen_until = plus_days(order.start.latest, trd.dispensing_seen_days)
        seen = nearest < len(dispensing) and dispensing[nearest] <= seen_until
        window = Span(order.start.earliest, plus_days(last, 1))
        return seen and not overlaps(covered, window)

    return tuple(each for each in exposures if never_filled(each))


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
