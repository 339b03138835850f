"""What is old enough to go? Days are set for each kind of record; a purge removes what is older."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import Column, Connection, Select, select

from cds.store.database import Store
from cds.store.removal import AT_ONCE, remove_by_key, remove_decisions
from cds.store.schema import cases, decisions, feedback, used_tokens

Removal = Callable[[Connection, Sequence[Any]], Counter[str]]

KINDS = (
    "decisions", "cards", "cases", "feedback", "assignments", "judgements", "used_tokens"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysKept:
    """How many days each kind of record stays: at exactly that age it is still there.

    cases, feedback: the facts kept for review, and what was said of cards; both go at the latest
    together with their decision. Who was to judge a decision and what they said goes with it, and
    never before.
    """

    decisions: int
    cases: int
    feedback: int

    @classmethod
    def all_alike(cls, days: int) -> Self:
        """Keep every kind for as long."""
        return cls(decisions=days, cases=days, feedback=days)


class Retention:
    """Removes what is old. It works in short steps, so that the service goes on meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def purge(self, now: datetime, days: DaysKept) -> dict[str, int]:
        """Remove what is older than its days, and count the removed rows of each kind.

        Token ids go as soon as they have run out. Errors: StoreUnavailable; what was removed until
        then stays removed, and a new purge goes on from there.
        """
        counts: Counter[str] = Counter()
        for aged, remove in _steps(now, days):
            while removed := self._remove_some(aged, remove):
                counts += removed
        return {kind: counts[kind] for kind in KINDS}

    def _remove_some(self, aged: Select[Any], remove: Removal) -> Counter[str]:
        with self._store.writing() as connection:
            keys = connection.scalars(aged.limit(AT_ONCE)).all()
            return remove(connection, keys) if keys else Counter()


def _steps(now: datetime, days: DaysKept) -> tuple[tuple[Select[Any], Removal], ...]:
    """Say for each kind what is old, and how it is removed."""
    decided = decisions.c.decided_at
    old_decisions = select(decisions.c.id).where(decided < now - timedelta(days=days.decisions))
    old_cases = (
        select(cases.c.decision).join(decisions).where(decided < now - timedelta(days=days.cases))
    )
    too_old = feedback.c.received_at < now - timedelta(days=days.feedback)
    return (
        (old_decisions, remove_decisions),
        (old_cases, _by_key(cases.c.decision)),
        (select(feedback.c.id).where(too_old), _by_key(feedback.c.id)),
        (
            select(used_tokens.c.token).where(used_tokens.c.until < now),
            _by_key(used_tokens.c.token),
        ),
    )


def _by_key(key: Column[Any]) -> Removal:
    return lambda connection, values: remove_by_key(connection, key, values)
