"""Was the drug taken as ordered, as far as supply and reports show?"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from rules.clinical_time import Span, days_between, merge_spans, overlap_days, plus_days
from rules.exposures import stated_span
from rules.facts import Exposure, ExposureKind
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import percent_reached, sources_of
from rules.trials import Course, Run


def judge_adherence(course: Course, run: Run, as_of: date, knowledge: Knowledge) -> Finding:
    """Judge whether the supply covers enough of the time it was meant for (PDC).

    Units: fraction of days; `trd.min_adherence_pdc` or more is MET. Source: rule.md section 12
    point 6, for the run that is judged: days supplied over the days covered by the orders with a
    stated end that belong to it; without such orders, over first fill to end of last supply. Gaps
    short enough to stay in one run are not held against it, nor are orders never filled. Unknown
    input: without dispenses adherence cannot be told, and is no gap.
    """
    fills = [each for each in course.exposures if each.kind is ExposureKind.DISPENSE]
    supplied = _with_short_gaps(_spans(fills, as_of, knowledge), knowledge)
    in_run = [span for span in supplied if overlap_days((run.span,), span)]
    if not in_run:
        return _finding(Verdict.CANNOT_TELL, "no dispensing is recorded", course.sources)
    meant = _ordered(course, run, as_of, knowledge) or (Span(in_run[0].start, in_run[-1].end),)
    days = sum(overlap_days(supplied, span) for span in meant)
    covered = Decimal(days) / Decimal(sum(span.days for span in meant))
    because = f"supply covers {percent_reached(covered)} of the days it was meant for"
    enough = covered >= knowledge.trd.min_adherence_pdc
    return _finding(Verdict.MET if enough else Verdict.NOT_MET, because, course.sources)


def judge_denial(course: Course, run: Run, as_of: date) -> Finding:
    """Judge whether a statement says that the drug of this run was not taken.

    MET: nothing says so. NOT_MET: a statement for days of a run that nothing but orders shows.
    CANNOT_TELL: the record contradicts itself, or the statement is undated. Source: rule.md
    sections 1.1 and 4.1 ("not taken"). Unknown input: a statement without an end holds from its
    start on.
    """
    denials = [each for each in course.not_taken if _may_speak_of(each, run, as_of)]
    sources = sources_of([each.sources for each in denials])
    if not denials:
        return _finding(Verdict.MET, "nothing says that it was not taken", ())
    because = "recorded as not taken"
    dated = any(each.start is not None for each in denials)
    if dated and all(s.exposure.kind is ExposureKind.REQUEST for s in run.stretches):
        return _finding(Verdict.NOT_MET, because, sources)
    return _finding(Verdict.CANNOT_TELL, f"{because}, against other entries", sources)


def _may_speak_of(denial: Exposure, run: Run, as_of: date) -> bool:
    if denial.start is None:
        return True
    last = as_of if denial.end is None else denial.end.latest
    return denial.start.earliest <= max(run.span.start, plus_days(run.span.end, -1)) and (
        run.span.start <= last
    )


def _ordered(course: Course, run: Run, as_of: date, knowledge: Knowledge) -> tuple[Span, ...]:
    """The days meant by the orders that supplies of the run name, or that overlap it."""
    named = {stretch.exposure.order for stretch in run.stretches}
    unfilled = {id(each) for each in course.never_filled}
    orders = [
        each
        for each in course.exposures
        if each.kind is ExposureKind.REQUEST
        and id(each) not in unfilled
        and (each.end is not None or each.supply_days is not None)
    ]
    linked = [each for each in orders if named.intersection(each.sources)]
    overlapping = [
        span for span in _spans(orders, as_of, knowledge) if overlap_days((run.span,), span)
    ]
    return merge_spans([*_spans(linked, as_of, knowledge), *overlapping])


def _spans(exposures: Iterable[Exposure], as_of: date, knowledge: Knowledge) -> tuple[Span, ...]:
    spans = (stated_span(each, as_of, knowledge) for each in exposures)
    return tuple(span for span in spans if isinstance(span, Span))


def _with_short_gaps(supplied: Iterable[Span], knowledge: Knowledge) -> tuple[Span, ...]:
    """The supplied days with the gaps that are short enough to stay in one run."""
    merged = merge_spans(supplied)
    short = [
        Span(earlier.end, later.start)
        for earlier, later in pairwise(merged)
        if days_between(earlier.end, later.start) <= knowledge.trd.within_trial_gap_days
    ]
    return merge_spans([*merged, *short])


def _finding(verdict: Verdict, because: str, sources: tuple[str, ...]) -> Finding:
    return Finding(
        verdict=verdict,
        because=because,
        citations=("trd.min_adherence_pdc",),
        sources=sources,
    )
