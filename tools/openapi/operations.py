"""What does each route take and answer? One entry for each method of each path."""

from collections.abc import Mapping
from datetime import date

from cds.bundles import READABLE_TYPES
from cds.hooks.catalogue import HookService
from tools.openapi.examples import (
    answer_example,
    bundle_example,
    day_of,
    request_example,
    told_example,
)
from tools.openapi.parts import (
    JSON,
    SIGNED,
    Operation,
    Paths,
    in_query,
    json_content,
    json_told,
    named,
    takes,
)
from tools.openapi.responses import answer, refusals
from tools.openapi.schemas import REQUEST_OF

# The hook calls of the fixtures that stand in the document, by hook: with a card first.
_CALLS = {
    "patient-view": ("evidence-card", "nothing-to-say"),
    "order-select": ("order-select-experimental-drug",),
    "order-sign": ("order-sign-experimental-drug", "order-sign-labelled-indication"),
}
_NOT_OBTAINED = "required-key-missing"
_BUNDLE = "C01"
_SIGNED_REFUSALS = (400, 401, 403, 413, 415, 429, 500, 503)
_EXAMPLE_FEEDBACK = {
    "feedback": [
        {
            "card": "a6e55bcb-18f4-5b7b-9d0a-0ea6a1f0bd3c",
            "outcome": "overridden",
            "overrideReason": {
                "reason": {
                    "code": "cds-not-applicable",
                    "system": "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes",
                    "display": "Does not apply to this patient",
                }
            },
            "outcomeTimestamp": "2026-06-30T12:00:00Z",
        }
    ]
}


def hook_paths(catalogue: Mapping[str, HookService]) -> Paths:
    """Describe discovery, and the two addresses of each service."""
    any_call = request_example(_CALLS["patient-view"][0])
    discovery = told_example("/cds-services", day_of(any_call))
    paths: Paths = {
        "/cds-services": {
            "get": json_told(
                "discover", "hooks", "Which services there are", "Discovery", discovery
            )
        }
    }
    for service in catalogue.values():
        address = f"/cds-services/{service.id}"
        paths[address] = {"post": _call(service, address)}
        paths[f"{address}/feedback"] = {"post": _feedback(service)}
        paths[f"{address}/source-attributes"] = {"get": _source_attributes(service)}
    return paths


def _source_attributes(service: HookService) -> Operation:
    summary = f"What must be known of the service of {service.hook} before anyone relies on it"
    return json_told(f"{service.id}-source-attributes", "hooks", summary, "SourceAttributes")


def bundle_paths() -> Paths:
    """Describe `POST /evaluate`."""
    bundle = bundle_example(_BUNDLE)
    answered = answer_example("/evaluate", bundle, date.fromisoformat(bundle["timestamp"][:10]))
    operation = {
        **named("evaluate", "bundles", "A FHIR Bundle in; assessment, cards and validation out"),
        **SIGNED,
        "parameters": _question(),
        "requestBody": takes("FhirBundle", {_BUNDLE: {"value": bundle}}),
        "responses": {
            "200": answer(
                "Evaluated.", json_content("EvaluateResponse", {_BUNDLE: {"value": answered}})
            ),
            **refusals(*_SIGNED_REFUSALS, 422),
        },
    }
    return {"/evaluate": {"post": operation}}


def _call(service: HookService, address: str) -> Operation:
    calls = {name: request_example(name) for name in _CALLS[service.hook]}
    answers = {
        name: {"value": answer_example(address, call, day_of(call))} for name, call in calls.items()
    }
    responses = {
        "200": answer(
            "The cards. None means that none is due, that the rule could not tell and the site "
            "does not show the data-gap card, or that the client is silent or off; never that "
            "something failed.",
            json_content("ServiceResponse", answers),
        ),
        **refusals(*_SIGNED_REFUSALS, 412, 422),
    }
    if service.hook == "patient-view":
        calls[_NOT_OBTAINED] = request_example(_NOT_OBTAINED)
    return {
        **named(service.id, "hooks", service.title),
        "description": service.description,
        **SIGNED,
        "requestBody": takes(
            REQUEST_OF[service.hook], {name: {"value": call} for name, call in calls.items()}
        ),
        "responses": responses,
    }


def _feedback(service: HookService) -> Operation:
    return {
        **named(f"{service.id}-feedback", "hooks", f"What was done with cards of {service.hook}"),
        **SIGNED,
        "requestBody": takes(
            "FeedbackRequest", {"overridden": {"value": _EXAMPLE_FEEDBACK}}, (JSON,)
        ),
        "responses": {
            "200": answer(
                "Written down. The same for a card that is not known.",
                json_content("FeedbackResponse", {"taken": {"value": {}}}),
            ),
            **refusals(*_SIGNED_REFUSALS),
        },
    }


def _question() -> list[Operation]:
    types = {"type": "array", "items": {"enum": sorted(READABLE_TYPES)}}
    return [
        in_query("asOf", "The day of evaluation.", {"type": "string", "format": "date"}),
        in_query("patient", "Which patient, where there are several.", {"type": "string"}),
        {
            **in_query("notObtained", "Types that could not be read.", types),
            "style": "form",
            "explode": False,
        },
        in_query("validate", "false leaves the report out.", {"enum": ["true", "false"]}),
    ]
