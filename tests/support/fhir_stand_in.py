"""A FHIR server on loopback that answers, or fails, just as a test tells it to."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it."""

    method: str
    target: str
    authorization: str | None
    body: str = ""


@dataclass
class StandIn:
    """What it answers by path (without query), and what it was asked."""

    port: int
    answers: dict[str, "Answer"] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    under_way: int = 0
    most_at_once: int = 0
    connections: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/fhir"

    def answer(self, path: str, *answers: "Answer") -> None:
        """Say what a path answers: one after the other, the last for ever."""
        queue = list(answers)

        def next_one(handler: "Handler") -> None:
            (queue.pop(0) if len(queue) > 1 else queue[0])(handler)

        self.answers[f"/fhir/{path}"] = next_one

    def targets(self) -> list[str]:
        return [each.target for each in self.asked]


class Handler(BaseHTTPRequestHandler):
    """Counts a request, and lets the test's answer write to the connection."""

    protocol_version = "HTTP/1.1"
    stand_in: StandIn

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        here = self.stand_in
        with here.lock:
            here.asked.append(
                Asked(self.command, self.path, self.headers.get("Authorization"), body)
            )
            here.connections.add(self.client_address[1])
            here.under_way += 1
            here.most_at_once = max(here.most_at_once, here.under_way)
        try:
            here.answers.get(urlsplit(self.path).path, not_found)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with here.lock:
                here.under_way -= 1

    do_POST = do_GET  # noqa: N815 - the name http.server calls

    def log_message(self, *args: object) -> None:
        """Say nothing: a test reads `asked`."""

    def send(self, status: int, body: bytes, kind: str = FHIR_JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Answer = Callable[[Handler], None]


@contextmanager
def fhir_stand_in() -> Iterator[StandIn]:
    """Run a stand-in for the length of the block."""

    class Bound(Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
    server.daemon_threads = True
    Bound.stand_in = StandIn(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Bound.stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def resource(content: dict[str, Any], status: int = 200, **headers: str) -> Answer:
    """Answer with a resource as JSON."""
    body = json.dumps(content).encode()
    return lambda handler: handler.send(status, body, **headers)


def bundle(
    *resources: dict[str, Any], following: str | None = None, total: int | None = None
) -> Answer:
    """Answer with a searchset, and the address of the next page where one is given."""
    content: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        content["total"] = total
    if following is not None:
        content["link"] = [{"relation": "next", "url": following}]
    if resources:
        content["entry"] = [{"resource": each} for each in resources]
    return resource(content)


def raw(status: int, body: bytes, kind: str = FHIR_JSON, **headers: str) -> Answer:
    return lambda handler: handler.send(status, body, kind, **headers)


def after(seconds: float, then: Answer) -> Answer:
    """Wait before answering."""

    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        then(handler)

    return answer


def trickle(seconds: float) -> Answer:
    """Send one byte of a body again and again, so that no single read ever times out."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", FHIR_JSON)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


def cut_off(handler: Handler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", FHIR_JSON)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"resourceType": "Bundle"')
    handler.close_connection = True


def bad_chunk(handler: Handler) -> None:
    """Send a chunk of a negative length."""
    handler.send_response(200)
    handler.send_header("Content-Type", FHIR_JSON)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"-5\r\nxxxxx\r\n")
    handler.close_connection = True


def bomb(megabytes: int) -> Answer:
    """Answer with little that unpacks to much."""
    packed = gzip.compress(b" " * (megabytes * 1024 * 1024))
    return lambda handler: handler.send(200, packed, Content_Encoding="gzip")


def not_found(handler: Handler) -> None:
    handler.send(404, b'{"resourceType": "OperationOutcome"}')
