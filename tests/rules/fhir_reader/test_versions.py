"""Is the version of FHIR recognised, and one odd resource not mistaken for an old record?"""

import pytest

from rules.facts import ExposureKind
from rules.fhir_reader import FhirVersion, fhir_version_of, find_old_version
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    SERTRALINE,
    Json,
    administration,
    coded,
    condition,
    dispense,
    dosage,
    patient,
    read,
    request,
    resource,
    split,
    statement,
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
def test_resources_only_dstu2_has_mark_the_record(mark: Json) -> None:
    assert fhir_version_of(split(mark, mark, *NO_MARK)) is FhirVersion.DSTU2


@pytest.mark.parametrize("mark", STU3)
def test_resources_only_stu3_has_mark_the_record(mark: Json) -> None:
    assert fhir_version_of(split(mark, mark, *NO_MARK)) is FhirVersion.STU3


@pytest.mark.parametrize("mark", [*DSTU2, *STU3])
def test_one_old_resource_beside_the_patient_alone_marks_the_record(mark: Json) -> None:
    assert fhir_version_of(split(patient(), mark)) is not FhirVersion.R4


@pytest.mark.parametrize("mark", [*DSTU2, *STU3])
def test_one_odd_resource_does_not_condemn_a_record_without_marks(mark: Json) -> None:
    assert fhir_version_of(split(mark, *NO_MARK)) is FhirVersion.R4


@pytest.mark.parametrize("mark", R4)
@pytest.mark.parametrize("odd", [*DSTU2, *STU3])
def test_one_odd_resource_does_not_condemn_a_record_in_r4(mark: Json, odd: Json) -> None:
    assert fhir_version_of(split(mark, odd)) is FhirVersion.R4


@pytest.mark.parametrize("neutral", NO_MARK)
def test_a_record_without_a_mark_counts_as_r4(neutral: Json) -> None:
    assert fhir_version_of(split(neutral)) is FhirVersion.R4


def test_more_old_resources_than_new_ones_make_an_old_record() -> None:
    assert fhir_version_of(split(*R4[:1], *STU3[:2])) is FhirVersion.STU3


def test_the_version_of_most_old_resources_is_named_by_one_of_them() -> None:
    orders = [resource("MedicationOrder", name) for name in ("m1", "m2")]
    old = find_old_version(split(condition("c1", clinicalStatus="active"), *orders))
    assert old is not None
    assert (old.version, old.example, old.sign, old.resources) == (
        FhirVersion.DSTU2, "MedicationOrder/m1", "its type", 3,
    )  # fmt: skip


# Elements of older versions that deny what the rest of the resource says. R4 has them in status.
DENIED: list[Json] = [
    statement(taken="n"),
    statement(taken="unk"),
    statement(wasNotTaken=True),
    administration(notGiven=True),
    administration(wasNotGiven=True),
    dispense(notDoneCodeableConcept={"text": "x"}),
    dispense(notDoneReference={"reference": "DetectedIssue/1"}),
    resource("Procedure", "x", status="completed", code=coded("23835007"), notDone=True),
    resource("Procedure", "x", status="completed", code=coded("23835007"), notPerformed=True),
    resource("QuestionnaireResponse", "x", group={"question": []}),
    resource("MedicationOrder", "x"),
]
ALLOWED: list[Json] = [
    statement(taken="y", wasNotTaken=False),
    administration(notGiven=False, wasNotGiven=False),
    resource("Procedure", "x", code=coded("23835007"), notDone=False, notPerformed=False),
]


@pytest.mark.parametrize("odd", DENIED)
def test_what_an_older_element_may_deny_is_no_fact_but_a_gap(
    odd: Json, knowledge: Knowledge
) -> None:
    facts = read(knowledge, odd)
    assert (facts.exposures, facts.procedures, facts.scores) == ((), (), ())
    missed = odd["resourceType"].replace("Order", "Request")
    assert [each.resource_type for each in facts.incomplete] == [missed]


@pytest.mark.parametrize("odd", ALLOWED)
def test_an_older_element_that_denies_nothing_loses_nothing(
    odd: Json, knowledge: Knowledge
) -> None:
    facts = read(knowledge, odd)
    assert (len(facts.exposures) + len(facts.procedures), facts.gaps) == (1, ())


@pytest.mark.parametrize("name", ["recordedDate", "assertedDate", "dateRecorded"])
def test_a_renamed_date_of_a_condition_is_read(name: str, knowledge: Knowledge) -> None:
    (diagnosis,) = read(knowledge, condition(**{name: "2026-01-01"})).diagnoses
    assert diagnosis.recorded is not None
    assert diagnosis.recorded.text == "2026-01-01"


def test_a_renamed_substance_of_an_intolerance_is_read(knowledge: Knowledge) -> None:
    old = resource(
        "AllergyIntolerance", "x", substance=coded(SERTRALINE), assertedDate="2026-01-01"
    )
    (intolerance,) = read(knowledge, old).intolerances
    assert (intolerance.drug.name, intolerance.date is not None) == ("sertraline", True)


def test_an_order_of_dstu2_within_another_resource_is_a_missing_order(
    knowledge: Knowledge,
) -> None:
    holder = resource("List", "x", contained=[resource("MedicationOrder", "y")])
    assert [each.resource_type for each in read(knowledge, holder).incomplete] == [
        "MedicationRequest"
    ]


CONCEPT = {"medicationCodeableConcept": None, "medication": {"concept": coded(SERTRALINE)}}
REASON = {"reason": [{"concept": coded("F33.1", "http://hl7.org/fhir/sid/icd-10-cm")}]}
PERIOD = {"start": "2026-01-01", "end": "2026-03-01"}
R5 = [
    request(**CONCEPT, **REASON),
    statement(**CONCEPT, **REASON, effectivePeriod=PERIOD),
    {**statement(**CONCEPT, **REASON, effectivePeriod=PERIOD), "resourceType": "MedicationUsage"},
    administration(**CONCEPT, **REASON, occurenceDateTime="2026-01-01"),
    administration(**CONCEPT, **REASON, occurencePeriod=PERIOD),
]


@pytest.mark.parametrize("new", R5)
def test_what_gateways_send_in_the_form_of_r5_is_read(new: Json, knowledge: Knowledge) -> None:
    facts = read(knowledge, new)
    (exposure,) = facts.exposures
    assert (exposure.drug.name, [each.code for each in exposure.reasons]) == (
        "sertraline", ["F331"],
    )  # fmt: skip
    assert exposure.kind is ExposureKind.REQUEST or exposure.start is not None
    assert facts.gaps == ()


def test_a_reason_of_a_procedure_in_the_form_of_r5_is_read(knowledge: Knowledge) -> None:
    new = resource("Procedure", "x", code=coded("23835007"), occurrenceDateTime="2026-01", **REASON)
    (procedure,) = read(knowledge, new).procedures
    assert [each.code for each in procedure.reasons] == ["F331"]


OLD_STU3 = [condition("c1", clinicalStatus="active"), condition("c2", clinicalStatus="active")]
OLD_DSTU2 = condition("c3", dateRecorded="2015-08-24")


def test_the_version_that_more_of_the_old_resources_show_is_told() -> None:
    assert fhir_version_of(split(*OLD_STU3, OLD_DSTU2)) is FhirVersion.STU3


def test_of_two_old_versions_that_are_even_the_older_is_told() -> None:
    assert fhir_version_of(split(OLD_STU3[0], OLD_DSTU2)) is FhirVersion.DSTU2


def test_as_many_resources_of_r4_as_old_ones_are_r4() -> None:
    new = [condition(name, clinicalStatus=R4_STATUS) for name in ("n1", "n2")]
    assert fhir_version_of(split(*OLD_STU3, *new)) is FhirVersion.R4


def test_one_old_resource_beside_one_without_a_mark_is_r4_wherever_the_patient_stands() -> None:
    assert fhir_version_of(split(OLD_DSTU2, condition(), patient())) is FhirVersion.R4


def test_an_old_element_that_is_null_is_no_mark() -> None:
    assert fhir_version_of(split({**condition(), "dateRecorded": None}, patient())) is (
        FhirVersion.R4
    )
