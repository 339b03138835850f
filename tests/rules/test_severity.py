"""Which scores may be used, and do they show depression now?"""

from typing import Any

import pytest

from rules.findings import Verdict
from rules.knowledge import Knowledge
from rules.severity import (
    UsableScores,
    describe_latest,
    judge_current_severity,
    latest_of_day,
    select_scores,
)
from tests.rules.trial_cases import ago
from tests.support.build import AS_OF, day, phq9, phq9_item9, score
from tests.support.variants import with_parameters


def selected(knowledge: Knowledge, *scores: Any) -> UsableScores:
    return select_scores(scores, AS_OF, knowledge)


def severity(knowledge: Knowledge, *scores: Any) -> Verdict:
    return judge_current_severity(selected(knowledge, *scores), AS_OF, 90).verdict


@pytest.mark.parametrize("value", [0, 27])
def test_a_total_inside_its_range_is_used(value: int, knowledge: Knowledge) -> None:
    assert [each.value for each in selected(knowledge, phq9(value, "2026-06-01")).totals] == [value]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (phq9(28, "2026-06-01"), "a score outside 0 to 27"),
        (phq9(-1, "2026-06-01"), "a score outside 0 to 27"),
        (phq9("12.5", "2026-06-01"), "a score outside 0 to 27"),
        (phq9(None, "2026-06-01"), "a score without a value"),
        (phq9(12, None), "a score without a date"),
        (phq9(12, "2026-06"), "a score dated only 2026-06"),
        (phq9(12, "2026-07-01"), "dated 2026-07-01, after the day of evaluation"),
        (phq9(12, "2026-06-01", status="preliminary"), "status preliminary"),
        (phq9(12, "2026-06-01", status="in-progress"), "status in-progress"),
        (phq9(12, "2026-06-01", status="entered-in-error"), "status entered-in-error"),
        (phq9_item9(4, "2026-06-01"), "a score outside 0 to 3"),
        (score("55758-7", 5, "2026-06-01"), "the PHQ-2 total"),
        (score("44249-1", 12, "2026-06-01"), "panel"),
        (score("0000-0", 12, "2026-06-01"), "no known depression scale"),
    ],
    ids=str,
)
def test_a_score_that_may_not_be_used_is_named_with_the_reason(
    given: Any, words: str, knowledge: Knowledge
) -> None:
    found = selected(knowledge, given)
    assert (found.totals, found.items) == ((), ())
    assert [words in each.because for each in found.not_used] == [True]


def test_a_scale_shown_as_context_is_not_reported_as_left_out(knowledge: Knowledge) -> None:
    found = selected(knowledge, score("70274-6", 12, "2026-06-01"))
    assert (found.totals, found.not_used) == ((), ())


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "completed", "unknown", None])
def test_a_usable_status_lets_a_score_count(status: str | None, knowledge: Knowledge) -> None:
    assert len(selected(knowledge, phq9(12, "2026-06-01", status=status)).totals) == 1


@pytest.mark.parametrize("status", ["unknown", None])
def test_an_unknown_status_is_refused_where_the_rule_is_set_so(
    status: str | None, knowledge: Knowledge
) -> None:
    strict = with_parameters(knowledge, {"marker.accept_status_unknown": False})
    assert selected(strict, phq9(12, "2026-06-01", status=status)).totals == ()


def test_an_unfinished_questionnaire_is_read_for_item_9_alone(knowledge: Knowledge) -> None:
    found = selected(
        knowledge,
        phq9(12, "2026-06-01", status="in-progress"),
        phq9_item9(1, "2026-06-01", status="in-progress"),
    )
    assert (len(found.totals), len(found.items)) == (0, 1)


def test_scores_come_oldest_first(knowledge: Knowledge) -> None:
    found = selected(
        knowledge,
        phq9(12, "2026-06-02"),
        phq9(13, "2026-06-01"),
        phq9_item9(1, "2026-06-02"),
        phq9_item9(0, "2026-06-01"),
    )
    assert [each.value for each in found.totals] == [13, 12]
    assert [each.value for each in found.items] == [0, 1]


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ((), Verdict.CANNOT_TELL),
        ((phq9(9, "2026-06-15"),), Verdict.NOT_MET),
        ((phq9(10, "2026-06-15"),), Verdict.MET),
        ((phq9(10, ago(90)),), Verdict.MET),
        ((phq9(10, ago(91)),), Verdict.CANNOT_TELL),
        ((phq9(3, ago(91)),), Verdict.CANNOT_TELL),
        ((phq9(20, "2026-05-01"), phq9(3, "2026-06-15")), Verdict.NOT_MET),
        ((phq9(9, "2026-06-15"), phq9(10, "2026-06-15")), Verdict.CANNOT_TELL),
        ((phq9(12, "2026-06-15"), score("89209-1", 19, "2026-06-15")), Verdict.CANNOT_TELL),
        ((phq9(12, "2026-06-15"), score("89209-1", 20, "2026-06-15")), Verdict.MET),
    ],
    ids=str,
)
def test_the_latest_score_shows_whether_there_is_depression_now(
    scores: tuple[Any, ...], verdict: Verdict, knowledge: Knowledge
) -> None:
    assert severity(knowledge, *scores) is verdict


def test_the_latest_day_gives_each_differing_value_once(knowledge: Knowledge) -> None:
    scores = [phq9(each, "2026-06-15", sources=(str(n),)) for n, each in enumerate((12, 9, 12))]
    latest = latest_of_day(selected(knowledge, phq9(3, "2026-06-01"), *scores).totals)
    assert [each.value for each in latest] == [9, 12]


def test_the_highest_total_of_the_latest_day_is_shown(knowledge: Knowledge) -> None:
    totals = selected(knowledge, phq9(9, "2026-06-15"), phq9(12, "2026-06-15")).totals
    shown = describe_latest(totals)
    assert shown is not None
    assert (shown.scale, shown.value, shown.date) == ("PHQ-9", 12, day("2026-06-15"))


def test_without_a_total_nothing_is_shown() -> None:
    assert describe_latest([]) is None
