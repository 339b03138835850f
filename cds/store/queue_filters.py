"""Which decisions does a reviewer ask for? Each filter as a condition of the query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select

from cds.store.schema import assignments, cards, decisions, feedback, judgements
from cds.store.utc_days import begin_of, end_of


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueQuestion:
    """What the queue is narrowed to; "" and None narrow nothing.

    knowledge: the version of the rule, or the whole SHA-256 of the knowledge. first_day, last_day:
    days of the decision in UTC, both included. left_open: a criterion that could not be told.
    reviewer: whose cases, the id of an account. reviewed: True, only those the reviewer submitted a
    judgement on, False, only those still to be judged; with no reviewer, by anybody. said: "any",
    only decisions with feedback on a card; "comment", only with a comment in it.
    """

    review_class: str = ""
    client: str = ""
    service: str = ""
    knowledge: str = ""
    first_day: date | None = None
    last_day: date | None = None
    resistance: str = ""
    inflammation: str = ""
    left_open: str = ""
    reviewer: str = ""
    reviewed: bool | None = None
    said: str = ""


def conditions_of(question: QueueQuestion) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that all hold for the decisions asked for."""
    return (
        *_exact(question),
        *_days(question),
        *_of_review(question),
        *_of_feedback(question),
    )


def _exact(question: QueueQuestion) -> Iterator[ColumnElement[bool]]:
    columns = decisions.c
    for column, value in (
        (columns.review_class, question.review_class),
        (columns.client, question.client),
        (columns.service, question.service),
        (columns.resistance, question.resistance),
        (columns.inflammation, question.inflammation),
    ):
        if value:
            yield column == value
    if question.knowledge:
        yield or_(
            columns.rule_version == question.knowledge,
            columns.knowledge_sha256 == question.knowledge,
        )
    if question.left_open:
        yield columns.could_not_tell.contains(f",{question.left_open},", autoescape=True)


def _days(question: QueueQuestion) -> Iterator[ColumnElement[bool]]:
    if question.first_day is not None:
        yield decisions.c.decided_at >= begin_of(question.first_day)
    if question.last_day is not None:
        yield decisions.c.decided_at < end_of(question.last_day)


def _of_review(question: QueueQuestion) -> Iterator[ColumnElement[bool]]:
    theirs = select(assignments.c.id).where(assignments.c.decision == decisions.c.id)
    if question.reviewer:
        theirs = theirs.where(assignments.c.account == question.reviewer)
        yield theirs.exists()
    if question.reviewed is not None:
        done = _submitted(theirs).exists()
        yield done if question.reviewed else not_(done)


def _submitted(theirs: Select[tuple[str]]) -> Select[tuple[str]]:
    on_it = and_(judgements.c.assignment == assignments.c.id, judgements.c.submitted)
    return theirs.where(select(judgements.c.id).where(on_it).exists())


def _of_feedback(question: QueueQuestion) -> Iterator[ColumnElement[bool]]:
    if not question.said:
        return
    on_it = (
        select(feedback.c.id)
        .join(cards, cards.c.uuid == feedback.c.card)
        .where(cards.c.decision == decisions.c.id, feedback.c.client == decisions.c.client)
    )
    if question.said == "comment":
        on_it = on_it.where(feedback.c.user_comment.is_not(None), feedback.c.user_comment != "")
    yield on_it.exists()
