"""What is the whole document? Every route with what it takes, what it answers, and its errors."""

from importlib.metadata import version
from typing import Any

from openapi_pydantic import OpenAPI

from cds.hooks.catalogue import build_catalogue
from rules.knowledge import load_knowledge
from tools.openapi.operations import bundle_paths, hook_paths
from tools.openapi.other_operations import demo_paths, operation_paths
from tools.openapi.responses import OF_EVERY_ADDRESS, component_headers, component_responses
from tools.openapi.schemas import component_schemas

_TAGS = {
    "hooks": "CDS Hooks 2.0.1: discovery, the services, feedback.",
    "bundles": "For who has a FHIR Bundle and no CDS Hooks client.",
    "operation": "For operators. None holds patient data.",
    "reading": "For people and their tools.",
    "demo": "In profile demo only. Synthetic or test data.",
    "demo FHIR server": "In profile demo only: the demo patients, with dates of today.",
}


def describe() -> dict[str, Any]:
    """Give the document, for a service with the knowledge that is shipped.

    Errors: pydantic's ValidationError for what is not OpenAPI 3.1.
    """
    catalogue = build_catalogue(load_knowledge())
    paths = {**hook_paths(catalogue), **bundle_paths(), **operation_paths(), **demo_paths()}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": _info(),
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "http://127.0.0.1:8000"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": component_schemas(),
            "responses": component_responses(),
            "headers": component_headers(),
            "securitySchemes": {"clientToken": _client_token()},
        },
    }
    OpenAPI.model_validate(document)
    return document


def _info() -> dict[str, Any]:
    everywhere = ", ".join(str(status) for status in OF_EVERY_ADDRESS)
    return {
        "title": "TRD and inflammation: a CDS Hooks service",
        "version": version("trd-cds"),
        "summary": "Informational cards about experimental evidence.",
        "description": (
            "Not a medical device: research prototype, synthetic or test data, not for clinical "
            "use. An empty list of cards means that none is due, or that the rule could not tell "
            "and the site does not show the data-gap card, or that the client is silent or off, or "
            "that the same card was shown before and rests; a "
            "failure is always another "
            "status, and its body an OperationOutcome with the correlation id. At every address "
            f"these may be answered besides: {everywhere}. The dates of the examples are of the "
            "day they were written for; trd-cds move-dates brings a hook call up to today."
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _client_token() -> dict[str, Any]:
    return {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "Signed by the client with its own key: iss, aud (the address called), iat, exp (at "
            "most 20 minutes later), jti (used once). Needed wherever a registry of trusted "
            "clients is set, which profile production always has."
        ),
    }
