"""What does a client get for bytes that are no HTTP request? gunicorn would repeat them, in HTML.

Such a request never reaches the service, so it is answered and logged here, in the same two ways.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from cds.errors import (
    HeadersTooLarge,
    InternalFault,
    MalformedHttp,
    ServiceError,
    TargetTooLong,
    UnmetExpectation,
)
from cds.json_answer import JSON
from cds.operation_outcome import write_operation_outcome
from cds.operations.request_log import CORRELATION_HEADER, LOGGER

READ_SECONDS = 10

_REASONS: Mapping[int, str] = {
    400: "Bad Request",
    414: "URI Too Long",
    417: "Expectation Failed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


class ImpatientSocket:
    """A connection on which a client that sends nothing for a while counts as gone."""

    def __init__(self, connection: Any, seconds: float = READ_SECONDS) -> None:
        self._connection = connection
        self._seconds = seconds

    def setblocking(self, blocks: bool) -> None:
        """Wait for a byte, but not for ever."""
        self._connection.settimeout(self._seconds if blocks else 0)

    def recv(self, *size_and_flags: int) -> bytes:
        """Receive bytes; none, as from a closed connection, where the time is up."""
        try:
            return bytes(self._connection.recv(*size_and_flags))
        except TimeoutError:
            return b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class QuietWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threads, which say of a request they cannot read nothing that stood in it."""

    def handle(self, conn: Any) -> Any:
        """Handle a request. A client that falls silent in the middle of one loses its thread."""
        if not isinstance(conn.sock, ImpatientSocket):
            conn.sock = ImpatientSocket(conn.sock)
        return super().handle(conn)

    def handle_error(self, _req: Any, client: Any, _addr: Any, exc: Exception) -> None:
        """Answer with an OperationOutcome and write one line; the connection is then closed."""
        correlation = str(uuid4())
        refusal = refuse_http(exc)
        line = {
            "fault": type(exc).__name__,
            "status": refusal.status,
            "correlationId": correlation,
        }
        LOGGER.log(
            logging.ERROR if isinstance(refusal, InternalFault) else logging.INFO, json.dumps(line)
        )
        try:
            client.sendall(write_http(refusal, correlation))
        except OSError:  # who asked has gone
            return


def refuse_http(exc: Exception) -> ServiceError:
    """Say in our words what gunicorn refused; anything but a fault of the request is ours."""
    match exc:
        case errors.LimitRequestLine():
            return TargetTooLong("The address is too long.")
        case errors.LimitRequestHeaders():
            return HeadersTooLarge("The headers are too many or too large.")
        case errors.ExpectationFailed():
            return UnmetExpectation("The header Expect may only say 100-continue.")
        case errors.ParseException():
            return MalformedHttp("The request is not valid HTTP.")
        case _:
            return InternalFault("The service failed; nothing was evaluated.")


def write_http(refusal: ServiceError, correlation: str) -> bytes:
    """Write the whole answer, because there is no request a framework could answer."""
    body = write_operation_outcome(refusal, correlation)
    head = (
        f"HTTP/1.1 {refusal.status} {_REASONS[refusal.status]}\r\n"
        f"Connection: close\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"{CORRELATION_HEADER}: {correlation}\r\n\r\n"
    )
    return head.encode("ascii") + body
