"""What does the client's own FHIR server say? Asked in parallel, within a budget of time.

Method and path are built here, the host stands in the registry, the token goes into the header of
this one request. Nothing that is fetched is kept for a later call.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock, Semaphore

from requests import Session

from cds.ehr.asking import Asking, Budget, FhirAccess
from cds.ehr.circuit import Circuit
from cds.ehr.connections import open_session
from cds.ehr.fetched import Fetched, Problem, Query
from cds.ehr.trusted_clients import TrustedClient

__all__ = ["FhirAccess", "FhirClient"]

_PARALLEL = 32  # of one process, for all clients together
# Calls of one client that may fetch at once in one worker, which has eight threads: some are left
# for the other clients, however slow this one's server is.
_CALLS_AT_ONCE = 6
_DEAD = frozenset({Problem.TIMEOUT, Problem.UNREACHABLE})


class FhirClient:
    """Asks the FHIR servers of the trusted clients. Made once for a process; keeps connections."""

    def __init__(self, new_session: Callable[[TrustedClient], Session] | None = None) -> None:
        self._new_session = new_session or _session_of
        self._sessions: dict[str, Session] = {}
        self._circuits: dict[str, Circuit] = {}
        self._places: dict[str, Semaphore] = {}
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="fhir")

    def fetch(
        self, client: TrustedClient, access: FhirAccess, queries: Iterable[Query], budget_s: float
    ) -> Mapping[str, Fetched]:
        """Ask everything at once, and give what came in time, by key.

        Unknown input: whatever a server answers becomes a Problem, never an exception. When the
        time is over, what is still under way is cut off.
        """
        session, circuit, places = self._of(client, access.base)
        budget = Budget(time.monotonic() + budget_s)
        asked = {query.key: Asking(session, client, access, query, budget) for query in queries}
        if not circuit.is_closed():
            return {key: _nothing(asking, Problem.UNREACHABLE) for key, asking in asked.items()}
        if not places.acquire(blocking=False):
            return {key: _nothing(asking, Problem.BUSY) for key, asking in asked.items()}
        try:
            return self._run(asked, circuit, budget_s)
        finally:
            places.release()

    def _run(
        self, asked: Mapping[str, Asking], circuit: Circuit, budget_s: float
    ) -> Mapping[str, Fetched]:
        running = {self._threads.submit(asking.run): key for key, asking in asked.items()}
        done, late = wait(running, timeout=budget_s)
        for future in late:
            future.cancel()
            asked[running[future]].cut()
        brought = {
            key: _result(future, asked[key], done=future in done) for future, key in running.items()
        }
        # Once for a call: a server that reads at once and never searches is as dead as any.
        if brought:
            circuit.note(worked=not any(each.problem in _DEAD for each in brought.values()))
        return brought

    def _of(self, client: TrustedClient, base: str) -> tuple[Session, Circuit, Semaphore]:
        with self._lock:
            if client.name not in self._sessions:
                self._sessions[client.name] = self._new_session(client)
            return (
                self._sessions[client.name],
                self._circuits.setdefault(base, Circuit()),
                self._places.setdefault(client.name, Semaphore(_CALLS_AT_ONCE)),
            )


def _session_of(client: TrustedClient) -> Session:
    return open_session(client.private_networks, client.ca_file)


def _result(future: "Future[Fetched]", asking: "Asking", *, done: bool) -> Fetched:
    return future.result() if done else _nothing(asking, Problem.TIMEOUT)


def _nothing(asking: "Asking", problem: Problem) -> Fetched:
    """Give what was there before: the page a client sent is still a page."""
    return Fetched(value=asking.query.start, problem=problem)
