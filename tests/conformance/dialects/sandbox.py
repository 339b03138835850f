"""What does the public CDS Hooks Sandbox send from the browser? Charts, orders and feedback."""

from typing import Any

from tests.cds.charts import PATIENT_ID
from tests.conformance.dialects.exchange import (
    FEEDBACK,
    PUBLIC,
    SELECT,
    SIGN,
    VIEW,
    Exchange,
    Json,
    call,
    entry,
    token,
)
from tests.conformance.dialects.records import draft, drafts, found, prefetch

PAGE = ISSUER = "https://sandbox.cds-hooks.org"
BASE = "https://fhir.sandbox.example/r4"
HEADER: Json = {
    "alg": "ES384",
    "kid": "44823f3d-0b01-4a6c-a80e-b9d3e8a7226f",
    "jku": f"{ISSUER}/.well-known/jwks.json",
}
CONTEXT = {"patientId": PATIENT_ID, "userId": "Practitioner/COREPRACTITIONER1"}
CARD = "2d1c2a47-7a5b-4d0c-9a43-8b8f4f3f5d1e"


def sandbox_token(path: str, **claims: object) -> Json:
    return token("sandbox", ISSUER, path, HEADER, **claims)


def posted(name: str, about: str, path: str, body: Any, **members: Any) -> Exchange:
    """Post as a page of the Sandbox does."""
    origin = members.pop("origin", PAGE)
    return Exchange(
        client="sandbox",
        name=name,
        about=about,
        path=path,
        headers={"Origin": origin},
        token=members.pop("token", sandbox_token(path)),
        body=body,
    )


def opened(name: str, about: str, values: Json, **members: Any) -> Exchange:
    """Open a chart. The FHIR server is named without a token for it."""
    body = call("sandbox", name, "patient-view", CONTEXT, fhirServer=BASE, prefetch=values)
    return posted(name, about, VIEW, body, **members)


def ordered(name: str, about: str, path: str, hook: str, **context: Any) -> Exchange:
    stated = CONTEXT | {"draftOrders": drafts(draft())} | context
    values = prefetch("patient", "conditions", "scores")
    body = call("sandbox", name, hook, stated, fhirServer=BASE, prefetch=values)
    return posted(name, about, path, body)


def feedback(name: str, about: str, *entries: Json, **token: Any) -> Exchange:
    body = {"feedback": list(entries)}
    return posted(name, about, FEEDBACK, body, token=sandbox_token(FEEDBACK, **token))


REASON = {
    "code": "cds-not-applicable",
    "system": "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes",
}
NO_MARKERS = prefetch("patient", "conditions", "medications", "scores", "dispenses")

SANDBOX = (
    opened("01-evidence-card", "The page is loaded.", prefetch(base=BASE)),
    opened("02-same-page-again", "The page calls twice, with another instance.", prefetch()),
    opened("03-failed-read", "A read failed, so its key is left out.", NO_MARKERS),
    opened(
        "04-empty-searches",
        "Every search found nothing, which is an answer.",
        prefetch("patient")
        | {key: found() for key in ("conditions", "medications", "markers", "scores")},
    ),
    opened("05-foreign-page", "Another page calls.", prefetch(), origin="https://evil.example"),
    opened(
        "06-other-host-name",
        "The address was typed with another name of the same machine.",
        prefetch(),
        token=sandbox_token(VIEW, aud=f"http://localhost:8000{VIEW}"),
    ),
    ordered(
        "07-order-select",
        "Rx View: a drug was picked.",
        SELECT,
        "order-select",
        selections=["MedicationRequest/draft-1"],
    ),
    ordered("08-order-sign", "The Sign button.", SIGN, "order-sign"),
    feedback(
        "09-feedback-with-reason",
        "A reason of code and system, without display.",
        entry(CARD, overrideReason={"reason": REASON}),
    ),
    feedback("10-feedback-without-reason", "Dismissed without a reason.", entry(CARD)),
    feedback(
        "11-feedback-audience-of-service",
        "The token names the service; that was not agreed with this client.",
        entry(CARD),
        aud=PUBLIC + VIEW,
    ),
)
