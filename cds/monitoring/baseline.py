"""With which earlier days is a day compared?

A new version of the knowledge is compared with the one before it until it has days enough of its
own: a broken code list comes with a new version, and must not become its own measure at once.
"""

from collections.abc import Sequence
from datetime import timedelta

from cds.monitoring.counts import DayCounts
from cds.monitoring.parameters import ChartParameters


def baseline_of(
    day: DayCounts, earlier: Sequence[DayCounts], chart: ChartParameters
) -> Sequence[DayCounts]:
    """Give the days that a day is compared with; none where there are too few to compare with.

    earlier: the days of the same client and service before it, in the order of time. Its own
    version counts once it has `baseline_days` days that are not recent; until then the last
    version before it that was in use for long enough does.
    """
    known = [each for each in earlier if each.patients]
    recent = day.day - timedelta(days=chart.recent_days)
    own = [each for each in known if each.knowledge == day.knowledge and each.day <= recent]
    own = own[-chart.baseline_days :]
    if len(own) == chart.baseline_days and _is_enough(own, chart):
        return own
    for version in _versions_before(day, known):
        days = [each for each in known if each.knowledge == version][-chart.baseline_days :]
        if _is_enough(days, chart):
            return days
    return ()


def recent_of(
    day: DayCounts, earlier: Sequence[DayCounts], chart: ChartParameters
) -> Sequence[DayCounts]:
    """Give the recent days of the same version, with the day itself at the end."""
    recent = day.day - timedelta(days=chart.recent_days)
    before = [each for each in earlier if each.knowledge == day.knowledge and each.day > recent]
    return (*before, day)


def _versions_before(day: DayCounts, known: Sequence[DayCounts]) -> list[str]:
    """Give the other versions that were in use, the last one first."""
    versions = dict.fromkeys(each.knowledge for each in reversed(known))
    return [version for version in versions if version != day.knowledge]


def _is_enough(days: Sequence[DayCounts], chart: ChartParameters) -> bool:
    return sum(each.patients for each in days) >= chart.baseline_least_patients
