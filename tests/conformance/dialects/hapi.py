"""What does a HAPI server send? Whole Bundles with links, and OperationOutcomes as prefetch."""

from copy import deepcopy
from typing import Any

from tests.cds.charts import MARKERS, PATIENT_ID, condition
from tests.conformance.dialects.exchange import VIEW, Exchange, Json, access, call, token
from tests.conformance.dialects.records import found, prefetch

ISSUER = "https://hapi.example"
BASE = "https://fhir.hapi.example/fhir"
HEADER: Json = {"alg": "RS384", "kid": "hapi-1"}
CONTEXT = {"userId": "Practitioner/example", "patientId": PATIENT_ID}
OUTCOME: Json = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "processing", "diagnostics": "HAPI-0389: failed"}],
}
WARNING: Json = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "warning", "code": "incomplete"}],
}


def opened(name: str, about: str, **members: Any) -> Exchange:
    """Open a chart; None takes a member out."""
    fhir = members.pop("fhir", {})
    stated: Json = {
        "context": CONTEXT,
        "prefetch": stored(prefetch(base=BASE)),
        "extension": {"org.example.trace": {"span": 1}},
    } | members
    body = call("hapi", name, "patient-view", stated.pop("context"), **stated)
    return Exchange(
        client="hapi",
        name=name,
        about=about,
        path=VIEW,
        token=token("hapi", ISSUER, VIEW, HEADER),
        body={key: value for key, value in body.items() if value is not None},
        fhir=fhir,
    )


def stored(values: Json) -> Json:
    """Give every search what this server adds to it."""
    for key, value in values.items():
        if value["resourceType"] == "Bundle":
            value["id"] = f"bundle-{key}"
            value["meta"] = {"lastUpdated": "2026-06-30T09:00:00.000+00:00"}
            value["link"] = [{"relation": "self", "url": f"{BASE}?key={key}"}]
    return values


def with_key(**values: Json) -> Json:
    return stored(prefetch(base=BASE)) | values


def with_outcome_entry(values: Json, key: str) -> Json:
    changed = deepcopy(values)
    changed[key]["entry"].append({"resource": WARNING, "search": {"mode": "outcome"}})
    return changed


FIRST_PAGE = found(
    MARKERS[1], base=BASE, link=[{"relation": "next", "url": f"{BASE}/Observation?_page=2"}]
)
FOREIGN = found(condition(patient="someone-else"), base=BASE)

HAPI = (
    opened("01-evidence-card", "A chart as this server writes it."),
    opened(
        "02-outcome-as-required",
        "The fetch of a required key failed: an OperationOutcome is its value.",
        prefetch=with_key(conditions=OUTCOME),
    ),
    opened(
        "03-outcome-as-optional",
        "The fetch of an optional key failed: a gap on the card.",
        prefetch=with_key(statements=OUTCOME),
    ),
    opened(
        "04-outcome-as-entry",
        "A warning stands among the matches of a required key.",
        prefetch=with_outcome_entry(with_key(), "markers"),
    ),
    opened(
        "05-next-page-followed",
        "One page is sent; the next is on the server.",
        prefetch=with_key(markers=FIRST_PAGE),
        fhirServer=BASE,
        fhirAuthorization=access("hapi-access", "patient/*.read"),
        fhir={"Observation": found(MARKERS[0])},
    ),
    opened(
        "06-next-page-out-of-reach",
        "One page is sent and no token: the card says that more was not read.",
        prefetch=with_key(markers=FIRST_PAGE),
    ),
    opened("07-no-context", "The context is missing.", context=None),
    opened(
        "08-another-patient", "Somebody else's diagnosis.", prefetch=with_key(conditions=FOREIGN)
    ),
    opened(
        "09-no-entry",
        "Bundles without entry and without total.",
        prefetch=with_key(markers={"resourceType": "Bundle", "type": "searchset"}),
    ),
    opened("10-wrong-type", "A list where a prefetch should be.", prefetch=[]),
)
