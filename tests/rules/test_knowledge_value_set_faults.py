"""Does every fault in the value sets say where it is?"""

from pathlib import Path

import pytest

from tests.support.knowledge_copy import LACK_OF_EFFECT, copy_knowledge, fault, replace_in

# file, old text, new text, and the sentence it leads to
FAULTS = {
    "JSON that is none": (
        LACK_OF_EFFECT,
        '"resourceType"',
        "resourceType",
        f"{LACK_OF_EFFECT}, line 2: is not valid JSON.",
    ),
    "a JSON key that stands twice": (
        LACK_OF_EFFECT,
        '"id"',
        '"title": "again", "id"',
        f"{LACK_OF_EFFECT}, title: stands twice in one object.",
    ),
    "a resource of another type": (
        LACK_OF_EFFECT,
        '"ValueSet"',
        '"CodeSystem"',
        f"{LACK_OF_EFFECT}: resourceType: Input should be 'ValueSet'.",
    ),
    "a value set under another file name": (
        LACK_OF_EFFECT,
        '"id": "stop-lack-of-effect"',
        '"id": "stop-no-effect"',
        f"{LACK_OF_EFFECT}, stop-no-effect: the file is not named after the id.",
    ),
    "a value set with another url": (
        LACK_OF_EFFECT,
        "ValueSet/stop-lack",
        "ValueSet/lack",
        f"{LACK_OF_EFFECT}, https://trd-inflammation-cds.example/ValueSet/lack-of-effect: "
        "the url does not end in the id.",
    ),
    "codes without source": (
        "value_sets/delirium.json",
        '"url": "source"',
        '"url": "review"',
        "value_sets/delirium.json: compose.include.0: "
        "the codes of http://hl7.org/fhir/sid/icd-10-cm state no source and verification.",
    ),
    "a verification that is no word for it": (
        "value_sets/delirium.json",
        '"valueString": "primary"',
        '"valueString": "certain"',
        "value_sets/delirium.json: compose.include.0: certain is no word for a verification.",
    ),
    "recalled codes without review": (
        "value_sets/delirium.json",
        '"valueString": "pending"',
        '"valueString": "done"',
        "value_sets/delirium.json: compose.include.2: "
        "what is recalled or judged must carry review pending.",
    ),
    "a family that stands twice": (
        "value_sets/bipolar.json",
        '"value": "F31"',
        '"value": "F30"',
        "value_sets/bipolar.json, F30: the family stands twice.",
    ),
    "a code that stands twice": (
        "value_sets/bipolar.json",
        '"code": "81319007"',
        '"code": "13746004"',
        "value_sets/bipolar.json, 13746004: the code stands twice.",
    ),
    "a family of a system without prefix codes": (
        "value_sets/delirium.json",
        '"system": "http://hl7.org/fhir/sid/icd-10-cm"',
        '"system": "http://snomed.info/sct"',
        "value_sets/delirium.json, F05: "
        "only families whose codes begin with the parent's code can be compared.",
    ),
    "a system in another spelling": (
        "value_sets/delirium.json",
        '"system": "http://hl7.org/fhir/sid/icd-9-cm"',
        '"system": "http://hl7.org/fhir/sid/icd-9-cm/diagnosis"',
        "value_sets/delirium.json, 293.0: "
        "only families whose codes begin with the parent's code can be compared.",
    ),
    "a blank code": (
        "value_sets/ect.json",
        '"code": "23835007"',
        '"code": " "',
        "value_sets/ect.json, http://snomed.info/sct  : is no code this service can compare.",
    ),
    "an exception that stands twice": (
        "value_sets/dementia.json",
        '"filter": [\n          {\n            "property": "concept",\n            "op": "is-a",\n'
        '            "value": "G31.84"\n          }\n        ]',
        '"concept": [{"code": "G31.84"}, {"code": "G3184"}]',
        "value_sets/dementia.json, G3184: the code stands twice.",
    ),
    "an exception that is no code": (
        "value_sets/dementia.json",
        '"value": "G31.84"',
        '"value": "."',
        "value_sets/dementia.json, http://hl7.org/fhir/sid/icd-10-cm .: "
        "is no code this service can compare.",
    ),
    "an excepted code that is none": (
        "value_sets/dementia.json",
        '"filter": [\n          {\n            "property": "concept",\n            "op": "is-a",\n'
        '            "value": "G31.84"\n          }\n        ]',
        '"concept": [{"code": "."}]',
        "value_sets/dementia.json, http://hl7.org/fhir/sid/icd-10-cm .: "
        "is no code this service can compare.",
    ),
    "a family that is no code": (
        "value_sets/delirium.json",
        '"value": "F05"',
        '"value": "."',
        "value_sets/delirium.json, http://hl7.org/fhir/sid/icd-10-cm .: "
        "is no code this service can compare.",
    ),
    "a pattern that is none": (
        "value_sets/psychosis.json",
        '"value": "F2[0-9].*"',
        '"value": "F2[0-9"',
        "value_sets/psychosis.json, F2[0-9: is no regular expression: "
        "unterminated character set at position 2.",
    ),
    "a pattern for a system without prefix codes": (
        "value_sets/psychosis.json",
        '"system": "http://hl7.org/fhir/sid/icd-10-cm"',
        '"system": "http://snomed.info/sct"',
        "value_sets/psychosis.json, F2[0-9].*: a regular expression needs a classification.",
    ),
    "a pattern as an exception": (
        "value_sets/dementia.json",
        '"op": "is-a",\n            "value": "G31.84"',
        '"op": "regex",\n            "value": "G31.84"',
        "value_sets/dementia.json, dementia: a regular expression cannot be an exception.",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_in_one_sentence(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    copied = copy_knowledge(tmp_path / "knowledge")
    replace_in(copied / file, old, new)
    assert fault(copied) == sentence
