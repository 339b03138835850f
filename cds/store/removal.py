"""How does a decision leave the store? With its cards, its facts, and all that was said of it.

Feedback does not outlive its card, nor a judgement its decision: without them nobody could say any
more whose it is, and a comment in it could never be found again to be forgotten. What stays is that
somebody looked (the audit), and how many decisions a sample held and drew.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, delete, select, tuple_

from cds.store.schema import assignments, cards, cases, decisions, feedback, judgements

AT_ONCE = 500


def remove_decisions(connection: Connection, ids: Sequence[str]) -> Counter[str]:
    """Remove decisions and all that hangs on them, and count the rows of each kind."""
    theirs = select(decisions.c.client, cards.c.uuid).join(cards).where(decisions.c.id.in_(ids))
    on_them = tuple_(feedback.c.client, feedback.c.card).in_(theirs)
    judged = select(assignments.c.id).where(assignments.c.decision.in_(ids))
    is_on_them = judgements.c.assignment.in_(judged)
    counts = Counter(
        {
            "feedback": connection.execute(delete(feedback).where(on_them)).rowcount,
            "judgements": connection.execute(delete(judgements).where(is_on_them)).rowcount,
        }
    )
    for key in (assignments.c.decision, cards.c.decision, cases.c.decision, decisions.c.id):
        counts += remove_by_key(connection, key, ids)
    return counts


def remove_by_key(connection: Connection, key: Column[Any], values: Sequence[Any]) -> Counter[str]:
    """Remove the rows of one table that hold one of the values, and count them."""
    removed = connection.execute(delete(key.table).where(key.in_(values))).rowcount
    return Counter({key.table.name: removed})
