"""What of the decisions, cards and feedback of a period do the figures ask for?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from cds.decision import Decision
from cds.review.behaviour import Seen, ShownCard
from cds.store.database import Store
from cds.store.decisions import read_decisions
from cds.store.schema import assignments, cards, cases, decisions, feedback

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Decisions of a time: from `since` inclusive until `until` exclusive, both aware.

    client, service: None means all of them.
    """

    since: datetime
    until: datetime
    client: str | None = None
    service: str | None = None


class FigureSource:
    """The numbers behind the figures. Every method: Errors: StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def seen(self, period: Period) -> tuple[Seen, ...]:
        """Give every decision of a period, the oldest first."""
        query = (
            select(
                decisions.c.decided_at,
                decisions.c.client,
                decisions.c.pseudonym,
                decisions.c.review_class,
                decisions.c.rule_version,
                decisions.c.could_not_tell,
                decisions.c.evidence_key,
            )
            .where(_within(period))
            .order_by(decisions.c.decided_at, decisions.c.id)
        )
        with self._store.reading() as connection:
            return tuple(map(_read_seen, connection.execute(query)))

    def shown_cards(self, period: Period) -> tuple[ShownCard, ...]:
        """Give every card of a period that was sent, with the first feedback on it.

        Only feedback of the client that was sent the card counts.
        """
        first = (
            select(feedback.c.client, feedback.c.card, func.min(feedback.c.id).label("id"))
            .group_by(feedback.c.client, feedback.c.card)
            .subquery("first")
        )
        on_card = and_(first.c.card == cards.c.uuid, first.c.client == decisions.c.client)
        query = (
            select(
                decisions.c.decided_at,
                decisions.c.rule_version,
                feedback.c.outcome,
                feedback.c.reason_code,
                func.coalesce(feedback.c.outcome_at, feedback.c.received_at).label("answered_at"),
            )
            .join_from(cards, decisions, decisions.c.id == cards.c.decision)
            .outerjoin(first, on_card)
            .outerjoin(feedback, feedback.c.id == first.c.id)
            .where(_within(period), cards.c.shown)
            .order_by(decisions.c.decided_at, cards.c.uuid)
        )
        with self._store.reading() as connection:
            return tuple(map(_read_card, connection.execute(query)))

    def clients_and_services(self) -> tuple[tuple[str, str], ...]:
        """Give which client asked which service, for a filter."""
        query = (
            select(decisions.c.client, decisions.c.service)
            .distinct()
            .order_by(decisions.c.client, decisions.c.service)
        )
        with self._store.reading() as connection:
            return tuple((row.client, row.service) for row in connection.execute(query))

    def sampled_in(self, period: Period) -> frozenset[str]:
        """Give the ids of the decisions of a period that some sample drew."""
        query = (
            select(assignments.c.decision)
            .join(decisions, decisions.c.id == assignments.c.decision)
            .where(_within(period))
            .distinct()
        )
        with self._store.reading() as connection:
            return frozenset(connection.scalars(query))

    def kept_cases(self, period: Period, at_most: int | None = None) -> Iterator[Decision]:
        """Give the decisions of a period whose facts are kept, the newest first, some at a time.

        at_most: no more than so many; None for all. Errors: StoreUnavailable.
        """
        ids = (
            select(decisions.c.id)
            .join(cases, cases.c.decision == decisions.c.id)
            .where(_within(period))
            .order_by(decisions.c.decided_at.desc(), decisions.c.id)
            .limit(at_most)
        )
        with self._store.reading() as connection:
            found = list(connection.scalars(ids))
        for first in range(0, len(found), _AT_ONCE):
            some = found[first : first + _AT_ONCE]
            with self._store.reading() as connection:
                yield from read_decisions(connection, decisions.c.id.in_(some))

    def count_kept_cases(self, period: Period) -> int:
        """Count the decisions of a period whose facts are kept."""
        query = (
            select(func.count())
            .select_from(decisions)
            .join(cases, cases.c.decision == decisions.c.id)
            .where(_within(period))
        )
        with self._store.reading() as connection:
            return connection.scalar(query) or 0


def _within(period: Period) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        decisions.c.decided_at >= period.since,
        decisions.c.decided_at < period.until,
    ]
    if period.client is not None:
        conditions.append(decisions.c.client == period.client)
    if period.service is not None:
        conditions.append(decisions.c.service == period.service)
    return and_(*conditions)


def _read_seen(row: Any) -> Seen:
    return Seen(
        at=row.decided_at,
        client=row.client,
        patient=row.pseudonym,
        review_class=row.review_class,
        rule_version=row.rule_version,
        open_criteria=tuple(key for key in row.could_not_tell.split(",") if key),
        evidence=row.evidence_key,
    )


def _read_card(row: Any) -> ShownCard:
    return ShownCard(
        sent_at=row.decided_at,
        rule_version=row.rule_version,
        outcome=row.outcome,
        reason=row.reason_code,
        answered_at=row.answered_at,
    )
