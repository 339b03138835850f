"""Does a worker follow what was switched, without asking the store at every call?"""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection

from cds.ehr.trusted_clients import Mode, TrustedClient
from cds.modes import Modes, SwitchRefusedError
from cds.operations.request_log import LOGGER
from cds.store.database import Store, open_store
from cds.store.errors import StoreUnavailable
from cds.store.mode_switches import Scope
from tests.cds.store.records import NOW

VIEW, SIGN = "view", "sign"
EVERYTHING: Scope = (None, None)
THREADS = 20


def client(mode: Mode = "live", name: str = "north") -> TrustedClient:
    return TrustedClient(name=name, issuer="i", jwks_file=Path("none"), mode=mode)


class Watched(Store):
    """A store that counts how often it is read, and can be made to fail."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads = 0
        self.is_gone = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.reads += 1
        if self.is_gone:
            raise StoreUnavailable("SQLITE_BUSY")
        with self._store.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._store.writing() as connection:
            yield connection


class Worker:
    """The modes of one process, on a clock of its own."""

    def __init__(self, store: Store) -> None:
        self.passed_s = 1000.0
        self.store = Watched(store)
        self.modes = Modes(
            self.store,
            lambda: NOW,
            (client(), client(name="south")),
            services=(VIEW, SIGN),
            passed_s=lambda: self.passed_s,
        )

    def mode(self, registry: Mode = "live", service: str = VIEW) -> Mode:
        return self.modes.mode_of(client(registry), service)

    def switch(self, mode: Mode, scope: Scope = EVERYTHING) -> None:
        self.modes.switch(mode, scope, by="anna", because="a test")


@pytest.fixture
def worker(store: Store) -> Worker:
    return Worker(store)


@pytest.fixture
def other(store: Store) -> Worker:
    return Worker(store)


@pytest.mark.requirement("B6")
@pytest.mark.parametrize("registry", ["off", "silent", "live"])
def test_where_nothing_was_switched_the_registry_holds(worker: Worker, registry: Mode) -> None:
    assert worker.mode(registry) == registry


@pytest.mark.requirement("B7")
def test_who_switches_sees_it_at_once(worker: Worker) -> None:
    assert worker.mode() == "live"
    worker.switch("off")
    assert worker.mode() == "off"


@pytest.mark.requirement("B7")
def test_another_worker_follows_within_two_seconds(worker: Worker, other: Worker) -> None:
    assert other.mode() == "live"
    worker.switch("off")
    other.passed_s += 2
    assert other.mode() == "off"


def test_a_worker_that_was_idle_all_night_reads_before_it_answers(
    worker: Worker, other: Worker
) -> None:
    assert other.mode() == "live"
    worker.switch("off")
    other.passed_s += 30_000
    assert other.mode() == "off"


def test_many_calls_within_two_seconds_cost_one_read(worker: Worker) -> None:
    for _ in range(100):
        worker.mode()
        worker.passed_s += 0.0199
    assert worker.store.reads == 1


def test_calls_that_come_at_once_cost_one_read(worker: Worker) -> None:
    together = Barrier(THREADS)

    def ask(_: int) -> Mode:
        together.wait()
        return worker.mode()

    worker.switch("silent")
    with ThreadPoolExecutor(THREADS) as threads:
        modes = set(threads.map(ask, range(THREADS)))
    assert (modes, worker.store.reads) == ({"silent"}, 1)


@pytest.mark.requirement("B6")
def test_one_service_of_one_client_is_switched_alone(worker: Worker) -> None:
    worker.switch("off", ("north", VIEW))
    south = worker.modes.mode_of(client(name="south"), VIEW)
    assert (worker.mode(), worker.mode(service=SIGN), south) == ("off", "live", "live")


# The store is not there


@pytest.mark.requirement("B7", "E11")
def test_the_last_known_switches_hold_while_the_store_is_gone(worker: Worker) -> None:
    worker.switch("off", ("north", None))
    assert worker.mode() == "off"
    worker.store.is_gone = True
    worker.passed_s += 3600
    assert worker.mode() == "off"


@pytest.mark.requirement("B7", "E11")
@pytest.mark.parametrize(
    ("registry", "expected"), [("live", "silent"), ("silent", "silent"), ("off", "off")]
)
def test_a_worker_that_never_read_a_switch_shows_no_card_and_invents_no_off(
    worker: Worker, registry: Mode, expected: Mode
) -> None:
    worker.store.is_gone = True
    assert worker.mode(registry) == expected


def test_a_store_that_was_never_made_counts_as_gone(empty_url: str) -> None:
    store = open_store(empty_url)
    assert Worker(store).mode() == "silent"
    store.close()


def test_a_store_that_came_back_is_read_again(worker: Worker, other: Worker) -> None:
    other.store.is_gone = True
    assert other.mode() == "silent"
    worker.switch("off")
    other.store.is_gone = False
    other.passed_s += 2
    assert other.mode() == "off"


def test_a_store_that_is_gone_is_not_asked_at_every_call(worker: Worker) -> None:
    worker.store.is_gone = True
    for _ in range(50):
        worker.mode()
    assert worker.store.reads == 1


def test_it_is_logged_that_switches_cannot_be_read(
    worker: Worker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOGGER, "propagate", True)
    worker.store.is_gone = True
    with caplog.at_level(logging.ERROR, logger=LOGGER.name):
        worker.mode()
    assert json.loads(caplog.messages[0]) == {"fault": "modes not read", "reason": "SQLITE_BUSY"}


# What cannot be switched


@pytest.mark.parametrize(
    ("scope", "field", "told"),
    [
        (("nord", None), "client", "this client is not known; known are north, south"),
        (("", None), "client", "this client is not known; known are north, south"),
        ((None, "sing"), "service", "this service is not known; known are view, sign"),
        (("north", ""), "service", "this service is not known; known are view, sign"),
    ],
)
def test_what_is_not_known_cannot_be_switched(
    worker: Worker, scope: Scope, field: str, told: str
) -> None:
    with pytest.raises(SwitchRefusedError) as raised:
        worker.switch("off", scope)
    assert (raised.value.field, str(raised.value)) == (field, told)
    assert worker.modes.history(1) == ()


@pytest.mark.requirement("B7")
@pytest.mark.parametrize("field", ["by", "because"])
@pytest.mark.parametrize("text", ["", "  \n ", "\x1b[2J", "zero\u200bwidth", "x" * 501])
def test_who_and_why_must_be_said_in_words(worker: Worker, field: str, text: str) -> None:
    said = {"by": "anna", "because": "a test"} | {field: text}
    with pytest.raises(SwitchRefusedError) as raised:
        worker.modes.switch("off", EVERYTHING, **said)
    assert raised.value.field == field
    assert worker.modes.history(1) == ()


def test_what_was_said_on_two_lines_is_kept_on_one(worker: Worker) -> None:
    kept = worker.modes.switch("off", EVERYTHING, by=" anna ", because="one\n  two\tthree")
    assert (kept.switched_by, kept.because) == ("anna", "one two three")


def test_a_switch_that_cannot_be_written_down_is_told_and_changes_nothing(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise StoreUnavailable("SQLITE_READONLY")

    monkeypatch.setattr(worker.store, "writing", refuse)
    with pytest.raises(StoreUnavailable):
        worker.switch("off")
    assert worker.mode() == "live"


# What is told


def test_every_service_of_every_client_is_told(worker: Worker) -> None:
    worker.switch("off", ("south", SIGN))
    told = [(each.client, each.service, each.mode) for each in worker.modes.in_force()]
    assert told == [
        ("north", VIEW, "live"),
        ("north", SIGN, "live"),
        ("south", VIEW, "live"),
        ("south", SIGN, "off"),
    ]


def test_what_is_told_is_never_what_was(worker: Worker, other: Worker) -> None:
    assert {each.mode for each in worker.modes.in_force()} == {"live"}
    other.switch("off")
    assert {each.mode for each in worker.modes.in_force()} == {"off"}
