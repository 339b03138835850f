"""Does a running service say what it offers, where the standard has it?"""

from typing import Any

import pytest

from tests.conformance.schemas import faults_of
from tests.conformance.wire.target import Target

DISCOVERY = "/cds-services"


@pytest.fixture
def document(target: Target) -> Any:
    response = target.ask("GET", DISCOVERY)
    assert response.status_code == 200
    return response.json()


@pytest.mark.requirement("DISC-1", "DISC-2", "DISC-3", "DISC-4", "DISC-5", "DISC-6", "DISC-7",
                         "DISC-8", "DISC-9", "DISC-10", "I@4", "I@5", "I@6", "I@7", "I@8", "I@9",
                         "I@10", "I@11", "I@12", "I@13", "I@29", "I@36")  # fmt: skip
def test_discovery_keeps_its_schema(document: Any) -> None:
    assert document["services"]
    assert faults_of("discovery", document) == []


@pytest.mark.requirement("GEN-1", "I@1")
def test_discovery_is_json_and_not_kept_by_caches(target: Target) -> None:
    response = target.ask("GET", DISCOVERY)
    assert response.headers["Content-Type"].partition(";")[0] == "application/json"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.requirement("DISC-12", "I@210", "I@211")
def test_no_two_services_share_an_id(document: Any) -> None:
    ids = [each["id"] for each in document["services"]]
    assert len(ids) == len(set(ids))


@pytest.mark.requirement("DISC-14", "DISC-6", "I@16")
def test_every_service_that_is_listed_is_there_under_the_same_base(
    document: Any, target: Target
) -> None:
    answers = {
        each["id"]: target.post(f"{DISCOVERY}/{each['id']}", {}).status_code
        for each in document["services"]
    }
    assert set(answers.values()) <= {400, 401}, answers


@pytest.mark.requirement("DISC-15")
def test_a_token_on_discovery_is_not_looked_at(target: Target) -> None:
    assert target.ask("GET", DISCOVERY, authorization="Bearer x.y.z").status_code == 200


@pytest.mark.requirement("DISC-1", "D28", "RESP-7")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/cds-services", 405), ("GET", "/cds-services/", 404), ("DELETE", DISCOVERY, 405)],
)
def test_another_method_or_address_is_refused(
    method: str, path: str, status: int, target: Target
) -> None:
    response = target.ask(method, path)
    assert response.status_code == status
    assert faults_of("operation-outcome", response.json()) == []
