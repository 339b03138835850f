"""What does a dosage in words say, in the few forms that cannot be misread?"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_TIMES = {"once": Fraction(1), "twice": Fraction(2), "three times": Fraction(3)}
_NUMBERS = {"one": Decimal(1), "two": Decimal(2), "three": Decimal(3)}
_HOW_OFTEN = (
    r"(?:(?:(?P<times>once|twice|three times) )?(?:a day|daily|every day)|(?P<bedtime>at bedtime))"
)
_DOSAGE = re.compile(
    r"(?:take )?(?P<count>\d{1,4}(?:\.\d{1,3})?|one|two|three) ?(?P<unit>[a-z]+)(?:\(s\))?"
    rf"(?: by mouth| orally| po)? {_HOW_OFTEN}\.?"
)
_SCHEDULE = re.compile(rf"{_HOW_OFTEN}\.?")


@dataclass(frozen=True, slots=True)
class WordedDose:
    """So many units each time, so many times a day."""

    count: Decimal
    unit: str
    times_a_day: Fraction


def read_dosage_text(text: str) -> WordedDose | None:
    """Read "Take 1 tablet by mouth twice daily" and its like; None for any other words.

    The whole text must be of the form, because a word more may turn it around ("for 3 days",
    "as needed"). Source: rule.md section 4.3.
    """
    found = _DOSAGE.fullmatch(_plain(text))
    if found is None:
        return None
    count = _NUMBERS.get(found["count"])
    return WordedDose(
        Decimal(found["count"]) if count is None else count, found["unit"], _times(found)
    )


def times_a_day_in_words(text: str) -> Fraction | None:
    """Read "Once daily" and its like; None for any other words."""
    found = _SCHEDULE.fullmatch(_plain(text))
    return None if found is None else _times(found)


def _times(found: re.Match[str]) -> Fraction:
    return _TIMES.get(found["times"] or "once", Fraction(1))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
