"""What does Oracle Health send? One issuer for all customers, a tenant, and no prefetch."""

from typing import Any

from tests.cds.charts import PATIENT_ID
from tests.conformance.dialects.exchange import VIEW, Exchange, Json, access, call, token
from tests.conformance.dialects.records import fhir_server

ISSUER = "https://cds-hooks.cerner.com"
JKU = "https://authorization.cerner.example/jwk"
HEADER: Json = {"alg": "ES384", "kid": "cerner-2026", "jku": JKU}
NORTH, SOUTH = "north-tenant", "south-tenant"
CONTEXT = {"userId": "Practitioner/4464007", "patientId": PATIENT_ID, "encounterId": "97953477"}
SCOPE = "patient/Patient.read patient/Condition.read patient/Observation.read"


def base_of(tenant: str) -> str:
    return f"https://fhir.cerner.example/r4/{tenant}"


def opened(name: str, about: str, tenant: str | None = NORTH, **members: Any) -> Exchange:
    """Open a chart for a tenant; what is sent and what its server holds can be changed."""
    server = members.pop("server", NORTH)
    fhir = members.pop("fhir", fhir_server())
    body = call(
        "cerner",
        name,
        "patient-view",
        CONTEXT,
        fhirServer=base_of(server),
        fhirAuthorization=access("cerner-access", SCOPE, 570),
        **members,
    )
    return Exchange(
        client="cerner",
        name=name,
        about=about,
        path=VIEW,
        token=token("cerner", ISSUER, VIEW, HEADER, tenant=tenant),
        body=body,
        fhir=fhir,
    )


REFUSAL: Json = {"status": 403}

CERNER = (
    opened("01-evidence-card", "All data are fetched; nothing comes as prefetch."),
    opened(
        "02-silent-tenant",
        "Another customer with the same issuer, whose cards are not shown yet.",
        tenant=SOUTH,
        server=SOUTH,
    ),
    opened("03-unknown-tenant", "A customer of the same vendor whom nobody trusts here.", "east"),
    opened("04-no-tenant", "The issuer signs for all, so without tenant it says nothing.", None),
    opened("05-server-of-another", "The tenant points to the server of another.", server=SOUTH),
    opened(
        "06-scope-refused",
        "The server refuses the conditions: they were not obtained.",
        fhir=fhir_server() | {"Condition": REFUSAL},
    ),
    opened(
        "07-optional-refused",
        "The server refuses what is optional: a gap on the card.",
        fhir=fhir_server() | {"Procedure": REFUSAL, "MedicationStatement": REFUSAL},
    ),
    opened("08-empty-server", "The server knows nobody of this id.", fhir={}),
)
