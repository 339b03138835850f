"""Does the reader say in whole sentences, always the same, what it could not use and why?"""

import json

import pytest

from rules.codes import LOINC
from rules.fhir_reader import (
    BundleError,
    TooManyEntriesError,
    read_facts,
    split_bundle,
    split_prefetch_value,
)
from rules.fhir_reader.bounds import MAX_ENTRIES
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    SERTRALINE,
    Json,
    administration,
    bundle,
    coded,
    condition,
    dispense,
    observation,
    patient,
    quantity,
    read,
    request,
    resource,
    statement,
)

NO_BUNDLE = "the content is not a FHIR Bundle"
NO_RESOURCE = "the prefetch value is not a FHIR resource"
NO_TYPE = "the prefetch value names no resource type"
PROBLEM = "the server answered with a problem"
NOWHERE = {
    "medicationCodeableConcept": None,
    "medicationReference": {"reference": "Medication/none"},
}
NO_DRUG = coded(
    "no-known-medications", "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
)


def gaps(knowledge: Knowledge, *resources: Json) -> list[str]:
    return [each.because for each in read(knowledge, *resources).gaps]


def not_used(knowledge: Knowledge, *resources: Json) -> list[tuple[str, str]]:
    return [(each.source, each.because) for each in read(knowledge, *resources).not_used]


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"resourceType":"bundle"}', b'{"entry":3}'])
def test_what_is_no_bundle_is_called_so(body: bytes) -> None:
    with pytest.raises(BundleError) as raised:
        split_bundle(body)
    assert str(raised.value) == NO_BUNDLE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"[]", NO_RESOURCE),
        (b"3", NO_RESOURCE),
        (b"{}", NO_TYPE),
        (b'{"resource":{"id":"x"}}', NO_TYPE),
        (b'{"resourceType":5}', NO_TYPE),
        (b'{"resourceType":"Bundle","entry":3}', NO_BUNDLE),
    ],
)
def test_a_prefetch_value_that_is_no_resource_is_called_so(value: bytes, message: str) -> None:
    with pytest.raises(BundleError) as raised:
        split_prefetch_value("Patient", value)
    assert str(raised.value) == message


def test_a_prefetch_value_may_begin_with_a_byte_order_mark() -> None:
    value = b"\xef\xbb\xbf" + json.dumps(patient()).encode()
    assert [each.name for each in split_prefetch_value("Patient", value).items] == ["Patient/p"]


@pytest.mark.parametrize("within", [0, 1])
def test_as_many_entries_as_are_read_are_all_read(within: int) -> None:
    entry = json.dumps({"resource": patient()})
    body = f'{{"resourceType":"Bundle","entry":[{",".join([entry] * MAX_ENTRIES)}]}}'
    for _ in range(within):
        body = f'{{"resourceType":"Bundle","entry":[{{"resource":{body}}}]}}'
    assert len(split_bundle(body.encode()).items) == MAX_ENTRIES


def test_one_entry_more_than_is_read_is_refused_with_the_number() -> None:
    body = f'{{"resourceType":"Bundle","entry":[{",".join(["{}"] * (MAX_ENTRIES + 1))}]}}'
    with pytest.raises(TooManyEntriesError) as raised:
        split_bundle(body.encode())
    assert str(raised.value) == f"there are more than {MAX_ENTRIES} entries"


NEXT = [{"relation": "next", "url": "https://ehr.example/next"}]
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]}


@pytest.mark.parametrize(
    ("members", "because"),
    [
        ({"link": NEXT}, "a further page was not read"),
        ({"type": "searchset", "total": 2}, "the server counts more resources than it sent"),
    ],
)
def test_a_bundle_that_is_not_whole_says_why(members: Json, because: str) -> None:
    found = split_bundle(bundle(condition(), **members)).incomplete
    assert [(each.resource_type, each.because) for each in found] == [("Condition", because)]


def test_an_outcome_in_place_of_a_resource_says_that_the_server_had_a_problem() -> None:
    found = split_prefetch_value("Condition", json.dumps(WARNING).encode()).incomplete
    assert [each.because for each in found] == [PROBLEM]


def test_an_outcome_beside_one_entry_is_not_lost_by_the_next() -> None:
    entries = [
        {"resource": condition(), "response": {"status": "200", "outcome": WARNING}},
        {"resource": condition("c2"), "response": {"status": "200"}},
    ]
    body = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    assert [each.because for each in split_bundle(body).incomplete] == [PROBLEM]


def test_an_entry_the_server_failed_on_is_a_gap() -> None:
    entries = [{"response": {"status": "503 Unavailable"}}]
    body = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    assert [each.because for each in split_bundle(body).gaps] == [
        "the server answered entry 0 with a problem"
    ]


def test_an_entry_without_a_resource_says_so() -> None:
    entries = [{"response": {"status": "204"}}]
    body = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    assert [each.because for each in split_bundle(body).not_used] == ["it holds no resource"]


def test_a_birth_date_that_is_none_is_named(knowledge: Knowledge) -> None:
    facts = read(knowledge, patient(birthDate="long ago"), with_patient=False)
    assert "Patient/p could not be read: $.birthDate should be a FHIR date" in [
        each.because for each in facts.gaps
    ]


def test_a_result_that_was_corrected_says_so(knowledge: Knowledge) -> None:
    same = [{"system": "urn:lab", "value": "17"}]
    first = observation("o1", identifier=same, valueQuantity=quantity(4, "mg/L"))
    last = observation("o2", identifier=same, status="corrected", valueQuantity=quantity(2, "mg/L"))
    assert not_used(knowledge, first, last) == [
        ("Observation/o1", "replaced by a corrected result")
    ]


def test_an_earlier_version_says_so(knowledge: Knowledge) -> None:
    versions = [condition(meta={"versionId": str(number)}) for number in (1, 2)]
    assert not_used(knowledge, *versions) == [
        ("Condition/c", "an earlier version of the same resource")
    ]


MEDICATIONS = [
    (request, "MedicationRequest/m"),
    (dispense, "MedicationDispense/d"),
    (statement, "MedicationStatement/s"),
    (administration, "MedicationAdministration/a"),
]


@pytest.mark.parametrize(("make", "name"), MEDICATIONS)
def test_a_reference_that_leads_nowhere_is_a_drug_that_is_not_known(
    make: object, name: str, knowledge: Knowledge
) -> None:
    assert callable(make)
    made = {key: value for key, value in make(**NOWHERE).items() if value is not None}
    assert gaps(knowledge, made) == [
        f"the drug of {name} is not known: its reference to a Medication leads nowhere"
    ]


@pytest.mark.parametrize(("make", "name"), MEDICATIONS)
def test_a_record_of_no_medication_is_not_used(
    make: object, name: str, knowledge: Knowledge
) -> None:
    assert callable(make)
    assert not_used(knowledge, make(medicationCodeableConcept=NO_DRUG)) == [
        (name, "it says that no medication is known")
    ]


@pytest.mark.parametrize("make", [request, statement])
def test_an_unknown_drug_without_a_status_is_a_gap(make: object, knowledge: Knowledge) -> None:
    assert callable(make)
    assert len(gaps(knowledge, make(status=None, **NOWHERE))) == 1


@pytest.mark.parametrize("make", [administration, dispense])
def test_an_unknown_drug_handed_out_without_a_status_is_no_gap(
    make: object, knowledge: Knowledge
) -> None:
    assert callable(make)
    assert gaps(knowledge, make(status=None, **NOWHERE)) == []


def test_an_unknown_drug_ordered_without_an_intent_is_a_gap(knowledge: Knowledge) -> None:
    assert len(gaps(knowledge, request(intent=None, **NOWHERE))) == 1


def test_an_ordinal_value_that_is_none_is_named(knowledge: Knowledge) -> None:
    extension = {
        "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
        "valueDecimal": "seven",
    }
    answer = {"valueCoding": {"code": "x", "extension": [extension]}}
    response = resource(
        "QuestionnaireResponse",
        "q",
        status="completed",
        authored="2026-06-01",
        item=[{"linkId": "/44261-6", "answer": [answer]}],
    )
    assert gaps(knowledge, response) == [
        "QuestionnaireResponse/q could not be read: $.answer.ordinalValue should be a number"
    ]


def test_answers_as_of_dstu2_are_named(knowledge: Knowledge) -> None:
    response = resource("QuestionnaireResponse", "q", status="completed", group={"linkId": "x"})
    assert gaps(knowledge, response) == [
        "QuestionnaireResponse/q could not be read: "
        "$.group should be absent: it holds answers as FHIR DSTU2 does"
    ]


def test_a_day_as_the_result_that_is_none_is_named(knowledge: Knowledge) -> None:
    assert gaps(knowledge, observation(valueDateTime="soon")) == [
        "Observation/o could not be read: $.valueDateTime should be a FHIR date"
    ]


def test_a_quantity_of_a_supply_that_is_none_is_named(knowledge: Knowledge) -> None:
    supply = dispense(whenHandedOver="2026-06-01", quantity=quantity("many", None, unit="tablet"))
    assert gaps(knowledge, supply) == [
        "MedicationDispense/d could not be read: $.quantity.value should be a number"
    ]


@pytest.mark.parametrize("part", ["numerator", "denominator"])
def test_a_strength_that_is_none_is_named(part: str, knowledge: Knowledge) -> None:
    strength = {
        "numerator": quantity(50, "mg"),
        "denominator": quantity(1, None, unit="tablet"),
        part: quantity("much", "mg"),
    }
    made = {
        "resourceType": "Medication",
        "id": "drug",
        "ingredient": [{"itemCodeableConcept": coded(SERTRALINE), "strength": strength}],
    }
    ordered = request(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#drug"},
        contained=[made],
    )
    ordered = {key: value for key, value in ordered.items() if value is not None}
    assert gaps(knowledge, ordered) == [
        "MedicationRequest/m could not be read: "
        f"$.ingredient.strength.{part}.value should be a number"
    ]


def test_a_denial_of_an_older_fhir_is_named(knowledge: Knowledge) -> None:
    assert gaps(knowledge, statement(wasNotTaken=True)) == [
        "MedicationStatement/s could not be read: "
        "wasNotTaken, an element of an older FHIR, may deny what it says"
    ]


def test_words_of_the_first_concept_are_not_lost_by_those_of_the_next(
    knowledge: Knowledge,
) -> None:
    allergy = resource(
        "AllergyIntolerance",
        "i",
        code={"text": "Sertraline"},
        reaction=[{"substance": {"text": "a pill"}}],
    )
    allergy["patient"] = allergy.pop("subject")
    assert gaps(knowledge, allergy) == [
        "AllergyIntolerance/i names sertraline in words only, which may be misread"
    ]


def test_a_form_of_a_known_scale_is_named_whatever_its_version_holds(
    knowledge: Knowledge,
) -> None:
    response = resource(
        "QuestionnaireResponse",
        "q",
        status="completed",
        questionnaire="https://forms.example/phq-9|2024/1",
    )
    assert gaps(knowledge, response) == [
        "QuestionnaireResponse/q is a PHQ-9 whose items cannot be told apart"
    ]


def test_the_words_of_a_diagnosis_are_all_looked_at(knowledge: Knowledge) -> None:
    code = {"coding": [{"system": LOINC, "code": "x"}], "text": "a finding"}
    code["coding"].append(
        {
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "R99",
            "display": "Dementia",
        }
    )
    assert gaps(knowledge, condition(code=code)) == [
        "Condition/c has a code of no list, and its words hold: dementia"
    ]


def test_a_patient_is_read_through_a_bundle_with_a_byte_order_mark(knowledge: Knowledge) -> None:
    facts = read_facts(split_bundle(b"\xef\xbb\xbf" + bundle(patient())), "p", knowledge)
    assert facts.gaps == ()
