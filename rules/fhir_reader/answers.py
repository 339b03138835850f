"""How many points is an answer to an item of a symptom scale?"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from rules.codes import LOINC, Code, read_code
from rules.fhir_reader.decoding import read_number
from rules.fhir_reader.elements import Coding
from rules.knowledge.model import Scale

_ORDINAL = frozenset(
    {
        "http://hl7.org/fhir/StructureDefinition/ordinalValue",
        "http://hl7.org/fhir/StructureDefinition/itemWeight",
        "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
    }
)


def points_of(codings: Iterable[Coding], points: Mapping[Code, Decimal]) -> Decimal | None:
    """Give the points of a coded answer: by its ordinal value, else by its code.

    Servers leave out the system of LOINC's answer codes; no other system has codes of that form.
    Unknown input: no known code, or codings that say different points, yields None.
    Errors: UnreadableError for an ordinal value that is no number.
    """
    found = {_points(coding, points) for coding in codings} - {None}
    return found.pop() if len(found) == 1 else None


def sum_of_items(scale: Scale, items: Mapping[Code, Decimal | None]) -> Decimal | None:
    """Give the total of a scale from its items: only where every one is answered and in range."""
    values = [items.get(code) for code in scale.items]
    known = [value for value in values if value is not None and 0 <= value <= scale.item_maximum]
    if not scale.items or len(known) < len(scale.items):
        return None
    return sum(known, start=Decimal(0))


def _points(coding: Coding, points: Mapping[Code, Decimal]) -> Decimal | None:
    for extension in coding.extension or []:
        if extension.url in _ORDINAL:
            return read_number(extension.value_decimal, "$.answer.ordinalValue")
    code = read_code(coding.system or LOINC, coding.code)
    return None if code is None else points.get(code)
