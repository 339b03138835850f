"""How does a test write a date, a code and the name of a source?"""

from datetime import date
from decimal import Decimal

from rules.clinical_time import ClinicalDate, Span, read_clinical_date
from rules.codes import ATC, ICD_10_CM, LOINC, RXNORM, SNOMED_CT, Code, read_code

Number = int | str | Decimal


def day(text: str) -> date:
    """Give a date that is written to the day."""
    return date.fromisoformat(text)


def when(text: str | None) -> ClinicalDate | None:
    """Give a date as precise as it is written."""
    return None if text is None else read_clinical_date(text)


def span(start: str, end: str) -> Span:
    """Give the days from the first up to, not including, the second."""
    return Span(day(start), day(end))


def icd(text: str) -> Code:
    return code(ICD_10_CM, text)


def snomed(text: str) -> Code:
    return code(SNOMED_CT, text)


def loinc(text: str) -> Code:
    return code(LOINC, text)


def atc(text: str) -> Code:
    return code(ATC, text)


def rxnorm(text: str) -> Code:
    return code(RXNORM, text)


def code(system: str, text: str) -> Code:
    """Give a code in the spelling that code sets use."""
    read = read_code(system, text)
    assert read is not None, f"{system} {text!r} is no code"
    return read


def source(resource_type: str, name: str, on: str | None) -> str:
    """Name the resource a fact comes from: "Observation/crp-2026-06-01"."""
    return f"{resource_type}/{name.replace(' ', '-')}-{on or 'undated'}"
