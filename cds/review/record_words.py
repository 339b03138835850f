"""How do dates, doses and numbers of the record read in a table?"""

from decimal import Decimal

from rules.clinical_time import ClinicalDate
from rules.facts import DailyDose
from rules.plain_words import dose, number

UNDATED = "not dated"
NO_STATUS = "no status"
NO_UNIT = "(no unit)"


def joined(*parts: str | None) -> str:
    """Join what is there; None and "" are left out."""
    return "; ".join(part for part in parts if part)


def day_words(day: ClinicalDate | None) -> str:
    """Give a date as precise as it is recorded."""
    return UNDATED if day is None else day.text


def period_words(start: ClinicalDate | None, end: ClinicalDate | None) -> str:
    """Give first and last day; a last day that nobody stated is no end."""
    if start is None and end is None:
        return UNDATED
    last = "no end stated" if end is None else f"to {end.text}"
    return f"from {day_words(start)}, {last}"


def dose_words(taken: DailyDose) -> str:
    """Give a daily dose in milligrams with what it was worked out from."""
    if taken.low_mg is None or taken.high_mg is None:
        return f"daily dose not known ({taken.basis.value})"
    low, high = dose(taken.low_mg), dose(taken.high_mg)
    amount = low if low == high else f"{low} to {high}"
    return f"{amount} mg/day (from {taken.basis.value})"


def number_words(value: Decimal | None, unit: str | None, comparator: str | None = None) -> str:
    """Give a number as recorded with its unit; "" where there is none."""
    return "" if value is None else f"{comparator or ''}{number(value)} {unit or NO_UNIT}"


def bound_words(value: Decimal | None) -> str:
    """Give one end of a range, which may be open."""
    return "…" if value is None else number(value)
