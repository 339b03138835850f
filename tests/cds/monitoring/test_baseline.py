"""With which days is a day compared?"""

from collections.abc import Sequence
from dataclasses import replace

from cds.monitoring.baseline import baseline_of, recent_of
from cds.monitoring.counts import DayCounts
from cds.monitoring.parameters import ChartParameters
from tests.cds.monitoring.days import NEW, OLD, TODAY, counted, usual_days

TODAYS = counted(0)


def ages(days: Sequence[DayCounts]) -> list[int]:
    return [(TODAY - each.day).days for each in days]


def test_a_day_is_compared_with_the_fortnight_before_the_last_week(chart: ChartParameters) -> None:
    assert ages(baseline_of(TODAYS, usual_days(1, 40), chart)) == list(range(20, 6, -1))


def test_twenty_days_are_too_few(chart: ChartParameters) -> None:
    assert baseline_of(TODAYS, usual_days(1, 19), chart) == ()


def test_days_without_a_patient_are_no_days_of_a_baseline(chart: ChartParameters) -> None:
    days = [replace(each, patients=0) for each in usual_days(1, 7)]
    assert ages(baseline_of(TODAYS, [*usual_days(8, 14), *days], chart))[-1] == 8


def test_two_weeks_of_hardly_any_patients_are_no_baseline(chart: ChartParameters) -> None:
    assert baseline_of(TODAYS, usual_days(1, 40, of=10), chart) == ()


def test_a_new_version_is_compared_with_the_one_before(chart: ChartParameters) -> None:
    day = counted(0, knowledge=NEW)
    assert ages(baseline_of(day, usual_days(1, 30), chart)) == list(range(14, 0, -1))


def test_a_version_of_three_weeks_is_compared_with_itself(chart: ChartParameters) -> None:
    earlier = [*usual_days(21, 30), *usual_days(1, 20, knowledge=NEW)]
    compared = baseline_of(counted(0, knowledge=NEW), earlier, chart)
    assert {each.knowledge for each in compared} == {NEW}


def test_a_version_of_nearly_three_weeks_is_still_compared_with_the_one_before(
    chart: ChartParameters,
) -> None:
    earlier = [*usual_days(20, 30), *usual_days(1, 19, knowledge=NEW)]
    compared = baseline_of(counted(0, knowledge=NEW), earlier, chart)
    assert {each.knowledge for each in compared} == {OLD}


def test_a_version_that_was_hardly_used_is_passed_over(chart: ChartParameters) -> None:
    tried = counted(1, of=5, knowledge="c" * 12)
    compared = baseline_of(counted(0, knowledge=NEW), [*usual_days(2, 30), tried], chart)
    assert {each.knowledge for each in compared} == {OLD}


def test_a_version_that_comes_back_is_compared_with_its_own_days(chart: ChartParameters) -> None:
    earlier = [*usual_days(10, 30), *usual_days(1, 9, knowledge=NEW)]
    assert {each.knowledge for each in baseline_of(TODAYS, earlier, chart)} == {OLD}


def test_the_recent_days_are_those_of_one_week_and_one_version(chart: ChartParameters) -> None:
    earlier = [*usual_days(3, 20, knowledge=NEW), *usual_days(1, 2)]
    assert ages(recent_of(TODAYS, earlier, chart)) == [2, 1, 0]
    assert ages(recent_of(counted(0, knowledge=NEW), earlier, chart)) == [6, 5, 4, 3, 0]
