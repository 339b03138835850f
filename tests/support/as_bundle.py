"""What does the record of a vignette look like as a FHIR R4 Bundle?

Written by hand, not by way of the facts: what the service reads from it must lead to the same
verdict as the facts do. Everything in it is synthetic and says so.
"""

from decimal import Decimal
from typing import Any

from tests.support.as_resources import resources_for
from tests.support.fhir_parts import TERMINOLOGY, Resource
from tests.support.record import file_record
from tests.support.vignette import Vignette

BASE = "https://example.org/fhir"
_OF_A_PATIENT = {"AllergyIntolerance", "Immunization"}
TEST_PATIENTS = "https://example.org/fhir/test-patients"


def patient_id(vignette: Vignette) -> str:
    return f"vignette-{vignette.id}"


def bundle_of(vignette: Vignette) -> Resource:
    """Give a collection with the patient and the record, dated noon of the evaluation day."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": f"{vignette.as_of.isoformat()}T12:00:00Z",
        "entry": [
            {"fullUrl": f"{BASE}/{each['resourceType']}/{each['id']}", "resource": each}
            for each in resources_of(vignette)
        ],
    }


def resources_of(vignette: Vignette) -> tuple[Resource, ...]:
    """Give the patient and then every resource of the record, in the record's order."""
    record = file_record(vignette)
    subject = {"reference": f"Patient/{patient_id(vignette)}"}
    parts = (part for each in record.filed for part in resources_for(each.entry, each, record))
    return (_patient(vignette), *(_complete(part, subject) for part in parts))


def _patient(vignette: Vignette) -> Resource:
    return {
        "resourceType": "Patient",
        "id": patient_id(vignette),
        "meta": {"tag": [{"system": f"{TERMINOLOGY}/v3-ActReason", "code": "HTEST"}]},
        "identifier": [{"system": TEST_PATIENTS, "value": vignette.id}],
        "name": [{"family": f"Vignette-{vignette.id}", "given": ["Test"]}],
        "gender": vignette.patient.gender,
        "birthDate": vignette.patient.born,
    }


def _complete(resource: Resource, subject: Resource) -> Resource:
    """Add the patient and leave out what is not stated."""
    whose = "patient" if resource["resourceType"] in _OF_A_PATIENT else "subject"
    return {
        name: _number(value)
        for name, value in {**resource, whose: subject}.items()
        if value is not None
    }


def _number(value: Any) -> Any:
    """Turn exact numbers into JSON's, at any depth."""
    if isinstance(value, dict):
        return {name: _number(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_number(member) for member in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
