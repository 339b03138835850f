"""What does each address take and answer? One OpenAPI document, for programs and for people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response

from cds.json_answer import write_json
from cds.pages.page import send_page
from cds.settings import Settings

_DEMO = "/demo"
_METHODS = ("get", "post")
_INDENT = 1
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a body. path: such as issue[].code. kind: its type, or the schema it has."""

    path: str
    kind: str
    schema: str | None
    required: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One method of one address, with its parts as they stand in the document."""

    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        return str(self.operation["operationId"])

    @property
    def signed(self) -> bool:
        return "security" in self.operation


def reference_routes(settings: Settings) -> Blueprint:
    """Give `/openapi.json` and `/docs`. Routes that this profile does not have are left out."""
    routes = Blueprint("reference", __name__)
    document = read_document(settings)
    calls = tuple(_calls(document["paths"]))

    @routes.get("/openapi.json")
    def send_document() -> Response:
        return write_json(document)

    @routes.get("/docs")
    def show_document() -> Response:
        return send_page(
            "reference.html",
            document=document,
            calls=calls,
            members_of=members_of,
            response_of=lambda response: _resolve(document, response),
            written=_written,
        )

    return routes


def read_document(settings: Settings) -> dict[str, Any]:
    """Read the document that was written for all profiles, and fit it to this deployment."""
    text = files("cds").joinpath("static", "openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    document["servers"] = [{"url": settings.public_url}]
    if settings.profile != "demo":
        document["paths"] = {
            path: item for path, item in document["paths"].items() if not _is_demo(path)
        }
        used = {call.operation["tags"][0] for call in _calls(document["paths"])}
        document["tags"] = [tag for tag in document["tags"] if tag["name"] in used]
    return document


def members_of(schema: Schema, path: str = "") -> Iterator[Member]:
    """Name the members of a schema, each with its path; what has a schema of its own is named."""
    for name, part in schema.get("properties", {}).items():
        at = f"{path}.{name}".lstrip(".")
        yield _describe(at, part, required=name in schema.get("required", ()))
        yield from members_of(part, at)
        yield from members_of(part.get("items", {}), f"{at}[]")


def _describe(path: str, part: Schema, *, required: bool) -> Member:
    named = part.get("$ref") or part.get("items", {}).get("$ref")
    return Member(
        path=path,
        kind=_kind(part),
        schema=named.rpartition("/")[2] if named else None,
        required=required,
        description=part.get("description", ""),
    )


def _kind(part: Schema) -> str:
    """Say in a few words what a member may be."""
    if "const" in part:
        return f'"{part["const"]}"'
    if "enum" in part:
        return " | ".join(map(str, part["enum"]))
    if "items" in part:
        return f"list of {_kind(part['items'])}"
    kind = part.get("type", "object" if "$ref" in part else "any")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _calls(paths: Mapping[str, Any]) -> Iterator[Call]:
    for path, item in paths.items():
        for method in _METHODS:
            if method in item:
                yield Call(method=method.upper(), path=path, operation=item[method])


def _resolve(document: Mapping[str, Any], response: Schema) -> Schema:
    """Give a response itself, where only its name stands."""
    if "$ref" not in response:
        return response
    found: Schema = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return found


def _written(value: object) -> str:
    return json.dumps(value, indent=_INDENT, ensure_ascii=False)


def _is_demo(path: str) -> bool:
    return path in {"/", _DEMO} or path.startswith(f"{_DEMO}/")
