"""Are ledger and services valid FHIR, and do they say no more than is so?"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.library import Library
from fhir.resources.R4B.plandefinition import PlanDefinition
from flask.testing import FlaskClient

from cds.evidence_resources import LIBRARY, Publication, write_library
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from cds.hooks.wording import Wording, WordingApproval, judge_record, read_wording
from rules.knowledge import Knowledge

SERVICES = {
    PATIENT_VIEW: "patient-view",
    ORDER_SELECT: "order-select",
    ORDER_SIGN: "order-sign",
}


@pytest.fixture(scope="module")
def library(client: FlaskClient) -> dict[str, Any]:
    response = client.get(f"/fhir/Library/{LIBRARY}")
    assert (response.status_code, response.mimetype) == (200, "application/fhir+json")
    return dict(response.get_json(force=True))


@pytest.fixture(scope="module", params=list(SERVICES))
def plan(client: FlaskClient, request: pytest.FixtureRequest) -> dict[str, Any]:
    response = client.get(f"/fhir/PlanDefinition/{request.param}")
    assert (response.status_code, response.mimetype) == (200, "application/fhir+json")
    return dict(response.get_json(force=True))


def approved() -> Wording:
    wording = read_wording()
    signed = tuple(
        WordingApproval(role=role, by=role, date=date(2027, 1, 15), sha256=wording.sha256)
        for role in wording.record.needed
    )
    changes = (wording.record.changes[-1].model_copy(update={"sha256": wording.sha256}),)
    record = wording.record.model_copy(update={"approvals": signed, "changes": changes})
    return judge_record(record, wording.sha256)


def test_both_kinds_are_valid(library: dict[str, Any], plan: dict[str, Any]) -> None:
    assert Library.model_validate(library).id == LIBRARY
    assert PlanDefinition.model_validate(plan).id in SERVICES


def test_their_address_is_where_they_are_read(
    client: FlaskClient, library: dict[str, Any], plan: dict[str, Any]
) -> None:
    for resource in (library, plan):
        path = resource["url"].removeprefix("http://127.0.0.1:8000")
        assert client.get(path).get_json(force=True) == resource


def test_they_are_drafts_and_experimental(library: dict[str, Any], plan: dict[str, Any]) -> None:
    for resource in (library, plan):
        assert (resource["status"], resource["experimental"]) == ("draft", True)


def test_the_dates_are_those_of_the_ledger(
    library: dict[str, Any], plan: dict[str, Any], knowledge: Knowledge
) -> None:
    evidence = knowledge.evidence
    for resource in (library, plan):
        assert resource["lastReviewDate"] == evidence.last_reviewed.isoformat()
        assert resource["effectivePeriod"] == {
            "start": evidence.last_reviewed.isoformat(),
            "end": evidence.review_by.isoformat(),
        }


def publication(knowledge: Knowledge, wording: Wording) -> Publication:
    return Publication(
        base="https://cds.example",
        evidence_page="https://cds.example/evidence",
        knowledge=knowledge,
        wording=wording,
    )


def test_without_an_approval_its_date_is_said_to_be_missing(knowledge: Knowledge) -> None:
    waiting = replace(read_wording(), awaits=("psychiatrist",))
    written = Library.model_validate_json(write_library(publication(knowledge, waiting)))
    assert written.approvalDate is None
    (reason,) = written.approvalDate__ext.extension
    assert reason.valueCode == "not-performed"


def test_with_both_signatures_the_date_of_the_last_one_stands(knowledge: Knowledge) -> None:
    written = Library.model_validate_json(write_library(publication(knowledge, approved())))
    assert written.approvalDate == date(2027, 1, 15)


def test_every_reference_is_cited_with_how_it_is_known(
    library: dict[str, Any], knowledge: Knowledge
) -> None:
    cited = {
        each["label"]: each["citation"]
        for each in library["relatedArtifact"]
        if each["type"] == "citation"
    }
    assert {key: text.rpartition("[")[2].rstrip("]") for key, text in cited.items()} == {
        key: reference.verification for key, reference in knowledge.evidence.references.items()
    }


def test_the_paper_that_was_not_read_has_no_doi(library: dict[str, Any]) -> None:
    (pilot,) = [each for each in library["relatedArtifact"] if each.get("label") == "insight-2026"]
    assert "doi" not in f"{pilot['citation']} {pilot['url']}"


def test_a_plan_names_its_hook_and_depends_on_the_ledger(
    plan: dict[str, Any], library: dict[str, Any]
) -> None:
    (action,) = plan["action"]
    assert action["trigger"] == [{"type": "named-event", "name": SERVICES[plan["id"]]}]
    depends = [each for each in plan["relatedArtifact"] if each["type"] == "depends-on"]
    assert [each["resource"] for each in depends] == [library["url"]]


@pytest.mark.parametrize("path", ["Library/none", "PlanDefinition/none", "Questionnaire/x"])
def test_what_is_not_there_is_an_operation_outcome(client: FlaskClient, path: str) -> None:
    response = client.get(f"/fhir/{path}")
    assert response.status_code == 404
    assert response.get_json(force=True)["resourceType"] == "OperationOutcome"
