"""Does the kill switch stop a running service, in all its workers and within five seconds?

gunicorn runs with two workers, as it is shipped; the switch is thrown from a shell of its own.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from sqlalchemy import select

from cds import clock
from cds.date_shift import move_dates
from cds.store.database import open_store
from cds.store.schema import decisions
from tests.support.named_workers import WORKER

ROOT = Path(__file__).resolve().parents[3]
SERVER = (sys.executable, "-m", "gunicorn", "--config", "python:cds.gunicorn_conf")
COMMAND = Path(sys.executable).with_name("trd-cds")
WORKERS = 2
AT_ONCE = 6
START_S = 60
PROMISED = timedelta(seconds=5)
VIEW = "trd-inflammation-patient-view"


@dataclass(frozen=True)
class Answer:
    """One answer: of which worker, with how many cards."""

    worker: str
    status: int
    cards: int


@dataclass
class Running:
    """The service, and how it is called and switched. known: its workers, once each answered."""

    address: str
    environment: dict[str, str]
    body: dict[str, object]
    workers: frozenset[str] = frozenset()

    def call(self, _: int = 0) -> Answer:
        body = {**self.body, "hookInstance": str(uuid4())}
        answer = requests.post(f"{self.address}/cds-services/{VIEW}", json=body, timeout=30)
        cards = len(answer.json().get("cards", ())) if answer.ok else -1
        return Answer(answer.headers[WORKER], answer.status_code, cards)

    def calls(self) -> list[Answer]:
        """Call several times at once, so that more than one worker has something to do."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(self.call, range(AT_ONCE)))

    def switch(self, *said: str) -> datetime:
        """Switch from another process, and say when that was written down."""
        command = [COMMAND, "mode", "set", *said]
        who = ["--by", "officer", "--because", "a test", "--json"]
        done = subprocess.run(  # noqa: S603 - our own command
            [*command, *who], cwd=ROOT, env=self.environment, capture_output=True, check=True
        )
        return datetime.fromisoformat(json.loads(done.stdout)["switched"]["switchedAt"])

    def who_follows(self, until: datetime, *, shown: bool) -> frozenset[str]:
        """Call until every worker shows cards, or none, or the time is over; say which did."""
        following: set[str] = set()
        while following != self.workers and clock.now() < until:
            answers = self.calls()
            following |= {each.worker for each in answers if (each.cards > 0) == shown}
        return frozenset(following)

    def meet(self) -> None:
        """Call until both workers showed a card: from then on both know what was switched."""
        until = time.monotonic() + START_S
        while len(self.workers) < WORKERS and time.monotonic() < until:
            self.workers |= {each.worker for each in self.calls() if each.cards > 0}


@pytest.fixture
def running(url: str) -> Iterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRD_CDS_")}
    environment = {
        **kept,
        "TRD_CDS_STORE_URL": url,
        "TRD_CDS_PSEUDONYM_KEY": "a-key-of-this-test-and-of-no-other",
    }
    command = (*SERVER, "--bind", f"127.0.0.1:{port}", "tests.support.named_workers:build()")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own server
    chart = (ROOT / "fixtures" / "requests" / "safety-card.json").read_text("utf-8")
    service = Running(
        f"http://127.0.0.1:{port}", environment, json.loads(move_dates(chart, clock.today()))
    )
    try:
        _wait_for(service.address, process)
        service.meet()
        yield service
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            if requests.get(f"{address}/readyz", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)


@pytest.mark.requirement("B7", "RESP-9")
def test_the_kill_switch_reaches_every_worker_within_five_seconds_and_is_recorded(
    running: Running, url: str
) -> None:
    assert len(running.workers) == WORKERS
    stopped_at = running.switch("off", "--all")
    assert running.who_follows(stopped_at + PROMISED, shown=False) == running.workers
    later = [answer for _ in range(5) for answer in running.calls()]
    assert {(each.status, each.cards) for each in later} == {(200, 0)}
    assert requests.get(f"{running.address}/readyz", timeout=30).json()["status"] == "ready"
    store = open_store(url, wait_s=30)
    with store.reading() as connection:
        newest = select(decisions).order_by(decisions.c.decided_at.desc()).limit(len(later))
        rows = connection.execute(newest).all()
    store.close()
    assert {(row.mode, row.outcome, row.shown) for row in rows} == {("off", "switched_off", False)}
    lifted_at = running.switch("live", "--all")
    assert running.who_follows(lifted_at + PROMISED, shown=True) == running.workers
