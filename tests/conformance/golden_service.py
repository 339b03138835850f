"""What does the service answer to the call in a golden file? It is asked, and told in one form.

What differs from one run to the next is written as a placeholder: ids of cards, decisions and
calls, and the version of the knowledge. The clock stands still.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.app import create_app
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.conformance.dialects import cerner, crd, epic, hapi, medplum, sandbox
from tests.conformance.dialects.exchange import NEW, PUBLIC, Json
from tests.support.fhir_stand_in import StandIn, fhir_stand_in, resource
from tests.support.signing import PrivateKey, ec_key, key_set, public_jwk, rsa_key

GOLDENS = Path(__file__).parent / "goldens"
REGISTRY = GOLDENS / "clients.toml"
KIDS = {
    "epic": epic.KID,
    "cerner": "cerner-2026",
    "sandbox": sandbox.HEADER["kid"],
    "medplum": "medplum-1",
    "crd": "crd-1",
    "hapi": "hapi-1",
    "athena": "athena-1",
}
RSA = frozenset({"epic", "crd", "hapi", "athena", "stranger"})
# The addresses in the files, and where the stand-in of a test has them.
SERVERS = {
    epic.BASE: "epic",
    cerner.base_of(cerner.NORTH): "north",
    cerner.base_of(cerner.SOUTH): "south",
    crd.BASE: "crd",
    hapi.BASE: "hapi",
    medplum.BASE: "medplum",
}
TOLD_HEADERS = (
    "Content-Type",
    "Cache-Control",
    "WWW-Authenticate",
    "Retry-After",
    "Vary",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Credentials",
    "Access-Control-Max-Age",
)
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PLACEHOLDERS = (
    (re.compile(rf'"uuid": "{_UUID}"'), '"uuid": "<card>"'),
    (re.compile(rf'"decision": "{_UUID}"'), '"decision": "<decision>"'),
    (re.compile(r'"knowledge": "[0-9a-f]{12}"'), '"knowledge": "<knowledge>"'),
    (re.compile(rf"correlation id {_UUID}"), "correlation id <call>"),
)


@dataclass(frozen=True, slots=True)
class GoldenService:
    """The service with every client of the goldens, and a stand-in for all their servers."""

    client: FlaskClient
    server: StandIn

    def answer(self, request: Mapping[str, Any]) -> Json:
        """Make the call of a request file, and tell the answer as a response file does."""
        self._fill_server(request.get("fhirServer", {}))
        headers = dict(request.get("headers", {}))
        if "token" in request:
            headers["Authorization"] = f"Bearer {signed(request['token'])}"
        data = None
        if "body" in request:
            headers["Content-Type"] = "application/json"
            data = self._here(json.dumps(request["body"]))
        return tell(
            self.client.open(request["path"], method=request["method"], headers=headers, data=data)
        )

    def _fill_server(self, answers: Mapping[str, Json]) -> None:
        self.server.answers.clear()
        for path, content in answers.items():
            refused = "resourceType" not in content
            status = content["status"] if refused else 200
            written = json.loads(self._here(json.dumps({} if refused else content)))
            for folder in SERVERS.values():
                self.server.answer(f"{folder}/{path}", resource(written, status))

    def _here(self, text: str) -> str:
        for address, folder in SERVERS.items():
            text = text.replace(f'"{address}', f'"{self.server.base}/{folder}')
        return text


@contextmanager
def golden_service(knowledge: Knowledge, folder: Path) -> Iterator[GoldenService]:
    """Run the service for the length of the block. folder: for its store and the clients' keys."""
    with fhir_stand_in() as server:
        for name, kid in KIDS.items():
            keys = key_set(public_jwk(private_key(name), kid))
            (folder / f"{name}.json").write_bytes(keys)
        registry = folder / "clients.toml"
        text = REGISTRY.read_text(encoding="utf-8")
        for address, path in SERVERS.items():
            text = text.replace(f'["{address}"]', f'["{server.base}/{path}"]')
        registry.write_text(text, encoding="utf-8")
        settings = Settings(
            public_url=PUBLIC,
            trusted_clients=registry,
            store_url=f"sqlite:///{folder / 'store.sqlite3'}",
        )
        app = create_app(settings, knowledge=knowledge, today=lambda: AS_OF, now=lambda: NOW)
        yield GoldenService(app.test_client(), server)


def private_key(name: str) -> PrivateKey:
    return rsa_key(name) if name in RSA else ec_key(name)


def signed(token: Mapping[str, Any]) -> str:
    """Sign the token of a request file with the key of whom it names."""
    header = dict(token["header"])
    claims = token["claims"] | ({"jti": str(uuid4())} if token["claims"]["jti"] == NEW else {})
    written = json.dumps(claims).encode()
    return jwt.PyJWS().encode(
        written, private_key(token["signedBy"]), str(header.pop("alg")), header
    )


def tell(response: TestResponse) -> Json:
    """Write an answer in the one form of the response files."""
    headers = {name: ", ".join(response.headers.getlist(name)) for name in TOLD_HEADERS}
    told: Json = {
        "status": response.status_code,
        "headers": {name: value for name, value in headers.items() if value},
    }
    if response.mimetype == "application/json":
        text = json.dumps(response.get_json(), ensure_ascii=False)
        for pattern, placeholder in _PLACEHOLDERS:
            text = pattern.sub(placeholder, text)
        told["body"] = json.loads(text)
    return told
