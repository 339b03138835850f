"""How long does the reviewers' queue take to answer, with 10,000 decisions kept?

Run: python -m benchmarks.review_queue [postgresql://…]. Without an address, SQLite in a new folder.
Server time: from the request to the whole answer, in this process, without a network.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from flask import Blueprint, Flask, g

from cds.decision import CardRecord, Decision
from cds.pages.words import INFLAMMATION, RESISTANCE
from cds.review.audit import Audit
from cds.review.classes import OPEN_CRITERIA, ReviewClass
from cds.review.layout import lay_out
from cds.review.queue_page import offer_queue
from cds.review.roles import Account, Role
from cds.store.audit import AuditLog
from cds.store.database import Store, open_store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.migration import migrate
from cds.store.queue import Queue

DECISIONS: Final = 10_000
CALLS: Final = 40
LIMIT_MS: Final = 300
_NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
_PATIENT = timedelta(seconds=30).total_seconds()
_LEAD = Account(id="benchmark", name="Benchmark", role=Role.LEAD)
_ASKED: Mapping[str, str] = {
    "all decisions": "",
    "one class": "?class=near_miss",
    "client, day and status": "?client=client-1&from=2026-03-01&until=2026-05-31&resistance=met",
    "a criterion that could not be told": "?open=inflammation",
    "with a comment": "?said=comment",
    "judged": "?reviewed=yes",
    "in the middle": "?behind=d05000",
    "nothing meets it": "?class=shown&client=client-1&knowledge=none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Feedback as a client sends it."""

    card: str
    outcome: str = "overridden"
    accepted_suggestions: tuple[str, ...] = ()
    reason_code: str | None = "cds-not-applicable"
    reason_system: str | None = None
    reason_display: str | None = "Does not apply to the patient"
    user_comment: str | None = "Known bronchitis that week."
    outcome_at: datetime | None = None


def main(address: str | None) -> None:
    """Fill a store, ask for each kind of page, and print what it took."""
    with TemporaryDirectory() as folder:
        url = address or f"sqlite:///{Path(folder) / 'queue.sqlite3'}"
        migrate(url)
        store = open_store(url, wait_s=_PATIENT)
        _fill(store)
        sys.stdout.write(f"{DECISIONS} decisions, {CALLS} calls of each kind; milliseconds\n")
        for name, query in _ASKED.items():
            times = sorted(_times(_app(store), f"/review/decisions{query}"))
            p95 = times[math.ceil(0.95 * len(times)) - 1]
            says = "holds" if p95 <= LIMIT_MS else "does not hold"
            row = f"{name:36} p50 {median(times):6.1f}  p95 {p95:6.1f}  limit {LIMIT_MS} {says}"
            sys.stdout.write(f"{row}\n")
        store.close()


def _fill(store: Store) -> None:
    log, feedback = DecisionLog(store), FeedbackLog(store)
    for decision in _decisions():
        log.record(decision)
        for card in decision.cards:
            feedback.add(decision.client, decision.service, [_Entry(card=card.uuid)], _NOW)


def _decisions() -> Iterator[Decision]:
    classes, resistance = list(ReviewClass), list(RESISTANCE)
    inflammation, open_criteria = list(INFLAMMATION), list(OPEN_CRITERIA)
    for place in range(DECISIONS):
        uuid, is_shown = f"d{place:05}", place % len(classes) == 0
        card = CardRecord(uuid=f"c{place:05}", kind="evidence", summary="A summary of a card.")
        yield Decision(
            id=uuid,
            decided_at=_NOW - timedelta(minutes=30 * place),
            client=f"client-{place % 5}",
            service="trd-inflammation",
            hook_instance=uuid,
            request_key=uuid,
            pseudonym=f"{place:032x}",
            as_of=_NOW.date(),
            mode="live",
            outcome="evaluated",
            knowledge_version="1.0.0",
            knowledge_sha256="0" * 64,
            rule_version="1",
            resistance=resistance[place % len(resistance)].value,
            inflammation=inflammation[place % len(inflammation)].value,
            answer={"gaps": [{"what": "Condition", "because": "a sentence of some length"}] * 20},
            cards=(card,) if is_shown else (),
            shown=is_shown,
            review_class=classes[place % len(classes)].value,
            could_not_tell=f",{open_criteria[place % len(open_criteria)]},",
        )


def _app(store: Store) -> Flask:
    app = Flask("cds")
    routes = Blueprint("review", __name__, url_prefix="/review")
    lay_out(routes, lambda: "")

    @routes.before_request
    def sign_in() -> None:
        g.account = _LEAD

    routes.add_url_rule("/decisions/<decision_id>", "show_case", lambda decision_id: decision_id)
    offer_queue(routes, Queue(store), Audit(AuditLog(store), lambda: _NOW))
    app.register_blueprint(routes)
    return app


def _times(app: Flask, address: str) -> Iterator[float]:
    client = app.test_client()
    client.get(address)  # templates are compiled once
    for _ in range(CALLS):
        began = perf_counter()
        answer = client.get(address)
        answer.get_data()
        yield (perf_counter() - began) * 1000


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
