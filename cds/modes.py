"""Which mode does this call run in? Switched while the service runs, and in force in every worker.

The switches are in the store that all workers share. Each worker reads them again when they are
older than two seconds, so a call costs no read of its own and a switch needs no redeployment.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Lock

from cds.ehr.trusted_clients import Mode, TrustedClient
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from cds.mode_in_force import ModeInForce, find_mode, lower
from cds.operations.request_log import LOGGER
from cds.store.database import Store
from cds.store.errors import StoreUnavailable
from cds.store.mode_switches import ModeSwitches, Scope, Switch

EVALUATE = "evaluate"
SERVICES = (PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN, EVALUATE)

# A worker may know the switches of so many seconds ago, and may then wait for the store. Together
# that stays well within the seconds that are promised for a switch.
_AT_MOST_S = 2.0
IN_FORCE_WITHIN_S = 5
_LONGEST = 500


class SwitchRefusedError(ValueError):
    """A switch that cannot be. field: client, service, by or because; the message is a sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Modes:
    """The modes of one deployment. Made once at start, for the threads of a worker.

    clients, services: those that can be switched by name. passed_s: a clock that never goes back.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        clients: Iterable[TrustedClient] = (),
        *,
        services: tuple[str, ...] = SERVICES,
        passed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clients = tuple(clients)
        self.services = services
        self._switches = ModeSwitches(store)
        self._now = now
        self._passed_s = passed_s
        self._lock = Lock()
        self._known: Mapping[Scope, Switch] | None = None
        self._read_next_s = float("-inf")

    def mode_of(self, client: TrustedClient, service: str) -> Mode:
        """Say in which mode a call runs; what it is told holds for the whole of the call.

        Where the store cannot be read, the last known switches hold. A worker that never read any
        does not know what was switched off, so it shows nothing: the registry holds, up to silent.
        """
        newest = self._newest()
        if newest is None:
            return lower(client.mode, "silent")
        return find_mode(client.mode, client.name, service, newest).mode

    def in_force(self) -> tuple[ModeInForce, ...]:
        """Read the mode of each service of each client anew. Errors: StoreUnavailable."""
        newest = self._switches.newest()
        return tuple(
            find_mode(client.mode, client.name, service, newest)
            for client in self.clients
            for service in self.services
        )

    def history(self, at_most: int) -> tuple[Switch, ...]:
        """Give the switches there ever were, the newest first. Errors: StoreUnavailable."""
        return self._switches.history(at_most)

    def switch(self, mode: Mode, scope: Scope, *, by: str, because: str) -> Switch:
        """Switch a client, a service, one service of one client, or everything.

        scope: client and service; None means all of them. It is in force here at once, and in the
        other workers within the age their knowledge may have.

        Errors: SwitchRefusedError for a client or service that is not known, or where it is not
        said who and why; StoreUnavailable, and then nothing was switched.
        """
        client, service = scope
        _check_known("client", client, [each.name for each in self.clients])
        _check_known("service", service, self.services)
        who, why = _read_text("by", by), _read_text("because", because)
        switched = self._switches.add(mode, scope, who, why, self._now())
        with self._lock:
            self._read_next_s = float("-inf")
        return switched

    def _newest(self) -> Mapping[Scope, Switch] | None:
        """Give the switches as they were at most two seconds ago; None: never read.

        The lock is held while one thread reads: after a quiet night the others must not go on with
        the switches of the evening.
        """
        with self._lock:
            if self._passed_s() >= self._read_next_s:
                try:
                    self._known = self._switches.newest()
                except StoreUnavailable as error:
                    LOGGER.error('{"fault": "modes not read", "reason": "%s"}', error.reason)
                self._read_next_s = self._passed_s() + _AT_MOST_S
            return self._known


def _check_known(field: str, name: str | None, known: Iterable[str]) -> None:
    if name is not None and name not in known:
        listed = ", ".join(known)
        raise SwitchRefusedError(field, f"this {field} is not known; known are {listed or 'none'}")


def _read_text(field: str, text: str) -> str:
    """Read who or why as one line. It is shown on screens, so it holds nothing but characters."""
    line = " ".join(text.split())
    if not line or not line.isprintable():
        raise SwitchRefusedError(field, "must be said in words, on one line")
    if len(line) > _LONGEST:
        raise SwitchRefusedError(field, f"must have at most {_LONGEST} characters")
    return line
