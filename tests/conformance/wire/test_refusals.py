"""Does a running service refuse what it cannot answer, with a reason and without a card?"""

from typing import Any

import pytest

from tests.cds.charts import ABSENT, CONDITIONS, OUTCOME, condition, searchset
from tests.conformance.schemas import faults_of
from tests.conformance.wire.calls import VIEW, patient_view, with_prefetch
from tests.conformance.wire.target import Target, let_in

FOREIGN = searchset(*CONDITIONS, condition(identity="c9", patient="someone-else"))

REFUSED: dict[str, tuple[Any, int]] = {
    "no JSON": (b"{", 400),
    "a trailing comma": (b'{"hook": "patient-view",}', 400),
    "a comment": (b'{"hook": "patient-view" /* here */}', 400),
    "the same member twice": (b'{"hook": "a", "hook": "patient-view"}', 400),
    "a number that is none": (b'{"hook": NaN}', 400),
    "a list": (b"[]", 400),
    "nothing": (b"", 400),
    "no hook": ({"hook": None}, 400),
    "another hook": ({"hook": "order-sign"}, 400),
    "no hookInstance": ({"hookInstance": None}, 400),
    "a hookInstance that is none": ({"hookInstance": "one"}, 400),
    "no context": ({"context": None}, 400),
    "no user": ({"context": {"patientId": "pat-1"}}, 400),
    "no patient": ({"context": {"userId": "Practitioner/p"}}, 400),
    "a token without a server": ({"fhirAuthorization": {"access_token": "t"}}, 400),
    "no prefetch": ({"prefetch": None}, 412),
}
NOT_OBTAINED = {"absent": ABSENT, "an outcome": OUTCOME, "an outcome inside": searchset(OUTCOME)}


def refused(target: Target, body: Any) -> tuple[int, dict[str, Any]]:
    """Give status and issue of a call that must not be answered with cards."""
    response = let_in(target, target.post(VIEW, body))
    content = response.json()
    assert "cards" not in content
    assert faults_of("operation-outcome", content) == []
    assert response.headers["Content-Type"].partition(";")[0] == "application/json"
    return response.status_code, content["issue"][0]


@pytest.mark.requirement("GEN-3", "REQ-1", "REQ-2", "REQ-5", "REQ-6", "CTX-1", "RESP-6", "RESP-7",
                         "D12", "cds-r-1", "I@14", "I@76", "DISC-13")  # fmt: skip
@pytest.mark.parametrize("name", REFUSED)
def test_a_call_that_is_none_is_refused(name: str, target: Target) -> None:
    change, status = REFUSED[name]
    body = change if isinstance(change, bytes) else patient_view(**change)
    assert refused(target, body)[0] == status


@pytest.mark.requirement("PFR-1", "PFR-4", "PFR-6", "RESP-5", "I@52", "I@54")
@pytest.mark.parametrize("key", ["patient", "conditions", "medications", "markers"])
@pytest.mark.parametrize("state", NOT_OBTAINED)
def test_required_data_that_were_not_obtained_are_412(key: str, state: str, target: Target) -> None:
    status, issue = refused(target, with_prefetch(**{key: NOT_OBTAINED[state]}))
    assert (status, issue["expression"]) == (412, [f"prefetch.{key}"])


@pytest.mark.requirement("PFR-2", "D20")
def test_another_patient_is_422(target: Target) -> None:
    assert refused(target, with_prefetch(conditions=FOREIGN))[0] == 422


@pytest.mark.requirement("D11", "D28")
@pytest.mark.parametrize(
    "headers", [{"Content_Type": "text/plain"}, {"Content_Encoding": "gzip"}], ids=str
)
def test_another_type_or_encoding_is_415(headers: dict[str, str], target: Target) -> None:
    response = let_in(target, target.post(VIEW, patient_view(), **headers))
    assert response.status_code == 415
    assert faults_of("operation-outcome", response.json()) == []


@pytest.mark.requirement("D28", "RESP-6")
def test_a_service_that_is_not_there_is_404_to_whom_is_let_in(target: Target) -> None:
    response = let_in(target, target.post("/cds-services/no-such-service", patient_view()))
    assert response.status_code == 404
    assert faults_of("operation-outcome", response.json()) == []
