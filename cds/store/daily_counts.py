"""What happened on each day, in the decisions that are kept?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, exists, select

from cds.monitoring.counts import FIRED, NOT_EVALUABLE, OUT_OF_SCOPE, DayCounts
from cds.monitoring.measures import (
    EVALUATED_OUTCOMES,
    FIRED_KINDS,
    is_not_evaluable,
    short_name,
)
from cds.store.database import Store
from cds.store.schema import cards, decisions

_AT_ONCE = 1_000

_HAS_CARD = exists().where(cards.c.decision == decisions.c.id, cards.c.kind.in_(FIRED_KINDS))
_CALLS = select(
    decisions.c.decided_at,
    decisions.c.client,
    decisions.c.service,
    decisions.c.knowledge_sha256,
    decisions.c.pseudonym,
    decisions.c.outcome,
    decisions.c.resistance,
    decisions.c.inflammation,
    decisions.c.could_not_tell,
    decisions.c.unknown_codes,
    _HAS_CARD.label("fired"),
).order_by(decisions.c.decided_at)

Call = Row[Any]
_Key = tuple[str, str, str]


class DailyCounts:
    """The decisions of all clients, counted by day."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(
        self, first: date, last: date, client: str | None = None, service: str | None = None
    ) -> tuple[DayCounts, ...]:
        """Count from the first day to the last one, in UTC, for each client, service and version.

        client, service: all of them unless given. A day without a call is not there.
        Errors: StoreUnavailable.
        """
        query = _within(first, last)
        if client is not None:
            query = query.where(decisions.c.client == client)
        if service is not None:
            query = query.where(decisions.c.service == service)
        with self._store.reading() as connection:
            calls = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
            by_day = groupby(calls, key=lambda call: call.decided_at.date())
            return tuple(counts for day, of_day in by_day for counts in _count(day, of_day))


def _within(first: date, last: date) -> Select[Any]:
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine(last + timedelta(days=1), time(), UTC)
    return _CALLS.where(decisions.c.decided_at >= begin, decisions.c.decided_at < end)


@dataclass(slots=True)
class _Tally:
    """One day while it is counted: the measures of each patient, by pseudonym."""

    since: datetime
    calls: int = 0
    evaluations: int = 0
    patients: dict[str, set[str]] = field(default_factory=dict)
    entries: Counter[str] = field(default_factory=Counter)

    def add(self, call: Call) -> None:
        self.calls += 1
        if call.outcome in EVALUATED_OUTCOMES:
            self.evaluations += 1
            self.patients.setdefault(call.pseudonym, set()).update(_measures(call))
            self.entries.update(call.unknown_codes)


def _count(day: date, calls: Iterator[Call]) -> Iterator[DayCounts]:
    tallies: dict[_Key, _Tally] = {}
    for call in calls:
        key = (call.client, call.service, short_name(call.knowledge_sha256))
        tallies.setdefault(key, _Tally(since=call.decided_at)).add(call)
    for (client, service, knowledge), tally in tallies.items():
        yield DayCounts(
            client=client,
            service=service,
            knowledge=knowledge,
            day=day,
            since=tally.since,
            calls=tally.calls,
            evaluations=tally.evaluations,
            patients=len(tally.patients),
            patients_with=Counter(each for had in tally.patients.values() for each in had),
            entries=tally.entries,
        )


def _measures(call: Call) -> Iterator[str]:
    """Give all that is counted of one call: its verdicts, and the kinds of its unknown codes."""
    if call.fired:
        yield FIRED
    if is_not_evaluable(call.resistance, call.inflammation, call.could_not_tell):
        yield NOT_EVALUABLE
    if call.resistance == "out_of_scope":
        yield OUT_OF_SCOPE
    yield from (kind for kind, entries in call.unknown_codes.items() if entries)
