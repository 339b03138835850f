"""In which shapes does a record travel? The record that earns a card, as different servers send it.

Always the same patient: two antidepressants in full dose without response, and a raised CRP twice.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from tests.cds.charts import (
    CONDITIONS,
    DISPENSES,
    ICD_10_CM,
    LOINC,
    MARKERS,
    PATIENT,
    PATIENT_ID,
    RXNORM,
    SCORES,
    concept,
)

Json = dict[str, Any]

ICD_10_CM_OID = "urn:oid:2.16.840.1.113883.6.90"
LOINC_OID = "urn:oid:2.16.840.1.113883.6.1"
RXNORM_OID = "urn:oid:2.16.840.1.113883.6.88"
TOCILIZUMAB = "612865"
RHEUMATOID_ARTHRITIS = "M05.9"

CONTENT: dict[str, list[Json]] = {
    "conditions": CONDITIONS,
    "medications": [],
    "markers": MARKERS,
    "scores": SCORES,
    "dispenses": DISPENSES,
}
TYPES = {
    "conditions": "Condition",
    "medications": "MedicationRequest",
    "dispenses": "MedicationDispense",
}


def found(*resources: Json, base: str = "", **members: Any) -> Json:
    """Write what a search found, with its total, and no entry where there is none."""
    bundle: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(resources)}
    if resources:
        bundle["entry"] = [_entry(deepcopy(each), base) for each in resources]
    return bundle | members


def _entry(resource: Json, base: str) -> Json:
    address = {"fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}"} if base else {}
    return address | {"resource": resource, "search": {"mode": "match"}}


def prefetch(*keys: str, base: str = "") -> Json:
    """Answer our templates; keys: only these, else the five that hold the record."""
    wanted = keys or ("patient", *CONTENT)
    return {
        key: deepcopy(PATIENT) if key == "patient" else found(*CONTENT[key], base=base)
        for key in wanted
    }


def fhir_server() -> dict[str, Json]:
    """Hold the record as a FHIR server does, by path."""
    searched = {TYPES[key]: found(*CONTENT[key]) for key in TYPES}
    observations = found(*CONTENT["markers"], *CONTENT["scores"])
    return {f"Patient/{PATIENT_ID}": deepcopy(PATIENT), "Observation": observations} | searched


def with_oids(value: Any) -> Any:
    """Name every code system by its OID."""
    text = json.dumps(value)
    for uri, oid in ((ICD_10_CM, ICD_10_CM_OID), (LOINC, LOINC_OID), (RXNORM, RXNORM_OID)):
        text = text.replace(json.dumps(uri), json.dumps(oid))
    return json.loads(text)


def contained(dispenses: Iterable[Json]) -> list[Json]:
    """Put the medication of each dispense inside it."""
    changed = []
    for number, each in enumerate(dispenses):
        inside = {"resourceType": "Medication", "id": f"med{number}"}
        kept = {name: value for name, value in each.items() if name != "medicationCodeableConcept"}
        medication = inside | {"code": each["medicationCodeableConcept"]}
        reference = {"medicationReference": {"reference": f"#med{number}"}}
        changed.append(kept | {"contained": [medication]} | reference)
    return changed


def included(dispenses: Iterable[Json], base: str) -> Json:
    """Send the medications beside the dispenses, which point to them by their whole address."""
    outside, medications = [], []
    for number, each in enumerate(contained(dispenses)):
        (medication,) = each.pop("contained")
        address = f"{base}/Medication/med{number}"
        each["medicationReference"] = {"reference": address}
        outside.append(each)
        medications.append(
            {"fullUrl": address, "resource": medication, "search": {"mode": "include"}}
        )
    bundle = found(*outside, base=base)
    bundle["entry"] += medications
    return bundle


def draft(identity: str = "draft-1", reason: str | None = None, **members: Any) -> Json:
    """Write a draft order of a drug that is experimental for depression."""
    order: Json = {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        "medicationCodeableConcept": concept(RXNORM, TOCILIZUMAB),
    }
    if reason is not None:
        order["reasonCode"] = [concept(ICD_10_CM, reason)]
    return {name: value for name, value in (order | members).items() if value is not None}


def drafts(*orders: Json) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": each} for each in orders],
    }
