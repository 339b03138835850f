"""Does the log say what happened to a request, and nothing about the patient in it?"""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds.hooks.catalogue import PATIENT_VIEW
from tests.cds.charts import bundle, condition, hook_request, prefetch

CANARY = "zebedee-canary-1931"
ALLOWED = {"method", "route", "status", "milliseconds", "correlationId", "cards"}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level("DEBUG")
    return caplog


def lines(log: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.message) for record in log.records if record.name == "cds.requests"]


def test_a_request_leaves_one_line_with_its_outcome(
    client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    response = client.post("/evaluate", json=bundle())
    (line,) = lines(log)
    assert (line["method"], line["route"], line["status"]) == ("POST", "/evaluate", 200)
    assert line["cards"] == 1
    assert line["correlationId"] == response.headers["X-Correlation-Id"]


def canary_bundle() -> dict[str, Any]:
    body = bundle()
    patient = body["entry"][0]["resource"]
    patient |= {"name": [{"family": CANARY}], "identifier": [{"value": CANARY}]}
    body["entry"][1]["resource"] |= {
        "id": CANARY,
        "note": [{"text": CANARY}],
        "onsetDateTime": CANARY,
    }
    return body


@pytest.mark.requirement("D9")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/evaluate", canary_bundle()),
        (f"/evaluate?patient={CANARY}&asOf={CANARY}&{CANARY}=1", canary_bundle()),
        (f"/cds-services/{CANARY}", hook_request()),
        (f"/{CANARY}", {}),
        (
            f"/cds-services/{PATIENT_VIEW}",
            hook_request(
                context={"userId": CANARY, "patientId": CANARY},
                fhirServer=f"https://{CANARY}.example",
                fhirAuthorization={"access_token": CANARY},
                extension={CANARY: CANARY},
            ),
        ),
        (
            f"/cds-services/{PATIENT_VIEW}",
            hook_request(prefetch=prefetch(conditions=condition(identity=CANARY))),
        ),
        ("/evaluate", {CANARY: CANARY}),
    ],
    ids=["chart", "query", "service id", "path", "envelope", "prefetch", "no bundle"],
)
def test_nothing_of_a_request_is_written_down(
    path: str, body: dict[str, Any], client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    client.post(path, json=body, headers={"X-Correlation-Id": CANARY, "User-Agent": CANARY})
    assert CANARY not in log.text
    assert [set(line) - ALLOWED for line in lines(log)] == [set()]


@pytest.mark.requirement("D9")
def test_a_method_nobody_knows_is_not_written_down(
    client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    client.open("/evaluate", method=CANARY.upper())
    assert lines(log)[0]["method"] == "other"
