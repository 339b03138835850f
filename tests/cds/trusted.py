"""A service with trusted clients, a FHIR server of one of them, and calls signed by both."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.app import create_app
from cds.hooks.catalogue import PATIENT_VIEW
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.support.fhir_stand_in import StandIn
from tests.support.signing import Signer, ec_key, key_set, public_jwk, rsa_key

BASE = "https://cds.example"
ENDPOINT = f"/cds-services/{PATIENT_VIEW}"
FEEDBACK = f"{ENDPOINT}/feedback"
PAGE = "http://localhost:8080"

# The same patient is sent again and again.
NEVER = "snooze_days = 0\noverride_snooze_days = 0"

REGISTRY = """
[client.live]
issuer = "https://live.example"
jwks_file = "live.json"
fhir_bases = ["{base}"]
cors_origins = ["{page}"]
mode = "live"
{rests}

[client.quiet]
issuer = "https://quiet.example"
jwks_file = "quiet.json"
mode = "{mode}"
{more}
"""

LIVE = Signer("https://live.example", NOW, ec_key("live"))
QUIET = Signer("https://quiet.example", NOW, rsa_key("quiet"), "rsa-1", "RS384")


@dataclass
class Trusting:
    """The service, and how to call it as a client it trusts."""

    app: Flask
    server: StandIn
    web: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.web = self.app.test_client()

    def post(
        self, path: str, body: Any, signer: Signer | None = LIVE, **headers: str
    ) -> TestResponse:
        if signer is not None:
            headers["Authorization"] = signer.header(BASE + path)
        return self.web.post(path, json=body, headers=headers)

    def cards(self, body: Any, signer: Signer = LIVE) -> list[dict[str, Any]]:
        response = self.post(ENDPOINT, body, signer)
        assert response.status_code == 200, response.text
        return list(response.get_json()["cards"])


@contextmanager
def trusting(  # noqa: PLR0913 - one for each that a test may want otherwise
    knowledge: Knowledge,
    folder: Path,
    server: StandIn,
    *,
    mode: str = "silent",
    more: str = "",
    rests: str = NEVER,
) -> Iterator[Trusting]:
    """Build the service in a folder of its own. more: of the quiet client; rests: of the live."""
    (folder / "live.json").write_bytes(key_set(public_jwk(LIVE.key, LIVE.kid)))
    (folder / "quiet.json").write_bytes(key_set(public_jwk(QUIET.key, QUIET.kid)))
    registry = folder / "clients.toml"
    registry.write_text(
        REGISTRY.format(base=server.base, page=PAGE, mode=mode, more=more, rests=rests)
    )
    settings = Settings(
        public_url=BASE,
        trusted_clients=registry,
        store_url=f"sqlite:///{folder / 'store.sqlite3'}",
    )
    yield Trusting(
        create_app(settings, knowledge=knowledge, today=lambda: AS_OF, now=lambda: NOW), server
    )


def again(body: dict[str, Any]) -> dict[str, Any]:
    """Give the same call as a new one."""
    return {**body, "hookInstance": str(uuid4())}


def stranger(signer: Signer) -> Signer:
    """Give a signer with the same claims and a key nobody knows."""
    return replace(signer, key=ec_key("stranger"))


def with_access(body: dict[str, Any], server: StandIn, token: str = "fhir-token") -> dict[str, Any]:  # noqa: S107 - of nobody
    """Let the service ask the client's FHIR server."""
    authorization = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/*.read",
        "subject": "cds-service",
    }
    return {**body, "fhirServer": server.base, "fhirAuthorization": authorization}


def without(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Give the call with these prefetch keys left out."""
    kept = {key: value for key, value in body["prefetch"].items() if key not in keys}
    return {**body, "prefetch": kept}


def copy_of(value: Any) -> Any:
    return json.loads(json.dumps(value))
