"""May the web page of a client call a running service, and no other page?"""

import pytest
import requests

from tests.conformance.wire.calls import FEEDBACK, VIEW, patient_view
from tests.conformance.wire.target import Target

DISCOVERY = "/cds-services"
PATHS = [DISCOVERY, VIEW, FEEDBACK]
FOREIGN = "https://page.nobody.example"
ALLOWED = "Access-Control-Allow-Origin"


def preflight(target: Target, path: str, origin: str) -> requests.Response:
    asked = {
        "Origin": origin,
        "Access_Control_Request_Method": "GET" if path == DISCOVERY else "POST",
        "Access_Control_Request_Headers": "authorization,content-type",
    }
    return target.ask("OPTIONS", path, **asked)


@pytest.mark.requirement("CORS-1", "CORS-2", "CORS-3", "I@208")
@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_is_answered_without_a_token(path: str, target: Target, page: str) -> None:
    response = preflight(target, path, page)
    assert response.ok
    assert response.headers[ALLOWED] == page
    methods = response.headers["Access-Control-Allow-Methods"].replace(" ", "").split(",")
    assert {"GET", "POST", "OPTIONS"} <= set(methods)
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.requirement("CORS-2", "D23")
@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_page_gets_no_preflight(path: str, target: Target) -> None:
    assert ALLOWED not in preflight(target, path, FOREIGN).headers


@pytest.mark.requirement("CORS-4")
def test_refusals_carry_the_headers_too(target: Target, page: str) -> None:
    unread = target.ask("POST", VIEW, b"{", Content_Type="application/json", Origin=page)
    missing = target.post(VIEW, patient_view(prefetch=None), Origin=page)
    assert {unread.status_code, missing.status_code} <= {400, 401, 412}
    for response in (unread, missing, target.ask("GET", DISCOVERY, Origin=page)):
        assert response.headers[ALLOWED] == page
        assert "Origin" in response.headers["Vary"]


@pytest.mark.requirement("CORS-5", "D23")
def test_a_call_from_a_foreign_page_is_refused(target: Target) -> None:
    response = target.post(VIEW, patient_view(), Origin=FOREIGN)
    assert response.status_code in {401, 403}
    assert ALLOWED not in response.headers


@pytest.mark.requirement("CORS-2")
def test_who_is_no_page_is_told_of_no_page(target: Target) -> None:
    assert ALLOWED not in target.ask("GET", DISCOVERY).headers
