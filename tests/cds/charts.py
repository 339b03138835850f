"""How does a test write a small FHIR record? A patient whose record earns an evidence card.

Two antidepressants in full dose for three months each without response, a recent PHQ-9 of 17 and
two raised CRP results, as of the day of `tests.cds.assessments`.
"""

import json
from copy import deepcopy
from typing import Any

Resource = dict[str, Any]

LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
PATIENT_ID = "pat-1"
PATIENT: Resource = {"resourceType": "Patient", "id": PATIENT_ID, "birthDate": "1984-03-10"}


def concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def condition(code: str = "F33.1", identity: str = "c1", patient: str = PATIENT_ID) -> Resource:
    status = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    return {
        "resourceType": "Condition",
        "id": identity,
        "clinicalStatus": concept(status, "active"),
        "code": concept(ICD_10_CM, code),
        "subject": {"reference": f"Patient/{patient}"},
        "recordedDate": "2025-06-01",
    }


def observation(identity: str, code: str, value: float, unit: str, day: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": identity,
        "status": "final",
        "code": concept(LOINC, code),
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "code": unit, "system": "http://unitsofmeasure.org"},
    }


def crp(identity: str, value: float, day: str) -> Resource:
    return observation(identity, "30522-7", value, "mg/L", day)


def phq9(identity: str, value: int, day: str) -> Resource:
    return observation(identity, "44261-6", value, "{score}", day)


def dispense(identity: str, product: str, day: str) -> Resource:
    return {
        "resourceType": "MedicationDispense",
        "id": identity,
        "status": "completed",
        "medicationCodeableConcept": concept(RXNORM, product),
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        "whenHandedOver": day,
        "daysSupply": {"value": 90, "code": "d", "system": "http://unitsofmeasure.org"},
        "dosageInstruction": [
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [
                    {
                        "doseQuantity": {
                            "value": 1,
                            "code": "{tablet}",
                            "system": "http://unitsofmeasure.org",
                        }
                    }
                ],
            }
        ],
    }


SERTRALINE_100 = "312938"
VENLAFAXINE_150 = "313581"

CONDITIONS = [condition()]
DISPENSES = [
    dispense("d1", SERTRALINE_100, "2025-09-15"),
    dispense("d2", VENLAFAXINE_150, "2026-02-01"),
]
SCORES = [
    phq9("p1", 20, "2025-09-10"),
    phq9("p2", 18, "2025-12-05"),
    phq9("p3", 19, "2026-01-30"),
    phq9("p4", 18, "2026-05-04"),
    phq9("p5", 17, "2026-06-15"),
]
MARKERS = [crp("m1", 3.9, "2026-03-31"), crp("m2", 4.1, "2026-06-01")]


def bundle(*resources: Resource, **members: Any) -> Resource:
    """Give a collection of these resources; without any, the record that earns a card."""
    held = resources or (PATIENT, *CONDITIONS, *DISPENSES, *SCORES, *MARKERS)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": "2026-06-30T09:00:00+02:00",
        "entry": [{"resource": deepcopy(resource)} for resource in held],
    } | members


def searchset(*resources: Resource) -> Resource:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": resource} for resource in resources],
    }


def hook_request(**changes: Any) -> Resource:
    """Give a patient-view call with every key of the prefetch; None takes a member out."""
    request: Resource = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/p", "patientId": PATIENT_ID},
        "prefetch": prefetch(),
    } | changes
    return {name: value for name, value in request.items() if value is not None}


ABSENT = object()


def prefetch(**changes: Any) -> Resource:
    """Give the prefetch of the record that earns a card; ABSENT takes a key out."""
    values: Resource = {
        "patient": PATIENT,
        "conditions": searchset(*CONDITIONS),
        "medications": searchset(),
        "markers": searchset(*MARKERS),
        "scores": searchset(*SCORES),
        "dispenses": searchset(*DISPENSES),
        "statements": searchset(),
        "administrations": searchset(),
        "questionnaires": searchset(),
        "procedures": searchset(),
    } | changes
    return {key: value for key, value in values.items() if value is not ABSENT}


OUTCOME: Resource = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "exception"}],
}


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()
