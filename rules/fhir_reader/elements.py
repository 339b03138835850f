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
from rules.fhir_reader.vocabulary import ABSENCE_SYSTEMS, NONE_KNOWN

_UCUM = "http://unitsofmeasure.org"


class Element(msgspec.Struct, rename="camel", frozen=True, gc=False):
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
    found: dict[Code, None] = {}
    for concept in concepts:
        if concept is not None:
            found.update(dict.fromkeys(_codes_in(concept)))
    return tuple(found)


def code_of_status(concept: CodeableConcept | str | None) -> str | None:
    """Give the code of a status that is a concept, such as a Condition's. Text alone: None.

    Before R4 the code stood there by itself, which is as clear: the codes are the same.
    """
    if concept is None or isinstance(concept, str):
        return concept or None
    return next((coding.code for coding in concept.coding or [] if coding.code), None)


def without_absences(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Give the codes that name something, without those that say why nothing is named."""
    return tuple(code for code in codes if code.system not in ABSENCE_SYSTEMS)


def says_none_known(codes: Iterable[Code]) -> bool:
    """Whether codes say that there is nothing to name, as an international summary does."""
    return any(code.system in ABSENCE_SYSTEMS and code.code in NONE_KNOWN for code in codes)


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
    found: list[Code] = []
    for coding in codings:
        if coding.code is not None and len(coding.code) > MAX_CODE_LENGTH:
            raise UnreadableError(f"a code should have at most {MAX_CODE_LENGTH} characters")
        code = read_code(coding.system, coding.code)
        if code is not None:
            found.append(code)
    return found


def as_list(given: CodeableConcept | list[CodeableConcept] | None) -> Iterable[CodeableConcept]:
    """Give the concepts of an element that is one concept here and a list of them there."""
    if given is None:
        return []
    return [given] if isinstance(given, CodeableConcept) else given
