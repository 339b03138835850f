"""Which shapes do bodies have? Our served JSON schemas, and what a client sends, as components."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cds.source_attributes import SourceAttributes

FOLDER = Path(__file__).parents[2] / "cds" / "static" / "schemas"
REQUEST_OF = {
    "patient-view": "PatientViewRequest",
    "order-select": "OrderSelectRequest",
    "order-sign": "OrderSignRequest",
}

Schema = dict[str, Any]

_SOURCE_ATTRIBUTES = "SourceAttributes"

_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": 2000}
_RESOURCE: Schema = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {"resourceType": {"type": "string"}},
}
_OF_PAGES = ("title", "$schema", "$id")


def component_schemas() -> dict[str, Schema]:
    """Give every schema by its name, such as Card; each refers to the others by that name."""
    served: dict[str, Schema] = {}
    for path in sorted(FOLDER.glob("*.json")):
        served |= _read(path)
    own = {REQUEST_OF[hook]: _hook_request(hook) for hook in REQUEST_OF}
    return {
        **served,
        **own,
        "FhirBundle": _bundle(),
        "FhirResource": {**_RESOURCE},
        **_small(),
        **_source_attributes(),
    }


def component_name(file: str) -> str:
    """Give the name of the schema in a file: service-response is ServiceResponse."""
    return "".join(part.capitalize() for part in file.split("-"))


def refer(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _read(path: Path) -> dict[str, Schema]:
    """Read a served schema and its definitions, which become schemas of their own."""
    name = component_name(path.stem)
    schema = _move_references(json.loads(path.read_text(encoding="utf-8")), name)
    inner = schema.pop("$defs", {})
    whole = {key: value for key, value in schema.items() if key not in _OF_PAGES}
    return {name: whole, **{f"{name}{each.capitalize()}": inner[each] for each in inner}}


def _move_references(part: Any, name: str) -> Any:
    if isinstance(part, list):
        return [_move_references(each, name) for each in part]
    if not isinstance(part, Mapping):
        return part
    return {
        key: _target(value, name) if key == "$ref" else _move_references(value, name)
        for key, value in part.items()
    }


def _target(reference: str, name: str) -> str:
    """Say where in the document a reference leads: "card.json", or "#/$defs/coding" of `name`."""
    file, _, inside = reference.partition("#/$defs/")
    owner = component_name(file.removesuffix(".json")) if file else name
    return str(refer(f"{owner}{inside.capitalize()}")["$ref"])


def _hook_request(hook: str) -> Schema:
    """Describe a hook call as far as it is looked at; other members are ignored."""
    context: dict[str, Schema] = {
        "userId": {**_TEXT, "description": "Who looks, such as Practitioner/123."},
        "patientId": {**_TEXT, "description": "The patient's id, without Patient/."},
    }
    required = ["userId", "patientId"]
    if hook != "patient-view":
        context["draftOrders"] = refer("FhirBundle")
        required.append("draftOrders")
    if hook == "order-select":
        context["selections"] = {"type": "array", "items": _TEXT}
        required.append("selections")
    return {
        "description": f"A call of the hook {hook}. Unknown members are ignored.",
        "type": "object",
        "required": ["hook", "hookInstance", "context"],
        "properties": {
            "hook": {"const": hook},
            "hookInstance": {"type": "string", "format": "uuid"},
            "context": {"type": "object", "required": required, "properties": context},
            "fhirServer": {
                "description": "Called only where it is agreed with this client.",
                "type": "string",
                "minLength": 1,
            },
            "fhirAuthorization": refer("FhirAuthorization"),
            "prefetch": {
                "description": "Key to resource, Bundle or null; the keys stand in discovery.",
                "type": "object",
                "additionalProperties": {"anyOf": [refer("FhirResource"), {"type": "null"}]},
            },
            "extension": {"type": "object"},
        },
    }


def _bundle() -> Schema:
    return {
        "description": "A FHIR R4 or R4B Bundle.",
        "type": "object",
        "required": ["resourceType"],
        "properties": {
            "resourceType": {"const": "Bundle"},
            "type": {"type": "string"},
            "timestamp": {"type": "string"},
            "entry": {
                "type": "array",
                "items": {"type": "object", "properties": {"resource": refer("FhirResource")}},
            },
        },
    }


def _small() -> dict[str, Schema]:
    """Describe the bodies that are too small for a schema file of their own."""
    return {
        "FhirAuthorization": {
            "description": "Needs fhirServer beside it. Used for this call and never kept.",
            "type": "object",
            "required": ["access_token"],
            "properties": {
                "access_token": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,8192}$"},
                "token_type": {"const": "Bearer"},
                "expires_in": {"type": "integer"},
                "scope": {"type": "string"},
                "subject": {"type": "string"},
                "patient": {"type": "string"},
            },
        },
        "Health": _object(status={"const": "ok"}),
        "Readiness": _object(
            status={"enum": ["ready", "not_ready"]},
            checks={"type": "object", "additionalProperties": {"type": "string"}},
        ),
        "Version": _object(
            service={"type": "string"},
            knowledge=_object(version={"type": "string"}, sha256={"type": "string"}),
            rule=_object(id={"type": "string"}, version={"type": ["string", "integer"]}),
        ),
        "Evidence": {
            "description": "The evidence ledger: pilot, studies, references, claims.",
            "type": "object",
            "required": ["title", "summary", "lastReviewed", "reviewBy", "studies", "references"],
        },
    }


def _source_attributes() -> dict[str, Schema]:
    """Describe the source attributes, as they are sent: a member without a value is left out."""
    whole = _as_sent(
        SourceAttributes.model_json_schema(
            ref_template=f"#/components/schemas/{_SOURCE_ATTRIBUTES}{{model}}"
        )
    )
    inner = whole.pop("$defs")
    return {
        _SOURCE_ATTRIBUTES: whole,
        **{f"{_SOURCE_ATTRIBUTES}{name}": inner[name] for name in sorted(inner)},
    }


def _as_sent(part: Any) -> Any:
    """Ask for no member that may be empty, and let none be null, in a schema made by pydantic."""
    if isinstance(part, list):
        return [_as_sent(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    # A member may itself be called title: then what stands there is a schema.
    noise = {key for key in ("title", "default") if not isinstance(part.get(key), Mapping)}
    sent = {key: _as_sent(each) for key, each in part.items() if key not in noise}
    if isinstance(sent.get("required"), list):
        sent["required"] = [name for name in sent["required"] if _is_sent(sent["properties"][name])]
    return sent


def _is_sent(member: Schema) -> bool:
    return member.get("type") != "array" and "anyOf" not in member


def _object(**members: Schema) -> Schema:
    return {"type": "object", "required": list(members), "properties": members}
