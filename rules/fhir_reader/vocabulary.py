"""Which words does FHIR itself use for units of time, schedules and countable units?

These are the wire's own code systems (UCUM, v3-GTSAbbreviation, v3-orderableDrugForm and FHIR's
event timing), not clinical knowledge: no dose, no cut-off and no drug stands here.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

_DAY = Fraction(1)
_WEEK = Fraction(7)
_MONTH = Fraction("30.4375")  # UCUM: a twelfth of a year
_YEAR = Fraction("365.25")
_HOURS_A_DAY = Fraction(24)
_MINUTES_A_DAY = Fraction(1440)
_SECONDS_A_DAY = Fraction(86400)

# UCUM codes, and the English words that systems send in the place of a code.
DAYS_BY_UNIT: Mapping[str, Fraction] = {
    "s": 1 / _SECONDS_A_DAY,
    "min": 1 / _MINUTES_A_DAY,
    "h": 1 / _HOURS_A_DAY,
    "hour": 1 / _HOURS_A_DAY,
    "hours": 1 / _HOURS_A_DAY,
    "d": _DAY,
    "day": _DAY,
    "days": _DAY,
    "wk": _WEEK,
    "week": _WEEK,
    "weeks": _WEEK,
    "mo": _MONTH,
    "month": _MONTH,
    "months": _MONTH,
    "a": _YEAR,
    "year": _YEAR,
    "years": _YEAR,
}

# Milligrams in one unit of mass, by UCUM code and by the usual spellings of the unit text.
MG_BY_UNIT: Mapping[str, Decimal] = {
    "mg": Decimal(1),
    "milligram": Decimal(1),
    "milligrams": Decimal(1),
    "g": Decimal(1000),
    "gram": Decimal(1000),
    "grams": Decimal(1000),
    "ug": Decimal("0.001"),
    "mcg": Decimal("0.001"),
    "\N{MICRO SIGN}g": Decimal("0.001"),
    "\N{GREEK SMALL LETTER MU}g": Decimal("0.001"),
    "microgram": Decimal("0.001"),
    "micrograms": Decimal("0.001"),
}

# Units that count pieces of a product: UCUM annotations, orderable drug forms, and their words.
PIECES = frozenset(
    {
        "1", "{tablet}", "{tbl}", "{tab}", "{capsule}", "{cap}", "{patch}",
        "tab", "tabs", "tablet", "tablets", "cap", "caps", "capsule", "capsules",
        "ertab", "ercap", "entcap", "srtab", "drtab", "patch", "patches",
    }
)  # fmt: skip
MILLILITRES = frozenset({"ml", "milliliter", "milliliters", "millilitre", "millilitres"})

# Units of a score. A UCUM annotation such as {score} or {points} is no unit at all.
POINTS = frozenset(
    {"", "1", "score", "scores", "point", "points", "pt", "pts", "pts.",
     "punkt", "punkte", "punten", "puntos", "pontos", "punti"}
)  # fmt: skip

# Systems whose codes say that something is not known, and the codes that say there is none.
ABSENCE_SYSTEMS = frozenset(
    {
        "http://terminology.hl7.org/CodeSystem/data-absent-reason",
        "http://hl7.org/fhir/data-absent-reason",
        "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
        "http://hl7.org/fhir/v3/NullFlavor",
        "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
    }
)
NONE_KNOWN = frozenset({"no-known-medications", "no-known-problems"})

# Times a day of v3-GTSAbbreviation, and of the abbreviations that systems add to it.
TIMES_A_DAY: Mapping[str, Fraction] = {
    "QD": Fraction(1),
    "AM": Fraction(1),
    "PM": Fraction(1),
    "BED": Fraction(1),
    "HS": Fraction(1),
    "QHS": Fraction(1),
    "QAM": Fraction(1),
    "QPM": Fraction(1),
    "BID": Fraction(2),
    "TID": Fraction(3),
    "QID": Fraction(4),
    "QOD": 1 / Fraction(2),
    "Q1H": Fraction(24),
    "Q2H": Fraction(12),
    "Q3H": Fraction(8),
    "Q4H": Fraction(6),
    "Q6H": Fraction(4),
    "Q8H": Fraction(3),
    "Q12H": Fraction(2),
    "Q24H": Fraction(1),
    "WK": 1 / _WEEK,
    "MO": 1 / _MONTH,
}
DAYS_OF_THE_WEEK = 7
# Codes of any other system are not read as abbreviations: "AM" may mean something else there.
TIMING_SYSTEMS = frozenset(
    {
        None,
        "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation",
        "http://hl7.org/fhir/v3/GTSAbbreviation",
        "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
    }
)
