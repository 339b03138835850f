"""What does the record of a vignette say, as facts, without a word of FHIR?"""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from rules.codes import Code, read_code
from rules.facts import Drug, ExposureKind, Facts, Incomplete
from rules.knowledge import Knowledge
from tests.support import build, chart
from tests.support.products import name_of_product, products
from tests.support.record import STOP_REASONS, Filed, Record, file_record
from tests.support.vignette import Vignette

_MEDICATION = (chart.Dispense, chart.Order, chart.Statement, chart.Administration)


def facts_of(vignette: Vignette, knowledge: Knowledge) -> Facts:
    """Give the facts of a vignette; of the knowledge only the drug tables are asked."""
    record = file_record(vignette)
    entries = [each.entry for each in record.filed]
    pieces = [
        piece
        for each in record.filed
        if not _is_replaced(each, record)
        for piece in _pieces(each.entry, each, record, knowledge)
    ]
    return build.facts(
        pieces,
        [_unread(resource_type) for resource_type in vignette.unread],
        born=vignette.patient.born,
        medication_records=sum(isinstance(entry, _MEDICATION) for entry in entries),
        dispense_dates=tuple(
            date
            for entry in entries
            if isinstance(entry, chart.Dispense) and (date := build.when(entry.on)) is not None
        ),
    )


def _unread(resource_type: str) -> Incomplete:
    return build.unread(resource_type, "the caller could not read this resource type")


def _is_replaced(each: Filed, record: Record) -> bool:
    return any(
        other.reference == each.reference and other.version > each.version for other in record.filed
    )


@singledispatch
def _pieces(entry: object, _each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    raise TypeError(f"no facts for {type(entry).__name__}")


def _drugs(entry: chart.DrugEntry | chart.Allergy, knowledge: Knowledge) -> tuple[Drug, ...]:
    if isinstance(entry, chart.Allergy):
        return knowledge.drugs.find_in_text(entry.drug)
    return knowledge.drugs.find([products()[name_of_product(entry)].code])


def _exposures(
    kind: ExposureKind, entry: Any, each: Filed, knowledge: Knowledge, **fields: Any
) -> Iterator[build.Piece]:
    dose = entry.stated_dose
    mg = None if dose is None else f"{dose.over(dose.low_mg)}-{dose.over(dose.high_mg)}"
    for drug in _drugs(entry, knowledge):
        yield build.exposure(
            kind,
            drug,
            mg=mg,
            status=entry.status,
            as_needed=entry.as_needed,
            sources=(each.reference,),
            **fields,
        )


@_pieces.register
def _(entry: chart.Dispense, each: Filed, record: Record, knowledge: Knowledge) -> Any:
    order = None if entry.order is None else record.reference_to(entry.order)
    yield from _exposures(
        ExposureKind.DISPENSE,
        entry,
        each,
        knowledge,
        start=entry.on,
        supply_days=entry.days,
        order=order,
    )


@_pieces.register
def _(entry: chart.Order, each: Filed, _record: Record, knowledge: Knowledge) -> Any:
    yield from _exposures(
        ExposureKind.REQUEST,
        entry,
        each,
        knowledge,
        start=entry.written,
        end=entry.until,
        supply_days=entry.days,
        intent=entry.intent,
        order=each.reference,
        reasons=_icd(entry.reason),
        stop_reasons=_stop_reason(entry.stop_reason),
    )


@_pieces.register
def _(entry: chart.Statement, each: Filed, _record: Record, knowledge: Knowledge) -> Any:
    yield from _exposures(
        ExposureKind.STATEMENT,
        entry,
        each,
        knowledge,
        start=entry.since,
        end=entry.until,
        reasons=_icd(entry.reason),
        stop_reasons=_stop_reason(entry.stop_reason),
    )


@_pieces.register
def _(entry: chart.Administration, each: Filed, _record: Record, knowledge: Knowledge) -> Any:
    yield from _exposures(
        ExposureKind.ADMINISTRATION, entry, each, knowledge, start=entry.on, end=entry.on
    )


@_pieces.register
def _(entry: chart.Diagnosis, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    yield build.diagnosis(
        _code(entry.system, entry.code),
        clinical_status=entry.status,
        verification=entry.verification,
        onset=entry.onset,
        abatement=entry.abated,
        recorded=entry.recorded,
        sources=(each.reference,),
    )


@_pieces.register
def _(entry: chart.Phq9, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    yield build.phq9(entry.total, entry.on, status=entry.status, sources=(each.reference,))
    if entry.item9 is not None:
        sources = (f"{each.reference}-item9",)
        yield build.phq9_item9(entry.item9, entry.on, status=entry.status, sources=sources)


@_pieces.register
def _(entry: chart.Form, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    sources = (each.reference,)
    yield build.phq9(entry.total, entry.on, status=entry.status, sources=sources)
    yield build.phq9_item9(entry.item9, entry.on, status=entry.status, sources=sources)


@_pieces.register
def _(entry: chart.Score, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    sources = (each.reference,)
    yield build.score(entry.code, entry.value, entry.on, status=entry.status, sources=sources)


@_pieces.register
def _(entry: chart.Marker, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    low, high = entry.range or (None, None)
    yield build.crp(
        entry.value,
        entry.on or entry.issued,
        code=entry.code,
        unit=None if entry.unit == "none" or entry.value is None else entry.unit,
        status=entry.status,
        comparator=entry.comparator,
        text=entry.text,
        date_from_issued=entry.on is None and entry.issued is not None,
        reference_low=low,
        reference_high=high,
        sources=(each.reference,),
    )


@_pieces.register
def _(entry: chart.Bmi, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    yield build.bmi(entry.value, entry.on, sources=(each.reference,))


@_pieces.register
def _(entry: chart.Procedure, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    code = _code(entry.system, entry.code)
    yield build.procedure(code, entry.on, status=entry.status, sources=(each.reference,))


@_pieces.register
def _(entry: chart.Encounter, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    code = _code(entry.system, entry.code)
    yield build.encounter(code, entry.on, status=entry.status, sources=(each.reference,))


@_pieces.register
def _(entry: chart.Vaccination, each: Filed, _record: Record, _knowledge: Knowledge) -> Any:
    yield build.vaccination(entry.on, status=entry.status, sources=(each.reference,))


@_pieces.register
def _(entry: chart.Allergy, each: Filed, _record: Record, knowledge: Knowledge) -> Any:
    for drug in _drugs(entry, knowledge):
        yield build.intolerance(drug, entry.on, sources=(each.reference,))


def _code(system: str, code: str) -> Code:
    return build.icd(code) if system == "icd-10-cm" else build.snomed(code)


def _icd(codes: tuple[str, ...]) -> tuple[Code, ...]:
    return tuple(build.icd(code) for code in codes)


def _stop_reason(code: str | None) -> tuple[Code, ...]:
    read = read_code(STOP_REASONS, code)
    return () if read is None else (read,)
