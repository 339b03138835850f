"""What does `POST /evaluate` answer, and whom does it refuse to answer about?"""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds import evaluation
from cds.app import create_app
from cds.settings import Settings
from cds.validation.words import words
from rules.knowledge import Knowledge
from tests.cds.charts import (
    CONDITIONS,
    DISPENSES,
    MARKERS,
    PATIENT,
    SCORES,
    Resource,
    bundle,
    condition,
    phq9,
)

RAISED = "raised_persistent"
OTHER = {"resourceType": "Patient", "id": "pat-2", "birthDate": "1970-01-01"}


def evaluate(client: FlaskClient, body: Any, query: str = "") -> TestResponse:
    return client.post(f"/evaluate?{query}", json=body)


def assessed(client: FlaskClient, body: Any, query: str = "") -> dict[str, Any]:
    response = evaluate(client, body, query)
    assert response.status_code == 200, response.text
    return dict(response.get_json()["assessment"])


def refused(client: FlaskClient, body: Any, query: str = "") -> tuple[int, str]:
    response = evaluate(client, body, query)
    return response.status_code, response.get_json()["issue"][0]["details"]["text"]


def test_two_failed_trials_and_two_raised_results_earn_an_evidence_card(
    client: FlaskClient,
) -> None:
    answer = evaluate(client, bundle()).get_json()
    assert answer["assessment"]["treatmentResistance"]["status"] == "met"
    assert answer["assessment"]["inflammation"]["status"] == "raised_persistent"
    kinds = [card["extension"]["com.trd-inflammation-cds.card"]["kind"] for card in answer["cards"]]
    assert kinds == ["evidence"]


@pytest.mark.parametrize(
    ("record", "status", "marker"),
    [
        ([*CONDITIONS, *SCORES], "met", "unknown"),
        ([*CONDITIONS, *SCORES, phq9("p9", 3, "2026-06-20"), *MARKERS], "not_met", RAISED),
        ([*CONDITIONS, condition("F31.9", "c2"), *SCORES, *MARKERS], "out_of_scope", RAISED),
    ],
    ids=["CRP removed", "PHQ-9 in remission", "bipolar disorder coded"],
)
def test_without_a_card_the_answer_says_why(
    record: list[Resource], status: str, marker: str, client: FlaskClient
) -> None:
    answer = evaluate(client, bundle(PATIENT, *DISPENSES, *record)).get_json()
    told = answer["assessment"]
    assert answer["cards"] == []
    assert told["treatmentResistance"]["status"] == status
    assert told["inflammation"]["status"] == marker
    assert told["treatmentResistance"]["because"]
    assert told["inflammation"]["because"]


@pytest.mark.requirement("GEN-2")
def test_nothing_in_an_answer_is_null_or_empty_but_the_cards(client: FlaskClient) -> None:
    text = evaluate(client, bundle(PATIENT)).get_data(as_text=True)
    assert '"cards":[]' in text
    assert [empty for empty in ("null", '""', "{}") if empty in text] == []


@pytest.mark.requirement("D20", "PFR-2")
def test_another_patients_resource_refuses_the_whole_request(client: FlaskClient) -> None:
    status, words = refused(client, bundle(PATIENT, *CONDITIONS, condition("F33.1", "c9", "pat-2")))
    assert status == 422
    assert "Condition/c9 belongs to another patient" in words


def test_a_bundle_without_a_patient_is_refused(client: FlaskClient) -> None:
    status, words = refused(client, bundle(*CONDITIONS))
    assert status == 422
    assert "no Patient" in words


def test_two_patients_are_refused_with_the_way_to_pick_one(client: FlaskClient) -> None:
    status, words = refused(client, bundle(PATIENT, OTHER))
    assert status == 422
    assert "patient=ID" in words


@pytest.mark.parametrize("name", ["pat-1", "Patient/pat-1"])
def test_one_of_several_patients_can_be_picked_and_the_rest_is_counted(
    name: str, client: FlaskClient
) -> None:
    body = bundle(PATIENT, OTHER, *CONDITIONS, condition("F20.0", "c9", "pat-2"))
    told = assessed(client, body, f"patient={name}")
    left_out = [each for each in told["notUsed"] if "other patients" in each["because"]]
    assert {each["source"] for each in left_out} == {"Condition", "Patient"}


def test_a_picked_patient_must_be_in_the_bundle(client: FlaskClient) -> None:
    status, words = refused(client, bundle(), "patient=Zebedee")
    assert status == 422
    assert "Zebedee" not in words


def test_naming_the_only_patient_does_not_let_a_foreign_resource_pass(
    client: FlaskClient,
) -> None:
    body = bundle(PATIENT, condition("F33.1", "c9", "pat-2"))
    assert refused(client, body, "patient=pat-1")[0] == 422


@pytest.mark.parametrize(
    ("resource", "version"),
    [
        ({"resourceType": "Condition", "clinicalStatus": "active"}, "STU3"),
        ({"resourceType": "MedicationOrder"}, "DSTU2"),
    ],
)
def test_an_older_version_of_fhir_is_refused_by_name(
    resource: dict[str, Any], version: str, client: FlaskClient
) -> None:
    status, words = refused(client, bundle(PATIENT, resource))
    assert status == 422
    assert f"FHIR {version}" in words


@pytest.mark.parametrize(
    "body", [PATIENT, {}, {"resourceType": 5}, {"resourceType": "Bundle", "entry": 5}]
)
def test_what_is_not_a_bundle_is_refused_in_plain_words(
    body: dict[str, Any], client: FlaskClient
) -> None:
    status, words = refused(client, body)
    assert status == 400
    assert "Post a Bundle" in words


def test_more_resources_than_can_be_read_are_refused(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "MAX_RESOURCES", 5)
    assert refused(client, bundle())[0] == 413


# The day of evaluation


def test_the_day_asked_for_comes_first(client: FlaskClient) -> None:
    assert assessed(client, bundle(), "asOf=2026-07-04")["asOf"] == "2026-07-04"


def test_else_it_is_the_local_day_of_the_bundle(client: FlaskClient) -> None:
    body = bundle(timestamp="2026-05-01T23:30:00-08:00")
    assert assessed(client, body)["asOf"] == "2026-05-01"


def test_else_it_is_today(knowledge: Knowledge) -> None:
    app = create_app(Settings(), knowledge=knowledge, today=lambda: date(2026, 8, 8))
    body = bundle()
    del body["timestamp"]
    assert assessed(app.test_client(), body)["asOf"] == "2026-08-08"


@pytest.mark.parametrize("timestamp", ["Zebedee", "2026", "2026-06", 5, ["2026-06-30"], ""])
def test_a_timestamp_that_cannot_be_read_is_not_taken_for_today(
    timestamp: object, client: FlaskClient
) -> None:
    status, words = refused(client, bundle(timestamp=timestamp))
    assert status == 400
    assert "asOf=YYYY-MM-DD" in words


@pytest.mark.parametrize(
    "query",
    [
        "asOf=", "asOf=2026", "asOf=2026-02-30", "asOf=Zebedee", "asOf=2026-06-30T10:00:00Z",
        "asOf=2026-06-30&asOf=2026-07-01", "asof=2026-06-30", "notObtained=Zebedee",
        "notObtained=Observation,Zebedee", "validate=yes", "validate=", "Zebedee=1",
    ],
)  # fmt: skip
def test_a_query_that_means_nothing_is_refused_and_not_repeated(
    query: str, client: FlaskClient
) -> None:
    status, words = refused(client, bundle(), query)
    assert status == 400
    assert "Zebedee" not in words


# What the caller could not read


def test_a_type_that_could_not_be_read_is_a_gap(client: FlaskClient) -> None:
    body = bundle(PATIENT, *CONDITIONS, *DISPENSES, *SCORES)
    told = assessed(client, body, "notObtained=Observation,MedicationRequest")
    assert told["inflammation"]["status"] == "unknown"
    gaps = " ".join(gap["what"] for gap in told["gaps"]).lower()
    assert [name for name in ("observation", "medicationrequest") if name not in gaps] == []


def test_a_wrong_type_is_answered_with_the_ones_there_are(client: FlaskClient) -> None:
    assert "MedicationDispense" in refused(client, bundle(), "notObtained=Pulse")[1]


# Validation


def test_the_validation_report_stands_beside_the_cards(client: FlaskClient) -> None:
    body = bundle()
    body["entry"][1]["resource"]["onsetDateTime"] = "last winter"
    report = evaluate(client, body).get_json()["validation"]
    assert report["checked"] == len(body["entry"])
    assert report["issues"] == [
        {
            "source": "Condition/c1",
            "expression": "Bundle.entry[1].resource.ofType(Condition).onsetDateTime",
            "problem": "is not a FHIR dateTime",
            "help": words().help["date_time"],
        }
    ]


def test_the_validation_report_can_be_left_out(client: FlaskClient) -> None:
    assert "validation" not in evaluate(client, bundle(), "validate=false").get_json()


def test_an_answer_is_kept_by_no_cache(client: FlaskClient) -> None:
    assert evaluate(client, bundle()).headers["Cache-Control"] == "no-store"
