"""How many trials stand where, and what else is the class judged from?"""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.eligibility import Eligibility
from rules.findings import Finding, GradedTrial, SupportingTreatment, TrialGrade
from rules.severity import Total


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCount:
    """Trials of the current episode by grade, supporting treatments included."""

    failed: int
    indeterminate: int
    unplaceable: int

    @property
    def possible(self) -> int:
        return self.failed + self.indeterminate


@dataclass(frozen=True, slots=True, kw_only=True)
class ResistanceEvidence:
    """Everything the class of treatment resistance is judged from."""

    eligibility: Eligibility
    trials: tuple[GradedTrial, ...]
    supporting: tuple[SupportingTreatment, ...]
    totals: tuple[Total, ...]
    severity: Finding

    @property
    def count(self) -> TrialCount:
        return count_trials(self.trials, self.supporting)


def count_trials(
    trials: Sequence[GradedTrial], supporting: Sequence[SupportingTreatment]
) -> TrialCount:
    """Count the trials by grade; all supporting treatments together add at most one.

    Source: rule.md section 1.1, gap `supporting_treatment`. Unknown input: an unplaceable trial is
    counted apart, because it could belong to the episode.
    """
    grades = [trial.grade for trial in trials]
    as_trials = [each for each in supporting if each.grade is TrialGrade.ADEQUATE_FAILED]
    supports = any(each.grade is TrialGrade.INDETERMINATE for each in supporting)
    return TrialCount(
        failed=grades.count(TrialGrade.ADEQUATE_FAILED) + len(as_trials),
        indeterminate=grades.count(TrialGrade.INDETERMINATE) + supports,
        unplaceable=grades.count(TrialGrade.UNPLACEABLE),
    )
