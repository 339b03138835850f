"""How is one evaluation shown to a person? Outcome first, then cards, then what they rest on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response

from cds.answer import tell_assessment
from cds.evaluation import Evaluation
from cds.outcome import Outcome, OutcomeKind, find_outcome
from cds.pages.card_html import show_card
from cds.pages.page import send_page
from cds.pages.tables import tables_of, validation_table
from cds.pages.words import INFLAMMATION, RESISTANCE, sentence
from cds.timeline import draw
from cds.validation import Report
from rules.findings import Assessment
from rules.knowledge import Knowledge
from rules.plain_words import spelled

_LONGEST_JSON = 40_000

_SENTENCES: Mapping[OutcomeKind, str] = {
    OutcomeKind.SHOWN: "",
    OutcomeKind.NOTHING_TO_SAY: (
        "No card is shown. The rule asks one question only, so this is no reassurance about the "
        "patient."
    ),
    OutcomeKind.COULD_NOT_TELL: (
        "The record does not settle the question. Missing data counts as neither normal nor "
        "abnormal."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOffer:
    """Whether this evaluation can be reviewed.

    keep_at: a POST there makes it a case. kept_at: it is one already, to be looked at there.
    """

    keep_at: str | None = None
    kept_at: str | None = None


def show_answer(
    title: str, evaluation: Evaluation, report: Report, knowledge: Knowledge, case: CaseOffer
) -> Response:
    """Give the page of one evaluation.

    title: the one heading of the page, in our own words.
    """
    assessment = evaluation.assessment
    outcome = find_outcome(assessment)
    response = send_page(
        "answer.html",
        title=title,
        assessment=assessment,
        outcome=outcome,
        heading=_heading(outcome, len(evaluation.cards)),
        sentence=_SENTENCES[outcome.kind],
        statuses=_statuses(assessment),
        cards=[show_card(card) for card in evaluation.cards],
        tables=(*tables_of(assessment), validation_table(report)),
        report=report,
        timeline=draw(evaluation.facts, assessment, knowledge),
        case=case,
        cards_json=_as_json({"cards": [card.to_wire() for card in evaluation.cards]}),
        assessment_json=_as_json(tell_assessment(assessment)),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_json(value: object) -> str | None:
    """Write JSON as people read it; None for more than anybody reads on a page."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return text if len(text) <= _LONGEST_JSON else None


def _heading(outcome: Outcome, cards: int) -> str:
    match outcome.kind:
        case OutcomeKind.SHOWN:
            return f"Evaluated: {spelled(cards, 'card', 'cards')}"
        case OutcomeKind.NOTHING_TO_SAY:
            return "Evaluated: nothing to say"
        case OutcomeKind.COULD_NOT_TELL:
            return "Could not tell"


def _statuses(assessment: Assessment) -> tuple[tuple[str, str, str], ...]:
    """Give question, answer and grounds of the two judgements a card rests on."""
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    judged = (
        ("Treatment resistance", RESISTANCE[resistance.status], resistance.finding),
        ("CRP", INFLAMMATION[inflammation.status], inflammation.finding),
    )
    return tuple((asked, answer, sentence(found.because)) for asked, answer, found in judged)
