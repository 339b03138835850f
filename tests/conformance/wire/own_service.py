"""How is a service started for the tests to ask? As a process of its own, with one client."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from cds import clock
from tests.conformance.wire.target import Target
from tests.support.signing import Signer, ec_key, key_set, public_jwk

ROOT = Path(__file__).parents[3]
ISSUER = "https://conformance.example"
ORIGIN = "http://localhost:8080"
START_S = 60
SERVE = "from cds.cli import main; main()"
REGISTRY = f"""
[client.conformance]
issuer = "{ISSUER}"
jwks_file = "keys.json"
cors_origins = ["{ORIGIN}"]
mode = "live"
snooze_days = 0
"""


@dataclass(frozen=True, slots=True)
class OwnService:
    target: Target
    process: subprocess.Popen[bytes]


@contextmanager
def own_service(folder: Path) -> Iterator[OwnService]:
    """Run the service for the length of the block. folder: for its store, registry and log."""
    signer = Signer(ISSUER, clock.now(), ec_key("conformance"))
    (folder / "keys.json").write_bytes(key_set(public_jwk(signer.key, signer.kid)))
    (folder / "clients.toml").write_text(REGISTRY, encoding="utf-8")
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {
        "TRD_CDS_PUBLIC_URL": base,
        "TRD_CDS_TRUSTED_CLIENTS": str(folder / "clients.toml"),
        "TRD_CDS_STORE_URL": f"sqlite:///{folder / 'store.sqlite3'}",
    }
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(base, process, folder / "log")
            yield OwnService(Target(base, signer, ORIGIN, is_own=True), process)
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait_until_ready(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{base}/readyz", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the service did not start: {log.read_text(encoding='utf-8')}")
