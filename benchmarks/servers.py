"""How is a contestant run? Started on loopback, waited for until it answers with its card."""

import http.client
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import IO, Any

import msgspec

from benchmarks.bodies import with_new_instance
from benchmarks.contestants import HOST, MAKES_EVIDENCE_CARD, Contestant, Place
from benchmarks.installations import ROOT, NotInstalledError
from benchmarks.processes import cpu_seconds_of
from benchmarks.surroundings import own_folder, surroundings

_READY_SECONDS = 40
_ANSWER_SECONDS = 120
_OK = 200


class NotRunningError(Exception):
    """A contestant does not start or does not answer with its card. The message is the reason."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running contestant. cold_start_seconds: the CPU it took up to its first answer."""

    contestant: Contestant
    port: int
    pid: int
    cold_start_seconds: float = 0.0

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection that stays open between requests, as clients keep it."""
        return http.client.HTTPConnection(HOST, self.port, timeout=_ANSWER_SECONDS)

    def post(
        self, connection: http.client.HTTPConnection, body: bytes, headers: Mapping[str, str]
    ) -> bytes:
        """Post a call and give the answer. Errors: NotRunningError for any status but 200."""
        sent = {"Content-Type": "application/json", **headers}
        try:
            connection.request("POST", self.contestant.path, body, sent)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NotRunningError(f"gave no answer: {type(error).__name__}") from None
        if response.status != _OK:
            raise NotRunningError(f"answered {response.status}")
        return answer

    def check(self, body: bytes) -> None:
        """Ask once and see that the rule fired. Errors: NotRunningError."""
        with closing(self.connect()) as connection:
            headers = self.contestant.headers()
            answer = self.post(connection, with_new_instance(body), headers)
        if not holds_card(answer, self.contestant):
            raise NotRunningError("answered without its card")


def holds_card(answer: bytes, contestant: Contestant) -> bool:
    """Say whether an answer carries the card that is due: with the whole rule the evidence card."""
    cards: list[dict[str, Any]] = msgspec.json.decode(answer)["cards"]
    if contestant.name not in MAKES_EVIDENCE_CARD:
        return bool(cards)
    return any(_kind(card) == "evidence" for card in cards)


def _kind(card: dict[str, Any]) -> object:
    return card["extension"]["com.trd-inflammation-cds.card"]["kind"]


@contextmanager
def serve(contestant: Contestant, workers: int, body: bytes) -> Iterator[Server]:
    """Run a contestant for the length of the block, once it has answered `body` with its card.

    Errors: NotRunningError with the reason.
    """
    with own_folder() as folder, tempfile.TemporaryFile() as log:
        place = Place(_free_port(), workers, folder)
        try:
            command, environment = contestant.start(place)
        except NotInstalledError as error:
            raise NotRunningError(str(error)) from None
        process = subprocess.Popen(  # noqa: S603 - fixed commands
            command,
            cwd=ROOT,
            env={**surroundings(folder), **environment},
            stdout=log,
            stderr=log,
        )
        try:
            server = Server(contestant, place.port, process.pid)
            if not _comes_up(server, process):
                raise NotRunningError(f"did not start: {_last_words(log)}")
            server.check(body)
            yield replace(server, cold_start_seconds=cpu_seconds_of(process.pid))
        finally:
            _end(process)


def _comes_up(server: Server, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while not _listens(server.port):
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _last_words(log: IO[bytes]) -> str:
    """Give the last line of what a server wrote, which names the fault."""
    log.seek(0)
    lines = log.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "it wrote nothing"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
