"""Which codes do the links of a questionnaire stand for, where they are no codes themselves?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from rules.codes import Code
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import CodeableConcept, Coding, Element
from rules.fhir_reader.known_codes import KnownCodes
from rules.fhir_reader.resources import NULL, is_null
from rules.knowledge.model import Scale, ScaleForm

_LAST_PART = re.compile(r"[^/#]*$")


class _Question(Element, frozen=True):
    link_id: str | None = None
    code: list[Coding] | None = None
    item: list[_Question] | None = None


class _Questionnaire(Element, frozen=True):
    resource_type: str | None = None
    id: str | None = None
    item: msgspec.Raw = NULL


_QUESTIONNAIRE = msgspec.json.Decoder(_Questionnaire)
_QUESTIONS = msgspec.json.Decoder(list[_Question])


def links_of(
    questionnaire: str | None,
    contained: Iterable[msgspec.Raw] | None,
    present: AbstractSet[str | None],
    known: KnownCodes,
) -> Mapping[str, Code]:
    """Give the code of each link, by the questionnaire within the response or the form of a scale.

    questionnaire: its address. present: the links of the response. A form of which a link is
    missing is not taken for that form: its numbers would be guessed. Errors: UnreadableError.
    """
    address = questionnaire or ""
    if address.startswith("#"):
        questions = _questions_within(address.removeprefix("#"), contained or [])
        found = ((each.link_id, known.find(CodeableConcept(each.code))) for each in questions)
        return {link: code for link, code in found if link and code is not None}
    scale = scale_of(questionnaire, known)
    form = None if scale is None else scale.form
    return form.links if form is not None and form.links.keys() <= present else {}


def scale_of(questionnaire: str | None, known: KnownCodes) -> Scale | None:
    """Give the scale that a questionnaire is known as by the end of its address, or None."""
    address = (questionnaire or "").partition("|")[0].lower()
    found = _LAST_PART.search(address)
    name = found[0] if found else ""
    return next((scale for scale in known.forms if scale.form and _names(scale.form, name)), None)


def _names(form: ScaleForm, name: str) -> bool:
    return form.known_by.search(name) is not None and form.unless.search(name) is None


def _questions_within(name: str, contained: Iterable[msgspec.Raw]) -> Iterator[_Question]:
    """Give all questions of the questionnaire of this id within the response, groups included."""
    for raw in contained:
        inner = decode(_QUESTIONNAIRE, raw)
        if inner.resource_type == "Questionnaire" and inner.id == name:
            waiting = [] if is_null(inner.item) else decode(_QUESTIONS, inner.item)
            while waiting:
                question = waiting.pop()
                yield question
                waiting += question.item or []
