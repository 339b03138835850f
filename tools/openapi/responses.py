"""Which refusals are there, and what does each look like? From the errors of the service."""

import json
from typing import Any

from cds.errors import ServiceError, Unauthenticated, every_error
from cds.operation_outcome import write_operation_outcome
from tools.openapi.schemas import refer

CORRELATION_ID = "00000000-0000-4000-8000-000000000000"
# What the HTTP server refuses before a route is found: true for every address.
OF_EVERY_ADDRESS = (404, 405, 414, 417, 431)

_CORRELATION = {"X-Correlation-Id": {"$ref": "#/components/headers/CorrelationId"}}
_RETRY = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
_CHALLENGE = {
    "WWW-Authenticate": {"description": "Bare, without a reason.", "schema": {"const": "Bearer"}}
}
_MORE_HEADERS: dict[int, dict[str, Any]] = {401: _CHALLENGE, 429: _RETRY, 503: _RETRY}


def component_headers() -> dict[str, Any]:
    return {
        "CorrelationId": {
            "description": "Under which the log knows this request.",
            "schema": {"type": "string", "format": "uuid"},
        },
        "RetryAfter": {
            "description": "Seconds until the same call may succeed.",
            "schema": {"type": "integer", "minimum": 1},
        },
    }


def component_responses() -> dict[str, Any]:
    """Give one response for each status a program can get, and one for a page of it."""
    statuses = sorted({error.status for error in every_error()})
    for_programs = {_name(status): _refusal(status) for status in statuses}
    for_people = {
        f"{_name(status)}Page": {
            "description": _describe(status),
            "headers": _CORRELATION,
            "content": {"text/html": {"schema": {"type": "string"}}},
        }
        for status in statuses
    }
    return {**for_programs, **for_people}


def refusals(*statuses: int, page: bool = False) -> dict[str, Any]:
    """Refer to the refusals of these statuses. page: as pages, for people."""
    kind = "Page" if page else ""
    return {
        str(status): {"$ref": f"#/components/responses/{_name(status)}{kind}"}
        for status in statuses
    }


def answer(description: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "headers": _CORRELATION, "content": content}


def _name(status: int) -> str:
    return f"Refusal{status}"


def _describe(status: int) -> str:
    return " ".join(_sentence(error) for error in every_error() if error.status == status)


def _sentence(error: type[ServiceError]) -> str:
    return (error.__doc__ or "").partition("\n")[0]


def _refusal(status: int) -> dict[str, Any]:
    examples = {error.__name__: _example(error) for error in every_error()
                if error.status == status}  # fmt: skip
    content = {"schema": refer("OperationOutcome"), "examples": examples}
    return {
        "description": _describe(status),
        "headers": {**_CORRELATION, **_MORE_HEADERS.get(status, {})},
        "content": {"application/json": content},
    }


def _example(error: type[ServiceError]) -> dict[str, Any]:
    told = error() if issubclass(error, Unauthenticated) else error(_sentence(error))
    written = write_operation_outcome(told, CORRELATION_ID)
    return {"summary": f"code {error.code}", "value": json.loads(written)}
