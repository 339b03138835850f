"""Which days alarm, and which do not?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from cds.monitoring.alarms import Alarm, Sign, find_alarms, without_baseline
from cds.monitoring.counts import DayCounts, Pooled
from cds.monitoring.parameters import ChartParameters
from tests.cds.monitoring.days import NEW, OLD, TODAY, counted, usual_days

BEFORE = usual_days(1, 40)


def today(days: Sequence[DayCounts], chart: ChartParameters) -> tuple[Alarm, ...]:
    return find_alarms(days, TODAY, TODAY, chart)


def signs(days: Sequence[DayCounts], chart: ChartParameters) -> list[tuple[str, Sign]]:
    return [(each.measure, each.sign) for each in today(days, chart)]


@pytest.mark.parametrize("fired", [3, 10, 20])
def test_a_usual_day_is_quiet(chart: ChartParameters, fired: int) -> None:
    assert signs([*BEFORE, counted(0, fired)], chart) == []


def test_a_day_with_many_more_cards_alarms(chart: ChartParameters) -> None:
    assert signs([*BEFORE, counted(0, 35)], chart) == [("fired", Sign.ROSE)]


def test_a_day_with_many_fewer_cards_alarms(chart: ChartParameters) -> None:
    before = usual_days(1, 40, patients_with={"fired": 40, "not_evaluable": 100})
    assert signs([*before, counted(0, 12)], chart) == [("fired", Sign.FELL)]


def test_a_share_that_could_not_be_told_alarms_in_either_direction(chart: ChartParameters) -> None:
    more = counted(0, patients_with={"fired": 10, "not_evaluable": 150})
    fewer = counted(0, patients_with={"fired": 10, "not_evaluable": 50})
    assert signs([*BEFORE, more], chart) == [("not_evaluable", Sign.ROSE)]
    assert signs([*BEFORE, fewer], chart) == [("not_evaluable", Sign.FELL)]


def test_a_verdict_that_nobody_had_before_alarms(chart: ChartParameters) -> None:
    day = counted(0, patients_with={"fired": 10, "not_evaluable": 100, "out_of_scope": 9})
    assert signs([*BEFORE, day], chart) == [("out_of_scope", Sign.ROSE)]


def test_new_unknown_codes_alarm(chart: ChartParameters) -> None:
    day = counted(0, patients_with={"fired": 10, "not_evaluable": 100, "marker_unit": 12})
    assert signs([*BEFORE, day], chart) == [("marker_unit", Sign.ROSE)]


def test_a_single_new_unknown_code_is_quiet(chart: ChartParameters) -> None:
    day = counted(0, patients_with={"fired": 10, "not_evaluable": 100, "marker_unit": 1})
    assert signs([*BEFORE, day], chart) == []


def test_fewer_unknown_codes_are_no_alarm(chart: ChartParameters) -> None:
    before = usual_days(1, 40, patients_with={"fired": 10, "not_evaluable": 100, "marker_unit": 90})
    assert signs([*before, counted(0)], chart) == []


def test_a_run_without_a_card_alarms_and_says_since_when(chart: ChartParameters) -> None:
    days = [*usual_days(2, 40), counted(1, 0), counted(0, 0)]
    (alarm,) = today(days, chart)
    assert alarm.sign is Sign.NONE_FIRED
    assert (alarm.since, alarm.day) == (TODAY - timedelta(days=1), TODAY)
    assert alarm.seen == Pooled(count=0, patients=400)


def test_a_run_without_a_card_is_quiet_where_cards_are_rare(chart: ChartParameters) -> None:
    before = usual_days(2, 40, patients_with={"fired": 1, "not_evaluable": 100})
    assert signs([*before, counted(1, 0), counted(0, 0)], chart) == []


def test_rare_cards_that_stay_away_for_long_alarm(chart: ChartParameters) -> None:
    before = usual_days(12, 40, patients_with={"fired": 2, "not_evaluable": 100})
    assert ("fired", Sign.NONE_FIRED) in signs(
        [*before, *usual_days(0, 12, patients_with={})], chart
    )


def test_a_run_ends_with_the_last_card(chart: ChartParameters) -> None:
    days = [*usual_days(2, 40), counted(1, 0), counted(0, 3)]
    assert Sign.NONE_FIRED not in [sign for _, sign in signs(days, chart)]


def test_a_small_change_that_lasts_is_found_over_the_recent_days(chart: ChartParameters) -> None:
    quiet = [*usual_days(1, 40), counted(0, 22)]
    lasting = [
        *usual_days(7, 40),
        *usual_days(0, 7, patients_with={"fired": 22, "not_evaluable": 100}),
    ]
    assert signs(quiet, chart) == []
    (alarm,) = today(lasting, chart)
    assert (alarm.sign, alarm.since) == (Sign.ROSE, TODAY - timedelta(days=6))


def test_a_day_of_few_patients_is_not_judged_by_itself(chart: ChartParameters) -> None:
    few = counted(0, 12, of=12, patients_with={"fired": 12, "not_evaluable": 12})
    alone = [replace(each, knowledge=OLD) for each in usual_days(8, 40)]
    assert signs([*alone, few], chart) == []


def test_small_days_are_judged_together(chart: ChartParameters) -> None:
    few = usual_days(0, 7, of=12, patients_with={"fired": 6, "not_evaluable": 6})
    assert ("fired", Sign.ROSE) in signs([*usual_days(7, 40), *few], chart)


def test_a_new_version_is_judged_on_its_first_day(chart: ChartParameters) -> None:
    (alarm,) = today([*BEFORE, counted(0, 40, knowledge=NEW)], chart)
    assert (alarm.knowledge, alarm.usual_knowledge) == (NEW, OLD)


def test_the_first_weeks_of_a_client_are_not_judged(chart: ChartParameters) -> None:
    days = [*usual_days(1, 19), counted(0, 90)]
    assert signs(days, chart) == []
    assert without_baseline(days, TODAY, chart) == (("north", "view"),)


def test_a_client_with_a_baseline_is_not_named_as_without(chart: ChartParameters) -> None:
    assert without_baseline([*BEFORE, counted(0)], TODAY, chart) == ()


def test_clients_and_services_are_judged_apart(chart: ChartParameters) -> None:
    south = usual_days(0, 41, client="south", patients_with={"fired": 90})
    order = usual_days(0, 41, service="order", patients_with={"fired": 1})
    assert signs([*BEFORE, counted(0), *south, *order], chart) == []


def test_days_may_come_in_any_order(chart: ChartParameters) -> None:
    days = [*BEFORE, counted(0, 35)]
    assert today(days[::-1], chart) == today(days, chart)


def test_only_the_days_asked_for_alarm(chart: ChartParameters) -> None:
    days = [*usual_days(2, 40), counted(1, 35), counted(0)]
    assert signs(days, chart) == []
    assert len(find_alarms(days, TODAY - timedelta(days=1), TODAY, chart)) == 1


@pytest.mark.parametrize(("days_ago", "found"), [(3, []), (4, [("", Sign.NO_CALLS)])])
def test_a_client_that_calls_no_longer_alarms_after_a_long_weekend(
    chart: ChartParameters, days_ago: int, found: list[tuple[str, Sign]]
) -> None:
    assert signs(usual_days(days_ago, 20), chart) == found


def test_a_client_that_never_called_often_is_not_missed(chart: ChartParameters) -> None:
    assert signs([counted(ago) for ago in range(10, 60, 7)], chart) == []


def test_calls_that_were_switched_off_are_calls(chart: ChartParameters) -> None:
    off = usual_days(0, 10, evaluations=0, patients=0, patients_with={})
    assert signs([*usual_days(10, 30), *off], chart) == []


def test_no_days_are_no_alarm(chart: ChartParameters) -> None:
    assert today([], chart) == ()


def test_a_day_is_quiet_that_is_no_odder_than_the_days_before(chart: ChartParameters) -> None:
    restless = [
        counted(ago, patients_with={"fired": 60 if ago % 2 else 5}) for ago in range(40, 0, -1)
    ]
    steady = usual_days(1, 40, patients_with={"fired": 32})
    day = counted(0, patients_with={"fired": 62})
    assert signs([*restless, day], chart) == []
    assert signs([*steady, day], chart) == [("fired", Sign.ROSE)]
