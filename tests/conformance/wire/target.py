"""Which running service is asked, and in whose name?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests
from jwt import PyJWK

from cds import clock
from tests.support.signing import Signer

TIMEOUT_S = 20
UNAUTHENTICATED = 401
_ALGORITHMS = {"EC": "ES384", "RSA": "RS384"}


@dataclass(frozen=True, slots=True)
class Target:
    """A service under its public address, without a slash at the end.

    signer: None where calls are not signed, as in profile demo. origin: a web page that may call,
    None where none is known. is_own: started by the tests, so that all of it is known.
    """

    base: str
    signer: Signer | None = None
    origin: str | None = None
    is_own: bool = False

    def ask(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        authorization: str | None = None,
        **headers: str,
    ) -> requests.Response:
        """Send a request as it is; no redirect is followed. Underscores in names are hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if authorization is not None:
            sent["Authorization"] = authorization
        return requests.request(
            method,
            self.base + path,
            data=data,
            headers=sent,
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )

    def post(self, path: str, body: object, **headers: str) -> requests.Response:
        """Post JSON, signed where calls are."""
        written = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"Content_Type": "application/json"} | headers
        return self.ask("POST", path, written, self.sign(path), **kind)

    def sign(self, path: str, **claims: object) -> str | None:
        """Give the header Authorization for an address; claims: what is changed in the token."""
        if self.signer is None:
            return None
        return self.signer_now().header(self.base + path, **claims)

    def signer_now(self) -> Signer:
        if self.signer is None:
            raise ValueError("calls are not signed")
        return replace(self.signer, now=clock.now())


def let_in(target: Target, response: requests.Response) -> requests.Response:
    """Give an answer to a call that was let in; a test for which nobody could sign is skipped."""
    if response.status_code == UNAUTHENTICATED and target.signer is None:
        pytest.skip("this service wants signed calls: give CLIENT_KEY and ISSUER")
    return response


def read_target(environment: Mapping[str, str]) -> Target:
    """Read which service to ask: URL, CLIENT_KEY, ISSUER and ORIGIN, each with CONFORMANCE_.

    CLIENT_KEY: a file with a private JSON Web Key, with its kid.
    """
    base = environment["CONFORMANCE_URL"].rstrip("/")
    origin = environment.get("CONFORMANCE_ORIGIN") or None
    key_file = environment.get("CONFORMANCE_CLIENT_KEY")
    if not key_file:
        return Target(base, origin=origin)
    issuer = environment["CONFORMANCE_ISSUER"]
    return Target(base, read_signer(Path(key_file), issuer), origin)


def read_signer(key_file: Path, issuer: str) -> Signer:
    content: dict[str, Any] = json.loads(key_file.read_text(encoding="utf-8"))
    algorithm = content.get("alg") or _ALGORITHMS[content["kty"]]
    key = PyJWK.from_dict(content, algorithm).key
    return Signer(issuer, clock.now(), key, content["kid"], algorithm)
