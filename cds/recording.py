"""What becomes of an evaluation? It is written down, and only then may its cards be sent."""

from dataclasses import dataclass, field
from uuid import uuid4

from cds.decision import CardRecord, Decision, Outcome, decision_id_of
from cds.ehr.trusted_clients import Mode, TrustedClient
from cds.hooks.card import Card
from cds.kept_case import write_case
from cds.modes import EVALUATE, Modes
from cds.monitoring.measures import count_watched
from cds.monitoring.unknown_codes import unknown_codes
from cds.operations.metrics import CARDS, DECISIONS
from cds.review.classes import classify, criteria_left_open
from cds.snooze import RESTING_KINDS, SNOOZED, Snooze
from cds.store.decisions import DecisionLog
from cds.store.earlier_cards import SameEvidence
from cds.store.pseudonym import Pseudonyms
from cds.verdicts import Verdicts

LIVE, OFF = "live", "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why a patient is evaluated: who asked which service, under which key.

    service: the id of a hook service, or modes.EVALUATE. mode: decided here, once for the whole
    call. request_key: None where a call has nothing by which a second delivery of it could be
    known.
    """

    client: TrustedClient
    service: str
    mode: Mode
    patient_id: str = field(repr=False)
    hook_instance: str | None = None
    request_key: str | None = None

    @property
    def decision_id(self) -> str:
        """The id of the decision: the same for the same call delivered again."""
        return str(uuid4()) if self.request_key is None else decision_id_of(self.request_key)


class Recorder:
    """Writes decisions down. Made once at start; holds no patient.

    trials_needed: the parameter trd.min_failed_trials, by which a near miss is told.
    """

    def __init__(
        self,
        log: DecisionLog,
        pseudonyms: Pseudonyms,
        modes: Modes,
        snooze: Snooze,
        trials_needed: int,
    ) -> None:
        self._log = log
        self._pseudonyms = pseudonyms
        self._modes = modes
        self._snooze = snooze
        self._trials_needed = trials_needed

    def occasion(
        self,
        client: TrustedClient,
        service: str,
        patient_id: str,
        *,
        hook_instance: str | None = None,
        body: bytes = b"",
    ) -> Occasion:
        """Say what a call is, and in which mode it runs.

        body: all of it, so that another body is another decision.
        """
        key = (
            None
            if hook_instance is None
            else self._pseudonyms.of_call(client.name, service, hook_instance, body)
        )
        return Occasion(
            client=client,
            service=service,
            mode=self._modes.mode_of(client, service),
            patient_id=patient_id,
            hook_instance=hook_instance,
            request_key=key,
        )

    def record(self, verdicts: Verdicts, occasion: Occasion) -> tuple[Card, ...]:
        """Write a decision down, and give the cards that are to be sent: none unless live.

        Cards the reader was shown on the same evidence not long ago are kept back.

        Errors: StoreUnavailable. Then nothing was written, and nothing may be sent.
        """
        pseudonym = self._pseudonyms.of(occasion.client.name, occasion.patient_id)
        shown = self._choose(verdicts, occasion, pseudonym)
        decision = self._decision(verdicts, occasion, pseudonym, shown)
        self._log.record(decision)
        _count(decision)
        return shown

    def _choose(self, verdicts: Verdicts, occasion: Occasion, pseudonym: str) -> tuple[Card, ...]:
        if occasion.mode != LIVE:
            return ()
        # Whoever posts a Bundle asks for its cards; only what a chart brings up by itself rests.
        if verdicts.evidence_key is None or occasion.service == EVALUATE:
            return verdicts.cards
        evidence = SameEvidence(
            client=occasion.client.name,
            service=occasion.service,
            pseudonym=pseudonym,
            evidence_key=verdicts.evidence_key,
            decision=verdicts.decision,
        )
        if not self._snooze.rests(evidence, occasion.client):
            return verdicts.cards
        return tuple(card for card in verdicts.cards if _kind(card) not in RESTING_KINDS)

    def _decision(
        self,
        verdicts: Verdicts,
        occasion: Occasion,
        pseudonym: str,
        shown: tuple[Card, ...],
    ) -> Decision:
        outcome = _outcome(verdicts, occasion, shown)
        client, assessment = occasion.client, verdicts.assessment
        return Decision(
            id=verdicts.decision,
            decided_at=verdicts.decided_at or self._snooze.now(),
            client=client.name,
            service=occasion.service,
            hook_instance=occasion.hook_instance,
            request_key=occasion.request_key,
            pseudonym=pseudonym,
            as_of=verdicts.as_of,
            mode=occasion.mode,
            outcome=outcome,
            knowledge_version=verdicts.knowledge_version,
            knowledge_sha256=verdicts.knowledge_sha256,
            rule_version=verdicts.rule_version,
            resistance=verdicts.resistance,
            inflammation=verdicts.inflammation,
            answer=verdicts.answer,
            cards=tuple(_card_record(card, card in shown) for card in verdicts.cards),
            shown=bool(shown),
            review_class=classify(
                assessment,
                outcome,
                shown=bool(shown),
                cards=verdicts.cards,
                trials_needed=self._trials_needed,
            ).value,
            could_not_tell=_between_commas(criteria_left_open(assessment)),
            evidence_key=verdicts.evidence_key,
            unknown_codes={} if verdicts.facts is None else unknown_codes(verdicts.facts),
            facts=_written(verdicts) if client.case_store else None,
        )


def _outcome(verdicts: Verdicts, occasion: Occasion, shown: tuple[Card, ...]) -> Outcome:
    kept_back = occasion.mode == LIVE and len(shown) < len(verdicts.cards)
    return SNOOZED if kept_back else verdicts.outcome


def _between_commas(names: tuple[str, ...]) -> str:
    return f",{','.join(names)}," if names else ""


def _written(verdicts: Verdicts) -> bytes | None:
    if verdicts.facts is None:
        return None
    cards = (card.to_wire() for card in verdicts.cards)
    return write_case(verdicts.facts, cards, verdicts.changed_parameters)


def _kind(card: Card) -> str:
    return card.extension.card.kind


def _card_record(card: Card, shown: bool) -> CardRecord:
    return CardRecord(uuid=str(card.uuid), kind=_kind(card), summary=card.summary, shown=shown)


def _count(decision: Decision) -> None:
    client, service = decision.client, decision.service
    DECISIONS.labels(
        client, service, decision.mode, decision.resistance, decision.inflammation
    ).inc()
    for card in decision.cards:
        CARDS.labels(client, service, card.kind, "yes" if card.shown else "no").inc()
    count_watched(decision)
