"""Is a call let in by who makes it, from which page, and how often?"""

from dataclasses import dataclass

import pytest

from cds.ehr.admission import Admission
from cds.ehr.jwt import Doorkeeper
from cds.ehr.rate import RateLimit
from cds.ehr.trusted_clients import TrustedClient, TrustedClients
from cds.errors import NotAllowed, TooManyRequests, Unauthenticated

PAGE = "https://ehr.example"
CLIENT = TrustedClient.model_validate(
    {"name": "ehr", "issuer": "urn:ehr", "jwks_file": "k", "cors_origins": [PAGE], "rate": 0.5}
)


@dataclass
class Door:
    """Lets in whoever says so."""

    def admit(self, authorization: str | None, path: str) -> TrustedClient:
        if authorization != f"Bearer for {path}":
            raise Unauthenticated
        return CLIENT


def admission() -> Admission:
    door: Doorkeeper = Door()  # type: ignore[assignment]
    return Admission(TrustedClients((CLIENT,)), door)


TOKEN = {"Authorization": "Bearer for /x"}


@pytest.mark.requirement("SEC-2")
def test_a_call_without_a_token_is_not_let_in() -> None:
    with pytest.raises(Unauthenticated):
        admission().admit({}, "/x")


@pytest.mark.requirement("CORS-5", "D23")
def test_a_call_comes_from_a_page_of_its_client_or_from_none() -> None:
    assert admission().admit(TOKEN, "/x") is CLIENT
    assert admission().admit(TOKEN | {"Origin": PAGE}, "/x") is CLIENT


@pytest.mark.requirement("CORS-5", "D23")
@pytest.mark.parametrize("origin", ["https://other.example", "null", "", PAGE + "/", PAGE.upper()])
def test_a_call_from_another_page_is_refused(origin: str) -> None:
    with pytest.raises(NotAllowed):
        admission().admit(TOKEN | {"Origin": origin}, "/x")


@pytest.mark.requirement("D22")
def test_too_many_calls_are_told_when_to_come_back() -> None:
    calls = admission()
    calls.admit(TOKEN, "/x")
    with pytest.raises(TooManyRequests) as caught:
        calls.admit(TOKEN, "/x")
    assert caught.value.retry_after_s == 2


@pytest.mark.requirement("D22")
def test_calls_are_allowed_again_with_time() -> None:
    now = [0.0]
    limit = RateLimit(10, lambda: now[0])
    assert [limit.take() for _ in range(21)] == [0] * 20 + [1]
    now[0] += 0.1
    assert [limit.take(), limit.take()] == [0, 1]
    now[0] += 1000
    assert [limit.take() for _ in range(21)] == [0] * 20 + [1]


@pytest.mark.requirement("D7")
def test_without_a_registry_every_call_is_the_demo_clients() -> None:
    assert Admission(TrustedClients(), None).admit({}, "/x").name == "demo"
