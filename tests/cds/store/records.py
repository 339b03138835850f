"""What do the tests of the store write down? Small builders that show only what matters."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from cds.decision import CardRecord, Decision

NOW = datetime(2026, 6, 30, 12, 0, 0, 123456, tzinfo=UTC)
CLIENT = "north"
SERVICE = "trd-inflammation"
PSEUDONYM = "0" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Feedback as a client sent it."""

    card: str
    outcome: str = "overridden"
    accepted_suggestions: tuple[str, ...] = ()
    reason_code: str | None = None
    reason_system: str | None = None
    reason_display: str | None = None
    user_comment: str | None = None
    outcome_at: datetime | None = NOW


def card(uuid: str | None = None) -> CardRecord:
    return CardRecord(uuid=uuid or str(uuid4()), kind="evidence", summary="A summary.")


def decision(**changes: Any) -> Decision:
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "decided_at": NOW,
        "client": CLIENT,
        "service": SERVICE,
        "hook_instance": "instance-1",
        "request_key": "a" * 64,
        "pseudonym": PSEUDONYM,
        "as_of": date(2026, 6, 30),
        "mode": "live",
        "outcome": "evaluated",
        "knowledge_version": "1.0.0",
        "knowledge_sha256": "b" * 64,
        "rule_version": "1",
        "resistance": "met",
        "inflammation": "raised_persistent",
        "answer": {"asOf": "2026-06-30", "gaps": [{"what": "cause", "because": "CRP ≥3 mg/L"}]},
        "cards": (card(),),
        "shown": True,
    }
    return Decision(**{**values, **changes})
