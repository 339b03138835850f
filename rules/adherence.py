"""Was the drug taken as ordered, as far as supply shows?"""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from rules.clinical_time import Span, days_between, merge_spans
from rules.exposures import stated_span
from rules.facts import ExposureKind
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import percent
from rules.trials import Course


def judge_adherence(course: Course, as_of: date, knowledge: Knowledge) -> Finding:
    """Judge whether the supply covers enough of the time it was meant for (PDC).

    Units: fraction of days; `trd.min_adherence_pdc` or more is MET. Source: rule.md section 12
    point 6: days supplied over the days that orders with a stated end cover; without such orders,
    over first fill to end of last supply. Gaps short enough to stay in one run are not held
    against it. Unknown input: without dispenses adherence cannot be told, and is no gap.
    """
    supplied = merge_spans(
        span
        for each in course.exposures
        if each.kind is ExposureKind.DISPENSE
        and isinstance(span := stated_span(each, as_of, knowledge), Span)
    )
    if not supplied:
        return _finding(Verdict.CANNOT_TELL, "no dispensing is recorded", course)
    ordered = merge_spans(
        span
        for each in course.exposures
        if each.kind is ExposureKind.REQUEST
        and (each.end is not None or each.supply_days is not None)
        and isinstance(span := stated_span(each, as_of, knowledge), Span)
    )
    meant = sum(span.days for span in ordered) or days_between(supplied[0].start, supplied[-1].end)
    covered = Decimal(_days_with_short_gaps(supplied, knowledge)) / Decimal(meant)
    if covered >= knowledge.trd.min_adherence_pdc:
        return _finding(Verdict.MET, f"supply covers {percent(min(covered, Decimal(1)))}", course)
    because = f"supply covers {percent(covered)} of the days it was meant for"
    return _finding(Verdict.NOT_MET, because, course)


def _days_with_short_gaps(supplied: tuple[Span, ...], knowledge: Knowledge) -> int:
    days = sum(span.days for span in supplied)
    for earlier, later in pairwise(supplied):
        gap = days_between(earlier.end, later.start)
        days += gap if gap <= knowledge.trd.within_trial_gap_days else 0
    return days


def _finding(verdict: Verdict, because: str, course: Course) -> Finding:
    return Finding(
        verdict=verdict,
        because=because,
        citations=("trd.min_adherence_pdc",),
        sources=course.sources,
    )
