"""Is every resource of another patient noticed, and every one of nobody left out?"""

import json
from typing import Any

import pytest

from rules.fhir_reader import OtherPatient, only_patient, patients_in, read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import Json, bundle, condition, patient, read, resource, split

URN = "urn:uuid:0aa64e02-6a5c-4b13-9f0e-1a2b3c4d5e6f"


def with_urls(*entries: tuple[str, Json]) -> bytes:
    made = [{"fullUrl": url, "resource": each} for url, each in entries]
    return json.dumps({"resourceType": "Bundle", "entry": made}).encode()


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p",
        "Patient/p/_history/3",
        "https://ehr.example/fhir/Patient/p",
        "https://ehr.example/fhir/Patient/p/_history/1",
        "urn:uuid:p",
    ],
)
def test_a_resource_of_the_patient_is_used(knowledge: Knowledge, reference: str) -> None:
    facts = read(knowledge, condition(subject={"reference": reference}))
    assert len(facts.diagnoses) == 1


def test_an_id_with_its_type_before_it_is_accepted(knowledge: Knowledge) -> None:
    facts = read_facts(split(patient(), condition()), "Patient/p", knowledge)
    assert len(facts.diagnoses) == 1


def test_a_urn_is_the_patient_whose_entry_bears_it(knowledge: Knowledge) -> None:
    body = with_urls((URN, patient()), ("urn:uuid:c", condition(subject={"reference": URN})))
    assert len(read_facts(split_bundle(body), "p", knowledge).diagnoses) == 1


def test_a_urn_of_another_patients_entry_refuses_the_record(knowledge: Knowledge) -> None:
    body = with_urls(("urn:uuid:1", patient()), (URN, patient("q")), ("urn:uuid:c", condition()))
    with pytest.raises(OtherPatient):
        read_facts(split_bundle(body), "p", knowledge)


@pytest.mark.parametrize(
    "other",
    [
        patient("q"),
        condition(subject={"reference": "Patient/q"}),
        condition(subject={"reference": "https://ehr.example/fhir/Patient/q"}),
        resource("AllergyIntolerance", "x", subject=None, patient={"reference": "Patient/q"}),
        resource("Immunization", "x", subject=None, patient={"reference": "Patient/q"}),
        resource("CarePlan", "x", subject={"reference": "Patient/q"}),
        resource("Account", "x", subject=[{"reference": "Patient/p"}, {"reference": "Patient/q"}]),
    ],
)
def test_any_resource_of_another_patient_refuses_the_record(
    knowledge: Knowledge, other: Json
) -> None:
    with pytest.raises(OtherPatient) as refused:
        read(knowledge, other)
    assert refused.value.source == f"{other['resourceType']}/{other['id']}"
    assert str(refused.value) == f"{refused.value.source} belongs to another patient"


@pytest.mark.parametrize(
    "subject",
    [
        None,
        {},
        {"display": "Somebody"},
        {"identifier": {"value": "17"}},
        {"reference": "p"},
        {"reference": "#p"},
        {"reference": "Group/p"},
        {"reference": "urn:uuid:nobody"},
        {"reference": "Patient?identifier=17"},
    ],
)
def test_a_resource_of_nobody_is_a_gap_and_not_used(knowledge: Knowledge, subject: Any) -> None:
    facts = read(knowledge, condition(subject=subject))
    assert facts.diagnoses == ()
    assert [gap.because for gap in facts.gaps] == ["it cannot be told whose Condition/c is"]
    assert facts.incomplete[0].resource_type == "Condition"


def test_types_the_rules_do_not_read_may_belong_to_nobody(knowledge: Knowledge) -> None:
    assert read(knowledge, resource("Device", "x", subject=None)).gaps == ()


def test_patients_are_listed_once_each_in_order() -> None:
    body = with_urls((URN, {"resourceType": "Patient"}))
    assert patients_in(split(patient("b"), patient("a"), patient("b"))) == ("b", "a")
    assert patients_in(split_bundle(body)) == (URN.removeprefix("urn:uuid:"),)
    assert patients_in(split({"resourceType": "Patient"})) == ()


def test_a_patient_that_bears_no_id_cannot_be_told(knowledge: Knowledge) -> None:
    facts = read(knowledge, {"resourceType": "Patient"}, with_patient=False)
    assert [gap.because for gap in facts.gaps] == [
        "it cannot be told whose Patient/? is",
        "no Patient resource could be read",
    ]


def test_picking_one_patient_counts_the_resources_of_the_others(knowledge: Knowledge) -> None:
    others = [condition(name, subject={"reference": "Patient/q"}) for name in ("x", "y")]
    found = only_patient(split(patient(), condition(), patient("q"), *others), "p")
    assert [(each.source, each.because) for each in found.not_used] == [
        ("Condition", "2 of other patients"),
        ("Patient", "1 of other patients"),
    ]
    assert len(read_facts(found, "p", knowledge).diagnoses) == 1


def test_picking_one_patient_keeps_what_cannot_be_attributed(knowledge: Knowledge) -> None:
    found = only_patient(split_bundle(bundle(patient(), condition(subject=None))), "p")
    assert len(read_facts(found, "p", knowledge).gaps) == 1


def test_an_address_two_patients_share_names_neither(knowledge: Knowledge) -> None:
    body = with_urls(
        (URN, patient()), (URN, patient("q")), ("urn:uuid:c", condition(subject={"reference": URN}))
    )
    facts = read_facts(only_patient(split_bundle(body), "p"), "p", knowledge)
    assert (facts.person.birth is not None, facts.diagnoses) == (True, ())
    assert "it cannot be told whose Condition/c is" in [gap.because for gap in facts.gaps]


@pytest.mark.requirement("D20")
@pytest.mark.parametrize(
    "broken",
    [
        {"meta": "x"},
        {"id": 5},
        {
            "subject": {"reference": "Patient/p", "display": 5},
            "patient": {"reference": "Patient/q"},
        },
    ],
)
def test_a_broken_head_does_not_hide_another_patient(knowledge: Knowledge, broken: Json) -> None:
    other = condition("z", **({"subject": {"reference": "Patient/q"}} | broken))
    with pytest.raises(OtherPatient):
        read(knowledge, other)


def test_a_record_that_was_replaced_by_another_is_named(knowledge: Knowledge) -> None:
    link = [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]
    facts = read(knowledge, patient(link=link), with_patient=False)
    assert [gap.because for gap in facts.gaps] == [
        "Patient/p was replaced by another record of the patient, which is not here"
    ]


@pytest.mark.parametrize("kind", ["replaces", "refer", "seealso", None])
def test_another_link_between_records_says_nothing(knowledge: Knowledge, kind: str | None) -> None:
    facts = read(knowledge, patient(link=[{"type": kind}]), with_patient=False)
    assert facts.gaps == ()


@pytest.mark.parametrize(
    ("stated", "deceased"), [("true", True), (True, True), ("false", False), (False, False)]
)
def test_a_death_told_as_a_string_is_a_death(
    knowledge: Knowledge, stated: object, deceased: bool
) -> None:
    facts = read(knowledge, patient(deceasedBoolean=stated), with_patient=False)
    assert (facts.person.deceased, facts.gaps) == (deceased, ())


@pytest.mark.parametrize("stated", [1, "yes", "TRUE", {}])
def test_a_death_that_cannot_be_understood_is_a_gap(knowledge: Knowledge, stated: object) -> None:
    facts = read(knowledge, patient(deceasedBoolean=stated), with_patient=False)
    assert "no Patient resource could be read" in [gap.because for gap in facts.gaps]
