"""What is one trial before and after it gets its grade?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rules.adequacy import Adequacy
from rules.clinical_time import Span, overlap_days, plus_days
from rules.episodes import Episode
from rules.exposures import SUPPLY, Stretch, stated_span
from rules.facts import Diagnosis, DoseBasis, Exposure, ExposureKind
from rules.findings import Finding, GradedTrial, TrialGrade, Verdict
from rules.indication import given_for_anxiety_only
from rules.knowledge.model import Knowledge
from rules.response import TrialEvidence
from rules.scale_response import Response
from rules.trial_gaps import TrialGap, describe_gap
from rules.trials import Course, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSetting:
    """What every trial of one patient is judged against."""

    episode: Episode
    evidence: TrialEvidence
    diagnoses: tuple[Diagnosis, ...]
    as_of: date
    knowledge: Knowledge


def exposures_of(
    course: Course, run: Run, as_of: date, knowledge: Knowledge
) -> tuple[Exposure, ...]:
    """Give the exposures of a course that speak of one run: its supply and the orders behind it.

    So a reason given years ago for the same drug does not speak of this run. Source: rule.md
    section 4.1 (linking). Unknown input: what has a start and no length belongs to a run that it
    falls into or shortly precedes; what has no date belongs to the only run there is.
    """
    own = {id(stretch.exposure) for stretch in run.stretches}
    named = {stretch.exposure.order for stretch in run.stretches}
    first = plus_days(run.span.start, -knowledge.trd.fill_within_days)
    last = plus_days(run.span.end, knowledge.trd.intolerance_window_days)

    def speaks(exposure: Exposure) -> bool:
        # A refill carried forward covers days its own dates do not reach.
        if id(exposure) in own or named.intersection(exposure.sources):
            return True
        span = stated_span(exposure, as_of, knowledge)
        if isinstance(span, Span) and span.days:
            return overlap_days((run.span,), span) > 0
        if exposure.start is None:
            return len(course.runs) <= 1
        return first <= exposure.start.latest and exposure.start.earliest <= last

    return tuple(each for each in course.exposures if speaks(each))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCandidate:
    """One course at its best, before it is compared with the others.

    run: the days it stands on; None where none could be placed. settled: its grade where that is
    fixed whatever the gaps are. gaps: each with our words for it. response: what was found on it,
    where it was asked; failure: our words for it where it shows that the trial failed.
    """

    course: Course
    run: Run | None
    adequacy: Adequacy | None
    because: tuple[str, ...]
    gaps: tuple[tuple[TrialGap, str], ...] = ()
    settled: TrialGrade | None = None
    sources: tuple[str, ...] = ()
    response: Response | None = None
    failure: str = ""

    def with_gap(self, gap: TrialGap, because: str | None = None) -> "TrialCandidate":
        """The same candidate with one gap more; the same missing fact never counts twice."""
        if any(known is gap for known, _ in self.gaps):
            return self
        return replace(self, gaps=(*self.gaps, (gap, because or describe_gap(gap))))

    def without_gap(self, gap: TrialGap) -> "TrialCandidate":
        return replace(self, gaps=tuple(each for each in self.gaps if each[0] is not gap))

    def has(self, gap: TrialGap) -> bool:
        return any(known is gap for known, _ in self.gaps)


def rests_on(
    stretches: Sequence[Stretch], doubtful: Callable[[Exposure], bool], knowledge: Knowledge
) -> bool:
    """Say whether the days left without the doubtful exposures are too few.

    Units: covered days, against `trd.min_days_adequate`. Unknown input: a doubtful exposure of
    unknown length has no days, and the trial rests on it.
    """
    sure = sum(each.span.days for each in stretches if not doubtful(each.exposure))
    needed = min(sum(each.span.days for each in stretches), knowledge.trd.min_days_adequate)
    return sure < needed or any(
        doubtful(each.exposure) and not each.span.days for each in stretches
    )


def preference(candidate: TrialCandidate) -> tuple[bool, int, int, date]:
    """Sort first the run that counts best: not settled, fewest gaps, most days, earliest."""
    days = candidate.adequacy.days if candidate.adequacy else 0
    start = candidate.run.span.start if candidate.run else date.max
    return (candidate.settled is not None, len(candidate.gaps), -days, start)


def grade_trial(candidate: TrialCandidate, knowledge: Knowledge) -> GradedTrial:
    """Give a candidate its grade: none or few gaps count, more do not.

    Source: rule.md section 1.1: no gap is "adequate_failed", one to `trd.max_gaps_per_trial` gaps
    are "indeterminate".
    """
    grade = candidate.settled or _grade_by_gaps(len(candidate.gaps), knowledge)
    course, because = candidate.course, list(candidate.because)
    if candidate.settled is None and grade is TrialGrade.NOT_COUNTED:
        because.append(f"{len(candidate.gaps)} gaps, more than the rule allows")
    verdicts = {
        TrialGrade.ADEQUATE_FAILED: Verdict.MET,
        TrialGrade.NOT_COUNTED: Verdict.NOT_MET,
    }
    run, adequacy = candidate.run or _longest(course), candidate.adequacy
    because += [words for gap, words in candidate.gaps if words not in because]
    return GradedTrial(
        ingredient=course.ingredient,
        grade=grade,
        start=run.span.start if run else None,
        end=run.span.end if run else None,
        covered_days=adequacy.days if adequacy else _days(run),
        daily_dose_mg=adequacy.highest_mg if adequacy else _highest(run),
        gaps=tuple(gap for gap, _ in candidate.gaps),
        gap_notes=tuple(words for _, words in candidate.gaps),
        caveats=_caveats(candidate, knowledge),
        failure=candidate.failure,
        finding=Finding(
            verdict=verdicts.get(grade, Verdict.CANNOT_TELL),
            because="; ".join(because),
            citations=("trd.max_gaps_per_trial",),
            sources=candidate.sources or course.sources,
        ),
    )


def _grade_by_gaps(gaps: int, knowledge: Knowledge) -> TrialGrade:
    if gaps == 0:
        return TrialGrade.ADEQUATE_FAILED
    allowed = gaps <= knowledge.trd.max_gaps_per_trial
    return TrialGrade.INDETERMINATE if allowed else TrialGrade.NOT_COUNTED


def _longest(course: Course) -> Run | None:
    return max(course.runs, key=lambda run: (_days(run), run.span.start), default=None)


def _highest(run: Run | None) -> Decimal | None:
    doses = [each.dose.high_mg for each in run.stretches if each.dose.high_mg] if run else []
    return max(doses, default=None)


def _days(run: Run | None) -> int:
    return sum(stretch.span.days for stretch in run.stretches) if run else 0


def _caveats(candidate: TrialCandidate, knowledge: Knowledge) -> tuple[str, ...]:
    """Sentences on what this trial rests on. They are no gaps."""
    counted, statements = _rests_on(candidate), knowledge.evidence.statements
    caveats = []
    kinds = {exposure.kind for exposure in counted}
    if not kinds & SUPPLY:
        reported = kinds == {ExposureKind.STATEMENT}
        caveats.append(statements["reported_only" if reported else "orders_only"])
    if candidate.settled is not None:
        return tuple(caveats)
    if all(exposure.dose.basis is DoseBasis.TEXT for exposure in counted):
        caveats.append(statements["dose_from_text"])
    if given_for_anxiety_only(counted, knowledge):
        caveats.append(statements["given_for_anxiety"])
    return tuple(caveats)


def _rests_on(candidate: TrialCandidate) -> tuple[Exposure, ...]:
    """The exposures whose days were judged, else all of the course."""
    stretches = candidate.adequacy.counted if candidate.adequacy else ()
    return tuple(each.exposure for each in stretches) or candidate.course.exposures
