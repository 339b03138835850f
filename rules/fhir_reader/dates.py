"""When was it, by whichever of FHIR's forms the resource states it?"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from rules.clinical_time import ClinicalDate, exact, plus_days, read_clinical_date
from rules.fhir_reader.decoding import UnreadableError
from rules.fhir_reader.elements import Period, Quantity
from rules.fhir_reader.vocabulary import DAYS_BY_UNIT

_MAX_AGE_YEARS = 150


def read_date(text: str | None, path: str) -> ClinicalDate | None:
    """Read a date, dateTime or instant; None where there is none. Errors: UnreadableError."""
    if not text:
        return None
    try:
        return read_clinical_date(text)
    except ValueError as error:
        raise UnreadableError(f"{path} should be a FHIR date") from error


def start_of(period: Period | None, path: str) -> ClinicalDate | None:
    """Give a period's first day. Errors: UnreadableError."""
    return None if period is None else read_date(period.start, f"{path}.start")


def end_of(period: Period | None, path: str) -> ClinicalDate | None:
    """Give a period's last day, which belongs to it. Errors: UnreadableError."""
    return None if period is None else read_date(period.end, f"{path}.end")


def refuse_two(element: str, *stated: object) -> None:
    """Refuse two forms of one element, which may say two things: onsetDateTime and onsetPeriod.

    Errors: UnreadableError, naming the element.
    """
    if sum(each not in (None, "") for each in stated) > 1:
        raise UnreadableError(f"{element} should be one value")


def days_of(duration: Quantity | None, path: str) -> int | None:
    """Give a duration in whole days, rounded down; None where none, no unit, or none above zero.

    Units by UCUM code or by its English name ("days" is what several systems send). A UCUM month
    is 30.4375 days. Errors: UnreadableError for a value that is no number.
    """
    if duration is None:
        return None
    number = duration.number(path)
    unit = (duration.unit_as_stated or "").strip().lower()
    if number is None or unit not in DAYS_BY_UNIT:
        return None
    return _whole_days(number, unit)


@lru_cache(maxsize=1024)  # few are ever written, and exact arithmetic is slow
def _whole_days(number: Decimal, unit: str) -> int | None:
    days = int(Fraction(number) * DAYS_BY_UNIT[unit])
    return days if days > 0 else None


def shift(day: ClinicalDate | None, days: int) -> ClinicalDate | None:
    """Move a date by whole days, as precise as it was."""
    if day is None:
        return None
    if day.earliest == day.latest:
        return exact(plus_days(day.earliest, days))
    return ClinicalDate(plus_days(day.earliest, days), plus_days(day.latest, days))


def at_age(birth: ClinicalDate | None, age: Quantity | None, path: str) -> ClinicalDate | None:
    """Give the days on which a patient of this birth date was of this age in completed years.

    Unknown input: no birth date, another unit than years, or no plausible age yields None.
    Errors: UnreadableError for a value that is no number.
    """
    number = age.number(path) if age is not None else None
    if age is None or number is None or birth is None:
        return None
    unit = (age.unit_as_stated or "").strip().lower()
    if unit not in {"a", "year", "years", "yr"} or not 0 <= number <= _MAX_AGE_YEARS:
        return None
    years = int(number)
    first = _birthday(birth.earliest, years)
    return ClinicalDate(first, plus_days(_birthday(birth.latest, years + 1), -1))


def _birthday(born: date, years: int) -> date:
    year = min(born.year + years, date.max.year)
    try:
        return born.replace(year=year)
    except ValueError:  # born on 29 February: comes of age on 1 March
        return date(year, born.month + 1, 1)
