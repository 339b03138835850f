"""What dose can a vignette state, and how many milligrams is it?

A dose reads "100 mg daily", "150 mg twice daily", "25 mg at bedtime", "90 mg weekly",
"25-100 mg daily" or "as directed" (which is no dose).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

# How often -> (times, in how many days).
HOW_OFTEN = {
    "daily": (1, 1),
    "twice daily": (2, 1),
    "three times daily": (3, 1),
    "at bedtime": (1, 1),
    "weekly": (1, 7),
}
_DOSE = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))? mg (.+)")


@dataclass(frozen=True, slots=True)
class StatedDose:
    """A dose as prescribed: milligrams each time, and how often."""

    low_mg: Decimal
    high_mg: Decimal
    how_often: str

    def over(self, mg: Decimal, days: int = 1) -> Decimal:
        """Give the milligrams that so many days need, at so many milligrams each time."""
        times, period = HOW_OFTEN[self.how_often]
        return mg * times * days / period


def read_dose(text: str) -> StatedDose | None:
    """Read a stated dose; "as directed" is none. Errors: ValueError for any other words."""
    if text == "as directed":
        return None
    stated = _DOSE.fullmatch(text)
    if stated is None or stated[3] not in HOW_OFTEN:
        raise ValueError(f"{text!r} is no dose a vignette can state")
    return StatedDose(Decimal(stated[1]), Decimal(stated[2] or stated[1]), stated[3])


def _dose_text(text: str) -> str:
    read_dose(text)
    return text


Dose = Annotated[str, BeforeValidator(_dose_text)]
