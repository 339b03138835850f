"""How is it kept who looked at what? Rows are added and read, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select

from cds.store.column_types import keepable
from cds.store.database import Store
from cds.store.schema import accounts, audit_events


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that was done or refused.

    account: the id of who did it; None where it is not known. decision: the one it was about.
    """

    at: datetime
    account: str | None
    action: str
    outcome: str
    decision: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """One row, with the name the account has now. number: grows with time."""

    number: int
    event: AuditEvent
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """Which rows are asked for; what is None is not asked. since, until: until is not included."""

    account: str | None = None
    action: str | None = None
    outcome: str | None = None
    decision: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """What was done on the review pages, in the order it was written."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, event: AuditEvent) -> None:
        """Write an event down, durably before this returns. Errors: StoreUnavailable."""
        row = {name: getattr(event, name) for name in AuditEvent.__dataclass_fields__}
        told = {
            "details": dict(event.details),
            "decision": event.decision and keepable(event.decision),
        }
        with self._store.writing() as connection:
            connection.execute(insert(audit_events), row | told)

    def find(
        self, question: AuditQuestion, *, before: int | None = None, at_most: int = 50
    ) -> tuple[KeptEvent, ...]:
        """Give the newest events that were asked for, newest first.

        before: only those with a smaller number, to go on where a page ended.

        Errors: StoreUnavailable.
        """
        conditions = _conditions(question)
        if before is not None:
            conditions.append(audit_events.c.id < before)
        query = (
            select(audit_events, accounts.c.name)
            .outerjoin(accounts, accounts.c.id == audit_events.c.account)
            .where(*conditions)
            .order_by(audit_events.c.id.desc())
            .limit(at_most)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            KeptEvent(
                number=row["id"],
                event=AuditEvent(**{name: row[name] for name in AuditEvent.__dataclass_fields__}),
                name=row["name"],
            )
            for row in rows
        )


def _conditions(question: AuditQuestion) -> list[ColumnElement[bool]]:
    columns = audit_events.c
    conditions: list[ColumnElement[bool]] = [
        columns[name] == keepable(value)
        for name in ("account", "action", "outcome", "decision")
        if (value := getattr(question, name)) is not None
    ]
    if question.since is not None:
        conditions.append(columns.at >= question.since)
    if question.until is not None:
        conditions.append(columns.at < question.until)
    return conditions
