"""Does the sentence on the latest result say what a clinician would check?"""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from rules.findings import LabelledResult, ResultLabel
from rules.il6_blockade import Blockade
from rules.knowledge import Knowledge
from rules.latest_result import MarkerSetting, MarkerVerdict, describe_result, judge_latest
from tests.support.build import AS_OF, day


def result(label: ResultLabel, value: str = "4", on: str = "2026-06-01") -> LabelledResult:
    return LabelledResult(
        marker="hs_crp",
        marker_name="hs-CRP",
        date=day(on),
        value_mg_per_l=Decimal(value),
        comparator=None,
        label=label,
        notes=(),
        shown=f"hs-CRP {value} mg/L",
        sources=(f"Observation/{on}",),
    )


def judge(knowledge: Knowledge, days: Sequence[LabelledResult]) -> MarkerVerdict:
    setting = MarkerSetting(
        acute_periods=(), blockade=Blockade(), unread=None, as_of=AS_OF, knowledge=knowledge
    )
    return judge_latest(days, setting)


def test_a_result_is_described_with_its_day() -> None:
    assert describe_result(result(ResultLabel.RAISED)) == "hs-CRP 4 mg/L on 2026-06-01"


@pytest.mark.parametrize(
    ("days", "because"),
    [
        (
            [result(ResultLabel.RAISED)],
            "hs-CRP 4 mg/L on 2026-06-01, at or above 3 mg/L, once",
        ),
        (
            [result(ResultLabel.RAISED), result(ResultLabel.RAISED, on="2026-05-30")],
            "hs-CRP 4 mg/L on 2026-06-01, at or above 3 mg/L, once; "
            "the other raised result is less than 14 days away",
        ),
        (
            [
                result(ResultLabel.RAISED),
                result(ResultLabel.NORMAL, "1", "2026-05-01"),
                result(ResultLabel.RAISED, on="2026-03-01"),
            ],
            "hs-CRP 4 mg/L on 2026-06-01, at or above 3 mg/L, once; "
            "a normal result lies between it and an earlier raised one",
        ),
        (
            [result(ResultLabel.CENSORED_HIGH, "5")],
            "hs-CRP 5 mg/L on 2026-06-01, with the upper bound unknown",
        ),
        (
            [result(ResultLabel.ACUTE_RANGE, "12")],
            "hs-CRP 12 mg/L on 2026-06-01, above 10 mg/L",
        ),
        (
            [
                result(ResultLabel.ACUTE_RANGE, "12"),
                result(ResultLabel.ACUTE_RANGE, "14", "2026-05-01"),
            ],
            "hs-CRP 12 mg/L on 2026-06-01, above 10 mg/L, and no lower result since 2026-05-01",
        ),
        (
            [result(ResultLabel.NORMAL, "1"), result(ResultLabel.RAISED, on="2026-05-01")],
            "hs-CRP 1 mg/L on 2026-06-01, below the cut-off; earlier hs-CRP 4 mg/L on 2026-05-01",
        ),
        ([result(ResultLabel.CONFOUNDED)], "hs-CRP 4 mg/L on 2026-06-01"),
    ],
)
def test_the_sentence_names_the_result_and_the_reason(
    days: list[LabelledResult], because: str, knowledge: Knowledge
) -> None:
    assert judge(knowledge, days).because == because


def test_a_close_and_a_normal_result_between_are_fluctuating(knowledge: Knowledge) -> None:
    days = [
        result(ResultLabel.RAISED),
        result(ResultLabel.RAISED, on="2026-05-28"),
        result(ResultLabel.NORMAL, "1", "2026-05-01"),
        result(ResultLabel.RAISED, on="2026-03-01"),
    ]
    assert judge(knowledge, days).notes == ("fluctuating",)
