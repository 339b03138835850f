"""Is a Bundle or a prefetch value taken apart, and is what is missing from it said?"""

import json
from typing import Any

import pytest

from rules.facts import Completeness
from rules.fhir_reader import (
    BundleError,
    NotABundleError,
    NotAResourceError,
    TooManyEntriesError,
    join,
    split_bundle,
    split_prefetch_value,
)
from rules.fhir_reader.collecting import READ_TYPES
from rules.fhir_reader.resource_types import USED_TYPES
from tests.rules.fhir_reader.shapes import Json, bundle, condition, observation, patient

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]}
REMARK = {"resourceType": "OperationOutcome", "issue": [{"severity": "information"}]}
NEXT = [{"relation": "next", "url": "https://ehr.example/next"}]


def missing(body: bytes) -> list[tuple[str, str]]:
    found = split_bundle(body).incomplete
    return [(entry.resource_type, entry.completeness.value) for entry in found]


@pytest.mark.parametrize(
    "kind",
    ["transaction", "batch", "collection", "searchset", "document", "history", "message", None],
)
def test_a_bundle_of_any_type_is_taken_apart(kind: str | None) -> None:
    found = split_bundle(bundle(patient(), condition(), type=kind))
    assert [item.name for item in found.items] == ["Patient/p", "Condition/c"]


@pytest.mark.parametrize(
    "body", [b'{"resourceType":"Bundle"}', b'{"resourceType":"Bundle","entry":null}']
)
def test_a_bundle_without_entries_holds_nothing_and_lacks_nothing(body: bytes) -> None:
    found = split_bundle(body)
    assert (found.items, found.incomplete, found.gaps) == ((), (), ())


def test_a_byte_order_mark_is_accepted() -> None:
    assert len(split_bundle(b"\xef\xbb\xbf" + bundle(patient())).items) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"Bundle"',
        b"{}",
        b'{"resourceType":"Patient"}',
        b'{"resourceType":3}',
        b'{"resourceType":"Bundle","entry":{}}',
        b'{"resourceType":"Bundle","entry":[',
        b'{"resourceType":"Bundle","link":[{"url":{}}]}',
        b'{"entry":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_what_is_no_bundle_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(NotABundleError):
        split_bundle(body)


def test_a_batch_of_searches_is_taken_apart_too() -> None:
    inner = json.loads(bundle(condition(), type="searchset", link=NEXT))
    found = split_bundle(bundle(patient(), inner))
    assert [item.name for item in found.items] == ["Patient/p", "Condition/c"]
    assert found.incomplete[0].resource_type == "Condition"


def test_bundles_deep_within_each_other_are_a_gap() -> None:
    inner = json.loads(bundle(json.loads(bundle(json.loads(bundle(condition()))))))
    found = split_bundle(bundle(inner))
    assert found.items == ()
    assert "too deep" in found.gaps[0].because


def test_an_inner_bundle_that_cannot_be_read_is_a_gap() -> None:
    found = split_bundle(bundle({"resourceType": "Bundle", "entry": "none"}))
    assert found.gaps[0].because == "a Bundle within the Bundle could not be read"


@pytest.mark.parametrize(
    ("entry", "gap"),
    [
        ({"resource": {"id": "x"}}, "entry 0 names no resource type"),
        ({"resource": 17}, "entry 0 names no resource type"),
        ({"resource": {"resourceType": "<b>"}}, "entry 0 names no resource type"),
        ({"resource": {"resourceType": ["Patient"]}}, "entry 0 names no resource type"),
        ("text", "entry 0 could not be read: $ should be object"),
        ({"fullUrl": 1}, "entry 0 could not be read: $.fullUrl should be str"),
        ({"response": {"status": "404 Not Found"}}, "the server answered entry 0 with a problem"),
    ],
)
def test_an_entry_that_cannot_be_read_is_a_gap_and_the_others_are_read(
    entry: Any, gap: str
) -> None:
    body = json.loads(bundle())
    body["entry"] = [entry, {"resource": patient()}]
    found = split_bundle(json.dumps(body).encode())
    assert [item.name for item in found.items] == ["Patient/p"]
    assert [each.because for each in found.gaps] == [gap]


@pytest.mark.parametrize(
    "entry", [{"response": {"status": "204"}}, {"request": {"method": "DELETE", "url": "x/1"}}]
)
def test_an_entry_that_was_to_hold_no_resource_is_named_as_not_used(entry: Json) -> None:
    found = split_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode())
    assert [each.source for each in found.not_used] == ["Bundle entry 0"]


def every(completeness: str) -> list[tuple[str, str]]:
    return [(name, completeness) for name in USED_TYPES]


def to(url: str, *others: Json) -> list[Json]:
    return [{"relation": "self", "url": url}, *others]


def test_a_further_page_of_one_type_makes_that_type_incomplete() -> None:
    assert missing(bundle(condition(), link=NEXT)) == [("Condition", "truncated")]


@pytest.mark.parametrize(
    "body",
    [
        bundle(condition(), observation(), link=NEXT),
        bundle(patient(), link=NEXT),
        bundle(link=NEXT),
        bundle(condition(), link=to("Condition?_revinclude=Observation:subject", *NEXT)),
        bundle(condition(), link=to("Condition?patient=p&_include:iterate=*", *NEXT)),
        bundle(condition(), observation(), link=to("Patient/p/$everything", *NEXT)),
    ],
    ids=["several types", "the Patient alone", "nothing", "revinclude", "include", "everything"],
)
def test_a_further_page_of_several_types_makes_every_type_incomplete(body: bytes) -> None:
    assert missing(body) == every("truncated")


def test_the_reader_names_the_types_it_reads_in_one_place() -> None:
    assert set(USED_TYPES) == READ_TYPES - {"Patient", "MedicationOrder"}


@pytest.mark.parametrize("mode", ["include", "outcome"])
def test_only_matches_count_against_the_total(mode: str) -> None:
    entries = [
        {"resource": condition(), "search": {"mode": "match"}},
        {"resource": condition("c2"), "search": {"mode": mode}},
    ]
    body = {"resourceType": "Bundle", "type": "searchset", "total": 2, "entry": entries}
    assert missing(json.dumps(body).encode()) == [("Condition", "truncated")]


@pytest.mark.parametrize(
    ("total", "expected"), [(1, []), (2, [("Condition", "truncated")]), (None, [])]
)
def test_a_total_above_the_matches_makes_the_type_incomplete(
    total: int | None, expected: list[tuple[str, str]]
) -> None:
    included = {"resource": observation(), "search": {"mode": "include"}}
    body = json.loads(bundle(condition(), type="searchset", total=total))
    body["entry"].append(included)
    assert missing(json.dumps(body).encode()) == expected


def test_a_total_of_another_kind_of_bundle_says_nothing() -> None:
    assert missing(bundle(condition(), type="collection", total=9)) == []


def test_a_total_that_is_no_number_leaves_the_type_incomplete() -> None:
    (entry,) = split_bundle(bundle(condition(), type="searchset", total="2")).incomplete
    assert (entry.resource_type, "$.total should be a number" in entry.because) == (
        "Condition", True,
    )  # fmt: skip


def test_an_outcome_makes_the_types_of_the_page_not_obtained() -> None:
    assert missing(bundle(condition(), OUTCOME)) == [("Condition", "not_obtained")]


@pytest.mark.parametrize("outcome", [{**OUTCOME, "issue": []}, {**OUTCOME, "issue": "none"}])
def test_an_outcome_that_says_no_severity_counts_as_a_problem(outcome: Json) -> None:
    assert missing(bundle(condition(), outcome)) == [("Condition", "not_obtained")]


def test_a_remark_of_the_server_is_recorded_and_no_more() -> None:
    found = split_bundle(bundle(condition(), REMARK))
    assert (found.incomplete, len(found.not_used)) == ((), 1)


@pytest.mark.parametrize(
    "url",
    ["https://ehr.example/fhir/Condition?patient=p", "Condition/_search?patient=p", "Condition"],
)
def test_the_type_of_a_page_without_matches_is_the_one_that_was_searched(url: str) -> None:
    assert missing(bundle(OUTCOME, link=[{"relation": "self", "url": url}])) == [
        ("Condition", "not_obtained")
    ]


@pytest.mark.parametrize("members", [{"link": NEXT}, {"link": [{"relation": "self"}]}])
def test_a_problem_without_a_type_may_be_of_any_type(members: Json) -> None:
    assert set(every("not_obtained")) <= set(missing(bundle(OUTCOME, **members)))


@pytest.mark.parametrize("url", ["https://ehr.example/fhir/Observation/1", "Observation?x=1"])
def test_an_entry_without_its_resource_is_a_gap_of_the_type_in_its_address(url: str) -> None:
    entry = {"fullUrl": url, "response": {"status": "403"}}
    found = split_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode())
    named = "/1" in url
    assert [gap.what for gap in found.gaps] == ["observation" if named else "bundle"]
    assert [each.resource_type for each in found.incomplete] == (
        ["Observation"] if named else list(USED_TYPES)
    )


@pytest.mark.parametrize("url", ["urn:uuid:1", "https://ehr.example/fhir/JaneDoe/1", None])
def test_what_an_entry_without_an_address_lacks_may_be_of_any_type(url: str | None) -> None:
    body = json.dumps({"resourceType": "Bundle", "entry": [{"fullUrl": url}]}).encode()
    assert missing(body) == every("partly_read")


@pytest.mark.parametrize(
    "value",
    [
        b"null",
        b" null ",
        b'{"resourceType":"Bundle"}',
        b'{"resourceType":"Bundle","total":0,"type":"searchset"}',
        b'{"response":{"status":"200 OK"},"resource":null}',
    ],
)
def test_a_prefetch_value_without_data_is_complete(value: bytes) -> None:
    found = split_prefetch_value("Condition", value)
    assert (found.items, found.incomplete, found.gaps) == ((), (), ())


@pytest.mark.parametrize(
    "value",
    [
        OUTCOME,
        REMARK,
        {"response": {"status": "404"}, "resource": None},
        {"response": {}},
        {"response": {"status": "200"}, "resource": OUTCOME},
    ],
)
def test_a_prefetch_value_that_failed_is_not_obtained(value: Json) -> None:
    (entry,) = split_prefetch_value("Condition", json.dumps(value).encode()).incomplete
    assert (entry.resource_type, entry.completeness) == ("Condition", Completeness.NOT_OBTAINED)


@pytest.mark.parametrize(
    "value",
    [
        condition(),
        json.loads(bundle(condition())),
        {"response": {"status": "200 OK"}, "resource": condition()},
        {"resource": json.loads(bundle(condition()))},
    ],
)
def test_a_prefetch_value_is_a_resource_a_bundle_or_a_wrapper(value: Json) -> None:
    found = split_prefetch_value("Condition", json.dumps(value).encode())
    assert [item.name for item in found.items] == ["Condition/c"]


def test_an_empty_page_of_a_prefetch_value_lacks_the_type_that_was_asked_for() -> None:
    (entry,) = split_prefetch_value("Condition", bundle(link=NEXT)).incomplete
    assert (entry.resource_type, entry.completeness) == ("Condition", Completeness.TRUNCATED)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"[]",
        b"{}",
        b"17",
        b'"x"',
        b'{"resourceType":7}',
        b'{"resource":{}}',
        b'{"response":1}',
    ],
)
def test_a_prefetch_value_that_is_no_resource_is_refused_by_name(value: bytes) -> None:
    with pytest.raises(NotAResourceError):
        split_prefetch_value("Condition", value)


def test_every_refusal_is_a_bundle_error() -> None:
    assert issubclass(NotABundleError, BundleError)
    assert issubclass(NotAResourceError, BundleError)


def test_parts_of_a_record_are_put_together() -> None:
    parts = [
        split_bundle(bundle(condition("c0"), link=NEXT)),
        split_bundle(bundle(REMARK, condition())),
    ]
    found = join(parts)
    assert [item.name for item in found.items] == ["Condition/c0", "Condition/c"]
    assert (len(found.incomplete), len(found.not_used)) == (1, 1)


@pytest.mark.parametrize(
    ("entry", "gap"),
    [
        ({}, "entry 0 holds no resource, so what belongs there was not received"),
        ({"fullUrl": "https://ehr.example/Observation/1"}, "entry 0 holds no resource"),
        ({"response": {"status": "403"}}, "the server answered entry 0 with a problem"),
        ({"resource": None, "search": {"mode": "outcome"}}, "entry 0 holds no resource"),
        ({"resource": {"resourceType": "Observatoin", "id": "o"}}, "entry 0 names a resource type"),
        ({"resource": {"resourceType": "JaneDoe"}}, "entry 0 names a resource type that FHIR does"),
    ],
)
def test_an_entry_that_should_have_held_more_is_a_gap(entry: Json, gap: str) -> None:
    found = split_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode())
    assert (found.items, len(found.gaps)) == ((), 1)
    assert found.gaps[0].because.startswith(gap)
    assert "Observatoin" not in found.gaps[0].because
    assert "JaneDoe" not in found.gaps[0].because


@pytest.mark.parametrize("name", ["MedicationOrder", "Conformance", "ActorDefinition", "Claim"])
def test_a_type_of_any_fhir_version_is_no_misspelling(name: str) -> None:
    assert split_bundle(bundle({"resourceType": name, "id": "x"})).gaps == ()


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"resource": {"id": "x"}},
        {"resource": {"resourceType": "observation"}},
        {"resource": {"resourceType": "Bundle", "entry": 5}},
    ],
)
def test_what_cannot_be_had_of_a_prefetch_value_makes_its_type_incomplete(entry: object) -> None:
    value = json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode()
    found = split_prefetch_value("Observation", value)
    assert [(each.resource_type, each.completeness) for each in found.incomplete] == [
        ("Observation", Completeness.PARTLY_READ)
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {"response": {"status": "404"}},
        {"response": {"status": "404", "outcome": OUTCOME}},
        {"response": {"status": "200 OK", "outcome": OUTCOME}},
        {"resource": {"resourceType": "Bundle", "entry": [{"resource": OUTCOME}]}},
    ],
)
def test_a_failed_part_of_a_prefetch_value_is_not_obtained(entry: Json) -> None:
    value = json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode()
    found = split_prefetch_value("Observation", value)
    assert {(each.resource_type, each.completeness) for each in found.incomplete} == {
        ("Observation", Completeness.NOT_OBTAINED)
    }


def test_a_remark_beside_a_created_resource_is_no_failure() -> None:
    entry = {"resource": patient(), "response": {"status": "201", "outcome": REMARK}}
    found = split_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode())
    assert (len(found.items), found.incomplete, found.gaps) == (1, (), ())


def test_an_outcome_that_is_none_says_nothing() -> None:
    entry = {"resource": patient(), "response": {"status": "201", "outcome": {"id": "x"}}}
    found = split_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode())
    assert (len(found.items), found.incomplete, found.gaps) == (1, (), ())


def test_a_total_counts_in_a_bundle_that_does_not_say_its_type() -> None:
    assert missing(b'{"resourceType":"Bundle","total":50,"link":[{"relation":"self","url":'
                   b'"https://ehr.example/Observation?patient=p"}]}') == [
        ("Observation", "truncated")
    ]  # fmt: skip


@pytest.mark.requirement("D13")
@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceType":"Bundle","entry":[' + b",".join([b"{}"] * 20_001) + b"]}",
        b'{"resourceType":"Bundle","entry":[' + b",".join([b"null"] * 20_001) + b"]}",
        b'{"resourceType":"Bundle","entry":['
        + b",".join(
            [
                b'{"resource":{"resourceType":"Bundle","entry":['
                + b",".join([b"{}"] * 10_001)
                + b"]}}"
            ]
            * 2
        )
        + b"]}",
    ],
    ids=["empty", "null", "nested"],
)
def test_more_entries_than_a_record_has_are_refused(body: bytes) -> None:
    with pytest.raises(TooManyEntriesError):
        split_bundle(body)
