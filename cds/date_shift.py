"""How does a test record stay of today? Every date of it moves by the same number of days.

Works on the text, so that everything else stays as it was, sign for sign: spacing, order of
members, and the digits of numbers. What moves is a string that is nothing but a date, dateTime or
instant, under a name FHIR or CDS Hooks gives to dates.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rules.clinical_time import Precision, days_between, exact, read_clinical_date

FIXTURE_EXTENSION = "com.trd-inflammation-cds.fixture"

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
_DAY_LENGTH = 10
# Elements of the types date, dateTime and instant whose name does not end in Date or DateTime.
_NAMES = frozenset(
    {
        "asOf", "assertedDate", "authored", "authoredOn", "created", "date",
        "dateAsserted", "dateRecorded", "dateWritten", "end", "event", "expirationDate",
        "issued", "lastUpdated", "received", "recorded", "sent",
        "start", "timestamp", "whenHandedOver", "whenPrepared",
    }
)  # fmt: skip
_ENDINGS = ("Date", "DateTime", "Instant")


class DateShiftError(ValueError):
    """The dates cannot be moved. The text is one sentence, safe to show."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A string that is a value: where its text begins and ends, and the last name before it."""

    start: int
    end: int
    name: str


def move_dates(text: str, to: date) -> str:
    """Move all dates so that the record's day of evaluation becomes `to`.

    The day of evaluation is Bundle.timestamp, or in a hook request the member asOf of the
    extension FIXTURE_EXTENSION. Times of day and zones stay. A month or a year moves with its
    middle and stays a month or a year.

    Errors: DateShiftError for text that is not such a record, or a date out of the calendar.
    """
    days = days_between(day_of_evaluation(text), to)
    moved, position = [], 0
    for value in _values(text):
        moved.append(text[position : value.start])
        moved.append(_move(text[value.start : value.end], value.name, days))
        position = value.end
    return "".join(moved) + text[position:]


def day_of_evaluation(text: str) -> date:
    """Give the day a record is meant to be evaluated on. Errors: DateShiftError."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise DateShiftError("the file is not JSON") from None
    stated = _stated_day(content)
    if not isinstance(stated, str):
        raise DateShiftError(
            f"the file has no Bundle.timestamp and no extension {FIXTURE_EXTENSION} with asOf"
        )
    try:
        day = read_clinical_date(stated)
    except ValueError:
        raise DateShiftError("the day of evaluation is not a FHIR date") from None
    if day.precision is not Precision.DAY:
        raise DateShiftError("the day of evaluation is not known to the day")
    return day.earliest


def _stated_day(content: Any) -> object:
    if not isinstance(content, dict):
        return None
    if content.get("resourceType") == "Bundle":
        return content.get("timestamp")
    extension = content.get("extension")
    fixture = extension.get(FIXTURE_EXTENSION) if isinstance(extension, dict) else None
    return fixture.get("asOf") if isinstance(fixture, dict) else None


def _values(text: str) -> Iterator[_Value]:
    name = ""
    for found in _STRING.finditer(text):
        if found.group(2) is not None:
            name = found.group(1)
        else:
            yield _Value(found.start(1), found.end(1), name)


def _move(written: str, name: str, days: int) -> str:
    if name not in _NAMES and not name.endswith(_ENDINGS):
        return written
    try:
        stated = read_clinical_date(written)
    except ValueError:
        return written
    middle = stated.earliest + timedelta(days=days_between(stated.earliest, stated.latest) // 2)
    try:
        moved = exact(middle + timedelta(days=days)).text
    except OverflowError:
        raise DateShiftError("a date would leave the calendar") from None
    length = min(len(stated.text), _DAY_LENGTH)
    return moved[:length] + written[length:]
