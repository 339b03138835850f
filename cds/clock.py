"""What day is it? The one place that reads the clock."""

from datetime import UTC, date, datetime


def today() -> date:
    """Give today's date in UTC, the zone every server of a deployment shares."""
    return datetime.now(UTC).date()
