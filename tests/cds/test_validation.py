"""Does the strict report say where a fault is and why, and never what stood there?"""

import json
from typing import Any

import pytest

from cds import validation
from cds.validation import Issue, validate_bundle


def issues_of(*resources: Any) -> tuple[Issue, ...]:
    entries = [{"resource": resource} for resource in resources]
    return validate_bundle(json.dumps({"resourceType": "Bundle", "entry": entries}).encode()).issues


OBSERVATION = {
    "resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "CRP"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expression", "problem"),
    [
        ({"status": None}, ".status", "is required and is not there"),
        ({"colour": "red"}, ".colour", "is no element of this resource in FHIR R4B"),
        (
            {"effectiveDateTime": "yesterday"},
            ".effectiveDateTime",
            "is not a FHIR dateTime, such as 2026-06-30",
        ),
        ({"valueQuantity": {"value": "abc"}}, ".valueQuantity.value", "is not a number"),
        ({"code": {"coding": [{"system": 5}]}}, ".code.coding[0].system", "must be a string"),
        ({"code": {"text": ""}}, ".code.text", "does not have the form FHIR gives this element"),
        (
            {"contained": [{"resourceType": "Foo"}]},
            ".contained",
            "names no resource type of FHIR R4B",
        ),
    ],
)
def test_a_fault_is_told_with_its_path_and_a_reason(
    change: dict[str, Any], expression: str, problem: str
) -> None:
    resource = {name: value for name, value in (OBSERVATION | change).items() if value is not None}
    path = f"Bundle.entry[0].resource{expression}"
    assert Issue(source="Observation/o1", expression=path, problem=problem) in issues_of(resource)


def test_a_valid_resource_has_no_issue() -> None:
    assert issues_of(OBSERVATION) == ()


def test_one_bad_resource_leaves_the_others_checked() -> None:
    found = issues_of({"resourceType": "Bogus"}, OBSERVATION | {"status": 5}, OBSERVATION)
    assert [issue.expression.split(".")[1] for issue in found] == ["entry[0]", "entry[1]"]


@pytest.mark.parametrize("entry", [5, "x", None, {"resource": 5}, {"resource": []}])
def test_an_entry_that_is_no_entry_is_an_issue(entry: object) -> None:
    report = validate_bundle(json.dumps({"resourceType": "Bundle", "entry": [entry]}).encode())
    assert len(report.issues) == 1


def test_an_entry_list_that_is_no_list_is_an_issue() -> None:
    assert validate_bundle(b'{"resourceType": "Bundle", "entry": {}}').issues


@pytest.mark.parametrize("resource", [{}, {"resourceType": 5}, {"resourceType": ["Patient"]}])
def test_a_resource_without_a_type_is_an_issue(resource: dict[str, Any]) -> None:
    assert issues_of(resource)[0].problem == "names no resource type of FHIR R4B"


def test_a_resource_outside_a_bundle_is_checked_too() -> None:
    report = validate_bundle(b'{"resourceType": "Condition", "id": "c1"}')
    assert report.issues[0].expression == "Condition.subject"


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
    monkeypatch.setattr(validation, "MAX_CHECKED", 3)
    monkeypatch.setattr(validation, "MAX_ISSUES", 2)
    entries = [{"resource": {"resourceType": "Bogus"}}] * 5
    told = validate_bundle(json.dumps({"resourceType": "Bundle", "entry": entries}).encode()).tell()
    assert (told["checked"], len(told["issues"])) == (3, 2)
    assert (told["notChecked"], told["issuesLeftOut"]) == (2, 1)


def test_a_type_that_is_none_is_not_repeated_however_harmless_it_looks() -> None:
    (issue,) = issues_of({"resourceType": "JaneCanary" * 1000, "id": "x"})
    assert (issue.source, "Canary" in str(issue)) == ("?", False)


@pytest.mark.requirement("D13")
def test_a_resource_of_more_faults_than_can_be_listed_is_one_issue() -> None:
    (issue,) = issues_of(OBSERVATION | {f"x{number}": 1 for number in range(600)})
    assert (issue.source, issue.problem) == ("Observation/o1", "has 600 faults, too many to list")
