"""How does a test write down a day in one line, with only what it is about?"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cds.monitoring.counts import DayCounts

TODAY = date(2026, 6, 30)
OLD, NEW = "a" * 12, "b" * 12


def counted(days_ago: int, fired: int = 10, /, of: int = 200, **changes: Any) -> DayCounts:
    """Give a day with 200 patients, ten of them with a card due, unless the test says otherwise."""
    day = TODAY - timedelta(days=days_ago)
    values: dict[str, Any] = {
        "client": "north",
        "service": "view",
        "knowledge": OLD,
        "day": day,
        "since": datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
        "calls": of,
        "evaluations": of,
        "patients": of,
        "patients_with": {"fired": fired, "not_evaluable": of // 2},
        "entries": {},
    }
    return DayCounts(**{**values, **changes})


def usual_days(before: int, count: int = 21, **changes: Any) -> Sequence[DayCounts]:
    """Give usual days, the last of them so many days ago."""
    return [counted(before + ago, **changes) for ago in reversed(range(count))]
