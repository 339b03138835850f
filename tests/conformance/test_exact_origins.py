"""Is an origin named to a browser only where it is one of the registry, letter by letter?"""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds.cross_origin import allow_origins
from cds.ehr.trusted_clients import TrustedClient, TrustedClients

KNOWN = ("https://app.example", "http://[::1]:8080", "http://localhost:8080")
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    trusted = TrustedClient(
        name="web", issuer="https://ehr.example", jwks_file=Path("k.json"), cors_origins=KNOWN
    )
    app = Flask("service")
    allow_origins(app, TrustedClients((trusted,)), demo=False)
    app.add_url_rule("/cds-services", view_func=lambda: "services")
    return app.test_client()


@pytest.mark.requirement("CORS-2", "D23")
@pytest.mark.parametrize("origin", KNOWN)
def test_an_origin_of_the_registry_is_named_once(origin: str, client: FlaskClient) -> None:
    headers = client.get("/cds-services", headers={"Origin": origin}).headers
    assert headers.getlist(ALLOWED) == [origin]
    assert headers.getlist("Vary") == ["Origin"]


@pytest.mark.requirement("CORS-2", "D23")
@pytest.mark.parametrize(
    "origin",
    [
        "https://APP.example",
        "https://appXexample",
        "https://app.example.evil.example",
        "https://app.example\n",
        "http://1:8080",
        "http://app.example",
        "null",
        "*",
    ],
)
def test_an_origin_that_differs_by_a_letter_is_not_named(origin: str, client: FlaskClient) -> None:
    environment = {"HTTP_ORIGIN": origin}
    headers = client.get("/cds-services", environ_overrides=environment).headers
    assert ALLOWED not in headers
    assert headers.getlist("Vary") == ["Origin"]


@pytest.mark.requirement("CORS-2")
def test_a_call_from_no_page_is_told_of_no_page(client: FlaskClient) -> None:
    assert ALLOWED not in client.get("/cds-services").headers
