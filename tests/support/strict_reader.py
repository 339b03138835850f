"""What does a strict reader see? A second, independent reading, from models of fhir.resources.

It shares no code with rules.fhir_reader: it walks model objects, and knows only what stands in
FHIR itself. What it cannot tell without reading doses or words, it leaves out, and so does the
view of the facts it is compared with.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from rules.codes import Code, read_code
from rules.facts import Exposure, ExposureKind, Facts
from rules.knowledge import Knowledge

Row = tuple[object, ...]
_UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader sees of a record: rows that begin with the resource they come from."""

    person: frozenset[Row] = frozenset()
    diagnoses: frozenset[Row] = frozenset()
    markers: frozenset[Row] = frozenset()
    scores: frozenset[Row] = frozenset()
    exposures: frozenset[Row] = frozenset()

    @property
    def rows(self) -> frozenset[tuple[str, Row]]:
        """Give all rows, each with the kind of its fact."""
        kinds = ("person", "diagnoses", "markers", "scores", "exposures")
        return frozenset((kind, row) for kind in kinds for row in getattr(self, kind))


def parse(resource: Mapping[str, Any]) -> BaseModel:
    """Give the R4B model of a resource. Errors: ValueError or KeyError where R4B refuses it."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415 - slow, and used by few

    model: type[BaseModel] = get_fhir_model_class(str(resource.get("resourceType")))
    return model.model_validate(resource)


def see(models: Iterable[Any], knowledge: Knowledge) -> Seen:
    """Give what the models say, of the types and codes the rules use."""
    found: dict[str, set[Row]] = {kind: set() for kind in Seen.__dataclass_fields__}
    for model in models:
        name = type(model).__name__
        if name in _READERS:
            for kind, row in _READERS[name](model, knowledge):
                found[kind].add((f"{name}/{model.id}", *row))
    return Seen(**{kind: frozenset(rows) for kind, rows in found.items()})


def view(facts: Facts) -> Seen:
    """Give the facts in the rows of the strict reader."""
    return Seen(
        person=frozenset(
            (source, _date_of(facts.person.birth), facts.person.deceased)
            for source in facts.person.sources
        ),
        diagnoses=frozenset(
            (
                each.sources[0],
                frozenset(each.codes),
                each.clinical_status,
                each.verification,
                _date_of(each.onset),
                _date_of(each.abatement),
                _date_of(each.recorded),
            )
            for each in facts.diagnoses
        ),
        markers=frozenset(
            (
                each.sources[0],
                each.code,
                each.status,
                _date_of(each.date),
                each.date_from_issued,
                each.value,
                each.comparator,
                each.unit,
                each.text,
                each.low,
                each.high,
            )
            for each in facts.markers
        ),
        scores=frozenset(
            (each.sources[0], each.code, each.status, _date_of(each.date), each.value)
            for each in facts.scores
        ),
        exposures=frozenset(row for each in facts.exposures for row in _rows_of(each)),
    )


def _rows_of(each: Exposure) -> Iterator[Row]:
    """Give an exposure once for each resource; what came from its doses and words is left out."""
    if not each.drug_from_text:
        dated = each.kind is not ExposureKind.REQUEST
        span = (_date_of(each.start), _date_of(each.end)) if dated else (None, None)
        for source in each.sources:
            yield (source, each.drug.name, each.status, *span)


def _date_of(day: Any) -> str | None:
    return None if day is None else day.text


def _read_patient(model: Any, _: Knowledge) -> Iterator[tuple[str, Row]]:
    deceased = bool(model.deceasedBoolean) or model.deceasedDateTime is not None
    yield "person", (_text(model.birthDate), deceased)


def _read_condition(model: Any, _: Knowledge) -> Iterator[tuple[str, Row]]:
    codes = frozenset(_codes(model.code))
    if codes:
        onset = _text(model.onsetDateTime) or _start(model.onsetPeriod)
        abated = _text(model.abatementDateTime) or _end(model.abatementPeriod)
        statuses = (_first_code(model.clinicalStatus), _first_code(model.verificationStatus))
        yield "diagnoses", (codes, *statuses, onset, abated, _text(model.recordedDate))


def _read_observation(model: Any, knowledge: Knowledge) -> Iterator[tuple[str, Row]]:
    scales = {
        code: scale
        for scale in (*knowledge.scales.values(), *knowledge.context_scales.values())
        for code in (*scale.totals, *scale.items, *scale.not_totals)
    }
    when, from_issued = _when(model)
    for part in (model, *(model.component or [])):
        code = next(
            (each for each in _codes(part.code) if each in knowledge.markers or each in scales),
            None,
        )
        if code is None:
            continue
        number, comparator, unit, text, low, high = _value(part)
        if code in knowledge.markers:
            value = (number, comparator, unit, text, low, high)
            yield "markers", (code, model.status, when, from_issued, *value)
        elif code not in scales[code].not_totals or _has_value(part):
            points = _points(part, knowledge) if number is None else number
            yield "scores", (code, model.status, when, None if comparator else points)


_NO_VALUE: Row = (None,) * 6


def _value(part: Any) -> Row:
    """Give number, comparator, unit, text, low and high; a value that says why it is absent: no."""
    if part.dataAbsentReason is not None:
        return _NO_VALUE
    for given, read in (
        (part.valueQuantity, _of_quantity),
        (part.valueCodeableConcept, _of_concept),
        (part.valueRange, _of_range),
    ):
        if given is not None:
            return read(given)
    return part.valueInteger, None, None, part.valueString, None, None


def _has_value(part: Any) -> bool:
    coded = part.valueCodeableConcept is not None and bool(part.valueCodeableConcept.coding)
    return any(each is not None for each in _value(part)) or (
        coded and part.dataAbsentReason is None
    )


def _of_quantity(quantity: Any) -> Row:
    if quantity.value is None:
        return _NO_VALUE
    return quantity.value, quantity.comparator, _unit(quantity), None, None, None


def _of_concept(concept: Any) -> Row:
    words = [concept.text, *(each.display for each in concept.coding or [])]
    return None, None, None, next((each for each in words if each), None), None, None


def _of_range(bounds: Any) -> Row:
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    units = {_unit(end) for end in ends}
    if len(units) != 1:
        return _NO_VALUE
    low = None if bounds.low is None else bounds.low.value
    high = None if bounds.high is None else bounds.high.value
    return None, None, units.pop(), None, low, high


def _points(part: Any, knowledge: Knowledge) -> Any:
    if part.dataAbsentReason is not None or part.valueCodeableConcept is None:
        return None
    codes = (
        read_code(each.system or "http://loinc.org", each.code)
        for each in part.valueCodeableConcept.coding or []
    )
    known = [code for code in codes if code is not None]
    points = {knowledge.answer_points[code] for code in known if code in knowledge.answer_points}
    return points.pop() if len(points) == 1 else None


def _when(model: Any) -> tuple[str | None, bool]:
    events = (model.effectiveTiming.event or []) if model.effectiveTiming else []
    stated = (
        _text(model.effectiveDateTime)
        or _text(model.effectiveInstant)
        or _start(model.effectivePeriod)
        or _end(model.effectivePeriod)
        or min((text for each in events if (text := _text(each))), default=None)
    )
    issued = _text(model.issued)
    return (stated, False) if stated else (issued, issued is not None)


def _read_drug(model: Any, knowledge: Knowledge) -> Iterator[tuple[str, Row]]:
    """Give the drug, the status and the days, where codes of the resource itself name the drug."""
    drugs = knowledge.drugs.find(tuple(_codes(model.medicationCodeableConcept)))
    for drug in drugs:
        yield "exposures", (drug.name, model.status, *_days(model))


def _days(model: Any) -> tuple[str | None, str | None]:
    if type(model).__name__ == "MedicationDispense":
        return _text(model.whenHandedOver) or _text(model.whenPrepared), None
    if type(model).__name__ == "MedicationRequest":
        return None, None
    point = _text(model.effectiveDateTime)
    if point:
        return point, point
    return _start(model.effectivePeriod), _end(model.effectivePeriod)


def _codes(concept: Any) -> list[Code]:
    codings = (concept.coding or []) if concept is not None else []
    found = (read_code(each.system, each.code) for each in codings)
    return [code for code in found if code is not None]


def _first_code(concept: Any) -> str | None:
    codings = (concept.coding or []) if concept is not None else []
    return next((each.code for each in codings if each.code), None)


def _unit(quantity: Any) -> str | None:
    if quantity.code and quantity.system in {None, _UCUM}:
        return str(quantity.code)
    return str(quantity.unit or quantity.code or "") or None


def _start(period: Any) -> str | None:
    return None if period is None else _text(period.start)


def _end(period: Any) -> str | None:
    return None if period is None else _text(period.end)


def _text(given: object) -> str | None:
    """Write a date as precise as it is, in the zone it was written in."""
    if isinstance(given, datetime):
        return given.date().isoformat()
    if isinstance(given, date):
        return given.isoformat()
    return None if given is None else str(given)


_Reader = Callable[[Any, Knowledge], Iterator[tuple[str, Row]]]
_READERS: Mapping[str, _Reader] = {
    "Patient": _read_patient,
    "Condition": _read_condition,
    "Observation": _read_observation,
    "MedicationRequest": _read_drug,
    "MedicationDispense": _read_drug,
    "MedicationStatement": _read_drug,
    "MedicationAdministration": _read_drug,
}
STRICTLY_READ = frozenset(_READERS)
