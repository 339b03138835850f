"""How is a decision written down, and found again by its id or by one of its cards?"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from cds.decision import Decision, leave_out_references
from cds.store.card_rows import read_card
from cds.store.column_types import keepable
from cds.store.database import Store
from cds.store.schema import cards, cases, decisions

_COLUMNS = tuple(column.name for column in decisions.columns)
_DECISION = select(decisions, cases.c.facts).outerjoin(cases)
_CARDS = select(cards).where(cards.c.decision == bindparam("id")).order_by(cards.c.place)
_BY_ID = _DECISION.where(decisions.c.id == bindparam("id"))
_BY_CARD = _DECISION.join(cards).where(cards.c.uuid == bindparam("card"))


class DecisionLog:
    """The decisions of all clients."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._insert_decision = store.insert_new(decisions)
        self._insert_cards = store.insert_new(cards)
        self._insert_case = store.insert_new(cases)

    def record(self, decision: Decision) -> None:
        """Write a decision down with its cards and facts: all of it, durably, or nothing.

        A decision that is there stays as it is. Cards that were written anew for a call delivered
        again are added to it, so that feedback on either is known. References to the client's
        resources are left out of the answer, whatever the caller put in.

        Errors: StoreUnavailable.
        """
        card_rows = _card_rows(decision)
        with self._store.writing() as connection:
            connection.execute(self._insert_decision, _row(decision))
            if card_rows:
                connection.execute(self._insert_cards, card_rows)
            if decision.facts is not None:
                case = {"decision": decision.id, "facts": decision.facts}
                connection.execute(self._insert_case, case)

    def find(self, decision_id: str) -> Decision | None:
        """Find a decision. None: there is none, or no longer. Errors: StoreUnavailable."""
        with self._store.reading() as connection:
            return next(iter(_read(connection, _BY_ID, {"id": keepable(decision_id)})), None)

    def of_card(self, card: str) -> Decision | None:
        """Find the decision a card belongs to. Errors: StoreUnavailable."""
        with self._store.reading() as connection:
            return next(iter(_read(connection, _BY_CARD, {"card": card})), None)


def read_decisions(connection: Connection, condition: ColumnElement[bool]) -> tuple[Decision, ...]:
    """Read the decisions that meet a condition, the oldest first."""
    query = _DECISION.where(condition).order_by(decisions.c.decided_at, decisions.c.id)
    return tuple(_read(connection, query, {}))


def _read(connection: Connection, query: Any, values: dict[str, str]) -> Iterable[Decision]:
    for row in connection.execute(query, values).mappings().all():
        found = connection.execute(_CARDS, {"id": row["id"]}).all()
        yield Decision(
            **row,
            cards=tuple(map(read_card, found)),
        )


def _row(decision: Decision) -> dict[str, object]:
    row = {name: getattr(decision, name) for name in _COLUMNS}
    return row | {"answer": leave_out_references(decision.answer)}


def _card_rows(decision: Decision) -> list[dict[str, object]]:
    return [
        {
            "uuid": card.uuid,
            "decision": decision.id,
            "place": place,
            "kind": card.kind,
            "summary": card.summary,
            "shown": decision.shown and card.shown,
        }
        for place, card in enumerate(decision.cards)
    ]
