"""Which Observations do the rules use, and what do they say?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from rules.clinical_time import ClinicalDate
from rules.codes import LOINC, Code
from rules.facts import MarkerResult, Measurement, Score
from rules.fhir_reader.answers import points_of, sum_of_items
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.elements import CodeableConcept, Element, codes_of
from rules.fhir_reader.known_codes import KnownCodes
from rules.fhir_reader.observation_values import (
    Observation,
    Result,
    Value,
    read_effective,
    read_reference_range,
    read_value,
)
from rules.fhir_reader.resources import NULL, RawResource, is_null
from rules.fhir_reader.unknown_codes import UnknownCode
from rules.fhir_reader.vocabulary import POINTS
from rules.findings import NotUsed


class _ComponentCode(Element, frozen=True):
    code: CodeableConcept | None = None


class _ObservationCodes(Element, frozen=True):
    """Only the codes: most Observations of a chart are of no interest, and are not read further."""

    code: CodeableConcept | None = None
    component: list[_ComponentCode] | None = None


_ANNOTATION = re.compile(r"\{[^{}]*\}")  # UCUM: a word for the reader, and no unit
_CODE: msgspec.json.Decoder[CodeableConcept | None] = msgspec.json.Decoder(CodeableConcept | None)
_CODES = msgspec.json.Decoder(_ObservationCodes)
_OBSERVATION = msgspec.json.Decoder(Observation)

ObservedFact = MarkerResult | Score | Measurement


class Observed(msgspec.Struct, frozen=True, gc=False):
    """What one Observation says. identifiers: those under which a laboratory corrects a result."""

    facts: tuple[ObservedFact, ...]
    identifiers: frozenset[tuple[str, str]]
    status: str | None
    source: str


class Named(msgspec.Struct, frozen=True, gc=False):
    """An Observation that only its words name. not_used: what is said of it, if anything."""

    kind: UnknownCode
    not_used: tuple[NotUsed, ...] = ()


class _Sample(msgspec.Struct, frozen=True, gc=False):
    """What an Observation and its components share."""

    status: str | None
    date: ClinicalDate | None
    from_issued: bool
    sources: tuple[str, ...]


def is_of_no_use(item: RawResource, known: KnownCodes) -> bool:
    """Whether an Observation is plainly one that the rules do not use; False means: read it.

    It is under a code, as written, that turned out to be of no use, and nothing else is odd.
    """
    peek = item.peek
    return (
        item.fault is None
        and peek.component is NULL
        and peek.modifier_extension is NULL
        and peek.implicit_rules is NULL
        and bytes(peek.code) in known.unused
    )


def read_observation(item: RawResource, known: KnownCodes) -> Observed | Named | None:
    """Read an Observation and its components; None where the rules use none of their codes.

    The category is not asked for: laboratories file results under whatever they like. Unknown
    input: what words alone name as a marker or a scale is Named, because the words say neither the
    specimen nor the method. Errors: UnreadableError.
    """
    written = bytes(item.peek.code)
    has_parts = not is_null(item.peek.component)
    if written in known.unused and not has_parts:
        return None
    coded = [(concept, codes_of(concept)) for concept in _concepts(item)]
    if all(known.first(codes) is None for _, codes in coded):
        named = _named_in_words(coded, item, known)
        if named is None and not has_parts:
            known.unused.add(written)
        return named
    read = decode(_OBSERVATION, item.raw)
    name = item.name
    sample = _Sample(read.status, *read_effective(read), (name,))
    parts: list[Result] = [read, *(read.component or [])]
    facts = [
        _read_fact(code, part, known, sample)
        for part, (_, codes) in zip(parts, coded, strict=True)
        if (code := known.first(codes)) is not None and not _is_panel(code, part, known)
    ]
    identifiers = ((each.system or "", each.value or "") for each in read.identifier or [])
    return Observed(
        facts=(*facts, *_add_up(facts, known, sample)),
        identifiers=frozenset(pair for pair in identifiers if pair[1]),
        status=read.status,
        source=name,
    )


def _concepts(item: RawResource) -> list[CodeableConcept | None]:
    """Give the code of an Observation and those of its components."""
    if item.peek.component is NULL:
        try:
            return [decode(_CODE, item.peek.code)]
        except UnreadableError:
            pass  # told below, with its place in the resource
    peek = decode(_CODES, item.raw)
    return [peek.code, *(part.code for part in peek.component or [])]


def _named_in_words(
    coded: Sequence[tuple[CodeableConcept | None, tuple[Code, ...]]],
    item: RawResource,
    known: KnownCodes,
) -> Named | None:
    """Name a result whose words are those of a marker or a scale, though no code of it is known.

    Only a marker without a LOINC code is said not to be used: such a code says what was measured,
    and that may be another thing than the words at its side, in another specimen.
    """
    markers = [codes for concept, codes in coded if known.names_marker(concept)]
    if any(all(code.system != LOINC for code in codes) for codes in markers):
        because = "a marker named in words only, without a LOINC code"
        return Named(UnknownCode.MARKER_IN_WORDS, (NotUsed(item.name, because),))
    if markers:
        return Named(UnknownCode.MARKER_IN_WORDS)
    if any(known.names_scale(concept) for concept, _ in coded):
        return Named(UnknownCode.SCALE_IN_WORDS)
    return None


def _read_fact(code: Code, part: Result, known: KnownCodes, sample: _Sample) -> ObservedFact:
    value = read_value(part)
    if code in known.markers:
        return _marker(code, part, value, sample)
    if code in known.scales:
        return Score(
            code=code,
            value=_score(value, known),
            status=sample.status,
            date=sample.date,
            sources=sample.sources,
        )
    return Measurement(
        code=code,
        status=sample.status,
        date=value.date or sample.date,
        value=None if value.comparator else value.number,
        unit=value.unit,
        answers=value.answers,
        sources=sample.sources,
    )


def _marker(code: Code, part: Result, value: Value, sample: _Sample) -> MarkerResult:
    low, high = read_reference_range(part, value.unit)
    return MarkerResult(
        code=code,
        status=sample.status,
        date=sample.date,
        date_from_issued=sample.from_issued,
        value=value.number,
        comparator=value.comparator,
        unit=value.unit,
        text=value.text,
        low=value.low,
        high=value.high,
        reference_low=low,
        reference_high=high,
        sources=sample.sources,
    )


def _score(value: Value, known: KnownCodes) -> Decimal | None:
    """Give points: a number as it stands, or a coded answer. A bound such as "<10" is no score.

    Errors: UnreadableError for a number in a unit that measures something else.
    """
    if value.comparator is not None:
        return None
    unit = (value.unit or "").strip().lower()
    if unit not in POINTS and not _ANNOTATION.fullmatch(unit):
        raise UnreadableError("$.valueQuantity should be in points")
    return points_of(value.codings, known.points) if value.number is None else value.number


def _is_panel(code: Code, part: Result, known: KnownCodes) -> bool:
    """Whether the code of a panel stands without a result of its own, as it should."""
    scale = known.scales.get(code)
    return scale is not None and code in scale.not_totals and read_value(part) == Value()


def _add_up(
    facts: Iterable[ObservedFact], known: KnownCodes, sample: _Sample
) -> Iterator[ObservedFact]:
    """Give the total of a panel that holds every item of a scale and does not state it itself."""
    scores = {fact.code: fact.value for fact in facts if isinstance(fact, Score)}
    for scale in {known.scales[code].key: known.scales[code] for code in scores}.values():
        total = sum_of_items(scale, scores)
        if total is not None and scale.totals.isdisjoint(scores):
            yield Score(
                code=min(scale.totals),
                value=total,
                status=sample.status,
                date=sample.date,
                sources=sample.sources,
            )
