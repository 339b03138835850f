"""What is written down about a request? An allow-list of fields, and nothing a patient is in.

Never: the body, a query string, a path as it was called (only the route's own pattern), a header,
an id of a patient or of a resource, the text of an exception.
"""

import json
import logging
import time
import traceback
from contextlib import suppress
from types import TracebackType
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request

from cds.operations.metrics import count_answer

LOGGER = logging.getLogger("cds.requests")
CORRELATION_HEADER = "X-Correlation-Id"


def register_request_log(app: Flask) -> None:
    """Give every request a correlation id, and one log line when it is answered."""

    @app.before_request
    def begin() -> None:
        g.correlation_id = str(uuid4())
        g.began = time.perf_counter()
        g.counts = {}

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[CORRELATION_HEADER] = g.correlation_id
        seconds = time.perf_counter() - g.began
        with suppress(OSError):  # the folder of the counts is gone or full: nobody's answer is
            count_answer(response.status_code, seconds)
        line: dict[str, Any] = {
            "method": request.method if request.method in _METHODS else "other",
            "route": request.url_rule.rule if request.url_rule else "none",
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
            "correlationId": g.correlation_id,
            **g.counts,
        }
        LOGGER.info(json.dumps(line))
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_for_log(**counts: int) -> None:
    """Add counts, such as cards, to the line of this request."""
    g.counts.update(counts)


def correlation_id() -> str:
    """Give the id under which the log knows this request."""
    return str(g.correlation_id)


def log_fault(error: BaseException) -> None:
    """Write where an unforeseen exception came from, without its text, which may quote a chart."""
    LOGGER.error(
        json.dumps(
            {
                "fault": type(error).__name__,
                "correlationId": correlation_id(),
                "frames": _frames(error.__traceback__),
            }
        )
    )


def log_store_fault(reason: str) -> None:
    """Write that the store could not be used. reason: one word of the database's own codes."""
    LOGGER.error(
        json.dumps({"fault": "store", "reason": reason, "correlationId": correlation_id()})
    )


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-12:]]


def write_log_to_stderr() -> None:
    """Send the log lines of a running service to its standard error, one JSON object a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
