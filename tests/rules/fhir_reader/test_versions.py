"""Is the version of FHIR recognised, and one odd resource not mistaken for an old record?"""

import pytest

from rules.fhir_reader import FhirVersion, fhir_version_of
from tests.rules.fhir_reader.shapes import (
    Json,
    coded,
    condition,
    dosage,
    patient,
    request,
    resource,
    split,
)

R4_STATUS = coded("active", "http://terminology.hl7.org/CodeSystem/condition-clinical")
DSTU2 = [
    resource("MedicationOrder", "x"),
    condition(dateRecorded="2015-08-24"),
    condition(patient={"reference": "Patient/p"}),
    patient(careProvider=[{"reference": "Practitioner/1"}]),
    resource("AllergyIntolerance", "x", substance={"text": "x"}),
    resource("Encounter", "x", **{"class": "ambulatory"}),
    resource("Observation", "x", category={"text": "vital-signs"}),
]
STU3 = [
    resource("ProcedureRequest", "x"),
    condition(clinicalStatus="active"),
    condition(verificationStatus="confirmed"),
    condition(assertedDate="2015-08-24"),
    resource("Observation", "x", context={"reference": "Encounter/1"}),
    resource("Observation", "x", related=[{}]),
    request(context={"reference": "Encounter/1"}),
    request(dosageInstruction=[{"doseQuantity": {"value": 50}}]),
    resource("MedicationStatement", "x", taken="y"),
]
R4 = [
    condition(clinicalStatus=R4_STATUS),
    request(encounter={"reference": "Encounter/1"}),
    request(dosageInstruction=[dosage()]),
]
NO_MARK = [
    patient(),
    condition(),
    request(),
    resource("MedicationStatement", "x", context={"reference": "Encounter/1"}),
    resource("Encounter", "x", **{"class": {"code": "AMB"}}),
    resource("Observation", "x", category=[{"text": "laboratory"}]),
]


@pytest.mark.parametrize("mark", DSTU2)
def test_a_resource_only_dstu2_has_marks_the_record(mark: Json) -> None:
    assert fhir_version_of(split(mark, *NO_MARK)) is FhirVersion.DSTU2


@pytest.mark.parametrize("mark", STU3)
def test_a_resource_only_stu3_has_marks_the_record(mark: Json) -> None:
    assert fhir_version_of(split(mark, *NO_MARK)) is FhirVersion.STU3


@pytest.mark.parametrize("mark", R4)
@pytest.mark.parametrize("odd", [*DSTU2, *STU3])
def test_one_odd_resource_does_not_condemn_a_record_in_r4(mark: Json, odd: Json) -> None:
    assert fhir_version_of(split(mark, odd)) is FhirVersion.R4


@pytest.mark.parametrize("neutral", NO_MARK)
def test_a_record_without_a_mark_counts_as_r4(neutral: Json) -> None:
    assert fhir_version_of(split(neutral)) is FhirVersion.R4


def test_more_old_resources_than_new_ones_make_an_old_record() -> None:
    assert fhir_version_of(split(*R4[:1], *STU3[:2])) is FhirVersion.STU3
