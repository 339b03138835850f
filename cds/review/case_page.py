"""What does one case look like? Its page, with the case before and the case after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from cds.decision import Decision
from cds.errors import UnknownRoute
from cds.pages.page import send_page
from cds.pages.words import sentence
from cds.review.audit import Audit
from cds.review.case import CaseReader
from cds.review.guard import signed_in
from cds.review.queue_filter import read_question
from cds.review.queue_words import CLASSES, CLASSES_TELL, label_of, moment
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog, KeptFeedback
from cds.store.queue import Queue
from cds.store.queue_rows import Position

_SECTIONS = (
    ("cards", "Cards"),
    ("why", "Criteria"),
    ("change", "What would change the answer"),
    ("data", "Data"),
    ("rule", "Rule and numbers"),
    ("made", "How this was made"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where decisions are kept, with what was said of their cards and their order."""

    log: DecisionLog
    feedback: FeedbackLog
    queue: Queue


def offer_case(routes: Blueprint, kept: Kept, reader: CaseReader, audit: Audit) -> None:
    """Add the page of a case. That somebody looked at it is written down before it is sent."""

    @routes.get("/decisions/<decision_id>")
    def show_case(decision_id: str) -> Response:
        decision = kept.log.find(decision_id)
        if decision is None:
            raise UnknownRoute("There is no decision at this address, or it is no longer kept.")
        audit.note("view_case", decision=decision.id)
        said = _feedback_on(decision, kept.feedback)
        return send_page(
            "review/case.html",
            case=reader.read(decision, said),
            decision=decision,
            classes=CLASSES,
            tells=CLASSES_TELL,
            sections=_SECTIONS,
            label_of=label_of,
            moment=moment,
            sentence=sentence,
            **_beside(decision, kept.queue),
        )


def _feedback_on(decision: Decision, feedback: FeedbackLog) -> Mapping[str, Sequence[KeptFeedback]]:
    uuids = (card.uuid for card in decision.cards)
    return {uuid: feedback.of_card(decision.client, uuid) for uuid in uuids}


def _beside(decision: Decision, queue: Queue) -> dict[str, Any]:
    """Give the addresses of the queue and of the cases before and after, with the same filters."""
    asked = read_question(request.args, signed_in())
    place = Position(decided_at=decision.decided_at, id=decision.id)
    newer, older = queue.around(asked.question, place)

    def address(decision_id: str | None) -> str:
        if decision_id is None:
            return ""
        return url_for("review.show_case", decision_id=decision_id, **dict[str, Any](asked.written))

    return {
        "queue_url": url_for("review.show_queue", **dict[str, Any](asked.written)),
        "newer_url": address(newer),
        "older_url": address(older),
        "filtered": bool(asked.written),
    }
