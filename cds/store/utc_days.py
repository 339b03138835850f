"""When does a day begin, and when is it over? Days are days of UTC, whoever asks and wherever.

Every day a calendar has can be asked for, the first and the last one too.
"""

from datetime import UTC, date, datetime, time, timedelta


def begin_of(day: date) -> datetime:
    """Give the first moment of a day."""
    return datetime.combine(day, time.min, UTC)


def end_of(day: date) -> datetime:
    """Give the moment a day is over; it does not belong to the day.

    Of the last day there is, which no other follows, it is the last moment.
    """
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return begin_of(day + timedelta(days=1))


def first_of(days: int, last: date) -> date:
    """Give the first of so many days that end with a day; the first there is, where none is."""
    before = timedelta(days=days - 1)
    return last - before if last - date.min >= before else date.min
