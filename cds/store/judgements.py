"""How is it kept what somebody says of a case? Rows are only ever added.

The newest row of an assignment is its present state; the newest submitted one is what counts.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert

from cds.review.judgement_json import write_judgement
from cds.review.judging import Answer, Judgement
from cds.review.standing import Refusal
from cds.store.case_view import (
    LOCK_CASE,
    Assigned,
    CaseView,
    SavedJudgement,
    read_assigned,
    read_view,
)
from cds.store.column_types import keepable
from cds.store.database import Store
from cds.store.schema import judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was sent. based_on, seen: those of the CaseView that the form was shown with."""

    judgement: Judgement
    submit: bool
    based_on: int
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was written: the form was based on an older row than this, saved elsewhere."""

    saved: SavedJudgement


class JudgementLog:
    """The judgements of all samples, as far as somebody may see or add to them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def assigned(self, account: str, decision: str) -> tuple[Assigned, ...]:
        """Give what somebody is to judge on a decision, the newest sample first."""
        with self._store.reading() as connection:
            return read_assigned(connection, account, decision)

    def view(self, account: str, assignment: str) -> CaseView | None:
        """Give what somebody may see of an assignment; None unless it is theirs.

        Errors: StoreUnavailable.
        """
        with self._store.reading() as connection:
            return read_view(connection, account, keepable(assignment))

    def save(
        self, account: str, assignment: str, form: Form, now: datetime
    ) -> SavedJudgement | Stale | Refusal | None:
        """Add what was sent as a new row, durably; None unless the assignment is theirs.

        The same as was saved last is not written again. A form that was based on an older row is
        Stale, and one that cannot be taken now has a Refusal: neither writes anything.

        Errors: StoreUnavailable.
        """
        with self._store.writing() as connection:
            connection.execute(LOCK_CASE, {"assignment": assignment})
            view = read_view(connection, account, assignment)
            if view is None:
                return None
            return _objection(view, form) or _add(connection, view, form, now)


def _objection(view: CaseView, form: Form) -> SavedJudgement | Stale | Refusal | None:
    """Say why nothing is written: it is there already, cannot be taken, or is based on the past."""
    newest = view.newest
    is_there = newest is not None and newest.submitted == form.submit
    if newest is not None and is_there and newest.judgement == _kept(form.judgement):
        return newest
    if refusal := view.standing.refusal(submit=form.submit):
        return refusal
    if newest is not None and newest.id != form.based_on:
        return Stale(newest)
    return Refusal.CHANGED if form.submit and form.seen != view.seen else None


def _add(connection: Connection, view: CaseView, form: Form, now: datetime) -> SavedJudgement:
    kept = _kept(form.judgement)
    row = {
        "assignment": view.assigned.id,
        "saved_at": now,
        "submitted": form.submit,
        "judgement": write_judgement(kept),
    }
    number = connection.scalar(insert(judgements).returning(judgements.c.id), row)
    return SavedJudgement(
        id=number or 0,
        place=view.assigned.place,
        saved_at=now,
        submitted=form.submit,
        judgement=kept,
    )


def _kept(judgement: Judgement) -> Judgement:
    """Give a judgement with its texts as both databases keep them."""

    def answer(given: Answer) -> Answer:
        return replace(given, comment=keepable(given.comment))

    return Judgement(
        overall=answer(judgement.overall),
        criteria={name: answer(given) for name, given in judgement.criteria.items()},
        because=keepable(judgement.because),
    )
