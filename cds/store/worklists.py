"""What is left for somebody to judge? Their own cases, in an order that tells nothing of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import exists, func, select

from cds.review.judging import BLIND, Place
from cds.store.database import Store
from cds.store.judged_cases import JudgedCases
from cds.store.schema import assignments, judgements, samples


class WorkState(Enum):
    """How far somebody is with a case of theirs."""

    TO_DO = "to_do"
    DRAFT = "draft"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One case of somebody. saved_at: when they last saved it; None for never."""

    assignment: str
    decision: str
    sample: str
    sample_name: str
    place: Place
    state: WorkState
    saved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """What somebody has to judge. waiting: cases to settle that are not ready, or need it not."""

    blind: tuple[WorkItem, ...]
    to_settle: tuple[WorkItem, ...]
    waiting: int

    def next_after(self, assignment: str) -> WorkItem | None:
        """Give the next open case after one, beginning again at the start; None: all are done."""
        items = (*self.blind, *self.to_settle)
        places = [item.assignment for item in items]
        start = places.index(assignment) + 1 if assignment in places else 0
        open_items = (
            item
            for item in (*items[start:], *items[:start])
            if item.state is not WorkState.SUBMITTED and item.assignment != assignment
        )
        return next(open_items, None)


class Worklists:
    """The work of all who judge. Errors: StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._judged = JudgedCases(store)

    def of(self, account: str) -> Worklist:
        """Give what somebody has to judge: oldest sample first, and within it in random order."""
        items = self._items(account)
        settling = [item for item in items if item.place is Place.ADJUDICATOR]
        ready = self._ready(frozenset(item.sample for item in settling))
        to_settle = tuple(item for item in settling if (item.sample, item.decision) in ready)
        return Worklist(
            blind=tuple(item for item in items if item.place in BLIND),
            to_settle=to_settle,
            waiting=len(settling) - len(to_settle),
        )

    def _ready(self, of_samples: frozenset[str]) -> frozenset[tuple[str, str]]:
        """Give the cases of samples that wait to be settled, or were."""
        judged = (case for sample in of_samples for case in self._judged.of_sample(sample))
        return frozenset(
            (case.sample, case.decision)
            for case in judged
            if case.adjudicated is not None or case.result is None
        )

    def _items(self, account: str) -> tuple[WorkItem, ...]:
        rows = judgements.c.assignment == assignments.c.id
        saved_at = select(func.max(judgements.c.saved_at)).where(rows).scalar_subquery()
        query = (
            select(
                assignments,
                samples.c.name,
                saved_at.label("saved_at"),
                exists().where(rows, judgements.c.submitted).label("submitted"),
            )
            .join(samples, samples.c.id == assignments.c.sample)
            .where(assignments.c.account == account)
            .order_by(samples.c.drawn_at, samples.c.id, assignments.c.id)
        )
        with self._store.reading() as connection:
            found = connection.execute(query).all()
        return tuple(
            WorkItem(
                assignment=row.id,
                decision=row.decision,
                sample=row.sample,
                sample_name=row.name,
                place=Place(row.place),
                state=_state(saved=row.saved_at is not None, submitted=bool(row.submitted)),
                saved_at=row.saved_at,
            )
            for row in found
        )


def _state(*, saved: bool, submitted: bool) -> WorkState:
    if submitted:
        return WorkState.SUBMITTED
    return WorkState.DRAFT if saved else WorkState.TO_DO
