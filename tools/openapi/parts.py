"""What are operations built from? Bodies, parameters and the answers that many share."""

from typing import Any

from tools.openapi.responses import answer, refusals
from tools.openapi.schemas import refer

Operation = dict[str, Any]
Paths = dict[str, dict[str, Operation]]

SIGNED: Operation = {"security": [{"clientToken": []}, {}]}
JSON = "application/json"
FHIR = "application/fhir+json"
FORM = "application/x-www-form-urlencoded"

_HTML = {"text/html": {"schema": {"type": "string"}}}


def named(identity: str, tag: str, summary: str) -> Operation:
    return {"operationId": identity, "tags": [tag], "summary": summary}


def json_told(identity: str, tag: str, summary: str, schema: str, example: Any = None) -> Operation:
    examples = None if example is None else {"answer": {"value": example}}
    responses = {"200": answer("Told.", json_content(schema, examples)), **refusals(500)}
    return {**named(identity, tag, summary), "responses": responses}


def sends(identity: str, tag: str, summary: str, media_type: str, schema: Any = None) -> Operation:
    content = {media_type: {"schema": schema or {"type": "string"}}}
    responses = {"200": answer("Sent.", content), **refusals(500)}
    return {**named(identity, tag, summary), "responses": responses}


def page_sent(identity: str, tag: str, summary: str) -> Operation:
    responses = {"200": answer("The page.", _HTML), **refusals(500, page=tag == "demo")}
    return {**named(identity, tag, summary), "responses": responses}


def fhir_sent(identity: str, summary: str, tag: str = "demo FHIR server") -> Operation:
    content = {FHIR: {"schema": refer("FhirResource")}}
    responses = {"200": answer("FHIR R4.", content), **refusals(500)}
    return {**named(identity, tag, summary), "responses": responses}


def takes(
    schema: str, examples: Operation, media_types: tuple[str, ...] = (JSON, FHIR)
) -> Operation:
    """Describe a body; the examples stand with the first media type alone."""
    content: Operation = {each: {"schema": refer(schema)} for each in media_types}
    content[media_types[0]]["examples"] = examples
    return {"required": True, "content": content}


def json_content(schema: str, examples: Operation | None = None) -> Operation:
    content: Operation = {"schema": refer(schema)}
    return {JSON: content | ({"examples": examples} if examples else {})}


def in_query(name: str, description: str, schema: Operation) -> Operation:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def in_path(name: str, description: str, schema: Operation | None = None) -> Operation:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema or {"type": "string", "minLength": 1},
    }
