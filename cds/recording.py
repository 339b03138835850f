"""What becomes of an evaluation? It is written down, and only then may its cards be sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

import msgspec

from cds.answer import tell_assessment
from cds.decision import CardRecord, Decision, Outcome, decision_id_of
from cds.ehr.trusted_clients import TrustedClient
from cds.evaluation import Evaluation
from cds.evidence_expiry import EVIDENCE_EXPIRED, is_held_back
from cds.hooks.card import Card
from cds.operations.metrics import CARDS, DECISIONS
from cds.order_answer import tell_order_assessment
from cds.order_evaluation import OrderEvaluation
from cds.store.decisions import DecisionLog
from cds.store.pseudonym import Pseudonyms
from rules.findings import Assessment
from rules.knowledge import Knowledge
from rules.order_findings import OrderAssessment

EVALUATE = "evaluate"
LIVE, OFF = "live", "off"
NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why a patient is evaluated: who asked which service, under which key.

    service: the id of a hook service, or EVALUATE. request_key: None where a call has nothing by
    which a second delivery of it could be known.
    """

    client: TrustedClient
    service: str
    patient_id: str = field(repr=False)
    hook_instance: str | None = None
    request_key: str | None = None

    @property
    def decision_id(self) -> str:
        """The id of the decision: the same for the same call delivered again."""
        return str(uuid4()) if self.request_key is None else decision_id_of(self.request_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What a decision says, whichever service made it. facts: what it was made from."""

    decision: str
    as_of: date
    knowledge_version: str
    knowledge_sha256: str
    rule_version: str
    outcome: Outcome = "evaluated"
    resistance: str = NOT_JUDGED
    inflammation: str = NOT_JUDGED
    answer: Mapping[str, object] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    facts: object = field(default=None, repr=False)


def of_patient(evaluation: Evaluation) -> Verdicts:
    """Say what the evaluation of a patient's record decided."""
    assessment = evaluation.assessment
    return Verdicts(
        decision=evaluation.decision,
        as_of=assessment.as_of,
        knowledge_version=assessment.knowledge_version,
        knowledge_sha256=assessment.knowledge_sha256,
        rule_version=assessment.rule_version,
        outcome=_outcome(assessment),
        resistance=assessment.treatment_resistance.status.value,
        inflammation=assessment.inflammation.status.value,
        answer=tell_assessment(assessment),
        cards=evaluation.cards,
        facts=evaluation.facts,
    )


def of_orders(evaluation: OrderEvaluation) -> Verdicts:
    """Say what the evaluation of draft orders decided."""
    assessment = evaluation.assessment
    return Verdicts(
        decision=evaluation.decision,
        as_of=assessment.as_of,
        knowledge_version=assessment.knowledge_version,
        knowledge_sha256=assessment.knowledge_sha256,
        rule_version=assessment.rule_version,
        outcome=_outcome(assessment),
        answer=tell_order_assessment(assessment),
        cards=evaluation.cards,
        facts=evaluation.facts,
    )


def _outcome(assessment: Assessment | OrderAssessment) -> Outcome:
    return EVIDENCE_EXPIRED if is_held_back(assessment) else "evaluated"


def of_nobody(decision: str, as_of: date, knowledge: Knowledge) -> Verdicts:
    """Say that nothing was evaluated, because the client is switched off."""
    return Verdicts(
        decision=decision,
        as_of=as_of,
        knowledge_version=knowledge.version,
        knowledge_sha256=knowledge.sha256,
        rule_version=knowledge.rule_version,
        outcome="switched_off",
    )


class Recorder:
    """Writes decisions down. Made once at start; holds no patient."""

    def __init__(
        self, log: DecisionLog, pseudonyms: Pseudonyms, now: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._pseudonyms = pseudonyms
        self._now = now

    def occasion(
        self,
        client: TrustedClient,
        service: str,
        patient_id: str,
        *,
        hook_instance: str | None = None,
        body: bytes = b"",
    ) -> Occasion:
        """Say what a call is. body: all of it, so that another body is another decision."""
        key = (
            None
            if hook_instance is None
            else self._pseudonyms.of_call(client.name, service, hook_instance, body)
        )
        return Occasion(
            client=client,
            service=service,
            patient_id=patient_id,
            hook_instance=hook_instance,
            request_key=key,
        )

    def record(self, verdicts: Verdicts, occasion: Occasion) -> tuple[Card, ...]:
        """Write a decision down, and give the cards that are to be sent: none unless live.

        Errors: StoreUnavailable. Then nothing was written, and nothing may be sent.
        """
        client = occasion.client
        shown = verdicts.cards if client.mode == LIVE else ()
        self._log.record(
            Decision(
                id=verdicts.decision,
                decided_at=self._now(),
                client=client.name,
                service=occasion.service,
                hook_instance=occasion.hook_instance,
                request_key=occasion.request_key,
                pseudonym=self._pseudonyms.of(client.name, occasion.patient_id),
                as_of=verdicts.as_of,
                mode=client.mode,
                outcome=verdicts.outcome,
                knowledge_version=verdicts.knowledge_version,
                knowledge_sha256=verdicts.knowledge_sha256,
                rule_version=verdicts.rule_version,
                resistance=verdicts.resistance,
                inflammation=verdicts.inflammation,
                answer=verdicts.answer,
                cards=tuple(_card_record(card) for card in verdicts.cards),
                shown=bool(shown),
                facts=_written(verdicts.facts) if client.case_store else None,
            )
        )
        _count(verdicts, occasion, shown=bool(shown))
        return shown


def _written(facts: object) -> bytes | None:
    return None if facts is None else msgspec.json.encode(facts)


def _card_record(card: Card) -> CardRecord:
    return CardRecord(uuid=str(card.uuid), kind=card.extension.card.kind, summary=card.summary)


def _count(verdicts: Verdicts, occasion: Occasion, *, shown: bool) -> None:
    client, service = occasion.client, occasion.service
    DECISIONS.labels(
        client.name, service, client.mode, verdicts.resistance, verdicts.inflammation
    ).inc()
    for card in verdicts.cards:
        kind = card.extension.card.kind
        CARDS.labels(client.name, service, kind, "yes" if shown else "no").inc()
