"""Are trials counted by their grade, and supporting treatments once?"""

import pytest

from rules.findings import Finding, GradedTrial, SupportingTreatment, TrialGrade, Verdict
from rules.trial_count import TrialCount, count_trials

A, B, N, U = (
    TrialGrade.ADEQUATE_FAILED,
    TrialGrade.INDETERMINATE,
    TrialGrade.NOT_COUNTED,
    TrialGrade.UNPLACEABLE,
)
FINDING = Finding(verdict=Verdict.MET, because="for this test")


def trial(grade: TrialGrade) -> GradedTrial:
    return GradedTrial(
        ingredient="sertraline",
        grade=grade,
        start=None,
        end=None,
        covered_days=0,
        daily_dose_mg=None,
        gaps=(),
        gap_notes=(),
        caveats=(),
        finding=FINDING,
    )


def treatment(grade: TrialGrade) -> SupportingTreatment:
    return SupportingTreatment(treatment="ECT", kind="ect", grade=grade, finding=FINDING)


@pytest.mark.parametrize(
    ("trials", "supporting", "expected", "possible"),
    [
        ([], [], (0, 0, 0), 0),
        ([A, A, B, N, U, U], [], (2, 1, 2), 3),
        ([A], [B, B, B], (1, 1, 0), 2),
        ([A, B], [B], (1, 2, 0), 3),
        ([A], [N], (1, 0, 0), 1),
        ([], [A, A, B], (2, 1, 0), 3),
    ],
)
def test_trials_are_counted_by_grade_and_support_once(
    trials: list[TrialGrade],
    supporting: list[TrialGrade],
    expected: tuple[int, int, int],
    possible: int,
) -> None:
    count = count_trials([trial(each) for each in trials], [treatment(each) for each in supporting])
    failed, indeterminate, unplaceable = expected
    assert count == TrialCount(failed=failed, indeterminate=indeterminate, unplaceable=unplaceable)
    assert count.possible == possible
