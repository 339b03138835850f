"""Which values may stand in the elements both readers read? Good ones, odd ones and wrong ones.

A generated resource takes one of them for each element, or leaves the element out.
"""

from typing import Any

from hypothesis import strategies as st

from rules.codes import ICD_10_CM, LOINC, SNOMED_CT
from tests.rules.fhir_reader.shapes import (
    ESCITALOPRAM,
    SERTRALINE,
    SERTRALINE_50_MG,
    Json,
    coded,
    quantity,
)

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
DATES: list[Any] = [
    "2026", "2026-06", "2026-06-01", "2026-06-01T10:00:00Z", "2026-06-01T23:30:00-08:00",
    "2026-06-01T00:10:00+10:00", "2026-06-01T10:00:00.123Z", "2026-06-01T10:00:00.123456789Z",
    "2026-06-01T10:00Z", "2026-06-01T10:00:00", "2026-02-30", "2026-13", "0000", "26-06-01",
    "2026-6-1", "20260601", "2026-06-01 10:00:00", "2026-06-01T24:00:00Z", "2026-06-01T23:59:60Z",
    " 2026-06-01", "2026-06-01T10:00:00+14:00", "2026-06-01T10:00:00+15:00", "yesterday", "", 2026,
    ["2026-06-01"], {}, True,
]  # fmt: skip
PERIODS: list[Any] = [
    {"start": "2026-01-01", "end": "2026-03-01"}, {"start": "2026-01-01"}, {"end": "2026-03-01"},
    {"start": "2026-03-01", "end": "2026-01-01"}, {"start": "x"}, {}, [], "2026-01-01",
    [{"start": "2026-01-01"}], {"start": None, "end": "2026-03-01"}, {"begin": "2026-01-01"},
]  # fmt: skip
NUMBERS: list[Any] = [
    4.1, 4, 0, -1, 4.10, 1e2, 1.5e-3, 123456789012345678, 0.1, "4.1", "4,1", "", True, [4.1], {},
    10**30, 1e-30,
]  # fmt: skip
QUANTITIES: list[Any] = [
    *(quantity(number, "mg/L") for number in NUMBERS),
    {"value": 4.1, "unit": "mg/L"}, {"value": 4.1, "code": "mg/L"}, {"value": 4.1},
    {"value": 4.1, "unit": "mg/l", "system": "urn:lab", "code": "x"}, {"unit": "mg/L"},
    *({"value": 5, "comparator": sign, "unit": "mg/L"} for sign in ("<", "<=", ">", ">=", "<>", "=",
                                                                  "", "~", 5)),
    {"value": 4.1, "unit": 5}, {"value": 4.1, "units": "mg/L"}, {}, [], "4.1 mg/L", 4.1,
    '{"value": 4.1, "unit": "mg/L"}',
]  # fmt: skip
CONCEPTS: list[Any] = [
    coded("LA6568-5", LOINC), {"text": "high"}, {"coding": [{"display": "high"}]},
    {"coding": [{"code": "LA6568-5"}]}, {"coding": {"system": LOINC, "code": "LA6568-5"}},
    {"coding": []}, {"coding": [{"system": LOINC, "code": 5}]}, {}, [], "high", [{"text": "high"}],
    {"coding": [{"system": LOINC, "code": "LA6568-5"}, {"system": LOINC, "code": "LA6569-3"}]},
    {"text": ""}, {"text": 5}, {"text": "high", "display": "x"},
]  # fmt: skip
LAB_CODES: list[Any] = [
    coded("30522-7", LOINC), coded("1988-5", LOINC), coded("44261-6", LOINC),
    coded("44260-8", LOINC), coded("44249-1", LOINC), coded("718-7", LOINC),
    {"coding": [{"system": SNOMED_CT, "code": "55235003"}, {"system": LOINC, "code": "30522-7"}]},
    {"coding": [{"system": LOINC + "/", "code": " 30522-7 "}]}, {"coding": [{"code": "30522-7"}]},
    {"text": "CRP"}, "30522-7", {}, [coded("30522-7", LOINC)],
]  # fmt: skip
DIAGNOSES: list[Any] = [
    coded("F33.1", ICD_10_CM), coded("f33.1", ICD_10_CM), coded("370143000", SNOMED_CT),
    {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.90", "code": "F331"}]},
    {"coding": [{"system": ICD_10_CM, "code": "F33.1"}, {"system": SNOMED_CT, "code": "1"}]},
    {"text": "depression"}, "F33.1", {}, [coded("F33.1", ICD_10_CM)],
]  # fmt: skip
DRUGS: list[Any] = [
    coded(SERTRALINE_50_MG), coded(SERTRALINE), coded(ESCITALOPRAM), coded("1191"),
    {"coding": [{"system": "urn:x", "code": "1"}], "text": "sertraline"}, {"text": "sertraline"},
    {"coding": [{"code": SERTRALINE}]}, SERTRALINE, {}, [coded(SERTRALINE)],
]  # fmt: skip
STATUSES: list[Any] = [
    "final", "completed", "active", "unknown", "entered-in-error", "bogus", "", "Final", " final",
    5, ["final"], {}, True,
]  # fmt: skip
CONDITION_STATUSES: list[Any] = [
    coded("active", CLINICAL), coded("resolved", CLINICAL), {"coding": [{"code": "active"}]},
    {"text": "active"}, {"coding": []}, "active", ["active"], [coded("active", CLINICAL)], {}, 5,
]  # fmt: skip
RANGES: list[Any] = [
    {"low": quantity(1, "mg/L"), "high": quantity(5, "mg/L")}, {"low": quantity(1, "mg/L")},
    {"low": quantity(1, "mg/L"), "high": quantity(5, "mg/dL")}, {}, [],
    {"low": {"value": "1", "unit": "mg/L"}}, {"low": 1, "high": 5},
]  # fmt: skip
AGES: list[Any] = [quantity(30, "a"), quantity("30", "a"), quantity(30), {}, 30]
BOOLEANS: list[Any] = [True, False, "true", "false", "yes", 1, 0, "", {}]
REFERENCES: list[Any] = [{"reference": "Patient/p"}, {"reference": "Patient/p", "display": 5}]
_PART: list[Any] = [
    {"code": coded("44260-8", LOINC), "valueInteger": 1},
    {"code": coded("30522-7", LOINC), "valueQuantity": quantity(4.1, "mg/L")},
    {"code": coded("30522-7", LOINC), "valueQuantity": quantity("4.1", "mg/L")},
    {"valueInteger": 1}, {}, "x",
]  # fmt: skip
_DRUG_MEMBERS: dict[str, list[Any]] = {
    "status": STATUSES, "medicationCodeableConcept": DRUGS, "subject": REFERENCES,
    "note": [[{"text": "x"}], "x"], "colour": ["red"],
}  # fmt: skip

# What a generated resource is made of. The first value of each element is a plain good one.
ELEMENTS: dict[str, dict[str, list[Any]]] = {
    "Patient": {
        "birthDate": [each for each in DATES if each != "2026-06-01T10:00:00Z"],
        "deceasedBoolean": BOOLEANS, "deceasedDateTime": DATES, "gender": ["female", "bogus", 5],
        "active": BOOLEANS,
    },
    "Condition": {
        "code": DIAGNOSES, "clinicalStatus": CONDITION_STATUSES, "subject": REFERENCES,
        "verificationStatus": CONDITION_STATUSES, "onsetDateTime": DATES, "onsetPeriod": PERIODS,
        "onsetString": ["youth", 5, ""], "abatementDateTime": DATES, "abatementPeriod": PERIODS,
        "recordedDate": DATES, "severity": CONCEPTS, "colour": ["red"],
    },
    "Observation": {
        "status": STATUSES, "code": LAB_CODES, "subject": REFERENCES, "effectiveDateTime": DATES,
        "effectivePeriod": PERIODS, "effectiveInstant": DATES, "issued": DATES,
        "effectiveTiming": [{"event": ["2026-06-02", "2026-06-01"]}, {"event": "2026-06-01"}, {}],
        "valueQuantity": QUANTITIES, "valueInteger": NUMBERS, "valueString": ["<5", "", 5, {}],
        "valueCodeableConcept": CONCEPTS, "valueRange": RANGES, "valueBoolean": BOOLEANS,
        "dataAbsentReason": CONCEPTS, "component": [[each] for each in _PART] + [{}, _PART[:2]],
        "interpretation": [CONCEPTS[:1], CONCEPTS[0]], "colour": ["red"],
    },
    "MedicationRequest": {
        **_DRUG_MEMBERS, "intent": ["order", "plan", "bogus", "", 5], "authoredOn": DATES,
        "doNotPerform": BOOLEANS, "reportedBoolean": BOOLEANS,
    },
    "MedicationDispense": {
        **_DRUG_MEMBERS, "whenHandedOver": DATES, "whenPrepared": DATES,
        "daysSupply": [quantity(30, "d"), quantity("30", "d"), 30, {}],
    },
    "MedicationStatement": {
        **_DRUG_MEMBERS, "effectiveDateTime": DATES, "effectivePeriod": PERIODS,
        "dateAsserted": DATES,
    },
    "MedicationAdministration": {
        **_DRUG_MEMBERS, "effectiveDateTime": DATES, "effectivePeriod": PERIODS,
    },
}  # fmt: skip

# Elements a resource does not have together, and what every resource of a type needs.
_CHOICES = ("onset", "abatement", "effective", "value", "deceased", "medication")
_NEEDED: dict[str, tuple[str, ...]] = {
    "Patient": ("birthDate",),
    "Condition": ("subject", "code"),
    "Observation": ("subject", "code", "status"),
    **dict.fromkeys(
        ("MedicationDispense", "MedicationStatement"),
        ("subject", "status", "medicationCodeableConcept"),
    ),
    "MedicationAdministration": (
        "subject",
        "status",
        "medicationCodeableConcept",
        "effectiveDateTime",
    ),
    "MedicationRequest": ("subject", "status", "intent", "medicationCodeableConcept"),
}


def plain(name: str) -> Json:
    """Give a resource with what its type needs and nothing odd."""
    made: Json = {"resourceType": name, "id": "p" if name == "Patient" else "x"}
    return made | {element: ELEMENTS[name][element][0] for element in _NEEDED[name]}


@st.composite
def resources(draw: st.DrawFn) -> Json:
    """Give a resource: mostly plain good elements, some of them with any of their values."""
    name = draw(st.sampled_from(sorted(ELEMENTS)))
    elements = ELEMENTS[name]
    chosen = {*_NEEDED[name], *draw(st.sets(st.sampled_from(sorted(elements)), max_size=4))}
    odd = draw(st.sets(st.sampled_from(sorted(chosen)), max_size=2)) if chosen else set()
    made: Json = {"resourceType": name, "id": "p" if name == "Patient" else "x"}
    for element in sorted(chosen):
        taken = [each for each in _CHOICES if element.startswith(each)]
        again = any(key.startswith(each) for each in taken for key in made)
        if not again or draw(st.integers(0, 9)) == 0:
            values = elements[element]
            made[element] = draw(st.sampled_from(values)) if element in odd else values[0]
    return made
