"""How does an operator ask whether the service still does what it did?"""

import json
import sys
from datetime import date, timedelta

import click

from cds import clock
from cds.monitoring.alarms import find_alarms, without_baseline
from cds.monitoring.parameters import ChartParameters, load_chart_parameters
from cds.monitoring.report import Monitored, tell_monitored, write_monitored
from cds.monitoring.summary import summarise
from cds.shell import opened_store, settings_or_stop
from cds.store.daily_counts import DailyCounts

_ALARM_FOUND = 1


@click.command("monitor")
@click.option("--client", help="Name of one client; every client unless given.")
@click.option("--service", help="Id of one service; every service unless given.")
@click.option(
    "--days",
    default=7,
    show_default=True,
    type=click.IntRange(1, 366),
    help="How many days are looked at, with today, in UTC.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--fail-on-alarm", is_flag=True, help="Exit status 1 where there is an alarm.")
def monitor_command(
    *, client: str | None, service: str | None, days: int, as_json: bool, fail_on_alarm: bool
) -> None:
    """Say whether the service still does what it did.

    For each client, service and version of the knowledge: how many were evaluated, for how many a
    card was due, how many could not be evaluated, which codes no table knows. Each day is compared
    with the days before it; what is out of the ordinary is an alarm.
    """
    today = clock.today()
    first = today - timedelta(days=days - 1)
    chart = load_chart_parameters()
    settings = settings_or_stop()
    with opened_store(settings) as store:
        found = monitor(DailyCounts(store), (first, today), chart, client, service)
    if as_json:
        click.echo(json.dumps(tell_monitored(found), ensure_ascii=False))
    else:
        click.echo("\n".join(write_monitored(found)))
    if fail_on_alarm and found.alarms:
        sys.exit(_ALARM_FOUND)


def monitor(
    counts: DailyCounts,
    between: tuple[date, date],
    chart: ChartParameters,
    client: str | None = None,
    service: str | None = None,
) -> Monitored:
    """Judge the days between two, both included, with what came before. Errors: StoreUnavailable.

    client, service: all of them unless given.
    """
    first, last = between
    days = counts.read(first - timedelta(days=chart.days_back), last, client, service)
    return Monitored(
        first=first,
        last=last,
        summaries=summarise(days, first),
        alarms=find_alarms(days, first, last, chart),
        not_judged=without_baseline(days, last, chart),
    )
