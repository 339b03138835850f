"""Which routes take a body, and how is a hostile one sent to each?

A case is kept as a small text: its first line names one of `TARGETS`, the rest is the body as is.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus
from uuid import UUID

from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from cds.operations.request_log import LOGGER
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_READ = frozenset({200, 400, 413, 422})
_SERVICE = "/cds-services/<service_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A route that takes a body. statuses: what docs/http.md says it may answer to any body."""

    path: str
    rule: str
    statuses: frozenset[int] = _READ
    content_type: str = JSON
    pasted: bool = False
    is_hook: bool = False

    @property
    def is_page(self) -> bool:
        return self.content_type == FORM


def _hook(service: str) -> Target:
    return Target(
        path=f"/cds-services/{service}", rule=_SERVICE, statuses=_READ | {412}, is_hook=True
    )


TARGETS = {
    "evaluate": Target(path="/evaluate", rule="/evaluate"),
    "unvalidated": Target(path="/evaluate?validate=false", rule="/evaluate"),
    "hook": _hook(PATIENT_VIEW),
    "order-select": _hook(ORDER_SELECT),
    "order-sign": _hook(ORDER_SIGN),
    "feedback": Target(
        path=f"/cds-services/{PATIENT_VIEW}/feedback",
        rule=f"{_SERVICE}/feedback",
        statuses=frozenset({200, 400, 413}),
    ),
    "unknown-service": Target(
        path="/cds-services/unknown", rule=_SERVICE, statuses=frozenset({404})
    ),
    "pasted": Target(path="/demo", rule="/demo", content_type=FORM, pasted=True),
    "form": Target(path="/demo", rule="/demo", content_type=FORM),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile call: the name of its target and the body."""

    target: str
    body: bytes

    def as_text(self) -> bytes:
        return self.target.encode() + b"\n" + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and what was written down about it meanwhile."""

    status: int
    mimetype: str
    body: bytes
    correlation_id: str
    log: str


def read_case(text: bytes) -> Case | None:
    """Read a case from its text; None where the first line names no target."""
    name, _, body = text.partition(b"\n")
    known = name.decode("ascii", "replace")
    return Case(known, body) if known in TARGETS else None


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Service:
    """The service without a socket, on a fixed day and with fixed ids; keeps what it logs.

    folder: for its store.
    """

    def __init__(self, folder: Path, knowledge: Knowledge | None = None) -> None:
        app = create_app(
            Settings(store_url=f"sqlite:///{folder}/store.sqlite3"),
            knowledge=knowledge,
            today=lambda: AS_OF,
            now=lambda: NOW,
            new_uuid=lambda: UUID(int=0, version=4),
        )
        self.client: FlaskClient = app.test_client()
        self._log = _Lines()

    def send(self, case: Case) -> Answer:
        """Post a case to its target."""
        target = TARGETS[case.target]
        body = b"bundle=" + quote_plus(case.body).encode() if target.pasted else case.body
        self._log.lines.clear()
        level = LOGGER.level
        LOGGER.addHandler(self._log)
        LOGGER.setLevel(logging.INFO)
        try:
            response = self.client.post(target.path, data=body, content_type=target.content_type)
        finally:
            LOGGER.removeHandler(self._log)
            LOGGER.setLevel(level)
        return Answer(
            status=response.status_code,
            mimetype=response.mimetype,
            body=response.data,
            correlation_id=response.headers.get("X-Correlation-Id", ""),
            log="\n".join(self._log.lines),
        )
