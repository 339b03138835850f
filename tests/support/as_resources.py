"""Which FHIR R4 resources is each entry of a record filed as?"""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from rules.codes import ICD_10_CM, LOINC, SNOMED_CT
from tests.support import chart
from tests.support.fhir_parts import (
    TERMINOLOGY,
    Resource,
    bounds,
    concept,
    dosage,
    medication,
    period,
    quantity,
    reason,
    status,
    stop_reason,
    units_for,
)
from tests.support.products import products
from tests.support.record import Filed, Record

_ANSWERS = {0: "LA6568-5", 1: "LA6569-3", 2: "LA6570-1", 3: "LA6571-9"}
_SYSTEMS = {"icd-10-cm": ICD_10_CM, "snomed": SNOMED_CT}


@singledispatch
def resources_for(entry: object, _each: Filed, _record: Record) -> Iterator[Resource]:
    """Give the resources one entry of a record is filed as, without the patient."""
    raise TypeError(f"no resource for {type(entry).__name__}")


def _start(each: Filed, **members: Any) -> Resource:
    begun: Resource = {"resourceType": each.resource_type, "id": each.id}
    if each.version > 1:
        begun["meta"] = {"versionId": str(each.version)}
    return {**begun, **members}


@resources_for.register
def _(entry: chart.Dispense, each: Filed, record: Record) -> Iterator[Resource]:
    order = None if entry.order is None else [{"reference": record.reference_to(entry.order)}]
    yield _start(
        each,
        status=entry.status,
        medicationCodeableConcept=medication(entry),
        authorizingPrescription=order,
        quantity=units_for(entry, entry.days),
        daysSupply=quantity(entry.days, "d"),
        whenHandedOver=entry.on,
        dosageInstruction=dosage(entry),
    )


@resources_for.register
def _(entry: chart.Order, each: Filed, _record: Record) -> Iterator[Resource]:
    supply = None if entry.days is None else {"expectedSupplyDuration": quantity(entry.days, "d")}
    yield _start(
        each,
        status=entry.status,
        statusReason=stop_reason(entry.stop_reason),
        intent=entry.intent,
        medicationCodeableConcept=medication(entry),
        authoredOn=entry.written,
        reasonCode=reason(entry.reason),
        dosageInstruction=dosage(entry, bounds(entry.written, entry.until)),
        dispenseRequest=supply,
    )


@resources_for.register
def _(entry: chart.Statement, each: Filed, _record: Record) -> Iterator[Resource]:
    stopped = stop_reason(entry.stop_reason)
    yield _start(
        each,
        status=entry.status,
        statusReason=None if stopped is None else [stopped],
        medicationCodeableConcept=medication(entry),
        effectivePeriod=period(entry.since, entry.until),
        reasonCode=reason(entry.reason),
        dosage=dosage(entry),
    )


@resources_for.register
def _(entry: chart.Administration, each: Filed, _record: Record) -> Iterator[Resource]:
    yield _start(
        each,
        status=entry.status,
        medicationCodeableConcept=medication(entry),
        effectiveDateTime=entry.on,
    )


@resources_for.register
def _(entry: chart.Diagnosis, each: Filed, _record: Record) -> Iterator[Resource]:
    yield _start(
        each,
        clinicalStatus=status("condition-clinical", entry.status),
        verificationStatus=status("condition-ver-status", entry.verification),
        category=[concept(f"{TERMINOLOGY}/condition-category", "problem-list-item")],
        code=concept(_SYSTEMS[entry.system], entry.code),
        onsetDateTime=entry.onset,
        abatementDateTime=entry.abated,
        recordedDate=entry.recorded,
    )


@resources_for.register
def _(entry: chart.Phq9, each: Filed, _record: Record) -> Iterator[Resource]:
    total = {"valueQuantity": quantity(entry.total, "{score}")}
    yield _observation(each, "survey", "44261-6", entry.status, entry.on, **total)
    if entry.item9 is not None:
        item = Filed(entry, each.resource_type, f"{each.id}-item9")
        answer = {"valueCodeableConcept": concept(LOINC, _ANSWERS[entry.item9])}
        yield _observation(item, "survey", "44260-8", entry.status, entry.on, **answer)


@resources_for.register
def _(entry: chart.Form, each: Filed, _record: Record) -> Iterator[Resource]:
    answered = {
        "44261-6": {"valueInteger": entry.total},
        "44260-8": {"valueCoding": {"system": LOINC, "code": _ANSWERS[entry.item9]}},
    }
    yield _start(
        each,
        status=entry.status,
        authored=entry.on,
        item=[{"linkId": f"/{code}", "answer": [answer]} for code, answer in answered.items()],
    )


@resources_for.register
def _(entry: chart.Score, each: Filed, _record: Record) -> Iterator[Resource]:
    yield _observation(each, "survey", entry.code, entry.status, entry.on, valueInteger=entry.value)


@resources_for.register
def _(entry: chart.Marker, each: Filed, _record: Record) -> Iterator[Resource]:
    absent = None
    if entry.absent is not None:
        absent = concept(f"{TERMINOLOGY}/data-absent-reason", entry.absent)
    yield _observation(
        each,
        "laboratory",
        entry.code,
        entry.status,
        entry.on,
        issued=None if entry.issued is None else f"{entry.issued}T12:00:00Z",
        valueQuantity=_result(entry),
        valueString=entry.text,
        dataAbsentReason=absent,
        referenceRange=_reference_range(entry),
    )


@resources_for.register
def _(entry: chart.Bmi, each: Filed, _record: Record) -> Iterator[Resource]:
    value = quantity(entry.value, "kg/m2")
    yield _observation(each, "vital-signs", "39156-5", "final", entry.on, valueQuantity=value)


@resources_for.register
def _(entry: chart.Procedure, each: Filed, _record: Record) -> Iterator[Resource]:
    code = concept(_SYSTEMS[entry.system], entry.code)
    yield _start(each, status=entry.status, code=code, performedDateTime=entry.on)


@resources_for.register
def _(entry: chart.Encounter, each: Filed, _record: Record) -> Iterator[Resource]:
    yield _start(
        each,
        status=entry.status,
        **{"class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "AMB"}},
        period=period(entry.on, entry.on),
        reasonCode=[concept(_SYSTEMS[entry.system], entry.code)],
    )


@resources_for.register
def _(entry: chart.Vaccination, each: Filed, _record: Record) -> Iterator[Resource]:
    vaccine = {"text": "vaccine"}
    yield _start(each, status=entry.status, vaccineCode=vaccine, occurrenceDateTime=entry.on)


@resources_for.register
def _(entry: chart.Allergy, each: Filed, _record: Record) -> Iterator[Resource]:
    product = next(each for each in products().values() if each.drug == entry.drug)
    yield _start(
        each,
        clinicalStatus=status("allergyintolerance-clinical", "active"),
        verificationStatus=status("allergyintolerance-verification", "confirmed"),
        code=concept(product.code.system, product.code.code, text=entry.drug),
        recordedDate=entry.on,
    )


def _observation(
    each: Filed, category: str, code: str, status: str, on: str | None, **members: Any
) -> Resource:
    return _start(
        each,
        status=status,
        category=[concept(f"{TERMINOLOGY}/observation-category", category)],
        code=concept(LOINC, code),
        effectiveDateTime=on,
        **members,
    )


def _result(entry: chart.Marker) -> Resource | None:
    if entry.value is None:
        return None
    if entry.unit == "none":
        return {"value": entry.value, "comparator": entry.comparator}
    return {**quantity(entry.value, entry.unit), "comparator": entry.comparator}


def _reference_range(entry: chart.Marker) -> list[Resource] | None:
    if entry.range is None:
        return None
    low, high = entry.range
    return [{"low": quantity(low, entry.unit), "high": quantity(high, entry.unit)}]
