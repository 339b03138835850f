"""What does a decision say, whichever service made it? The part of it that is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cds.answer import tell_assessment
from cds.decision import Outcome
from cds.evaluation import Evaluation
from cds.evidence_expiry import EVIDENCE_EXPIRED, is_held_back
from cds.hooks.card import Card
from cds.order_answer import tell_order_assessment
from cds.order_evaluation import OrderEvaluation
from cds.snooze import evidence_key
from rules.draft_orders import OrderFacts
from rules.facts import Facts
from rules.findings import Assessment
from rules.knowledge import Knowledge
from rules.order_findings import OrderAssessment

NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What a decision says. facts, assessment: what it was made from, None where nothing was.

    decided_at: the moment that stands on its cards; None where nothing was evaluated.
    evidence_key: the same for the same evidence, where a card may rest. changed_parameters: those
    that differed from the default.
    """

    decision: str
    decided_at: datetime | None = None
    as_of: date
    knowledge_version: str
    knowledge_sha256: str
    rule_version: str
    outcome: Outcome = "evaluated"
    resistance: str = NOT_JUDGED
    inflammation: str = NOT_JUDGED
    answer: Mapping[str, object] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    changed_parameters: tuple[str, ...] = ()
    evidence_key: str | None = None
    facts: Facts | OrderFacts | None = field(default=None, repr=False)
    assessment: Assessment | OrderAssessment | None = field(default=None, repr=False)


def of_patient(evaluation: Evaluation) -> Verdicts:
    """Say what the evaluation of a patient's record decided."""
    assessment = evaluation.assessment
    return Verdicts(
        **_head(evaluation),
        resistance=assessment.treatment_resistance.status.value,
        inflammation=assessment.inflammation.status.value,
        answer=tell_assessment(assessment),
        evidence_key=evidence_key(assessment),
    )


def of_orders(evaluation: OrderEvaluation) -> Verdicts:
    """Say what the evaluation of draft orders decided."""
    return Verdicts(**_head(evaluation), answer=tell_order_assessment(evaluation.assessment))


def of_nobody(decision: str, as_of: date, knowledge: Knowledge) -> Verdicts:
    """Say that nothing was evaluated, because it is switched off."""
    return Verdicts(
        decision=decision,
        as_of=as_of,
        knowledge_version=knowledge.version,
        knowledge_sha256=knowledge.sha256,
        rule_version=knowledge.rule_version,
        outcome="switched_off",
    )


def _head(evaluation: Evaluation | OrderEvaluation) -> dict[str, Any]:
    assessment = evaluation.assessment
    return {
        "decision": evaluation.decision,
        "decided_at": evaluation.decided_at,
        "as_of": assessment.as_of,
        "knowledge_version": assessment.knowledge_version,
        "knowledge_sha256": assessment.knowledge_sha256,
        "rule_version": assessment.rule_version,
        "outcome": EVIDENCE_EXPIRED if is_held_back(assessment) else "evaluated",
        "cards": evaluation.cards,
        "changed_parameters": assessment.changed_parameters,
        "facts": evaluation.facts,
        "assessment": assessment,
    }
