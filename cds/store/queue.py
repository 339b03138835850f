"""Which decisions come next in the reviewers' queue? The newest first, in an order that holds.

A page begins behind the last decision of the page before and not at a number of rows, so that
decisions that come in meanwhile move nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
)

from cds.store.column_types import UtcTime, keepable
from cds.store.database import Store
from cds.store.queue_filters import QueueQuestion, conditions_of
from cds.store.queue_rows import SHOWN, Position, QueueRow, fill_rows
from cds.store.schema import accounts, assignments, decisions

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Decisions, the newest first, and whether there are newer and older ones of the same kind."""

    rows: tuple[QueueRow, ...]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChoices:
    """What can be filtered by, as far as it occurs. reviewers: name by the id of an account."""

    clients: tuple[str, ...]
    services: tuple[str, ...]
    rule_versions: tuple[str, ...]
    knowledge: tuple[str, ...]
    reviewers: Mapping[str, str]


_NEWEST_FIRST = (decisions.c.decided_at.desc(), decisions.c.id.desc())
_OLDEST_FIRST = (decisions.c.decided_at, decisions.c.id)


class Queue:
    """The decisions of all clients, as reviewers go through them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def first(self, question: QueueQuestion, account: str) -> QueuePage:
        """Give the newest decisions. account: who asks; what they are to judge is marked.

        Errors: StoreUnavailable.
        """
        with self._store.reading() as connection:
            found = _read(connection, question, _NEWEST_FIRST)
            rows = fill_rows(connection, found[:PAGE], account)
            return QueuePage(rows=rows, has_newer=False, has_older=len(found) > PAGE)

    def older(self, question: QueueQuestion, account: str, than: Position) -> QueuePage:
        """Give the decisions behind a place. Errors: StoreUnavailable."""
        with self._store.reading() as connection:
            found = _read(connection, question, _NEWEST_FIRST, _is_older(than))
            rows = fill_rows(connection, found[:PAGE], account)
            return QueuePage(rows=rows, has_newer=True, has_older=len(found) > PAGE)

    def newer(self, question: QueueQuestion, account: str, than: Position) -> QueuePage:
        """Give the decisions before a place; those nearest to it. Errors: StoreUnavailable."""
        with self._store.reading() as connection:
            found = _read(connection, question, _OLDEST_FIRST, _is_newer(than))
            rows = fill_rows(connection, found[:PAGE][::-1], account)
            return QueuePage(rows=rows, has_newer=len(found) > PAGE, has_older=True)

    def place_of(self, decision_id: str) -> Position | None:
        """Give the place of a decision. None: there is none, or no longer.

        Errors: StoreUnavailable.
        """
        query = select(decisions.c.decided_at).where(decisions.c.id == keepable(decision_id))
        with self._store.reading() as connection:
            decided_at = connection.scalar(query)
        return None if decided_at is None else Position(decided_at=decided_at, id=decision_id)

    def around(self, question: QueueQuestion, place: Position) -> tuple[str | None, str | None]:
        """Give the ids of the next newer and the next older decision, None where there is none.

        The decision at the place need not meet the question. Errors: StoreUnavailable.
        """
        newer = _ids(question, _OLDEST_FIRST, _is_newer(place))
        older = _ids(question, _NEWEST_FIRST, _is_older(place))
        with self._store.reading() as connection:
            return connection.scalar(newer), connection.scalar(older)

    def counts(self, question: QueueQuestion) -> Mapping[str, int]:
        """Count decisions by class, as the other filters leave them. Errors: StoreUnavailable."""
        of_all = conditions_of(replace(question, review_class=""))
        column = decisions.c.review_class
        query = select(column, func.count()).where(*of_all).group_by(column)
        with self._store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def choices(self) -> QueueChoices:
        """Give what the queue can be filtered by. Errors: StoreUnavailable."""
        names = ("client", "service", "rule_version", "knowledge_sha256")
        columns = [decisions.c[name] for name in names]
        assigned = select(accounts.c.id, accounts.c.name).join(assignments).distinct()
        with self._store.reading() as connection:
            found = connection.execute(select(*columns).distinct()).all()
            reviewers = connection.execute(assigned.order_by(accounts.c.name)).all()
        clients, services, rules, knowledge = (
            tuple(sorted({row[place] for row in found})) for place in range(len(names))
        )
        return QueueChoices(
            clients=clients,
            services=services,
            rule_versions=rules,
            knowledge=knowledge,
            reviewers={row[0]: row[1] for row in reviewers},
        )


def _is_older(place: Position) -> ColumnElement[bool]:
    day, moment = decisions.c.decided_at, literal(place.decided_at, UtcTime)
    return or_(day < moment, and_(day == moment, decisions.c.id < place.id))


def _is_newer(place: Position) -> ColumnElement[bool]:
    day, moment = decisions.c.decided_at, literal(place.decided_at, UtcTime)
    return or_(day > moment, and_(day == moment, decisions.c.id > place.id))


def _read(
    connection: Connection,
    question: QueueQuestion,
    order: Sequence[ColumnElement[Any]],
    *place: ColumnElement[bool],
) -> Sequence[Row[Any]]:
    """Read one row more than a page holds, which tells whether there is another page."""
    query = select(*SHOWN).where(*conditions_of(question), *place)
    return connection.execute(query.order_by(*order).limit(PAGE + 1)).all()


def _ids(
    question: QueueQuestion, order: Sequence[ColumnElement[Any]], place: ColumnElement[bool]
) -> Select[str]:
    query = select(decisions.c.id).where(*conditions_of(question), place)
    return query.order_by(*order).limit(1)
