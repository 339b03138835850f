"""How many times a day is a drug to be taken, by FHIR's Timing?"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import msgspec

from rules.clinical_time import days_between
from rules.fhir_reader.dates import days_of, read_date
from rules.fhir_reader.decoding import NO_NUMBER, Number, read_number
from rules.fhir_reader.dosage_text import times_a_day_in_words
from rules.fhir_reader.elements import CodeableConcept, Element, Period, Quantity
from rules.fhir_reader.vocabulary import (
    DAYS_BY_UNIT,
    DAYS_OF_THE_WEEK,
    TIMES_A_DAY,
    TIMING_SYSTEMS,
)


class Repeat(Element, frozen=True):
    bounds_period: Period | None = None
    bounds_duration: Quantity | None = None
    count: Number = NO_NUMBER
    frequency: Number = NO_NUMBER
    period: Number = NO_NUMBER
    period_max: Number = NO_NUMBER
    period_unit: str | None = None
    day_of_week: list[str] | None = None
    time_of_day: list[str] | None = None
    when: list[str] | None = None


class Timing(Element, frozen=True):
    event: list[str] | None = None
    repeat: Repeat | None = None
    code: CodeableConcept | None = None


class Schedule(msgspec.Struct, frozen=True, gc=False):
    """times_a_day: None where the timing does not say. from_words: read from text, not codes."""

    times_a_day: Fraction | None = None
    intermittent: bool = False
    from_words: bool = False


def read_schedule(timing: Timing | None, path: str) -> Schedule:
    """Read how often a day: repeat and code must agree where both say it.

    Source: rule.md section 4.3. frequencyMax is not read and periodMax is, because both times
    the rarer use is what was surely prescribed. A schedule that leaves out days is intermittent.
    Unknown input: no timing, a conflict, or a code that is not known yields no number; nothing is
    ever taken to be once a day. Errors: UnreadableError.
    """
    if timing is None:
        return Schedule()
    repeat = timing.repeat or Repeat()
    stated = _from_repeat(repeat, f"{path}.repeat")
    coded = _from_code(timing.code)
    if stated is not None and coded is not None and stated != coded:
        return Schedule()
    times = coded if stated is None else stated
    from_words = times is None
    if times is None and timing.code is not None:
        times = times_a_day_in_words(timing.code.text or "")
    days = len(set(repeat.day_of_week or ()))
    leaves_out_days = 0 < days < DAYS_OF_THE_WEEK or (times is not None and times < 1)
    return Schedule(times, leaves_out_days, from_words and times is not None)


def bounds_days(repeat: Repeat, path: str) -> int | None:
    """Give the days an instruction is bound to: by duration, or by a period with both ends.

    Errors: UnreadableError.
    """
    if repeat.bounds_duration is not None:
        return days_of(repeat.bounds_duration, f"{path}.boundsDuration")
    period = repeat.bounds_period or Period()
    start = read_date(period.start, f"{path}.boundsPeriod.start")
    end = read_date(period.end, f"{path}.boundsPeriod.end")
    if start is None or end is None or end.earliest < start.latest:
        return None
    return days_between(start.latest, end.earliest) + 1


def _from_repeat(repeat: Repeat, path: str) -> Fraction | None:
    """Give times a day from the parts of repeat; None where they are silent or disagree."""
    stated = _frequency(repeat, path)
    listed = _listed(repeat)
    if stated is not None and listed is not None and stated != listed:
        return None
    times = listed if stated is None else stated
    days = len(set(repeat.day_of_week or ()))
    if not days:
        return _by_count(repeat, path) if times is None else times
    share = Fraction(days) / DAYS_OF_THE_WEEK
    if times is None or repeat.period_unit != "wk":
        return share if times is None else share * times
    # "Three times a week, on Monday, Wednesday and Friday" says the same thing twice.
    return times if times == share else None


def _frequency(repeat: Repeat, path: str) -> Fraction | None:
    frequency = read_number(repeat.frequency, f"{path}.frequency")
    shortest = read_number(repeat.period, f"{path}.period")
    longest = read_number(repeat.period_max, f"{path}.periodMax")
    period = longest or shortest
    unit = repeat.period_unit or ""
    if not period or unit not in DAYS_BY_UNIT or period < 0:
        return None
    if frequency is None:  # FHIR: a period alone means once in it
        return _a_day(Decimal(len(_moments(repeat)) or 1), period, unit)
    return _a_day(frequency, period, unit) if frequency > 0 else None


@lru_cache(maxsize=1024)  # few are ever written, and exact arithmetic is slow
def _a_day(times: Decimal, period: Decimal, unit: str) -> Fraction:
    return Fraction(times) / (Fraction(period) * DAYS_BY_UNIT[unit])


def _moments(repeat: Repeat) -> set[str]:
    return {*(repeat.time_of_day or ()), *(repeat.when or ())}


def _listed(repeat: Repeat) -> Fraction | None:
    """Count clock times or parts of the day; they only speak where the period is a day."""
    moments = _moments(repeat)
    if not moments or repeat.period_unit not in {None, "d"}:
        return None
    if repeat.time_of_day and repeat.when and len(set(repeat.time_of_day)) != len(set(repeat.when)):
        return None
    return Fraction(len(set(repeat.time_of_day or repeat.when or ())))


def _by_count(repeat: Repeat, path: str) -> Fraction | None:
    count = read_number(repeat.count, f"{path}.count")
    days = bounds_days(repeat, path)
    return Fraction(count) / days if count and count > 0 and days else None


def _from_code(code: CodeableConcept | None) -> Fraction | None:
    """Give times a day from the timing's code; None where two of its codes disagree."""
    if code is None:
        return None
    found = {
        TIMES_A_DAY[coding.code.upper()]
        for coding in code.coding or []
        if coding.code and coding.system in TIMING_SYSTEMS and coding.code.upper() in TIMES_A_DAY
    }
    return found.pop() if len(found) == 1 else None
