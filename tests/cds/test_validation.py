"""Does the strict report say where a fault is and why, and never what stood there?"""

import json
from typing import Any

import pytest

from cds.validation import Issue, Report, report, validate_body
from cds.validation.words import words
from tests.cds.charts import as_bytes, bundle, hook_request, searchset


def issues_of(*resources: Any) -> tuple[Issue, ...]:
    return checked(*({"resource": resource} for resource in resources)).issues


def checked(*entries: Any) -> Report:
    body = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return validate_body(json.dumps(body).encode())


OBSERVATION = {
    "resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "CRP"},
}  # fmt: skip


# What is changed in the Observation, where that is told, and how: problem and the words that help.
FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"status": None}, ".status", "is required and is not there", "Add the code"),
    ({"status": "finished"}, ".status", "is none of the codes FHIR allows here", "registered, "),
    ({"code": None}, ".code", "is required and is not there", '{"coding"'),
    ({"colour": "red"}, ".colour", "is no element of FHIR R4B here", "spelling"),
    ({"context": {}}, ".context", "is no element of FHIR R4B here", "R4 has encounter"),
    ({"value": 5}, ".value", "is no element of FHIR R4B here", "valueQuantity"),
    ({"effectiveDateTime": "yesterday"}, ".effectiveDateTime", "is not a FHIR dateTime",
     "2026-06-30"),
    ({"effectiveDateTime": ""}, ".effectiveDateTime", "is not a FHIR dateTime", "2026-06-30"),
    ({"issued": "2026-06-30"}, ".issued", "is not a FHIR instant", "time zone"),
    ({"valueTime": "8"}, ".valueTime", "is not a FHIR time", "08:00:00"),
    ({"valueQuantity": {"value": "abc"}}, ".valueQuantity.value", "must be a number", "2.5"),
    ({"valueQuantity": {"value": "2.5"}}, ".valueQuantity.value", "must be a number",
     "without quotation marks"),
    ({"valueInteger": "2"}, ".valueInteger", "must be a whole number", "without quotation marks"),
    ({"valueBoolean": "true"}, ".valueBoolean", "must be true or false", "without quotation"),
    ({"valueInteger": 1, "valueString": "x"}, "", "must be one element of those that share this",
     "Keep one of them"),
    ({"category": {"text": "x"}}, ".category", "must be a list", "square brackets"),
    ({"category": []}, ".category", "is empty", "leave the element out"),
    ({"note": None, "bodySite": {}}, ".bodySite", "is empty", "leave the element out"),
    ({"code": "30522-7"}, ".code", "must be an object", '{"coding"'),
    ({"code": '{"text": "x"}'}, ".code", "must be an object", '{"coding"'),
    ({"code": {"coding": [{"system": 5}]}}, ".code.coding[0].system", "must be a text",
     "quotation marks"),
    ({"code": {"text": ""}}, ".code.text", "does not have the form FHIR gives this element", ""),
    ({"contained": [{"resourceType": "Foo"}]}, ".contained", "names no resource type of FHIR R4B",
     "capitals"),
    ({"referenceRange": [{"low": {"value": "1"}}]}, ".referenceRange[0].low.value",
     "must be a number", "2.5"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expression", "problem", "helps"), FAULTS)
def test_a_fault_is_told_with_its_path_a_reason_and_what_helps(
    change: dict[str, Any], expression: str, problem: str, helps: str
) -> None:
    resource = {name: value for name, value in (OBSERVATION | change).items() if value is not None}
    path = f"Bundle.entry[0].resource.ofType(Observation){expression}"
    (found,) = [each for each in issues_of(resource) if each.expression.startswith(path)]
    assert (found.source, found.problem.startswith(problem)) == ("Observation/o1", True)
    assert helps in found.help


def test_a_null_beside_an_extension_in_a_list_is_fhir() -> None:
    names = {"given": [None, "x"], "_given": [{"extension": [{"url": "urn:x"}]}, None]}
    assert issues_of({"resourceType": "Patient", "name": [names]}) == ()


def test_a_null_member_is_an_issue() -> None:
    body = {"resourceType": "Patient", "birthDate": None}
    assert validate_body(json.dumps(body).encode()).issues[0].problem == "is empty"


@pytest.mark.parametrize("code", ["corrected", "cancelled", "entered-in-error", "unknown"])
def test_a_code_of_a_list_that_the_library_shortens_is_allowed(code: str) -> None:
    assert issues_of(OBSERVATION | {"status": code}) == ()


def test_the_words_name_what_helps_for_every_kind() -> None:
    known = words()
    assert known.help.keys() <= known.problem.keys()


def test_a_valid_resource_has_no_issue() -> None:
    assert issues_of(OBSERVATION) == ()


def test_one_bad_resource_leaves_the_others_checked() -> None:
    found = issues_of({"resourceType": "Bogus"}, OBSERVATION | {"status": 5}, OBSERVATION)
    assert [issue.expression.split(".")[1] for issue in found] == ["entry[0]", "entry[1]"]


@pytest.mark.parametrize("entry", [5, "x", None, {"resource": 5}, {"resource": []}])
def test_an_entry_that_is_no_entry_is_an_issue(entry: object) -> None:
    assert len(checked(entry).issues) == 1


@pytest.mark.parametrize(
    "entry", [{"request": {"method": "DELETE", "url": "x/1"}}, {"response": {"status": "204"}}]
)
def test_an_entry_that_needs_no_resource_is_no_issue(entry: object) -> None:
    assert checked(entry).issues == ()


@pytest.mark.parametrize("entry", [{}, {"resource": None}])
def test_an_entry_that_should_hold_a_resource_is_an_issue(entry: object) -> None:
    (issue,) = checked(entry).issues
    assert (issue.expression, issue.problem) == ("Bundle.entry[0]", "holds no resource")


def test_the_own_members_of_a_bundle_are_checked() -> None:
    (issue,) = validate_body(b'{"resourceType": "Bundle"}').issues
    assert (issue.source, issue.expression, issue.problem) == (
        "Bundle", "Bundle.type", "is required and is not there",
    )  # fmt: skip


def test_a_bundle_within_the_bundle_is_checked_entry_by_entry() -> None:
    inner = searchset({"resourceType": "Bogus"}, OBSERVATION | {"status": 5})
    found = [issue.expression for issue in issues_of(inner)]
    within = "Bundle.entry[0].resource.ofType(Bundle).entry"
    assert found == [
        f"{within}[0].resource.resourceType",
        f"{within}[1].resource.ofType(Observation).status",
    ]


def test_bundles_deep_within_each_other_are_checked_as_resources() -> None:
    deep = searchset(searchset(searchset(searchset({"resourceType": "Bogus"}))))
    assert len(issues_of(deep)) == 1


OLD = {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p"},
       "clinicalStatus": "active"}  # fmt: skip


def test_a_record_of_an_older_version_is_told_first() -> None:
    first, *others = issues_of(OLD, OLD | {"id": "c2"})
    assert (first.source, first.expression) == ("Condition/c1", "Bundle")
    assert first.problem.startswith("is not FHIR R4: Condition/c1 is written in FHIR STU3")
    assert {each.problem for each in others} == {"must be an object"}


def test_one_odd_resource_is_not_called_an_older_record() -> None:
    assert [each.problem for each in issues_of(OLD, OBSERVATION)] == ["must be an object"]


def test_a_hook_request_is_checked_by_its_prefetch_and_its_draft_orders() -> None:
    prefetch = {
        "patient": {"resourceType": "Patient", "birthDate": "long ago"},
        "conditions": searchset(OLD),
        "nothing": None,
        "wrapped": {"response": {"status": "200"}, "resource": {"resourceType": "Bogus"}},
        "failed": {"response": {"status": "404"}},
        "text": "x",
        "odd": {},
        "Condition": OLD,
        "Jane Canary": OLD,
    }
    drafts = {"resourceType": "Bundle", "entry": [{"resource": OBSERVATION | {"status": 5}}]}
    context = {"patientId": "p", "draftOrders": drafts}
    told = validate_body(as_bytes(hook_request(prefetch=prefetch, context=context)))
    assert (told.kind, told.checked) == ("CDS Hooks request", 6)
    assert sorted(each.expression for each in told.issues) == [
        "context.draftOrders.ofType(Bundle).entry[0].resource.ofType(Observation).status",
        "context.draftOrders.ofType(Bundle).type",
        "prefetch.?.ofType(Condition).clinicalStatus",
        "prefetch.Condition.ofType(Condition).clinicalStatus",
        "prefetch.conditions.ofType(Bundle).entry[0].resource.ofType(Condition).clinicalStatus",
        "prefetch.odd",
        "prefetch.patient.ofType(Patient).birthDate",
        "prefetch.text",
        "prefetch.wrapped.resource.resourceType",
    ]


@pytest.mark.parametrize("request_", [{"hook": "patient-view"}, {"hook": "x", "context": 5}])
def test_a_hook_request_without_a_prefetch_holds_nothing_to_check(request_: object) -> None:
    told = validate_body(json.dumps(request_).encode())
    assert (told.checked, told.issues) == (0, ())


def test_a_prefetch_that_is_no_object_is_an_issue() -> None:
    (issue,) = validate_body(b'{"hook": "x", "prefetch": [1]}').issues
    assert (issue.expression, issue.problem) == ("prefetch", "must be an object")


def test_what_is_neither_fhir_nor_a_hook_request_is_told() -> None:
    told = validate_body(b'{"name": "x"}')
    assert (told.kind, told.issues[0].problem) == ("unknown JSON", "does not say what it is")


def test_the_standard_record_has_no_issue() -> None:
    assert (validate_body(as_bytes(bundle())).issues, issues_of(OBSERVATION)) == ((), ())


def test_an_entry_list_that_is_no_list_is_an_issue() -> None:
    assert validate_body(b'{"resourceType": "Bundle", "entry": {}}').issues


@pytest.mark.parametrize("resource", [{}, {"resourceType": 5}, {"resourceType": ["Patient"]}])
def test_a_resource_without_a_type_is_an_issue(resource: dict[str, Any]) -> None:
    assert issues_of(resource)[0].problem == "names no resource type of FHIR R4B"


def test_a_resource_outside_a_bundle_is_checked_too() -> None:
    told = validate_body(b'{"resourceType": "Condition", "id": "c1"}')
    assert (told.kind, told.issues[0].expression) == ("resource", "Condition.subject")


def test_no_value_and_no_unknown_name_is_repeated() -> None:
    canary = "Jane <b>Canary</b>"
    found = issues_of(
        {"resourceType": canary, "id": canary},
        OBSERVATION | {canary: canary, "status": [canary], "effectiveDateTime": canary,
                       "valueQuantity": {"value": canary}, "id": canary},
    )  # fmt: skip
    assert len(found) >= 4
    assert "Canary" not in str(found)


def test_what_is_over_the_limits_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_CHECKED", 3)
    monkeypatch.setattr(report, "MAX_ISSUES", 2)
    told = checked(*[{"resource": {"resourceType": "Bogus"}}] * 5).tell()
    assert (told["checked"], len(told["issues"])) == (3, 2)
    assert (told["notChecked"], told["issuesLeftOut"]) == (2, 1)


def test_a_type_that_is_none_is_not_repeated_however_harmless_it_looks() -> None:
    (issue,) = issues_of({"resourceType": "JaneCanary" * 1000, "id": "x"})
    assert (issue.source, "Canary" in str(issue)) == ("?", False)


@pytest.mark.requirement("D13")
def test_a_resource_of_more_faults_than_can_be_listed_is_one_issue() -> None:
    (issue,) = issues_of(OBSERVATION | {f"x{number}": 1 for number in range(600)})
    assert (issue.source, issue.problem) == ("Observation/o1", "has too many faults to list them")
