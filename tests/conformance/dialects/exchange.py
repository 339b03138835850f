"""What is one call of a client? What it sends, who signs it, and what its FHIR server holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from tests.cds.assessments import NOW

Json = dict[str, Any]

PUBLIC = "https://cds.example"
VIEW = f"/cds-services/{PATIENT_VIEW}"
SELECT = f"/cds-services/{ORDER_SELECT}"
SIGN = f"/cds-services/{ORDER_SIGN}"
FEEDBACK = f"{VIEW}/feedback"
NEW = "<new>"
ISSUED = int(NOW.timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call as a client makes it.

    client, name: where its golden files stand. token: None for a call that nobody signs. fhir: what
    the client's FHIR server answers, by path; what is not there is not found.
    """

    client: str
    name: str
    about: str
    path: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    token: Json | None = None
    body: Any = None
    fhir: Mapping[str, Json] = field(default_factory=dict)

    def tell(self) -> Json:
        """Write the call as it stands in its file."""
        told: Json = {
            "about": self.about,
            "method": self.method,
            "path": self.path,
            "headers": dict(self.headers),
            "token": self.token,
            "fhirServer": dict(self.fhir),
            "body": self.body,
        }
        return {name: value for name, value in told.items() if value not in (None, {})}


def token(key: str, issuer: str, path: str, header: Json, **claims: object) -> Json:
    """Describe a token. key: who signs. The claims are those of every client, with changes.

    None takes a claim out.
    """
    standard: Json = {
        "iss": issuer,
        "aud": PUBLIC + path,
        "iat": ISSUED,
        "exp": ISSUED + 300,
        "jti": NEW,
    }
    wanted = {name: value for name, value in (standard | claims).items() if value is not None}
    return {"signedBy": key, "header": {"typ": "JWT"} | header, "claims": wanted}


def instance_of(client: str, name: str) -> str:
    """Give the hookInstance of a call: another for each, the same at each writing."""
    return str(uuid5(NAMESPACE_URL, f"{PUBLIC}/goldens/{client}/{name}"))


def call(client: str, name: str, hook: str, context: Json, **members: Any) -> Json:
    """Write the body of a hook call; None takes a member out."""
    body = {
        "hookInstance": instance_of(client, name),
        "hook": hook,
        "context": context,
    } | members
    return {key: value for key, value in body.items() if value is not None}


def access(token_text: str, scope: str, expires_in: int = 300) -> Json:
    """Write what a client lets the service fetch with."""
    return {
        "access_token": token_text,
        "token_type": "Bearer",
        "expires_in": expires_in,
        "scope": scope,
        "subject": "cds-service",
    }


def entry(card: str, outcome: str = "overridden", **members: Any) -> Json:
    """Write feedback on one card."""
    stated = {"card": card, "outcome": outcome, "outcomeTimestamp": "2026-06-30T09:20:11.123Z"}
    return stated | members
