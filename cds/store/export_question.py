"""Of which decisions, feedback, judgements or accesses is an export asked for?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Column, ColumnElement, exists, select

from cds.review.judging import BLIND
from cds.store.schema import assignments, audit_events, cards, decisions, feedback, judgements

Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportQuestion:
    """What is to be exported; None does not ask. since, until: days in UTC, both included.

    A decision, and a judgement on it, is of the day it was decided; feedback is of the day it came
    in, an access of the day it happened. sample: its id. blind_for: an account that must learn
    nothing of what others said of the decisions it has still to judge.
    """

    client: str | None = None
    since: date | None = None
    until: date | None = None
    sample: str | None = None
    blind_for: str | None = None


def on_decisions(question: ExportQuestion) -> Conditions:
    """Give the conditions on decisions."""
    asked = _within(decisions.c.decided_at, question)
    if question.client is not None:
        asked.append(decisions.c.client == question.client)
    if question.sample is not None:
        drawn = assignments.alias("drawn")
        asked.append(
            exists().where(drawn.c.decision == decisions.c.id, drawn.c.sample == question.sample)
        )
    return asked


def on_judgements(question: ExportQuestion) -> Conditions:
    """Give the conditions on what was said of decisions, beside those on decisions."""
    asked: Conditions = []
    if question.sample is not None:
        asked.append(assignments.c.sample == question.sample)
    if question.blind_for is not None:
        asked.append(~_has_still_to_judge(question.blind_for))
    return asked


def on_feedback(question: ExportQuestion) -> Conditions:
    """Give the conditions on feedback; that on a sample is for the cards of its decisions."""
    asked = _within(feedback.c.received_at, question)
    if question.client is not None:
        asked.append(feedback.c.client == question.client)
    if question.sample is not None:
        drawn = (
            select(cards.c.uuid)
            .join(assignments, assignments.c.decision == cards.c.decision)
            .where(assignments.c.sample == question.sample)
        )
        asked.append(feedback.c.card.in_(drawn))
    return asked


def on_accesses(question: ExportQuestion) -> Conditions:
    """Give the conditions on accesses; that on a client is for accesses to its decisions."""
    asked = _within(audit_events.c.at, question)
    if question.client is not None:
        asked.append(decisions.c.client == question.client)
    if question.sample is not None:
        drawn = select(assignments.c.decision).where(assignments.c.sample == question.sample)
        asked.append(audit_events.c.decision.in_(drawn))
    return asked


def _has_still_to_judge(account: str) -> ColumnElement[bool]:
    mine = assignments.alias("mine")
    submitted = exists().where(judgements.c.assignment == mine.c.id, judgements.c.submitted)
    return exists().where(
        mine.c.decision == assignments.c.decision,
        mine.c.account == account,
        mine.c.place.in_([place.value for place in BLIND]),
        ~submitted,
    )


def _within(moment: Column[datetime], question: ExportQuestion) -> Conditions:
    asked: Conditions = []
    if question.since is not None:
        asked.append(moment >= _midnight(question.since))
    if question.until is not None and question.until < date.max:
        asked.append(moment < _midnight(question.until + timedelta(days=1)))
    return asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
