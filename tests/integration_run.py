"""What does an integrator see on the first day? One run, from discovery to feedback, told in lines.

`make integration` runs it on SQLite and on PostgreSQL. The service is gunicorn with two workers, as
it is shipped; two clients are trusted, and one of them has a FHIR server, which a stand-in plays.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from cds import clock
from cds.date_shift import FIXTURE_EXTENSION, move_dates
from cds.store.database import open_store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from tests.cds.assessments import AS_OF
from tests.cds.charts import hook_request
from tests.cds.trusted import (
    ENDPOINT,
    FEEDBACK,
    LIVE,
    NEVER,
    PAGE,
    QUIET,
    REGISTRY,
    with_access,
    without,
)
from tests.support.fhir_stand_in import StandIn, bundle, fhir_stand_in, resource
from tests.support.postgresql import private_cluster
from tests.support.signing import Signer, ec_key, key_set, public_jwk

SERVER = (sys.executable, "-m", "gunicorn", "--config", "python:cds.gunicorn_conf")
START_S = 60
REPLAYS = 50


class RunError(AssertionError):
    """A step did not end as it should."""


@dataclass
class Run:
    """One run. tell: takes each line as its step is done."""

    address: str
    server: StandIn
    store_url: str
    body: dict[str, Any]
    tell: Callable[[str], None]

    def post(
        self, path: str, body: Any, signer: Signer = LIVE, token: str | None = None
    ) -> requests.Response:
        known = token or replace(signer, now=clock.now()).header(self.address + path)
        headers = (
            {"Authorization": known, "Origin": PAGE}
            if signer is not QUIET
            else {"Authorization": known}
        )
        return requests.post(self.address + path, json=body, headers=headers, timeout=30)

    def new(self) -> dict[str, Any]:
        """Give the call again, as a new one."""
        return {**self.body, "hookInstance": str(uuid4())}

    def check(self, step: str, shown: object, expected: object) -> None:
        """Tell a step, or end the run where it did not end as it should."""
        if shown != expected:
            raise RunError(f"{step}: {shown!r} instead of {expected!r}")
        self.tell(f"{step}: {shown}")


def run(store_url: str, tell: Callable[[str], None]) -> None:
    """Run the service on a store, call it as two clients, and tell what they see.

    Errors: RunError for the first step that does not end as it should.
    """
    body = _of_today(hook_request())
    with (
        tempfile.TemporaryDirectory() as folder,
        fhir_stand_in() as server,
        _service(Path(folder), server, store_url) as address,
    ):
        _fill(server, body)
        done = Run(address, server, store_url, body, tell)
        for step in (_discover, _prefetch, _fetch, _refuse, _forge, _replay, _give_feedback):
            step(done)


def _discover(done: Run) -> None:
    services = requests.get(f"{done.address}/cds-services", timeout=30).json()["services"]
    done.check("discovery lists the services", len(services), 3)


def _prefetch(done: Run) -> None:
    live = done.post(ENDPOINT, done.new())
    done.check("live client, whole prefetch: cards", len(live.json()["cards"]), 1)
    quiet = done.post(ENDPOINT, done.new(), QUIET)
    done.check("silent client, the same body: cards", len(quiet.json()["cards"]), 0)


def _fetch(done: Run) -> None:
    body = with_access({**done.new(), "prefetch": {}}, done.server)
    fetched = done.post(ENDPOINT, body)
    done.check("no prefetch, fetched in pages: cards", len(fetched.json()["cards"]), 1)
    pages = [each for each in done.server.targets() if "page=2" in each]
    done.check("second pages that were fetched, of markers and of scores", len(pages), 2)


def _refuse(done: Run) -> None:
    answer = done.post(ENDPOINT, without(done.new(), "markers"))
    done.check("required key missing, no token: status", answer.status_code, 412)
    done.check("it says which", answer.json()["issue"][0]["expression"], ["prefetch.markers"])


def _forge(done: Run) -> None:
    forged = replace(LIVE, key=ec_key("stranger"))
    done.check("forged token: status", done.post(ENDPOINT, done.new(), forged).status_code, 401)


def _replay(done: Run) -> None:
    token = replace(LIVE, now=clock.now()).header(done.address + ENDPOINT)
    body = done.new()
    with ThreadPoolExecutor(REPLAYS) as threads:
        calls = [threads.submit(done.post, ENDPOINT, body, token=token) for _ in range(REPLAYS)]
        statuses = Counter(call.result().status_code for call in calls)
    done.check("one token, fifty calls at once", dict(statuses), {200: 1, 401: REPLAYS - 1})


def _give_feedback(done: Run) -> None:
    (card,) = done.post(ENDPOINT, done.new()).json()["cards"]
    entry = {
        "card": card["uuid"],
        "outcome": "overridden",
        "overrideReason": {"userComment": "seen before"},
        "outcomeTimestamp": "2026-06-30T12:00:00Z",
    }
    answer = done.post(FEEDBACK, {"feedback": [entry]})
    done.check("feedback: answer", (answer.status_code, answer.json()), (200, {}))
    store = open_store(done.store_url)
    (kept,) = FeedbackLog(store).of_card("live", card["uuid"])
    done.check("feedback as it is kept", kept.outcome, "overridden")
    decision = DecisionLog(store).of_card(card["uuid"])
    done.check("the decision behind the card", decision and decision.resistance, "met")
    store.close()


def _of_today(body: dict[str, Any]) -> dict[str, Any]:
    """Move the chart of the tests to today, the day the service evaluates on."""
    dated = {**body, "extension": {FIXTURE_EXTENSION: {"asOf": AS_OF.isoformat()}}}
    moved: dict[str, Any] = json.loads(move_dates(json.dumps(dated), clock.today()))
    return moved


def _fill(server: StandIn, body: dict[str, Any]) -> None:
    """Let the FHIR server hold what the prefetch holds, the observations on two pages."""
    prefetch = body["prefetch"]
    server.answer(f"Patient/{prefetch['patient']['id']}", resource(prefetch["patient"]))
    for key, path in (
        ("conditions", "Condition"),
        ("medications", "MedicationRequest"),
        ("dispenses", "MedicationDispense"),
    ):
        server.answer(path, resource(prefetch[key]))
    results = [
        entry["resource"] for key in ("scores", "markers") for entry in prefetch[key]["entry"]
    ]
    first = bundle(*results[:2], following=f"{server.base}/more?page=2")
    server.answer("Observation", first)
    server.answer("more", bundle(*results[2:]))


@contextmanager
def _service(folder: Path, server: StandIn, store_url: str) -> Iterator[str]:
    """Run gunicorn as it is shipped, on a free port."""
    for name, signer in (("live", LIVE), ("quiet", QUIET)):
        (folder / f"{name}.json").write_bytes(key_set(public_jwk(signer.key, signer.kid)))
    registry = folder / "clients.toml"
    known = REGISTRY.format(base=server.base, page=PAGE, mode="silent", more="", rests=NEVER)
    # A busy machine must not turn what the server has into what it did not say in time.
    patient = 'mode = "live"\ndeadline_ms = 20000\nfetch_budget_ms = 15000'
    registry.write_text(known.replace('mode = "live"', patient))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "TRD_CDS_PUBLIC_URL": address,
        "TRD_CDS_TRUSTED_CLIENTS": str(registry),
        "TRD_CDS_STORE_URL": store_url,
        "TRD_CDS_PSEUDONYM_KEY": "a-key-of-this-run-and-of-no-other",
    }
    command = (*SERVER, "--bind", f"127.0.0.1:{port}", "cds.wsgi:build()")
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own server
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{address}/readyz", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RunError("the service did not become ready")


def main() -> None:
    """Run on both databases and print what happened."""
    sys.stdout.write("SQLite\n")
    with tempfile.TemporaryDirectory() as folder:
        run(f"sqlite:///{folder}/store.sqlite3", _print)
    sys.stdout.write("PostgreSQL\n")
    with private_cluster() as cluster:
        run(cluster.url(), _print)


def _print(line: str) -> None:
    sys.stdout.write(f"  {line}\n")


if __name__ == "__main__":
    main()
