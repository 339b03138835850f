"""Which scores does a QuestionnaireResponse hold?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from rules.codes import LOINC, Code
from rules.facts import Score
from rules.fhir_reader.answers import points_of, sum_of_items
from rules.fhir_reader.dates import read_date
from rules.fhir_reader.decoding import (
    NO_NUMBER,
    Number,
    UnreadableError,
    decode,
    read_number,
)
from rules.fhir_reader.elements import Coding, Element, Quantity
from rules.fhir_reader.known_codes import KnownCodes
from rules.fhir_reader.questionnaire_links import links_of, scale_of
from rules.fhir_reader.resources import NULL, RawResource, Reference, is_null

_LAST_PART = re.compile(r"[^/#|]+$")


class Answer(Element, frozen=True):
    value_integer: Number = NO_NUMBER
    value_decimal: Number = NO_NUMBER
    value_quantity: Quantity | None = None
    value_coding: Coding | None = None
    item: list[Item] | None = None


class Item(Element, frozen=True):
    link_id: str | None = None
    definition: str | None = None
    answer: list[Answer] | None = None
    item: list[Item] | None = None


class QuestionnaireResponse(Element, frozen=True):
    """group is where DSTU2 has its answers."""

    status: str | None = None
    questionnaire: str | Reference | None = None
    contained: list[msgspec.Raw] | None = None
    authored: str | None = None
    item: list[Item] | None = None
    group: msgspec.Raw = NULL

    @property
    def address(self) -> str | None:
        """The questionnaire's address, which STU3 has in a reference."""
        stated = self.questionnaire
        return stated.reference if isinstance(stated, Reference) else stated


_IN_ERROR = "entered-in-error"
_RESPONSE = msgspec.json.Decoder(QuestionnaireResponse)


@dataclass(frozen=True, slots=True)
class Answered:
    """The scores of a response. named: the scale that its address names, unless it is in error."""

    scores: tuple[Score, ...]
    named: str | None


def read_questionnaire(item: RawResource, known: KnownCodes) -> Answered:
    """Read every item under a known code, and the total: as stated, else from all items.

    Source: rule.md section 5. A partial sum is never made. Unknown input: an item under a link
    that stands for no code the rules know, and an answer that means no number, is no score; an
    item that stands twice with different answers has no value. Errors: UnreadableError.
    """
    read = decode(_RESPONSE, item.raw)
    if not is_null(read.group):
        raise UnreadableError("$.group should be absent: it holds answers as FHIR DSTU2 does")
    authored = read_date(read.authored, "$.authored")
    values: dict[Code, Decimal | None] = {}
    parts = list(_flatten(read.item))
    links = links_of(read.address, read.contained, {part.link_id for part in parts}, known)
    for part in parts:
        code = links.get(part.link_id or "") or _code_of(part, known)
        if code is not None:
            value = _value_of(part, known)
            same = code not in values or values[code] == value
            values[code] = value if same else None
    for scale in {known.scales[code].key: known.scales[code] for code in values}.values():
        total = sum_of_items(scale, values)
        if total is not None and scale.totals.isdisjoint(values):
            values[min(scale.totals)] = total
    scores = tuple(
        Score(code=code, value=value, status=read.status, date=authored, sources=(item.name,))
        for code, value in values.items()
    )
    asked = None if read.status == _IN_ERROR else scale_of(read.address, known)
    return Answered(scores, None if asked is None else asked.name)


def _flatten(items: Iterable[Item] | None) -> Iterator[Item]:
    """Give all items, those inside groups and inside answers too."""
    waiting = list(items or [])
    while waiting:
        item = waiting.pop()
        yield item
        waiting += item.item or []
        for answer in item.answer or []:
            waiting += answer.item or []


def _code_of(item: Item, known: KnownCodes) -> Code | None:
    """Give the scale code of an item: the end of its link ("/44250-9") or of its definition."""
    for address in (item.link_id, item.definition):
        last = _LAST_PART.search(address or "")
        if last is not None and Code(LOINC, last[0]) in known.scales:
            return Code(LOINC, last[0])
    return None


def _value_of(item: Item, known: KnownCodes) -> Decimal | None:
    """Give the one number an item is answered with; several answers are none."""
    answers = item.answer or []
    if len(answers) != 1:
        return None
    (answer,) = answers
    quantity = answer.value_quantity
    stated = (
        read_number(answer.value_integer, "$.answer.valueInteger"),
        read_number(answer.value_decimal, "$.answer.valueDecimal"),
        quantity.number("$.answer.valueQuantity") if quantity is not None else None,
        points_of([answer.value_coding] if answer.value_coding else [], known.points),
    )
    return next((value for value in stated if value is not None), None)
