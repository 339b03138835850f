"""How does a decision leave the store? With its cards, its facts and the feedback on its cards.

Feedback does not outlive its card: without the card nobody could say any more whose it is, and a
comment in it could never be found again to be forgotten.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, delete, select, tuple_

from cds.store.schema import cards, cases, decisions, feedback

AT_ONCE = 500


def remove_decisions(connection: Connection, ids: Sequence[str]) -> Counter[str]:
    """Remove decisions and all that hangs on them, and count the rows of each kind."""
    theirs = select(decisions.c.client, cards.c.uuid).join(cards).where(decisions.c.id.in_(ids))
    on_them = tuple_(feedback.c.client, feedback.c.card).in_(theirs)
    counts = Counter({"feedback": connection.execute(delete(feedback).where(on_them)).rowcount})
    for key in (cards.c.decision, cases.c.decision, decisions.c.id):
        counts += remove_by_key(connection, key, ids)
    return counts


def remove_by_key(connection: Connection, key: Column[Any], values: Sequence[Any]) -> Counter[str]:
    """Remove the rows of one table that hold one of the values, and count them."""
    removed = connection.execute(delete(key.table).where(key.in_(values))).rowcount
    return Counter({key.table.name: removed})
