"""What does Epic send? Keys an analyst chose, extensions, medications inside or beside, OIDs."""

from typing import Any

from tests.cds.charts import DISPENSES, PATIENT_ID
from tests.conformance.dialects.exchange import (
    ISSUED,
    SIGN,
    VIEW,
    Exchange,
    Json,
    access,
    call,
    token,
)
from tests.conformance.dialects.records import (
    contained,
    draft,
    drafts,
    fhir_server,
    found,
    included,
    prefetch,
    with_oids,
)

ISSUER = BASE = "https://fhir.epic.example/api/FHIR/R4"
# An opaque text, with the signs of base64.
KID = "k/9Gz+3dJ0y4yYIlFfQ4Jw=="
JKU = "https://fhir.epic.example/api/epic/2019/Security/Open/PublicKeys/530005/OIDC"
HEADER: Json = {"alg": "RS384", "kid": KID, "jku": JKU}
EXTENSION = "com.epic.cdshooks.request."
CONTEXT = {"userId": "PractitionerRole/er-77", "patientId": PATIENT_ID, "encounterId": "e-31"}
SCOPE = "epic.cds.patient.read epic.cds.observation.read patient/Condition.read"


def epic_token(path: str, key: str = "epic", header: Json = HEADER, **claims: object) -> Json:
    """Sign as Epic does: valid from five minutes before to fifteen after."""
    times = {"nbf": ISSUED - 300, "exp": ISSUED + 900, "sub": "cds-service"}
    return token(key, ISSUER, path, header, **(times | claims))


def extension(version: object = "1.1", trigger: int = 60) -> Json:
    return {
        f"{EXTENSION}bpa-trigger-action": trigger,
        f"{EXTENSION}cds-hooks-specification-version": version,
        f"{EXTENSION}cds-hooks-su-version": "May 2026",
        "internal.epic.cdshooks.request.epic-emp-id": "EMP-1",
    }


def patient_view(name: str, **members: Any) -> Json:
    stated: Json = {
        "fhirServer": BASE,
        "fhirAuthorization": access("epic-access", SCOPE),
        "prefetch": prefetch(base=BASE),
        "extension": extension(),
    }
    return call("epic", name, "patient-view", CONTEXT, **(stated | members))


def opened(name: str, about: str, **members: Any) -> Exchange:
    """Open a chart, signed and with changes to what is sent."""
    token_of_call = members.pop("token", epic_token(VIEW))
    fhir = members.pop("fhir", {})
    body = patient_view(name, **members)
    return Exchange(
        client="epic", name=name, about=about, path=VIEW, token=token_of_call, body=body, fhir=fhir
    )


def renamed(values: Json) -> Json:
    """Use the keys a site's analyst gave."""
    return {f"item{number}": values[key] for number, key in enumerate(values, start=1)}


def order_sign(name: str) -> Json:
    inside = {"resourceType": "Medication", "id": "m", "code": None}
    order = draft()
    inside["code"] = with_oids(order.pop("medicationCodeableConcept"))
    order |= {"contained": [inside], "medicationReference": {"reference": "#m"}}
    return call(
        "epic",
        name,
        "order-sign",
        CONTEXT | {"draftOrders": drafts(order)},
        extension=extension(trigger=23),
        prefetch=prefetch("patient", "conditions", "scores"),
    )


MEDICATIONS_INSIDE = prefetch() | {"dispenses": found(*contained(DISPENSES))}
MEDICATIONS_BESIDE = prefetch() | {"dispenses": included(DISPENSES, BASE)}

EPIC = (
    opened("01-evidence-card", "The chart is opened; version as a string."),
    opened(
        "02-version-as-number",
        "The version in the extension is a number.",
        extension=extension(version=1.0),
    ),
    opened(
        "03-analyst-keys",
        "The analyst of the site named the keys item1, item2 and so on.",
        prefetch=renamed(prefetch()) | {"medications": found()},
    ),
    opened(
        "04-contained-medications",
        "Medications stand inside the dispenses.",
        prefetch=MEDICATIONS_INSIDE,
    ),
    opened(
        "05-bundled-medications",
        "Medications stand beside the dispenses.",
        prefetch=MEDICATIONS_BESIDE,
    ),
    opened("06-oid-code-systems", "Code systems are OIDs.", prefetch=with_oids(prefetch())),
    opened(
        "07-stripped-request",
        "The address is not the registered one, so all data were taken out: this is no all clear.",
        fhirServer=None,
        fhirAuthorization=None,
        prefetch=None,
        extension=None,
    ),
    opened(
        "08-fetched",
        "Only the patient is sent; the rest is on the FHIR server.",
        prefetch=prefetch("patient"),
        fhir=fhir_server(),
    ),
    opened("09-other-server", "The FHIR server is not the agreed one.", fhirServer=f"{BASE}/x"),
    opened(
        "10-another-organisation",
        "Epic signs for each organisation by itself; this one is not known here.",
        token=epic_token(VIEW, iss="https://fhir.other.example/api/FHIR/R4"),
    ),
    opened(
        "11-expired-token",
        "The token is of half an hour ago.",
        token=epic_token(VIEW, iat=ISSUED - 1800, nbf=ISSUED - 2100, exp=ISSUED - 900),
    ),
    opened("12-forged", "Somebody else signed.", token=epic_token(VIEW, key="stranger")),
    opened(
        "13-other-key-address",
        "The token brings the address of another key set, which nobody looks at.",
        token=epic_token(VIEW, header=HEADER | {"jku": "https://evil.example/keys"}),
    ),
    Exchange(
        client="epic",
        name="14-order-sign",
        about="An order with its medication inside is about to be signed.",
        path=SIGN,
        token=epic_token(SIGN),
        body=order_sign("14-order-sign"),
    ),
)
