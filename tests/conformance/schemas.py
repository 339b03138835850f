"""Is this answer what our own schemas say? Each answer is held against the schema of its address.

The schemas are served to integrators below /static/schemas.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = Path(__file__).parents[2] / "cds" / "static" / "schemas"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))

_OK, _FIRST_REFUSAL = 200, 400
_READINESS = "/readyz"
_ANSWERS = (
    (re.compile(r"/cds-services"), "discovery"),
    (re.compile(r"/cds-services/[^/]+"), "service-response"),
    (re.compile(r"/cds-services/[^/]+/feedback"), "feedback-response"),
    (re.compile(r"/evaluate"), "evaluate-response"),
    (re.compile(r"/cds-services/[^/]+/source-attributes"), "source-attributes"),
    (re.compile(r"/evidence\.json"), "evidence"),
)


@cache
def schema(name: str) -> Mapping[str, Any]:
    """Read one schema by its name, such as card."""
    content: Mapping[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


@cache
def _validator(name: str) -> Draft202012Validator:
    resources = (Resource.from_contents(schema(each)) for each in NAMES)
    registry: Registry[Any] = Registry().with_resources(
        (str(each.id()), each) for each in resources
    )
    return Draft202012Validator(schema(name), registry=registry)


def faults_of(name: str, document: object) -> list[str]:
    """Say where a document is not what a schema says; an empty list where it is."""
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in _validator(name).iter_errors(document)
    ]


def schema_of(path: str, status: int) -> str | None:
    """Name the schema for the answer of an address; None where none of ours says what it is."""
    if path == _READINESS:  # a report, whatever its status
        return None
    if status >= _FIRST_REFUSAL:
        return "operation-outcome"
    named = (name for pattern, name in _ANSWERS if pattern.fullmatch(path))
    return next(named, None) if status == _OK else None
