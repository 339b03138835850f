"""What does Medplum send? Templates it fills itself, from a server that names projects."""

from typing import Any

from tests.cds.charts import PATIENT_ID
from tests.conformance.dialects.exchange import (
    FEEDBACK,
    SIGN,
    VIEW,
    Exchange,
    Json,
    access,
    call,
    entry,
    token,
)
from tests.conformance.dialects.records import (
    RHEUMATOID_ARTHRITIS,
    draft,
    drafts,
    found,
    prefetch,
)

ISSUER = "https://api.medplum.example/"
BASE = "https://api.medplum.example/fhir/R4"
HEADER: Json = {"alg": "ES384", "kid": "medplum-1"}
CONTEXT = {
    "userId": "Practitioner/0192e6f1-4b5a-7c1e-9d50-0d3b7a8f1c2e",
    "patientId": PATIENT_ID,
}
ACCESS = access("medplum-access", "patient/*.rs", 3600)


def posted(name: str, about: str, path: str, body: Any) -> Exchange:
    return Exchange(
        client="medplum",
        name=name,
        about=about,
        path=path,
        token=token("medplum", ISSUER, path, HEADER),
        body=body,
    )


def opened(name: str, about: str, values: Json) -> Exchange:
    body = call(
        "medplum",
        name,
        "patient-view",
        CONTEXT,
        fhirServer=BASE,
        fhirAuthorization=ACCESS,
        prefetch=values,
    )
    return posted(name, about, VIEW, body)


def stored(values: Json) -> Json:
    """Give every resource what this server adds to it, and every search its links."""
    for value in values.values():
        for each in value.get("entry", ()):
            each["resource"]["meta"] = {
                "versionId": "0192e6f1-0000-7000-8000-000000000001",
                "lastUpdated": "2026-06-29T08:00:00.000Z",
                "author": {"reference": "system"},
                "project": "0192e6f1-0000-7000-8000-000000000002",
            }
        if value["resourceType"] == "Bundle":
            del value["total"]
            value["link"] = [
                {"relation": "self", "url": f"{BASE}/Condition?patient={PATIENT_ID}&_count=200"},
                {"relation": "first", "url": f"{BASE}/Condition?_count=200&_offset=0"},
            ]
    return values


def signing(name: str, about: str, reason: str | None) -> Exchange:
    context = CONTEXT | {"draftOrders": drafts(draft(reason=reason))}
    values = prefetch("patient", "conditions", "scores")
    return posted(name, about, SIGN, call("medplum", name, "order-sign", context, prefetch=values))


NOTHING_RAISED = stored(prefetch() | {"markers": found()})

MEDPLUM = (
    opened("01-evidence-card", "A chart, with what the server adds.", stored(prefetch(base=BASE))),
    opened("02-nothing-to-say", "No marker was measured.", NOTHING_RAISED),
    opened(
        "03-null-for-empty",
        "null for searches that found nothing.",
        prefetch() | {"medications": None, "statements": None, "procedures": None},
    ),
    signing("04-order-sign", "An order without a reason.", None),
    signing("05-labelled-order", "An order for a labelled indication.", RHEUMATOID_ARTHRITIS),
    posted(
        "06-feedback-batch",
        "Several entries, and the same card twice.",
        FEEDBACK,
        {
            "feedback": [
                entry("card-1"),
                entry("card-2", overrideReason={"userComment": "Seen last week"}),
                entry("card-1", "accepted", acceptedSuggestions=[{"id": "s-1"}]),
            ]
        },
    ),
)
