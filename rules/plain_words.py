"""How do numbers, doses and lists read in a sentence a clinician checks?"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

_PERCENT = 100
_SHOWN_DOSE = Decimal("0.01")

# A clinician asks for diagnoses, not for Conditions.
_KINDS_OF_RECORD: Mapping[str, str] = {
    "AdverseEvent": "adverse events",
    "AllergyIntolerance": "allergies and intolerances",
    "Condition": "diagnoses",
    "Encounter": "contacts",
    "Immunization": "vaccinations",
    "Medication": "medications",
    "MedicationAdministration": "medication administrations",
    "MedicationDispense": "medication dispenses",
    "MedicationRequest": "medication orders",
    "MedicationStatement": "medication statements",
    "Observation": "observations",
    "Patient": "the patient's own data",
    "Procedure": "procedures",
    "QuestionnaireResponse": "questionnaires",
}


def kind_of_record(resource_type: str) -> str:
    """Name a resource type as a clinician does: "diagnoses"; any other name stays as it is.

    Gaps begin the type with a small letter; both spellings are known.
    """
    spelled = resource_type[:1].upper() + resource_type[1:]
    return _KINDS_OF_RECORD.get(spelled, resource_type)


def number(value: Decimal | int) -> str:
    """Write a number as short as it is exact: 100, 4.1, 0.42."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dose(value_mg: Decimal) -> str:
    """Write a dose with two decimals at most, cut off, so that none reads as a floor it misses."""
    return number(min(value_mg, value_mg.quantize(_SHOWN_DOSE, ROUND_DOWN)))


def percent(fraction: Decimal) -> str:
    """Write a fraction as whole per cent, rounded to the nearest.

    Changes of symptom scores have small denominators, so none below one half rounds up to it.
    """
    return f"{(fraction * _PERCENT).quantize(Decimal(1), ROUND_HALF_EVEN)}%"


def percent_reached(fraction: Decimal) -> str:
    """Write a fraction as the whole per cent it surely reaches: 79.9 % reads 79 %."""
    return f"{int(fraction * _PERCENT)}%"


def listed(parts: Sequence[str]) -> str:
    """Join words as a sentence does: "a", "a and b", "a, b and c"."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def counted(count: int, singular: str, plural: str) -> str:
    """Write a count with its noun in the right number: "90 days", "1 day"."""
    return f"{count} {singular if count == 1 else plural}"


def spelled(count: int, singular: str, plural: str) -> str:
    """Write a small count as a word: "no trial", "two trials"."""
    return f"{spelled_number(count)} {singular if count <= 1 else plural}"


def spelled_number(value: Decimal | int) -> str:
    """Write a small whole number as a word, any other as digits: "two", "12", "0.5"."""
    small = value == int(value) and 0 <= value < len(_SMALL)
    return _SMALL[int(value)] if small else number(value)


def within_sentence(label: str) -> str:
    """Begin a label in lower case, unless it begins with an abbreviation or a code."""
    keep = label[1:2].isupper() or label[1:2].isdigit()
    return label if keep else label[:1].lower() + label[1:]


def on(day: date) -> str:
    return f"on {day.isoformat()}"


def sources_of(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Join the sources of several facts, each resource once, in the order met."""
    return tuple(dict.fromkeys(source for part in parts for source in part))
