"""Does every kind of bad input get a clear refusal, on both addresses that take a body?"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from cds.app import create_app
from cds.hooks.catalogue import PATIENT_VIEW
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.charts import as_bytes, bundle, hook_request

CANARY = "Zebedee Canary 1931"
HOOK = f"/cds-services/{PATIENT_VIEW}"
ROUTES = ["/evaluate", HOOK]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def post(client: FlaskClient, route: str, body: bytes, **headers: str) -> TestResponse:
    sent = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return client.post(route, data=body, headers=sent)


def issue_of(response: TestResponse) -> dict[str, Any]:
    outcome = response.get_json()
    assert outcome["resourceType"] == "OperationOutcome"
    (issue,) = outcome["issue"]
    return dict(issue)


BAD_BODIES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "structure"),
    ("not JSON", b"Zebedee Canary 1931", "structure"),
    ("half JSON", b'{"name": "Zebedee Canary 1931"', "structure"),
    ("a list", b'["Zebedee Canary 1931"]', "structure"),
    ("a string", b'"Zebedee Canary 1931"', "structure"),
    ("not UTF-8", b'{"name": "Zebedee Canary 1931 \xff"}', "structure"),
    ("NaN", b'{"Zebedee Canary 1931": NaN}', "structure"),
    ("Infinity", b'{"Zebedee Canary 1931": Infinity}', "structure"),
    ("1e400", b'{"Zebedee Canary 1931": 1e400}', "structure"),
    ("repeated key", b'{"Zebedee Canary 1931": 1, "Zebedee Canary 1931": 2}', "structure"),
    ("too deep", b'{"Zebedee Canary 1931":' + b"[" * 65 + b"]" * 65 + b"}", "structure"),
    ("far too deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "structure"),
    ("huge integer", b'{"Zebedee Canary 1931": ' + b"9" * 10_000 + b"}", "structure"),
    ("half a surrogate", b'{"Zebedee Canary 1931": "\\ud800"}', "structure"),
]


@pytest.mark.requirement("D12", "D29", "RESP-7")
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("body", "code"), [case[1:] for case in BAD_BODIES], ids=[case[0] for case in BAD_BODIES]
)
def test_a_body_that_is_no_strict_json_object_is_refused(
    route: str, body: bytes, code: str, client: FlaskClient
) -> None:
    response = post(client, route, body)
    assert (response.status_code, issue_of(response)["code"]) == (400, code)
    assert "Zebedee" not in response.text


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/xml"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "text/json-zebedee"},
        {"Content_Type": ""},
        {"Content_Encoding": "gzip"},
        {"Content_Encoding": "Zebedee"},
    ],
    ids=str,
)
@pytest.mark.requirement("D11", "D28")
def test_another_type_or_encoding_is_refused(
    route: str, headers: dict[str, str], client: FlaskClient
) -> None:
    response = post(client, route, as_bytes(bundle()), **headers)
    assert (response.status_code, issue_of(response)["code"]) == (415, "not-supported")
    assert "ebedee" not in response.text


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        "application/fhir+json",
        "application/json+fhir",
        "Application/JSON",
    ],
)
def test_every_media_type_of_fhir_json_is_read(content_type: str, client: FlaskClient) -> None:
    assert (
        post(client, "/evaluate", as_bytes(bundle()), Content_Type=content_type).status_code == 200
    )


def test_a_byte_order_mark_is_accepted(client: FlaskClient) -> None:
    assert post(client, "/evaluate", b"\xef\xbb\xbf" + as_bytes(bundle())).status_code == 200


@pytest.fixture(scope="module")
def small_client(knowledge: Knowledge) -> FlaskClient:
    return create_app(Settings(max_body_bytes=1024), knowledge=knowledge).test_client()


@pytest.mark.requirement("D10")
@pytest.mark.parametrize("route", ROUTES)
def test_a_body_over_the_limit_is_refused(route: str, small_client: FlaskClient) -> None:
    response = post(small_client, route, b'{"a": "' + b"x" * 1100 + b'"}')
    assert (response.status_code, issue_of(response)["code"]) == (413, "too-long")


class Endless:
    """A body without a length that says when too much of it was read."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        amount = size if size > 0 else 1 << 16
        self.given += amount
        assert self.given < 1 << 20, "far more than the limit was read"
        return b" " * amount


@pytest.mark.parametrize(("extra", "status"), [(0, 400), (1, 413)])
def test_the_limit_itself_still_fits(extra: int, status: int, small_client: FlaskClient) -> None:
    body = b'{"a": "' + b"x" * (1024 - 9 + extra) + b'"}'
    assert post(small_client, "/evaluate", body).status_code == status


@pytest.mark.requirement("D10")
@pytest.mark.parametrize("route", ROUTES)
def test_a_chunked_body_over_the_limit_is_not_read_to_its_end(
    route: str, small_client: FlaskClient
) -> None:
    response = small_client.post(
        route,
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True},
    )
    assert response.status_code == 413


@pytest.mark.requirement("D28", "D29")
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing-here", 404, "not-found"),
        ("GET", "/cds-services/", 404, "not-found"),
        ("POST", "/cds-services//unknown", 404, "not-found"),
        ("POST", "/cds-services/unknown", 404, "not-found"),
        ("POST", "/cds-services/../evaluate", 404, "not-found"),
        ("POST", "/cds-services/other/feedback", 404, "not-found"),
        ("GET", f"{HOOK}/feedback", 405, "not-supported"),
        ("GET", HOOK, 405, "not-supported"),
        ("POST", "/cds-services", 405, "not-supported"),
        ("PUT", "/evaluate", 405, "not-supported"),
        ("DELETE", "/evidence", 405, "not-supported"),
        ("TRACE", "/evaluate", 405, "not-supported"),
    ],
)
def test_an_unknown_address_or_method_is_an_operation_outcome(
    method: str, path: str, status: int, code: str, client: FlaskClient
) -> None:
    response = client.open(path, method=method, json={})
    assert (response.status_code, issue_of(response)["code"]) == (status, code)
    assert response.mimetype == "application/json"


def test_a_refused_method_says_which_are_allowed(client: FlaskClient) -> None:
    assert "POST" in client.get("/evaluate").headers["Allow"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_refusal_carries_the_id_the_log_knows_it_by(route: str, client: FlaskClient) -> None:
    response = post(client, route, b"")
    identity = response.headers["X-Correlation-Id"]
    assert UUID.fullmatch(identity)
    assert issue_of(response)["diagnostics"] == f"correlation id {identity}"


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.requirement("D29")
def test_a_fault_of_ours_is_a_500_that_reveals_nothing(
    route: str, knowledge: Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise RuntimeError(CANARY)

    client = create_app(Settings(), knowledge=knowledge, new_uuid=broken).test_client()
    with caplog.at_level("INFO", logger="cds.requests"):
        response = post(
            client, route, as_bytes(bundle() if route == "/evaluate" else hook_request())
        )
    assert (response.status_code, issue_of(response)["severity"]) == (500, "fatal")
    assert "Canary" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**20) | st.text(max_size=8)
    | st.sampled_from(["Patient", "Bundle", "Observation", "2026-06-30", "Patient/pat-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["resourceType", "id", "entry", "resource", "code", "coding", "subject",
                         "valueQuantity", "value", "status", "timestamp", "link", "total"]),
        inner, max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip


def mutations(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value where something else can be put."""
    places = value.items() if isinstance(value, dict) else enumerate(value)
    for place, member in places:
        yield value, place
        if isinstance(member, dict | list):
            yield from mutations(member)


@pytest.mark.requirement("D12")
@given(st.data())
def test_no_odd_value_anywhere_in_a_bundle_is_a_fault_of_ours(
    client: FlaskClient, data: st.DataObject
) -> None:
    body = json.loads(json.dumps(bundle()))
    holder, place = data.draw(st.sampled_from(list(mutations(body))))
    holder[place] = data.draw(JSON_VALUES)
    response = post(client, "/evaluate", as_bytes(body))
    assert response.status_code in {200, 400, 422}


@given(st.data())
def test_no_odd_value_anywhere_in_a_hook_call_is_a_fault_of_ours(
    client: FlaskClient, data: st.DataObject
) -> None:
    body = json.loads(json.dumps(hook_request()))
    holder, place = data.draw(st.sampled_from(list(mutations(body))))
    holder[place] = data.draw(JSON_VALUES)
    response = post(client, HOOK, as_bytes(body))
    assert response.status_code in {200, 400, 412, 422}


@pytest.mark.requirement("D13")
def test_a_bundle_with_more_entries_than_are_read_is_too_large(client: FlaskClient) -> None:
    body = as_bytes({"resourceType": "Bundle", "entry": [{}] * 20_001})
    response = post(client, "/evaluate", body)
    assert (response.status_code, issue_of(response)["code"]) == (413, "too-long")


@pytest.mark.requirement("D12", "D28", "D29")
@pytest.mark.parametrize("body", [case[1] for case in BAD_BODIES], ids=[c[0] for c in BAD_BODIES])
def test_what_is_refused_as_a_body_is_refused_as_a_pasted_text(
    body: bytes, client: FlaskClient
) -> None:
    response = client.post("/demo", data={"bundle": body})
    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert "Zebedee" not in response.text
