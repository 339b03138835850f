"""Which day is out of the ordinary, and in which way? A p-chart with exact limits.

The usual rate is known only within its 95 % interval. A count alarms where it is improbable even
if the true rate lies at that end of the interval which is nearest to it. Where days differ by more
than chance, all counts are worth less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Self

from cds.monitoring.baseline import baseline_of, recent_of
from cds.monitoring.binomial import at_least, at_most
from cds.monitoring.counts import (
    FIRED,
    VERDICTS,
    DayCounts,
    Pooled,
    by_service,
    measures_of,
    pool,
)
from cds.monitoring.parameters import ChartParameters
from cds.monitoring.spread import lessen, spread_of
from cds.review.proportion import Interval, wilson


class Sign(Enum):
    """What is out of the ordinary."""

    NONE_FIRED = "none_fired"
    ROSE = "rose"
    FELL = "fell"
    NO_CALLS = "no_calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One sign on one day. Nothing in it is about one patient.

    measure: one of counts.VERDICTS or a kind of unknown code; of NO_CALLS it is empty, and `day`
    is the last day with a call. since: the first day of what was looked at, `day` the last. seen,
    usual: these days, and those they are compared with, of the version `usual_knowledge`.
    """

    client: str
    service: str
    knowledge: str
    sign: Sign
    measure: str
    since: date
    day: date
    seen: Pooled
    usual: Pooled
    usual_knowledge: str


def find_alarms(
    days: Sequence[DayCounts], first: date, today: date, chart: ChartParameters
) -> tuple[Alarm, ...]:
    """Judge each day from the first one up to today against the days before it.

    days: of any clients and services, in any order, from long enough before `first`. A day without
    a baseline is not judged. Today may be under way: rates are compared and not numbers.
    """
    found: list[Alarm] = []
    for history in by_service(days).values():
        for place, day in enumerate(history):
            if first <= day.day <= today and day.patients:
                found += _judge_day(day, history[:place], chart)
        found += _judge_silence(history, today, chart)
    return tuple(found)


def without_baseline(
    days: Sequence[DayCounts], today: date, chart: ChartParameters
) -> tuple[tuple[str, str], ...]:
    """Name the clients and services whose last day has nothing to be compared with yet."""
    return tuple(
        key
        for key, history in by_service(day for day in days if day.day <= today).items()
        if not baseline_of(history[-1], history[:-1], chart)
    )


def _judge_day(
    day: DayCounts, earlier: Sequence[DayCounts], chart: ChartParameters
) -> Iterator[Alarm]:
    baseline = baseline_of(day, earlier, chart)
    if not baseline:
        return
    recent = recent_of(day, earlier, chart)
    for measure in measures_of((*recent, *baseline)):
        usual = _Usual.of(baseline, measure)
        run = _run_without(measure, day, earlier) if measure == FIRED else ()
        if usual.makes_improbable(pool(run, measure), chart):
            yield _alarm(Sign.NONE_FIRED, measure, run, baseline)
            continue
        for looked_at in ((day,), recent):
            sign = usual.sign_of(pool(looked_at, measure), chart)
            if sign is not None:
                yield _alarm(sign, measure, looked_at, baseline)
                break


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usual:
    """What is usual of one measure: the interval of its rate, and how much its days differ."""

    measure: str
    within: Interval
    spread: float

    @classmethod
    def of(cls, baseline: Sequence[DayCounts], measure: str) -> Self:
        spread = spread_of(baseline, measure)
        worth = lessen(pool(baseline, measure), spread)
        return cls(measure=measure, within=wilson(worth.count, worth.patients), spread=spread)

    def makes_improbable(self, run: Pooled, chart: ChartParameters) -> bool:
        """Whether nobody in a run is improbable. A run of no patients is none."""
        worth = lessen(run, self.spread)
        none = at_most(0, worth.patients, self.within.low)
        return bool(run.patients) and none <= chart.zero_fire_probability

    def sign_of(self, seen: Pooled, chart: ChartParameters) -> Sign | None:
        """Say how a count differs. Fewer unknown codes than usual are no sign of a fault."""
        if seen.patients < chart.least_patients:
            return None
        worth = lessen(seen, self.spread)
        if at_least(worth.count, worth.patients, self.within.high) <= chart.tail_probability:
            return Sign.ROSE
        if self.measure not in VERDICTS:
            return None
        low = at_most(worth.count, worth.patients, self.within.low)
        return Sign.FELL if low <= chart.tail_probability else None


def _run_without(measure: str, day: DayCounts, earlier: Sequence[DayCounts]) -> Sequence[DayCounts]:
    """Give the last days of the version on which nobody had it; none where somebody has today."""
    run: list[DayCounts] = []
    for each in (day, *reversed(earlier)):
        if each.knowledge == day.knowledge:
            if each.having(measure):
                break
            run.append(each)
    return run[::-1]


def _alarm(
    sign: Sign, measure: str, looked_at: Sequence[DayCounts], baseline: Sequence[DayCounts]
) -> Alarm:
    last = looked_at[-1]
    return Alarm(
        client=last.client,
        service=last.service,
        knowledge=last.knowledge,
        sign=sign,
        measure=measure,
        since=looked_at[0].day,
        day=last.day,
        seen=pool(looked_at, measure),
        usual=pool(baseline, measure),
        usual_knowledge=baseline[-1].knowledge,
    )


def _judge_silence(
    history: Sequence[DayCounts], today: date, chart: ChartParameters
) -> Iterator[Alarm]:
    """Say that no call comes any more, where there used to be one on most days."""
    last = history[-1]
    if (today - last.day).days < chart.quiet_days:
        return
    before = last.day - timedelta(days=2 * chart.baseline_days)
    called_on = {each.day for each in history if each.day > before}
    if len(called_on) >= chart.baseline_days:
        yield _alarm(Sign.NO_CALLS, "", (last,), (last,))
