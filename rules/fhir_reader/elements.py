"""Which elements of FHIR's data types are read, and how are they read?

Each type names exactly the members the reader uses; everything else is skipped by the decoder.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from rules.codes import Code, read_code
from rules.fhir_reader.bounds import MAX_CODE_LENGTH, MAX_CODINGS, MAX_WORDS
from rules.fhir_reader.decoding import NO_NUMBER, Number, UnreadableError, read_number
from rules.fhir_reader.resources import Reference

_UCUM = "http://unitsofmeasure.org"


class Element(msgspec.Struct, rename="camel", frozen=True):
    """What every data type and every resource here is made as."""


class Extension(Element, frozen=True):
    url: str | None = None
    value_decimal: Number = NO_NUMBER


class Coding(Element, frozen=True):
    system: str | None = None
    code: str | None = None
    display: str | None = None
    extension: list[Extension] | None = None


class CodeableConcept(Element, frozen=True):
    coding: list[Coding] | None = None
    text: str | None = None


class CodeableReference(Element, frozen=True):
    """R5 puts a concept or a reference in one place; gateways send it in R4 records too."""

    concept: CodeableConcept | None = None
    reference: Reference | None = None


class Quantity(Element, frozen=True):
    """Any FHIR quantity: Duration, Age and SimpleQuantity are of the same form."""

    value: Number = NO_NUMBER
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None

    def number(self, path: str) -> Decimal | None:
        """Give the value as written. Errors: UnreadableError where it is no number."""
        return read_number(self.value, f"{path}.value")

    @property
    def unit_as_stated(self) -> str | None:
        """The UCUM code, or a code of no named system, else the unit text, else any code."""
        if self.code and self.system in {None, _UCUM}:
            return self.code
        return self.unit or self.code or None


class Range(Element, frozen=True):
    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Element, frozen=True):
    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Period(Element, frozen=True):
    start: str | None = None
    end: str | None = None


def codes_of(*concepts: CodeableConcept | None) -> tuple[Code, ...]:
    """Give the codes of concepts in their order, each once. Text and codes without system: none.

    Errors: UnreadableError for more or longer codings than any server sends.
    """
    found = (_codes_in(concept) for concept in concepts if concept is not None)
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def code_of_status(concept: CodeableConcept | None) -> str | None:
    """Give the code of a status that is a concept, such as a Condition's. Text alone: None."""
    if concept is None:
        return None
    return next((coding.code for coding in concept.coding or [] if coding.code), None)


def texts_of(*concepts: CodeableConcept | None) -> tuple[str, ...]:
    """Give the words of concepts: the text, then the displays of the codings, none of them long."""
    found: list[str] = []
    for concept in concepts:
        if concept is not None:
            found += [concept.text or "", *(each.display or "" for each in concept.coding or [])]
    return tuple(dict.fromkeys(text[:MAX_WORDS] for text in found if text))


def _codes_in(concept: CodeableConcept) -> list[Code]:
    codings = concept.coding or []
    if len(codings) > MAX_CODINGS:
        raise UnreadableError(f"a concept should have at most {MAX_CODINGS} codings")
    if any(len(coding.code or "") > MAX_CODE_LENGTH for coding in codings):
        raise UnreadableError(f"a code should have at most {MAX_CODE_LENGTH} characters")
    found = (read_code(coding.system, coding.code) for coding in codings)
    return [code for code in found if code is not None]


def as_list(given: CodeableConcept | list[CodeableConcept] | None) -> Iterable[CodeableConcept]:
    """Give the concepts of an element that is one concept here and a list of them there."""
    if given is None:
        return []
    return [given] if isinstance(given, CodeableConcept) else given
