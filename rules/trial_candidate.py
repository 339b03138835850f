"""What is one trial before and after it gets its grade?"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rules.adequacy import Adequacy
from rules.episodes import Episode
from rules.facts import Diagnosis
from rules.findings import Finding, GradedTrial, TrialGrade, Verdict
from rules.indication import given_for_anxiety_only
from rules.knowledge.model import Knowledge
from rules.response import TrialEvidence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCandidate:
    """One course at its best, before it is compared with the others.

    run: the days it stands on; None where none could be placed. settled: its grade where that is
    fixed whatever the gaps are. gaps: each with our words for it.
    """

    course: Course
    run: Run | None
    adequacy: Adequacy | None
    because: tuple[str, ...]
    gaps: tuple[tuple[TrialGap, str], ...] = ()
    settled: TrialGrade | None = None
    sources: tuple[str, ...] = ()

    def with_gap(self, gap: TrialGap, because: str | None = None) -> "TrialCandidate":
        """The same candidate with one gap more; the same missing fact never counts twice."""
        if any(known is gap for known, _ in self.gaps):
            return self
        return replace(self, gaps=(*self.gaps, (gap, because or describe_gap(gap))))

    def has(self, gap: TrialGap) -> bool:
        return any(known is gap for known, _ in self.gaps)


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
    caveats = []
    if candidate.course.from_orders_only:
        caveats.append(knowledge.evidence.statements["orders_only"])
    if given_for_anxiety_only(candidate.course.exposures, knowledge):
        caveats.append(
            "Given for anxiety or a related disorder, counted because depression is coded."
        )
    return tuple(caveats)
