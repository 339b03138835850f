"""How much CPU does a gunicorn server use? Starts one on loopback and reads its clock ticks."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_HOST = "127.0.0.1"
_START_SECONDS = 30
_STAT_PARENT, _STAT_USER, _STAT_SYSTEM = 1, 11, 12  # fields of /proc/PID/stat after the name


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn with one worker."""

    port: int
    pid: int

    def post(self, path: str, body: bytes) -> int:
        """Post a JSON body and give the status."""
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=60)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def cpu_seconds(self) -> float:
        """Give the user and system time that the worker has used so far."""
        ticks = sum(
            int(fields[_STAT_USER]) + int(fields[_STAT_SYSTEM])
            for fields in map(_stat, Path("/proc").glob("[0-9]*"))
            if fields and int(fields[_STAT_PARENT]) == self.pid
        )
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(app: str, *options: str) -> Iterator[Server]:
    """Run an application under gunicorn for the length of the block."""
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = free.getsockname()[1]
    gunicorn = (sys.executable, "-m", "gunicorn", "--no-control-socket", "--log-level", "error")
    bound = (*options, "--bind", f"{_HOST}:{port}", "--workers", "1", app)
    # The service writes its request log as it always does; nobody needs to see it here.
    process = subprocess.Popen((*gunicorn, *bound), stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((_HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # it ended in the meantime
        return []
