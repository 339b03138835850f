"""What of the store may leave it in an export? Read a page at a time, so that memory stays small.

Of judgements only cases that both reviewers have submitted: whoever reads an export learns nothing
of a judgement that another must still make blind, and never sees a draft.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, select, true, tuple_

from cds.decision import Decision
from cds.review.judgement_json import read_judgement
from cds.review.judging import BLIND
from cds.store.database import Store
from cds.store.decisions import read_decisions
from cds.store.export_question import (
    ExportQuestion,
    on_accesses,
    on_decisions,
    on_feedback,
    on_judgements,
)
from cds.store.export_records import ExportedAccess, ExportedFeedback, ExportedJudgement
from cds.store.schema import (
    accounts,
    assignments,
    audit_events,
    cards,
    decisions,
    feedback,
    judgements,
    samples,
)

_PAGE = 200
Rows = Sequence[RowMapping]


class ExportSource:
    """Reads for exports. Every method: Errors: StoreUnavailable, also while it is gone through.

    Each page is a reading of its own, so that nobody who writes has to wait. Rows come patient by
    patient, and patients in the order of their pseudonyms: in the order of time, the dates of one
    patient would betray how far those of the next were moved.
    """

    def __init__(self, store: Store, page: int = _PAGE) -> None:
        self._store = store
        self._page = page

    def decisions(self, question: ExportQuestion) -> Iterator[Decision]:
        """Give the decisions with cards and facts, those of a patient the oldest first."""
        place = {name: decisions.c[name] for name in ("pseudonym", "decided_at", "id")}
        query = select(*place.values()).where(*on_decisions(question))
        for page in self._pages(query, place):
            ids = [row["id"] for row in page]
            with self._store.reading() as connection:
                found = {
                    each.id: each for each in read_decisions(connection, decisions.c.id.in_(ids))
                }
            yield from (found[each] for each in ids if each in found)

    def feedback(self, question: ExportQuestion) -> Iterator[ExportedFeedback]:
        """Give the feedback, that on the cards of a patient in the order received."""
        query = _FEEDBACK.where(*on_feedback(question))
        for page in self._pages(query, {"whose": _WHOSE, "number": feedback.c.id}):
            yield from (ExportedFeedback(**_without_whose(row)) for row in page)

    def judgements(self, question: ExportQuestion) -> Iterator[ExportedJudgement]:
        """Give what was submitted on cases that both reviewers have judged, case by case."""
        query = _JUDGEMENTS.where(*on_decisions(question), *on_judgements(question))
        place = {name: assignments.c[name] for name in ("sample", "decision", "place")}
        for page in self._pages(query, place):
            for row in page:
                said = read_judgement(row["judgement"])
                yield ExportedJudgement(**{**row, "judgement": said})

    def accesses(self, question: ExportQuestion) -> Iterator[ExportedAccess]:
        """Give who did what on the review pages, what concerns a patient the oldest first."""
        query = _ACCESSES.where(*on_accesses(question))
        for page in self._pages(query, {"whose": _WHOSE, "number": audit_events.c.id}):
            yield from (ExportedAccess(**_without_whose(row)) for row in page)

    def _pages(self, query: Select[Any], place: Mapping[str, Any]) -> Iterator[Rows]:
        """Read page after page; each begins behind the last row of the one before.

        place: what rows are ordered by, and under which name it stands in a row.
        """
        columns = tuple(place.values())
        behind: ColumnElement[bool] = true()
        while True:
            page = query.where(behind).order_by(*columns).limit(self._page)
            with self._store.reading() as connection:
                rows = connection.execute(page).mappings().all()
            yield rows
            if len(rows) < self._page:
                return
            behind = tuple_(*columns) > tuple_(*(rows[-1][name] for name in place))


def _without_whose(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "whose"}


_WHOSE = func.coalesce(decisions.c.pseudonym, "")
_FEEDBACK = (
    select(
        _WHOSE.label("whose"),
        feedback.c.id.label("number"),
        feedback.c.client,
        feedback.c.service,
        feedback.c.card,
        decisions.c.id.label("decision"),
        decisions.c.pseudonym,
        cards.c.kind.label("card_kind"),
        decisions.c.knowledge_version,
        decisions.c.rule_version,
        feedback.c.outcome,
        feedback.c.reason_code,
        feedback.c.reason_system,
        feedback.c.reason_display,
        feedback.c.user_comment,
        feedback.c.outcome_at,
        feedback.c.received_at,
    )
    .select_from(feedback)
    .outerjoin(
        cards.join(decisions),
        and_(cards.c.uuid == feedback.c.card, decisions.c.client == feedback.c.client),
    )
)

_newest = (
    select(judgements.c.assignment, func.max(judgements.c.id).label("id"))
    .where(judgements.c.submitted)
    .group_by(judgements.c.assignment)
    .subquery("newest")
)
_theirs = assignments.alias("theirs")
_both = (
    select(_theirs.c.sample, _theirs.c.decision)
    .join(_newest, _newest.c.assignment == _theirs.c.id)
    .where(_theirs.c.place.in_([place.value for place in BLIND]))
    .group_by(_theirs.c.sample, _theirs.c.decision)
    .having(func.count() == len(BLIND))
    .subquery("both")
)
_JUDGEMENTS = (
    select(
        assignments.c.sample,
        samples.c.name.label("sample_name"),
        assignments.c.decision,
        decisions.c.client,
        decisions.c.pseudonym,
        decisions.c.review_class,
        assignments.c.stratum,
        assignments.c.place,
        assignments.c.account,
        accounts.c.name.label("reviewer"),
        judgements.c.saved_at,
        judgements.c.judgement,
    )
    .select_from(assignments)
    .join(
        _both,
        and_(_both.c.sample == assignments.c.sample, _both.c.decision == assignments.c.decision),
    )
    .join(_newest, _newest.c.assignment == assignments.c.id)
    .join(judgements, judgements.c.id == _newest.c.id)
    .join(decisions, decisions.c.id == assignments.c.decision)
    .join(samples, samples.c.id == assignments.c.sample)
    .join(accounts, accounts.c.id == assignments.c.account)
)
_ACCESSES = (
    select(
        _WHOSE.label("whose"),
        audit_events.c.id.label("number"),
        audit_events.c.at,
        audit_events.c.account,
        accounts.c.name,
        audit_events.c.action,
        audit_events.c.outcome,
        audit_events.c.decision,
        decisions.c.client,
        decisions.c.pseudonym,
        audit_events.c.details,
    )
    .select_from(audit_events)
    .outerjoin(accounts, accounts.c.id == audit_events.c.account)
    .outerjoin(decisions, decisions.c.id == audit_events.c.decision)
)
