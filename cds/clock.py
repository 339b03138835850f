"""What day and what time is it? The one place that reads the clock."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Give the present moment in UTC, the zone every server of a deployment shares."""
    return datetime.now(UTC)


def today() -> date:
    """Give today's date in UTC."""
    return now().date()
