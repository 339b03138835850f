"""Which of several versions of one resource counts?"""

import json
import time
from typing import Any

import pytest

from rules.fhir_reader import read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    Json,
    bundle,
    condition,
    observation,
    patient,
    quantity,
    read,
)


def crp(value: int, **members: Any) -> Json:
    return observation(valueQuantity=quantity(value, "mg/L"), **members)


def test_the_same_resource_twice_is_one(knowledge: Knowledge) -> None:
    facts = read(knowledge, crp(4), crp(4))
    assert (len(facts.markers), facts.received["Observation"], facts.not_used) == (1, 1, ())


def test_the_same_content_in_another_spacing_is_one(knowledge: Knowledge) -> None:
    body = bundle(patient(), crp(4), crp(4)).replace(b'"id": "o"', b'"id":   "o"', 1)
    facts = read_facts(split_bundle(body), "p", knowledge)
    assert (len(facts.markers), facts.not_used) == (1, ())


def test_one_id_on_two_types_is_two_resources(knowledge: Knowledge) -> None:
    facts = read(knowledge, crp(4), condition("o"))
    assert (len(facts.markers), len(facts.diagnoses)) == (1, 1)


def test_resources_without_an_id_are_the_same_only_by_content(knowledge: Knowledge) -> None:
    facts = read(knowledge, crp(4, id=None), crp(4, id=None), crp(5, id=None))
    assert [each.value for each in facts.markers] == [4, 5]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"lastUpdated": "2026-01-01T08:00:00Z"}, {"lastUpdated": "2026-01-01T10:00:00+01:00"}),
        ({"versionId": "9"}, {"versionId": "10"}),
        (
            {"lastUpdated": "2026-01-01T08:00:00", "versionId": "1"},
            {"lastUpdated": "x", "versionId": "2"},
        ),
        (
            {"lastUpdated": "2026-01-01T08:00:00Z", "versionId": "1"},
            {"lastUpdated": "2026-01-01T08:00:00Z", "versionId": "2"},
        ),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_later_version_counts_and_the_other_is_named(
    knowledge: Knowledge, first: Json, second: Json, turned: bool
) -> None:
    versions = [crp(4, meta=first), crp(5, meta=second)]
    facts = read(knowledge, *(reversed(versions) if turned else versions))
    assert [each.value for each in facts.markers] == [5]
    assert [each.source for each in facts.not_used] == ["Observation/o"]


@pytest.mark.parametrize("status", ["corrected", "amended"])
def test_a_corrected_version_counts_where_nothing_else_tells(
    knowledge: Knowledge, status: str
) -> None:
    facts = read(knowledge, crp(4, status=status), crp(5), crp(6, meta={}))
    assert [each.value for each in facts.markers] == [4]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"status": "corrected"}, {"status": "amended"}),
        ({"meta": {"versionId": "1"}}, {"meta": {"versionId": "one"}}),
        ({"meta": {"versionId": "1"}}, {"meta": {"versionId": "1"}}),
    ],
)
def test_two_versions_that_cannot_be_told_apart_are_both_left_out(
    knowledge: Knowledge, first: Json, second: Json
) -> None:
    facts = read(knowledge, crp(4, **first), crp(5, **second))
    assert facts.markers == ()
    assert [gap.because for gap in facts.gaps] == [
        "Observation/o came in two versions that cannot be told apart"
    ]
    assert facts.incomplete[0].resource_type == "Observation"


def test_versions_whose_bytes_are_no_text_are_different(knowledge: Knowledge) -> None:
    body = bundle(patient(), crp(4, note="NOTE"), crp(4, note="NOTE"))
    body = body.replace(b'"NOTE"', b'"\xff"', 1).replace(b'"NOTE"', b' "\xff"')
    facts = read_facts(split_bundle(body), "p", knowledge)
    assert facts.markers == ()
    assert len(facts.gaps) == 1


@pytest.mark.parametrize(
    ("full_url", "name"),
    [
        ("urn:uuid:17", "Observation/17"),
        ("https://ehr.example/fhir/Observation/17", "Observation/17"),
        ("https://ehr.example/fhir/Observation", "Observation/?"),
        ("https://ehr.example/fhir/Patient/17", "Observation/?"),
        ("urn:uuid:<script>", "Observation/?"),
        ("", "Observation/?"),
    ],
)
def test_a_resource_without_an_id_has_that_of_its_entry(full_url: str, name: str) -> None:
    entry = {"fullUrl": full_url, "resource": {**crp(4), "id": None}}
    (item,) = split_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode()).items
    assert item.name == name


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("4", "4.0", 1),
        ("4.10", "41e-1", 1),
        ("4.1", '"4.1"', 0),
        ("1e-99999999999999999999", "4", 0),
    ],
)
def test_a_number_is_the_same_however_it_is_written(
    knowledge: Knowledge, first: str, second: str, count: int
) -> None:
    body = bundle(patient(), crp(-1), crp(-2)).replace(b"-1", first.encode())
    body = body.replace(b"-2", second.encode())
    assert len(read_facts(split_bundle(body), "p", knowledge).markers) == count


def test_numbers_beyond_arithmetic_are_compared_digit_by_digit(knowledge: Knowledge) -> None:
    body = bundle(patient(), crp(-1), crp(-2)).replace(b"-1", b"4." + b"1" * 35)
    body = body.replace(b"-2", b"4." + b"1" * 34 + b"2")
    assert read_facts(split_bundle(body), "p", knowledge).markers == ()


@pytest.mark.requirement("D13")
def test_thousands_of_versions_are_told_apart_in_one_pass(knowledge: Knowledge) -> None:
    versions = [crp(number, meta={"versionId": str(number)}) for number in range(6000)]
    began = time.process_time()
    facts = read(knowledge, *versions)
    assert [each.value for each in facts.markers] == [5999]
    assert time.process_time() - began < 5
