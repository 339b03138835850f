"""Is an exclusion heard in the words of a diagnosis whose code is in no list, and no other word?"""

import json
from typing import Any

import pytest

from rules.codes import ICD_10_CM, SNOMED_CT
from rules.facts import Facts
from rules.fhir_reader import read_facts, split_bundle
from rules.fhir_reader.named_exclusions import find_named_exclusion
from rules.knowledge import Knowledge

UNLISTED = "999999999"

NAMED = [
    ("Bipolar I disorder, single manic episode (disorder)", "bipolar"),
    ("Bipolar disorder without psychotic features", "bipolar"),
    ("History of bipolar disorder", "bipolar"),
    ("Rule out schizophrenia", "schizophrenia"),
    ("Negative symptoms of schizophrenia", "schizophrenia"),
    ("Dementia with depression", "dementia"),
    ("Parkinson-dementia complex", "dementia"),
    ("Familial Alzheimer\N{RIGHT SINGLE QUOTATION MARK}s disease", "alzheimer's"),
    ("Postpartum psychosis", "psychosis"),
    ("Non-organic psychosis", "psychosis"),
    ("No family support - psychosis", "psychosis"),
    ("MANIA", "mania"),
    ("High risk pregnancy", "pregnancy"),
    ("Acute delirium", "delirium"),
    ("Suspected suicide attempt", "suicide"),
    ("Deliberate self-harm", "harm"),
    ("Intentional self harm by sharp object", "harm"),
]
NOT_NAMED = [
    "Severe depression without psychotic features",
    "Non-psychotic mental disorder",
    "No evidence of dementia",
    "Family history of schizophrenia",
    "FH: Schizophrenia",
    "Family history: bipolar disorder",
    "Bipolar affective disorder screening",
    "Screening for dementia",
    "Education about dementia",
    "Counseling for termination of pregnancy",
    "History of pregnancy",
    "Pregnancy test negative (finding)",
    "Not pregnant",
    "Dementing",
    "Essential hypertension",
    "",
]


def named(text: str, knowledge: Knowledge) -> str | None:
    words = knowledge.exclusion_words
    return find_named_exclusion([text], words.lasting | words.passing, words)


@pytest.mark.parametrize(("text", "word"), NAMED)
def test_an_exclusion_is_heard_by_whole_words(text: str, word: str, knowledge: Knowledge) -> None:
    assert named(text, knowledge) == word


@pytest.mark.parametrize("text", NOT_NAMED)
def test_what_is_denied_or_of_somebody_else_or_an_activity_is_not(
    text: str, knowledge: Knowledge
) -> None:
    assert named(text, knowledge) is None


def read(knowledge: Knowledge, **condition: Any) -> Facts:
    entries = [
        {"resourceType": "Patient", "id": "p", "birthDate": "1984-03-10"},
        {
            "resourceType": "Condition",
            "id": "c",
            "subject": {"reference": "Patient/p"},
            **condition,
        },
    ]
    body = {"resourceType": "Bundle", "type": "collection"}
    bundle = {**body, "entry": [{"resource": each} for each in entries]}
    return read_facts(split_bundle(json.dumps(bundle).encode()), "p", knowledge)


def concept(text: str, code: str = UNLISTED, system: str = SNOMED_CT) -> dict[str, Any]:
    return {"text": text, "coding": [{"system": system, "code": code, "display": text}]}


def status(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def test_a_diagnosis_with_a_code_of_no_list_that_names_an_exclusion_is_a_gap(
    knowledge: Knowledge,
) -> None:
    told = read(knowledge, code=concept("Rapid cycling bipolar II disorder"))
    because = "Condition/c has a code of no list, and its words hold: bipolar"
    assert [(each.resource_type, each.because) for each in told.incomplete] == [
        ("Condition", because)
    ]
    assert [each.because for each in told.gaps] == [because]
    assert [code.code for each in told.diagnoses for code in each.codes] == [UNLISTED]


@pytest.mark.parametrize(
    "condition",
    [
        {"code": concept("Bipolar disorder", "13746004")},  # in a list: judged by its code
        {"code": concept("Without psychotic features", "F33.2", ICD_10_CM)},
        {"code": concept("Hypertensive disorder")},
        {"code": concept("Bipolar II disorder"), "verificationStatus": status("refuted")},
        {"code": concept("Bipolar II disorder"), "verificationStatus": status("entered-in-error")},
        {"code": concept("Ectopic pregnancy"), "clinicalStatus": status("resolved")},
    ],
    ids=lambda each: each["code"]["text"],
)
def test_nothing_is_missing_where_a_list_or_the_status_settles_it(
    condition: dict[str, Any], knowledge: Knowledge
) -> None:
    assert read(knowledge, **condition).incomplete == ()


@pytest.mark.parametrize(
    "condition",
    [
        {"code": concept("Bipolar II disorder"), "clinicalStatus": status("resolved")},
        {"code": concept("Bipolar II disorder"), "verificationStatus": status("unconfirmed")},
        {"code": concept("Ectopic pregnancy"), "clinicalStatus": status("active")},
        {"code": concept("Ectopic pregnancy")},
    ],
    ids=str,
)
def test_what_lasts_counts_for_life_and_what_passes_while_it_stands(
    condition: dict[str, Any], knowledge: Knowledge
) -> None:
    assert [each.resource_type for each in read(knowledge, **condition).incomplete] == ["Condition"]
