"""What does a Da Vinci CRD client send? Orders, prefetch of payers, and sometimes no server."""

from typing import Any

from tests.cds.charts import PATIENT_ID
from tests.conformance.dialects.exchange import (
    SELECT,
    SIGN,
    VIEW,
    Exchange,
    Json,
    access,
    call,
    token,
)
from tests.conformance.dialects.records import draft, drafts, found, prefetch

ISSUER = "https://crd-client.example/fhir"
BASE = "https://fhir.crd.example/r4"
HEADER: Json = {"alg": "RS384", "kid": "crd-1"}
CONTEXT: Json = {"userId": "Practitioner/full", "patientId": PATIENT_ID, "encounterId": "enc-1"}
COVERAGE: Json = {
    "resourceType": "Coverage",
    "id": "cov-1",
    "status": "active",
    "beneficiary": {"reference": f"Patient/{PATIENT_ID}"},
}
DEVICE: Json = {
    "resourceType": "DeviceRequest",
    "id": "dev-1",
    "status": "draft",
    "intent": "original-order",
    "subject": {"reference": f"Patient/{PATIENT_ID}"},
    "codeCodeableConcept": {"text": "Oxygen concentrator"},
}


def posted(name: str, about: str, path: str, hook: str, context: Json, **rest: Any) -> Exchange:
    return Exchange(
        client="crd",
        name=name,
        about=about,
        path=path,
        token=token("crd", ISSUER, path, HEADER),
        body=call("crd", name, hook, context, **rest),
    )


def ordering(*orders: Json, **context: Any) -> Json:
    return CONTEXT | {"draftOrders": drafts(*orders)} | context


RECORD = prefetch("patient", "conditions", "scores")

CRD = (
    posted(
        "01-order-sign",
        "A full call with keys of payers beside ours.",
        SIGN,
        "order-sign",
        ordering(draft()),
        prefetch=RECORD | {"coverageBundle": found(COVERAGE)},
        fhirServer=BASE,
        fhirAuthorization=access("crd-access", "patient/Patient.rs user/*.rs"),
    ),
    posted(
        "02-no-server",
        "Neither server nor token, and a full prefetch: nothing else is needed.",
        SIGN,
        "order-sign",
        ordering(draft()),
        prefetch=RECORD,
    ),
    posted(
        "03-keys-of-payers-only",
        "Nothing of what was asked for: not obtained, and no all clear.",
        SIGN,
        "order-sign",
        ordering(draft()),
        prefetch={"coverageBundle": found(COVERAGE)},
    ),
    posted(
        "04-device",
        "A device is ordered: nothing to say.",
        SIGN,
        "order-sign",
        ordering(DEVICE),
        prefetch=RECORD,
    ),
    posted(
        "05-token-without-server",
        "A token for a server that is not named.",
        VIEW,
        "patient-view",
        CONTEXT,
        prefetch=prefetch(),
        fhirAuthorization=access("crd-access", "patient/*.read"),
    ),
    posted(
        "06-other-hook",
        "The hook of another service.",
        VIEW,
        "order-dispatch",
        CONTEXT,
        prefetch=prefetch(),
    ),
    posted(
        "07-selection-not-drafted",
        "An order is selected that is not among the drafts.",
        SELECT,
        "order-select",
        ordering(draft(), selections=["MedicationRequest/elsewhere"]),
        prefetch=RECORD,
    ),
    posted(
        "08-unknown-service",
        "A service this deployment does not have.",
        "/cds-services/appointment-book-crd",
        "appointment-book",
        CONTEXT,
    ),
)
