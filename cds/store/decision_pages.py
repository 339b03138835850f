"""How are many decisions read without holding all of them? The oldest first, a page at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select, true, tuple_

from cds.decision import CardRecord, Decision
from cds.store.card_rows import read_card
from cds.store.database import Store
from cds.store.schema import cards, cases, decisions

_PAGE = 200
_PLACE = (decisions.c.decided_at, decisions.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which decisions are meant; None does not ask. since, until: days in UTC, both included."""

    since: date | None = None
    until: date | None = None
    client: str | None = None
    decision: str | None = None


class DecisionPages:
    """The decisions of all clients, for those who go through many."""

    def __init__(self, store: Store, page: int = _PAGE) -> None:
        self._store = store
        self._page = page

    def count(self, selection: Selection) -> int:
        """Count the decisions that are meant. Errors: StoreUnavailable."""
        counted = select(func.count()).select_from(decisions).where(_meant(selection))
        with self._store.reading() as connection:
            return connection.scalar(counted) or 0

    def read(self, selection: Selection) -> Iterator[Decision]:
        """Give the decisions that are meant with cards and facts, the oldest first.

        Each page is a reading of its own, so that nobody who writes has to wait. A decision that is
        added or removed meanwhile may be there or not; every other one is there once.

        Errors: StoreUnavailable.
        """
        after: ColumnElement[bool] = true()
        while page := self._read_page(and_(_meant(selection), after)):
            yield from page
            if len(page) < self._page:
                return
            last = page[-1]
            after = tuple_(*_PLACE) > tuple_(last.decided_at, last.id)

    def _read_page(self, condition: ColumnElement[bool]) -> list[Decision]:
        query = (
            select(decisions, cases.c.facts)
            .outerjoin(cases)
            .where(condition)
            .order_by(*_PLACE)
            .limit(self._page)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
            found = _cards_of(connection, [row["id"] for row in rows])
        return [Decision(**row, cards=tuple(found[row["id"]])) for row in rows]


def _meant(selection: Selection) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if selection.since is not None:
        conditions.append(decisions.c.decided_at >= _midnight(selection.since))
    if selection.until is not None and selection.until < date.max:
        conditions.append(decisions.c.decided_at < _midnight(selection.until + timedelta(days=1)))
    if selection.client is not None:
        conditions.append(decisions.c.client == selection.client)
    if selection.decision is not None:
        conditions.append(decisions.c.id == selection.decision)
    return and_(true(), *conditions)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _cards_of(connection: Connection, ids: Sequence[str]) -> defaultdict[str, list[CardRecord]]:
    found = defaultdict[str, list[CardRecord]](list)
    query = select(cards).where(cards.c.decision.in_(ids)).order_by(cards.c.place)
    for row in connection.execute(query):
        found[row.decision].append(read_card(row))
    return found
