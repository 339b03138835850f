"""How is one evaluation shown to a person? Outcome first, then cards, then what they rest on."""

from collections.abc import Mapping

from flask import Response

from cds.evaluation import Evaluation
from cds.outcome import Outcome, OutcomeKind, find_outcome
from cds.pages.card_html import show_card
from cds.pages.page import send_page
from cds.pages.tables import tables_of, validation_table
from cds.pages.words import INFLAMMATION, RESISTANCE
from cds.validation import Report
from rules.findings import Assessment
from rules.plain_words import spelled

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


def show_answer(title: str, evaluation: Evaluation, report: Report) -> Response:
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
    )
    response.headers["Cache-Control"] = "no-store"
    return response


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
    return (
        ("Treatment resistance", RESISTANCE[resistance.status], resistance.finding.because),
        ("CRP", INFLAMMATION[inflammation.status], inflammation.finding.because),
    )
