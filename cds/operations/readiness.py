"""Can this process do its work now? Told to whoever sends it requests."""

import time
from threading import Lock

from flask import Blueprint, Response

from cds.evidence_expiry import EvidenceExpiry, LedgerState
from cds.json_answer import write_json
from cds.operations.request_log import LOGGER
from cds.store.database import Store
from cds.store.errors import StoreUnavailable, UnusableStoreError

_BETWEEN_TRIES_S = 5.0
_WAIT_S = 1.0  # somebody waits for the answer
_NOT_READY = 503
_EVIDENCE = {
    LedgerState.CURRENT: "ok",
    LedgerState.REVIEW_DUE: "review due",
    LedgerState.EXPIRED: "expired",
}


class StoreGate:
    """Knows whether the store can be written; gives it its tables when it comes back without."""

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url
        self._lock = Lock()
        self._tried = float("-inf")

    def is_ready(self) -> bool:
        """Whether decisions can be written down now."""
        return self._store.is_ready() or (self._migrate() and self._store.is_ready())

    def _migrate(self) -> bool:
        with self._lock:
            if time.monotonic() - self._tried < _BETWEEN_TRIES_S:
                return False
            self._tried = time.monotonic()
        from cds.store.migration import migrate  # noqa: PLC0415 - costs a start that needs none

        try:
            migrate(self._url, _WAIT_S)
        except StoreUnavailable as error:
            LOGGER.error('{"fault": "store", "reason": "%s"}', error.reason)
            return False
        except UnusableStoreError:  # a newer version of the service has changed it
            LOGGER.error('{"fault": "store", "reason": "of another version"}')
            return False
        return True


def readiness_routes(gate: StoreGate, expiry: EvidenceExpiry) -> Blueprint:
    """Give `/readyz`: 200 while requests can be answered, 503 while another process should.

    An evidence ledger whose review is due or overdue is told and changes no status: another
    process holds the same ledger.
    """
    routes = Blueprint("readiness", __name__)

    @routes.get("/readyz")
    def tell_readiness() -> Response:
        ready = gate.is_ready()
        checks = {
            "store": "ok" if ready else "not available",
            "evidence": _EVIDENCE[expiry.state()],
        }
        warning = expiry.notice()
        status: dict[str, object] = {"status": "ready" if ready else "not_ready", "checks": checks}
        if warning:
            status["warning"] = warning
        return write_json(status, 200 if ready else _NOT_READY)

    return routes
