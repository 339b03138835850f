"""What does a client get for bytes that are no HTTP request, and what is written down of them?"""

import json
import logging
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from cds.gunicorn_worker import ImpatientSocket, QuietWorker

CANARY = "Zebedee <script> Canary"
HOOK = "/cds-services/trd-inflammation-patient-view"

REFUSED = [
    (errors.InvalidRequestLine(CANARY), 400, "structure"),
    (errors.InvalidRequestMethod(CANARY), 400, "structure"),
    (errors.InvalidHTTPVersion((9, 9)), 400, "structure"),
    (errors.InvalidHeaderName(CANARY), 400, "structure"),
    (errors.InvalidHeader(CANARY), 400, "structure"),
    (errors.UnsupportedTransferCoding(CANARY), 400, "structure"),
    (errors.LimitRequestLine(9000, 4094), 414, "too-long"),
    (errors.ExpectationFailed(CANARY), 417, "not-supported"),
    (errors.LimitRequestHeaders(CANARY), 431, "too-long"),
    (RuntimeError(CANARY), 500, "exception"),
]


class Client:
    """The far end of a connection, as far as an answer needs it."""

    def __init__(self, *, gone: bool = False) -> None:
        self.got = b""
        self.gone = gone

    def sendall(self, content: bytes) -> None:
        if self.gone:
            raise BrokenPipeError
        self.got += content


def refuse(fault: Exception, client: Client) -> None:
    QuietWorker.handle_error(object.__new__(QuietWorker), None, client, ("127.0.0.1", 1), fault)


@pytest.mark.requirement("D9", "D28", "D29")
@pytest.mark.parametrize(
    ("fault", "status", "code"), REFUSED, ids=[type(case[0]).__name__ for case in REFUSED]
)
def test_what_is_no_http_gets_an_operation_outcome_and_is_repeated_nowhere(
    fault: Exception, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    with caplog.at_level(logging.INFO, logger="cds.requests"):
        refuse(fault, client)
    head, _, body = client.got.partition(b"\r\n\r\n")
    outcome: dict[str, Any] = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert f"Content-Length: {len(body)}".encode() in head
    assert outcome["issue"][0]["code"] == code
    line = json.loads(caplog.messages[0])
    assert (line["fault"], line["status"]) == (type(fault).__name__, status)
    assert line["correlationId"] in outcome["issue"][0]["diagnostics"]
    assert "Zebedee" not in client.got.decode() + caplog.text


def test_a_client_that_has_gone_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="cds.requests"):
        refuse(errors.InvalidHeader(CANARY), Client(gone=True))
    assert len(caplog.messages) == 1


@pytest.mark.requirement("D10")
def test_a_client_that_falls_silent_counts_as_gone() -> None:
    near, far = socket.socketpair()
    with near, far:
        connection = ImpatientSocket(near, seconds=0.05)
        connection.setblocking(True)
        far.sendall(b"GET")
        assert [connection.recv(8), connection.recv(8)] == [b"GET", b""]


def test_a_connection_that_is_not_to_wait_does_not() -> None:
    near, far = socket.socketpair()
    with near, far:
        connection = ImpatientSocket(near)
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(8)


def test_every_connection_is_made_impatient_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(ThreadWorker, "handle", lambda _, conn: seen.append(conn.sock))
    near, far = socket.socketpair()
    with near, far:
        connection = SimpleNamespace(sock=near)
        worker = object.__new__(QuietWorker)
        worker.handle(connection)
        worker.handle(connection)
        assert isinstance(seen[0], ImpatientSocket)
        assert seen[1] is seen[0]
        assert seen[0].fileno() == near.fileno()


class Broken:
    """A body that stops before its end."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def read(self, _size: int = -1) -> bytes:
        raise self.fault


@pytest.mark.requirement("D10", "D29")
@pytest.mark.parametrize("route", ["/evaluate", HOOK])
@pytest.mark.parametrize(
    "fault",
    [errors.InvalidChunkSize(CANARY.encode()), errors.NoMoreData(), TimeoutError(CANARY)],
    ids=lambda fault: type(fault).__name__,
)
def test_a_body_that_does_not_arrive_is_the_clients_fault(
    route: str, fault: Exception, client: FlaskClient
) -> None:
    response = client.post(
        route,
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": Broken(fault), "wsgi.input_terminated": True},
    )
    assert (response.status_code, response.get_json()["issue"][0]["code"]) == (400, "structure")
    assert "Zebedee" not in response.text
