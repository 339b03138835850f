"""Which requests are timed? Whole calls of the patient-view hook, of named sizes.

A call is the fixture of treatment resistance with persistently raised CRP, of which the rule makes
the evidence card, filled up to the size with what real charts hold of the types the service asks
for, without the few diagnoses that would put the patient out of the rule's scope. The client does
not filter Observations by code, as some do not, so all of them are read.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from benchmarks.charts import Resource, resources_of
from cds.date_shift import move_dates
from rules.codes import ValueSet, read_code
from rules.knowledge import load_knowledge
from rules.speaks_against import OUT_OF_SCOPE_SETS

FIXTURE = Path(__file__).parent.parent / "fixtures" / "requests" / "evidence-card.json"
BASE = "https://example.org/fhir"
ENDPOINT = "/cds-services/trd-inflammation-patient-view"

SIZES = {
    "59 KB": 59_000,
    "555 KB": 555_000,
    "1.7 MB": 1_700_000,
    "3.2 MB": 3_200_000,
    "10 MB": 10_000_000,
}
# A prefetch as clients send it that ask for what the templates name; timed with signed calls.
SIGNED_SIZE = "80 KB"
SIGNED_BYTES = 80_000

# The prefetch key under which a client sends each type.
KEYS = {
    "Condition": "conditions",
    "MedicationAdministration": "administrations",
    "MedicationDispense": "dispenses",
    "MedicationRequest": "medications",
    "MedicationStatement": "statements",
    "Observation": "scores",
    "Procedure": "procedures",
    "QuestionnaireResponse": "questionnaires",
}

Call = dict[str, Any]

_INSTANCE = "00000000-0000-4000-8000-000000000000"


def make_body(size: int, today: date) -> bytes:
    """Write a call of about this many bytes, on whose chart the rule fires today.

    Errors: NoChartsError where the real charts are missing.
    """
    call = read_call(today)
    patient_id = call["context"]["patientId"]
    left = size - len(msgspec.json.encode(call))
    for resource in resources_of(patient_id, frozenset(KEYS)):
        if _is_out_of_scope(resource):
            continue
        entry = add(call, resource)
        left -= len(msgspec.json.encode(entry)) + 1
        if left <= 0:
            break
    return write_call(call)


def _is_out_of_scope(resource: Resource) -> bool:
    """Say whether a diagnosis is one with which the rule judges nobody, such as dementia."""
    if resource["resourceType"] != "Condition":
        return False
    codings = resource.get("code", {}).get("coding", ())
    read = (read_code(each.get("system"), each.get("code")) for each in codings)
    codes = [code for code in read if code is not None]
    return any(each.find(codes) is not None for each in _out_of_scope_sets())


@cache
def _out_of_scope_sets() -> tuple[ValueSet, ...]:
    value_sets = load_knowledge().value_sets
    return tuple(value_sets[name] for name in OUT_OF_SCOPE_SETS)


def read_call(today: date) -> Call:
    """Give the fixture with its dates moved to today, and without its mark of a fixture."""
    text = move_dates(FIXTURE.read_text(encoding="utf-8"), today)
    call: Call = msgspec.json.decode(text)
    del call["extension"]
    call["hookInstance"] = _INSTANCE
    return call


def with_new_instance(body: bytes) -> bytes:
    """Give a call an id of its own.

    Each call is a new one, as from a real client: one delivered again is not written down again.
    """
    return body.replace(_INSTANCE.encode(), str(uuid4()).encode(), 1)


def add(call: Call, resource: Resource) -> Resource:
    """Add a resource to the searchset it belongs to; give its entry."""
    bundle = call["prefetch"][KEYS[resource["resourceType"]]]
    entry = {
        "fullUrl": f"{BASE}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
        "search": {"mode": "match"},
    }
    bundle.setdefault("entry", []).append(entry)
    return entry


def write_call(call: Call) -> bytes:
    """Write a call with the totals of its searchsets, as compact as servers write."""
    for value in call["prefetch"].values():
        if value["resourceType"] == "Bundle":
            value["total"] = len(value.get("entry", ()))
    return msgspec.json.encode(call)
