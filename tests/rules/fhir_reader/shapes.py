"""How does a test write a FHIR resource in one line, with only what it is about?

Every builder gives a resource of the patient p; further members are passed by their FHIR names.
"""

import json
from pathlib import Path
from typing import Any

from rules.codes import ICD_10_CM, LOINC, RXNORM
from rules.facts import Facts
from rules.fhir_reader import Resources, read_facts, split_bundle
from rules.knowledge import Knowledge

Json = dict[str, Any]

SHARED = Path(__file__).parents[4] / "shared" / "data"
UCUM = "http://unitsofmeasure.org"
SERTRALINE_50_MG = "312941"  # a clinical drug: one tablet holds 50 mg
SERTRALINE = "36437"  # the ingredient: no strength
ESCITALOPRAM = "321988"
DAILY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}


def coded(code: str, system: str = RXNORM, **others: Any) -> Json:
    return {"coding": [{"system": system, "code": code}], **others}


def quantity(value: Any, code: str | None = None, **others: Any) -> Json:
    stated = {} if code is None else {"system": UCUM, "code": code}
    return {"value": value, **stated, **others}


def resource(resource_type: str, name: str, /, **members: Any) -> Json:
    made = {"resourceType": resource_type, "id": name, "subject": {"reference": "Patient/p"}}
    return {name: value for name, value in {**made, **members}.items() if value is not None}


def patient(name: str = "p", /, **members: Any) -> Json:
    return {"resourceType": "Patient", "id": name, "birthDate": "1984-03-10", **members}


def condition(name: str = "c", icd: str = "F33.1", /, **members: Any) -> Json:
    members.setdefault("code", coded(icd, ICD_10_CM))
    return resource("Condition", name, **members)


def request(name: str = "m", /, *, of: str = SERTRALINE_50_MG, **members: Any) -> Json:
    members.setdefault("status", "active")
    members.setdefault("intent", "order")
    members.setdefault("medicationCodeableConcept", coded(of))
    return resource("MedicationRequest", name, **members)


def dispense(name: str = "d", /, *, of: str = SERTRALINE_50_MG, **members: Any) -> Json:
    members.setdefault("status", "completed")
    members.setdefault("medicationCodeableConcept", coded(of))
    return resource("MedicationDispense", name, **members)


def statement(name: str = "s", /, *, of: str = SERTRALINE_50_MG, **members: Any) -> Json:
    members.setdefault("status", "active")
    members.setdefault("medicationCodeableConcept", coded(of))
    return resource("MedicationStatement", name, **members)


def administration(name: str = "a", /, *, of: str = SERTRALINE_50_MG, **members: Any) -> Json:
    members.setdefault("status", "completed")
    members.setdefault("medicationCodeableConcept", coded(of))
    return resource("MedicationAdministration", name, **members)


def observation(name: str = "o", loinc: str = "30522-7", /, **members: Any) -> Json:
    members.setdefault("status", "final")
    members.setdefault("code", coded(loinc, LOINC))
    members.setdefault("effectiveDateTime", "2026-06-01")
    return resource("Observation", name, **members)


def dosage(dose: Json | None = None, timing: Json | None = None, **members: Any) -> Json:
    """Give an instruction: a dose of 50 mg daily unless the test says otherwise."""
    stated = {"doseQuantity": quantity(50, "mg")} if dose is None else dose
    return {"timing": DAILY if timing is None else timing, "doseAndRate": [stated], **members}


def bundle(*resources: Json, **members: Any) -> bytes:
    entries = [{"resource": each} for each in resources]
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": entries, **members}
    ).encode()


def split(*resources: Json) -> Resources:
    return split_bundle(bundle(*resources))


def read(knowledge: Knowledge, *resources: Json, with_patient: bool = True) -> Facts:
    """Read the facts of the patient p from these resources."""
    given = (patient(), *resources) if with_patient else resources
    return read_facts(split(*given), "p", knowledge)
