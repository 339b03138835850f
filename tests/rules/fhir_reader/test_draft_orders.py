"""What does a Bundle of draft orders say, in the forms clients really send?"""

import json
from typing import Any

import pytest

from rules.codes import ICD_10_CM, LOINC, RXNORM
from rules.draft_orders import DraftOrder, OrderFacts
from rules.fhir_reader import (
    Drafts,
    NothingSelectedError,
    OtherPatient,
    Resources,
    read_draft_orders,
    split_bundle,
)
from rules.knowledge import Knowledge
from tests.support.build import facts, icd, loinc

Json = dict[str, Any]

TOCILIZUMAB = "612865"
ME = {"reference": "Patient/p"}
PATIENT: Json = {"resourceType": "Patient", "id": "p"}


def concept(system: str, code: str, **more: Any) -> Json:
    return {"coding": [{"system": system, "code": code}], **more}


DRUG = concept(RXNORM, TOCILIZUMAB)
ARTHRITIS = concept(ICD_10_CM, "M05.9")


def order(identity: str | None = "o1", **members: Any) -> Json:
    """Give a draft of tocilizumab; None takes a member out."""
    written: Json = {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": DRUG,
        "subject": ME,
    } | members
    return {name: value for name, value in written.items() if value is not None}


def bundle(*resources: Json, **members: Any) -> Resources:
    entries = [{"resource": each} for each in resources]
    text: Json = {"resourceType": "Bundle", "type": "collection", "entry": entries} | members
    return split_bundle(json.dumps(text).encode())


def read(
    knowledge: Knowledge,
    *drafts: Json,
    record: tuple[Json, ...] = (PATIENT,),
    selections: tuple[str, ...] | None = None,
    **members: Any,
) -> OrderFacts:
    return read_draft_orders(
        Drafts(resources=bundle(*drafts, **members), selections=selections),
        bundle(*record),
        facts(),
        "p",
        knowledge,
    )


def only(knowledge: Knowledge, *drafts: Json, **how: Any) -> DraftOrder:
    (draft,) = read(knowledge, *drafts, **how).drafts
    return draft


def names(draft: DraftOrder) -> list[str]:
    return [drug.name for drug in draft.drugs]


# The drug


def test_a_draft_is_read_with_drug_status_and_source(knowledge: Knowledge) -> None:
    draft = only(knowledge, order())
    assert (names(draft), draft.status, draft.sources) == (
        ["tocilizumab"],
        "draft",
        ("MedicationRequest/o1",),
    )


MEDICATION: Json = {"resourceType": "Medication", "id": "m", "code": DRUG}
STU3_MEDICATION: Json = {
    "resourceType": "Medication",
    "id": "m",
    "ingredient": [{"itemCodeableConcept": DRUG, "isActive": True}],
}


@pytest.mark.parametrize(
    ("members", "beside", "record"),
    [
        ({"medicationReference": {"reference": "#m"}, "contained": [MEDICATION]}, (), ()),
        ({"medicationReference": {"reference": "Medication/m"}}, (MEDICATION,), ()),
        ({"medicationReference": {"reference": "Medication/m"}}, (), (MEDICATION,)),
        ({"medicationReference": {"reference": "Medication/m"}}, (MEDICATION,), (MEDICATION,)),
        ({"medicationReference": {"reference": "Medication/m"}}, (STU3_MEDICATION,), ()),
        ({"medicationReference": {"reference": "https://ehr.example/r4/Medication/m"}},
         (MEDICATION,), ()),
        ({"medicationReference": {"reference": "Medication/x", "display": "Actemra 162 mg"}},
         (), ()),
        ({"medication": {"concept": DRUG}}, (), ()),
        ({"medication": {"reference": {"reference": "Medication/m"}}}, (MEDICATION,), ()),
        ({"medicationCodeableConcept": {"text": "TOCILIZUMAB 162 mg/0.9 mL syringe"}}, (), ()),
        ({"medicationCodeableConcept": concept("urn:oid:2.16.840.1.113883.6.88", TOCILIZUMAB)},
         (), ()),
        ({"medicationCodeableConcept": concept("http://www.whocc.no/atc", "L04AC07")}, (), ()),
    ],
    ids=["contained", "in the Bundle", "in the record", "in both", "STU3", "absolute", "display",
         "R5 concept", "R5 reference", "words", "OID", "ATC"],
)  # fmt: skip
def test_the_drug_is_found_wherever_a_client_puts_it(
    knowledge: Knowledge, members: Json, beside: tuple[Json, ...], record: tuple[Json, ...]
) -> None:
    written = {"medicationCodeableConcept": None} | members
    draft = only(knowledge, order(**written), *beside, record=(PATIENT, *record))
    assert names(draft) == ["tocilizumab"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Tocilizumab 162 mg", ["tocilizumab"]),
        ("pretocilizumab study kit", []),
        ("minocycline 100 mg capsule", ["minocycline"]),
        ("minocycline topical foam", []),
    ],
)
def test_words_name_a_drug_only_as_whole_words(
    knowledge: Knowledge, words: str, found: list[str]
) -> None:
    draft = only(knowledge, order(medicationCodeableConcept={"text": words}))
    assert (names(draft), draft.drug_from_text, draft.drug_unread) == (found, bool(found), None)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (order(medicationCodeableConcept=None), "it names no medication"),
        (order(medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"}),
         "its reference to a Medication leads nowhere"),
        (order(reasonCode="Zebedee"), "MedicationRequest/o1 could not be read"),
        (order(subject="Zebedee"), "MedicationRequest/o1 could not be read"),
        (order(modifierExtension=[{"url": "https://ehr.example/not"}]), "modifierExtension"),
        ({"resourceType": "MedicationOrder", "id": "x", "patient": ME}, "FHIR DSTU2"),
    ],
    ids=["none", "dangling", "not FHIR", "head not FHIR", "modified", "DSTU2"],
)  # fmt: skip
def test_a_draft_whose_drug_cannot_be_told_stays_with_the_reason(
    knowledge: Knowledge, written: Json, words: str
) -> None:
    draft = only(knowledge, written)
    assert (draft.drugs, words in (draft.drug_unread or "")) == ((), True)
    assert "Zebedee" not in (draft.drug_unread or "")


@pytest.mark.parametrize(
    "dosage",
    [
        [{"doseQuantity": {"value": 1}}],
        [{"doseAndRate": {"doseQuantity": {"value": "1"}}}],
        "once",
    ],
    ids=["STU3", "an object", "words"],
)
def test_a_dose_in_whatever_form_hides_no_draft(knowledge: Knowledge, dosage: Any) -> None:
    assert names(only(knowledge, order(dosageInstruction=dosage))) == ["tocilizumab"]


def test_a_bundle_that_was_not_read_whole_is_a_draft_of_an_unknown_drug(
    knowledge: Knowledge,
) -> None:
    found = read(knowledge, order(), {"id": "no type"})
    assert [bool(each.drug_unread) for each in found.drafts] == [False, True]


def test_a_draft_that_says_there_is_no_drug_names_none(knowledge: Knowledge) -> None:
    absent = concept(
        "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "no-known-medications"
    )
    draft = only(knowledge, order(medicationCodeableConcept=absent))
    assert (draft.drugs, draft.drug_unread) == ((), None)


def test_an_instruction_not_to_give_it_is_kept(knowledge: Knowledge) -> None:
    assert only(knowledge, order(doNotPerform=True)).do_not_perform


# The reason

CONDITION: Json = {"resourceType": "Condition", "id": "c", "code": ARTHRITIS, "subject": ME}
CRP: Json = {
    "resourceType": "Observation",
    "id": "crp",
    "code": concept(LOINC, "1988-5"),
    "subject": ME,
}
TO_CONDITION = {"reference": "Condition/c"}


@pytest.mark.parametrize(
    ("members", "beside", "record"),
    [
        ({"reasonCode": [ARTHRITIS]}, (), ()),
        ({"reasonCode": [concept(ICD_10_CM, "M05.9", text="RA")]}, (), ()),
        ({"reasonReference": [TO_CONDITION]}, (CONDITION,), ()),
        ({"reasonReference": [TO_CONDITION]}, (), (CONDITION,)),
        ({"reason": [{"concept": ARTHRITIS}]}, (), ()),
        ({"reason": [{"reference": TO_CONDITION}]}, (CONDITION,), ()),
    ],
    ids=["code", "code and words", "in the Bundle", "in the record", "R5", "R5 reference"],
)
def test_a_reason_is_read_in_every_form(
    knowledge: Knowledge, members: Json, beside: tuple[Json, ...], record: tuple[Json, ...]
) -> None:
    draft = only(knowledge, order(**members), *beside, record=(PATIENT, *record))
    assert (draft.reasons, draft.reason_unread) == ((icd("M05.9"),), False)


@pytest.mark.parametrize(
    "members",
    [
        {"reasonCode": [{"text": "RA"}]},
        {"reasonCode": [{"coding": [{"code": "M05.9"}]}]},
        {"reasonReference": [TO_CONDITION]},
        {"reasonReference": [{"display": "RA"}]},
        {"reason": [{"concept": {"text": "RA"}}]},
        {"reason": [{"reference": TO_CONDITION}]},
    ],
    ids=["words", "no system", "dangling", "display", "R5 words", "R5 dangling"],
)
def test_a_reason_without_a_code_cannot_be_compared(knowledge: Knowledge, members: Json) -> None:
    draft = only(knowledge, order(**members))
    assert (draft.reasons, draft.reason_unread) == ((), True)


@pytest.mark.parametrize(
    "members",
    [{}, {"reasonCode": []}, {"reasonCode": [{}]}, {"reason": [{}]}],
    ids=["absent", "empty", "an empty concept", "an empty reason"],
)
def test_no_reason_is_no_unread_reason(knowledge: Knowledge, members: Json) -> None:
    draft = only(knowledge, order(**members))
    assert (draft.reasons, draft.reason_unread) == ((), False)


def test_a_laboratory_result_as_the_reason_is_no_diagnosis(knowledge: Knowledge) -> None:
    draft = only(knowledge, order(reasonReference=[{"reference": "Observation/crp"}]), CRP)
    assert (draft.reasons, draft.reason_unread) == ((), False)
    assert loinc("1988-5") not in draft.reasons


# Whose, and which of them


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/other"},
        {"reference": "https://ehr.example/Patient/other"},
    ],
)
def test_the_draft_of_another_patient_is_refused(knowledge: Knowledge, subject: Json) -> None:
    with pytest.raises(OtherPatient):
        read(knowledge, order(subject=subject))


def test_the_draft_of_another_patient_is_refused_although_it_is_not_selected(
    knowledge: Knowledge,
) -> None:
    other = order("o2", subject={"reference": "Patient/other"})
    with pytest.raises(OtherPatient):
        read(knowledge, order(), other, selections=("MedicationRequest/o1",))


def test_a_draft_without_a_subject_is_of_the_patient_of_the_hook(knowledge: Knowledge) -> None:
    assert names(only(knowledge, order(subject=None))) == ["tocilizumab"]


@pytest.mark.parametrize(
    "selection",
    [
        "MedicationRequest/o1",
        "o1",
        " MedicationRequest/o1 ",
        "https://ehr.example/r4/MedicationRequest/o1",
        "MedicationRequest/o1/_history/2",
        "urn:uuid:o1",
    ],
)
def test_a_selection_is_matched_in_every_form(knowledge: Knowledge, selection: str) -> None:
    draft = only(knowledge, order(), order("o2"), selections=(selection,))
    assert draft.sources == ("MedicationRequest/o1",)


def test_a_selection_is_matched_by_the_address_of_its_entry(knowledge: Knowledge) -> None:
    entries = [
        {"fullUrl": "urn:uuid:1b0d", "resource": order()},
        {"fullUrl": "urn:uuid:2b0d", "resource": order("o2")},
    ]
    draft = only(knowledge, selections=("urn:uuid:2b0d",), entry=entries)
    assert draft.sources == ("MedicationRequest/o2",)


@pytest.mark.parametrize("selection", ["ServiceRequest/o1", "o9", "MedicationRequest/", ""])
def test_selections_of_which_none_is_a_draft_are_refused(
    knowledge: Knowledge, selection: str
) -> None:
    with pytest.raises(NothingSelectedError) as raised:
        read(knowledge, order(), selections=(selection,))
    assert str(raised.value) == "none of the selected orders is among the drafts"


def test_a_selection_that_names_nothing_is_passed_over_beside_one_that_does(
    knowledge: Knowledge,
) -> None:
    found = read(knowledge, order(), order("o2"), selections=("o1", "ServiceRequest/x"))
    assert [each.sources for each in found.drafts] == [("MedicationRequest/o1",)]


def test_a_draft_without_an_id_counts_as_selected(knowledge: Knowledge) -> None:
    found = read(knowledge, order(None), order("o2"), selections=("MedicationRequest/o2",))
    assert len(found.drafts) == 2


def test_no_selection_selects_nothing(knowledge: Knowledge) -> None:
    assert read(knowledge, order(), order(None), selections=()).drafts == ()


def test_a_selection_that_may_be_what_could_not_be_read_is_left_open(
    knowledge: Knowledge,
) -> None:
    found = read(knowledge, {"id": "no type"}, selections=("MedicationRequest/o1",))
    assert [bool(each.drug_unread) for each in found.drafts] == [True]


def test_a_draft_of_another_kind_is_named_and_not_read(knowledge: Knowledge) -> None:
    diet = {"resourceType": "NutritionOrder", "id": "n", "patient": ME}
    supply = {"resourceType": "MedicationDispense", "id": "d", "subject": ME}
    found = read(knowledge, order(), diet, supply, MEDICATION, PATIENT)
    assert [each.source for each in found.not_used] == ["NutritionOrder/n", "MedicationDispense/d"]
    assert len(found.drafts) == 1


def test_a_draft_of_another_kind_says_so(knowledge: Knowledge) -> None:
    diet = {"resourceType": "NutritionOrder", "id": "n", "patient": ME}
    assert [each.because for each in read(knowledge, diet).not_used] == [
        "a draft entry, but no order of a drug"
    ]


@pytest.mark.parametrize(
    "written",
    [
        order(modifierExtension=[{"url": "urn:x"}]),
        order(medicationCodeableConcept="tocilizumab"),
    ],
    ids=["modified", "not FHIR"],
)
def test_a_draft_that_cannot_be_read_keeps_its_source(knowledge: Knowledge, written: Json) -> None:
    assert only(knowledge, written).sources == ("MedicationRequest/o1",)


def test_what_was_lost_of_the_drafts_in_two_ways_is_two_drafts(knowledge: Knowledge) -> None:
    next_page = [{"relation": "next", "url": "https://ehr.example/next"}]
    lost = read(knowledge, {"id": "no type"}, link=next_page).drafts
    assert {each.drug_unread for each in lost} >= {
        "entry 0 names no resource type",
        "a further page was not read",
    }


def test_a_draft_that_a_further_page_may_hold_is_left_open(knowledge: Knowledge) -> None:
    next_page = [{"relation": "next", "url": "https://ehr.example/next"}]
    found = read(knowledge, order(), selections=("MedicationRequest/o9",), link=next_page)
    assert any(each.drug_unread == "a further page was not read" for each in found.drafts)
