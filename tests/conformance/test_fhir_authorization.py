"""Is what a client says about its FHIR server checked, and taken in every form that is in use?"""

from collections.abc import Iterator
from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.cds.charts import hook_request
from tests.cds.trusted import ENDPOINT, Trusting, again, trusting, with_access
from tests.support.fhir_stand_in import StandIn, fhir_stand_in


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def service(
    knowledge: Knowledge, server: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trusting]:
    with trusting(knowledge, tmp_path_factory.mktemp("authorization"), server) as running:
        yield running


def status_with(service: Trusting, server: StandIn, **members: Any) -> int:
    body = again(with_access(hook_request(), server))
    stated = body["fhirAuthorization"] | members
    body["fhirAuthorization"] = {name: value for name, value in stated.items() if value != "absent"}
    return int(service.post(ENDPOINT, body).status_code)


@pytest.mark.requirement("REQ-4")
@pytest.mark.parametrize(
    "members",
    [
        {"token_type": "mac"},
        {"token_type": 5},
        {"token_type": ["Bearer"]},
        {"expires_in": "soon"},
        {"expires_in": True},
        {"scope": ["patient/*.read"]},
        {"subject": {}},
        {"patient": 5},
    ],
    ids=str,
)
def test_a_member_that_is_something_else_is_refused(
    members: dict[str, Any], service: Trusting, server: StandIn
) -> None:
    assert status_with(service, server, **members) == 400


@pytest.mark.requirement("REQ-4", "VER-1")
@pytest.mark.parametrize(
    "members",
    [
        {"scope": "patient/*.read launch/patient"},
        {"scope": "patient/*.rs user/Observation.rs?category=laboratory"},
        {"scope": "epic.cds.patient.read"},
        {"scope": ""},
        {"scope": None},
        {"token_type": "bearer"},
        {"token_type": "absent", "expires_in": "absent", "scope": "absent", "subject": "absent"},
        {"patient": "pat-1"},
        {"expires_in": 0},
        {"need_patient_banner": True},
    ],
    ids=str,
)
def test_every_form_of_scope_and_what_clients_leave_out_is_taken(
    members: dict[str, Any], service: Trusting, server: StandIn
) -> None:
    assert status_with(service, server, **members) == 200
