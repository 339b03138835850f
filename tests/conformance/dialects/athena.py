"""What may athenahealth send? Orders that are added to a group; how it signs is not published."""

from typing import Any

from tests.cds.charts import PATIENT_ID
from tests.conformance.dialects.exchange import FEEDBACK, SELECT, Exchange, Json, call, entry, token
from tests.conformance.dialects.records import RHEUMATOID_ARTHRITIS, draft, drafts, prefetch

ISSUER = "https://api.platform.athena.example"
HEADER: Json = {"alg": "RS384", "kid": "athena-1"}
CONTEXT: Json = {"userId": "Practitioner/a-195900.Provider-1", "patientId": PATIENT_ID}


def posted(name: str, about: str, path: str, body: Any, client: str = "athena") -> Exchange:
    return Exchange(
        client="athena",
        name=name,
        about=about,
        path=path,
        token=token(client, ISSUER, path, HEADER),
        body=body,
    )


def selected(name: str, about: str, *orders: Json, **context: Any) -> Exchange:
    """Add orders to an order group; None takes a member of the context out."""
    stated: Json = {
        "draftOrders": drafts(*orders),
        "selections": [f"MedicationRequest/{each['id']}" for each in orders],
    }
    members = (CONTEXT | stated | context).items()
    kept = {key: value for key, value in members if value is not None}
    values = prefetch("patient", "conditions", "scores")
    return posted(name, about, SELECT, call("athena", name, "order-select", kept, prefetch=values))


ATHENA = (
    selected("01-order-select", "An order is added to the group.", draft()),
    selected(
        "02-labelled-indication",
        "An order for a labelled indication: nothing to say.",
        draft(reason=RHEUMATOID_ARTHRITIS),
    ),
    selected("03-two-orders", "Two orders at once.", draft(), draft("draft-2")),
    selected("04-no-drafts", "The drafts are missing.", draft(), draftOrders=None),
    posted(
        "05-feedback",
        "Feedback in the shape of the standard.",
        FEEDBACK,
        {
            "feedback": [
                entry(
                    "0f6e5f9c-37d5-4c0e-a8a2-2b7c9a1f3f60",
                    overrideReason={
                        "reason": {
                            "code": "patient-refuses",
                            "system": "http://terminology.hl7.org/CodeSystem/"
                            "non-adherence-reason-codes",
                            "display": "The patient declines",
                        },
                        "userComment": "Spoke with the patient",
                    },
                )
            ]
        },
    ),
)
