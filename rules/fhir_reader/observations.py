"""Which Observations do the rules use, and what do they say?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from rules.clinical_time import ClinicalDate
from rules.codes import Code
from rules.facts import MarkerResult, Measurement, Score
from rules.fhir_reader.answers import points_of, sum_of_items
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import CodeableConcept, Element, codes_of
from rules.fhir_reader.observation_values import (
    Observation,
    Result,
    Value,
    read_effective,
    read_reference_range,
    read_value,
)
from rules.fhir_reader.resources import RawResource
from rules.knowledge.model import Knowledge, Scale

# The value sets of observations that are neither markers nor scores.
MEASUREMENT_SETS = (
    "body-mass-index",
    "body-temperature",
    "estimated-delivery-date",
    "glomerular-filtration-rate",
    "pregnancy-status",
    "serum-lithium",
    "smoking-status",
)


class _ComponentCode(Element, frozen=True):
    code: CodeableConcept | None = None


class _ObservationCodes(Element, frozen=True):
    """Only the codes: most Observations of a chart are of no interest, and are not read further."""

    code: CodeableConcept | None = None
    component: list[_ComponentCode] | None = None


_CODES = msgspec.json.Decoder(_ObservationCodes)
_OBSERVATION = msgspec.json.Decoder(Observation)

ObservedFact = MarkerResult | Score | Measurement


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes under which the rules use an Observation."""

    markers: frozenset[Code]
    scales: Mapping[Code, Scale]
    measurements: frozenset[Code]
    points: Mapping[Code, Decimal]

    def find(self, concept: CodeableConcept | None) -> Code | None:
        """Give the first code the rules know; laboratories put others beside it, in any order."""
        return next((code for code in codes_of(concept) if self._knows(code)), None)

    def _knows(self, code: Code) -> bool:
        return code in self.markers or code in self.scales or code in self.measurements


@dataclass(frozen=True, slots=True)
class Observed:
    """What one Observation says. identifiers: those under which a laboratory corrects a result."""

    facts: tuple[ObservedFact, ...]
    identifiers: frozenset[tuple[str, str]]
    status: str | None
    source: str


@dataclass(frozen=True, slots=True)
class _Sample:
    """What an Observation and its components share."""

    status: str | None
    date: ClinicalDate | None
    from_issued: bool
    sources: tuple[str, ...]


def known_codes(knowledge: Knowledge) -> KnownCodes:
    """Collect the codes of markers, of scales of either kind, and of measurements."""
    context = {
        code: scale
        for scale in knowledge.context_scales.values()
        for code in (*scale.totals, *scale.items, *scale.not_totals)
    }
    sets = (knowledge.value_sets.get(name) for name in MEASUREMENT_SETS)
    return KnownCodes(
        markers=frozenset(knowledge.markers),
        scales={**context, **knowledge.scales_by_code},
        measurements=frozenset(code for each in sets if each is not None for code in each.codes),
        points=knowledge.answer_points,
    )


def read_observation(item: RawResource, known: KnownCodes) -> Observed | None:
    """Read an Observation and its components; None where the rules use none of their codes.

    The category is not asked for: laboratories file results under whatever they like.
    Errors: UnreadableError.
    """
    peek = decode(_CODES, item.raw)
    codes = [peek.code, *(part.code for part in peek.component or [])]
    if all(known.find(code) is None for code in codes):
        return None
    read = decode(_OBSERVATION, item.raw)
    sample = _Sample(read.status, *read_effective(read), (item.name,))
    facts = [
        _read_fact(code, part, known, sample)
        for part in (read, *(read.component or []))
        if (code := known.find(part.code)) is not None and not _is_panel(code, part, known)
    ]
    identifiers = ((each.system or "", each.value or "") for each in read.identifier or [])
    return Observed(
        facts=(*facts, *_add_up(facts, known, sample)),
        identifiers=frozenset(pair for pair in identifiers if pair[1]),
        status=read.status,
        source=item.name,
    )


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
    """Give points: a number as it stands, or a coded answer. A bound such as "<10" is no score."""
    if value.comparator is not None:
        return None
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
