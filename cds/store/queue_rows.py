"""What stands in one row of the queue? The decision, its cards, and what was said of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, select

from cds.store.schema import assignments, cards, decisions, feedback, judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the queue: that of one decision."""

    decided_at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One piece of feedback on a card of a decision. comment: free text of a user; never logged."""

    outcome: str
    reason: str
    comment: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One decision as the queue shows it.

    cards: the first line of each. mine: "" where it is not for whoever asks to judge, else "open"
    or "submitted".
    """

    id: str
    decided_at: datetime
    client: str
    service: str
    pseudonym: str
    review_class: str
    resistance: str
    inflammation: str
    could_not_tell: tuple[str, ...]
    cards: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    mine: str = ""

    @property
    def position(self) -> Position:
        return Position(decided_at=self.decided_at, id=self.id)


SHOWN: tuple[Column[Any], ...] = (
    decisions.c.id,
    decisions.c.decided_at,
    decisions.c.client,
    decisions.c.service,
    decisions.c.pseudonym,
    decisions.c.review_class,
    decisions.c.resistance,
    decisions.c.inflammation,
    decisions.c.could_not_tell,
)


def fill_rows(
    connection: Connection, rows: Sequence[Row[Any]], account: str
) -> tuple[QueueRow, ...]:
    """Give the rows of a page with what hangs on them, by one query for each kind."""
    ids = [row.id for row in rows]
    summaries = _summaries(connection, ids)
    said = _feedback(connection, ids)
    mine = _to_judge(connection, ids, account)
    return tuple(
        QueueRow(
            **{
                **row._mapping,
                "could_not_tell": tuple(filter(None, row.could_not_tell.split(","))),
            },
            cards=tuple(summaries.get(row.id, ())),
            said=tuple(said.get(row.id, ())),
            mine=mine.get(row.id, ""),
        )
        for row in rows
    )


def _summaries(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[str]]:
    query = (
        select(cards.c.decision, cards.c.kind, cards.c.summary)
        .where(cards.c.decision.in_(ids))
        .order_by(cards.c.place, cards.c.uuid)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        words = row.summary or row.kind
        if words not in found[row.decision]:  # a call delivered again wrote its cards again
            found[row.decision].append(words)
    return found


def _feedback(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[Said]]:
    query = (
        select(
            cards.c.decision,
            feedback.c.outcome,
            feedback.c.reason_display,
            feedback.c.reason_code,
            feedback.c.user_comment,
        )
        .join(cards, cards.c.uuid == feedback.c.card)
        .join(decisions, decisions.c.id == cards.c.decision)
        .where(cards.c.decision.in_(ids), feedback.c.client == decisions.c.client)
        .order_by(feedback.c.id)
    )
    found: defaultdict[str, list[Said]] = defaultdict(list)
    for row in connection.execute(query):
        reason = row.reason_display or row.reason_code or ""
        said = Said(outcome=row.outcome, reason=reason, comment=row.user_comment or "")
        found[row.decision].append(said)
    return found


def _to_judge(connection: Connection, ids: Sequence[str], account: str) -> Mapping[str, str]:
    """Say what whoever asks is to judge; one open case among several makes it open."""
    done = select(judgements.c.id).where(
        judgements.c.assignment == assignments.c.id, judgements.c.submitted
    )
    query = select(assignments.c.decision, done.exists().label("done")).where(
        assignments.c.decision.in_(ids), assignments.c.account == account
    )
    found: dict[str, str] = {}
    for row in connection.execute(query):
        is_open = not row.done or found.get(row.decision) == "open"
        found[row.decision] = "open" if is_open else "submitted"
    return found
