"""What do the rules say of a decision that is kept, when it is made again, and with which cards?

A decision is made again as of its own day, at its own moment and with its own ids. So under the
knowledge that made it its cards come out byte for byte as they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID, uuid4, uuid5

from cds import clock
from cds.decision import Decision
from cds.evidence_expiry import EvidenceExpiry
from cds.hooks.card import CARD_EXTENSION, Card
from cds.hooks.cards import CardWriter
from cds.hooks.order_cards import OrderCardWriter
from cds.kept_case import Case, PatientCase, SentCard, UnreadableCaseError, read_case
from cds.settings import Settings
from rules.assessment import assess
from rules.draft_orders import OrderFacts
from rules.facts import Facts
from rules.findings import Assessment
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from rules.order_findings import OrderAssessment

# The place of the ids of cards that a decision did not have, among all name-based UUIDs.
_NEW_CARDS = UUID("0d0e8f0a-7d0c-4f3c-b6b4-0a6f6a3f7c11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One decision made again; facts and assessment are both of a record or both of draft orders.

    case: what was kept, with the cards as they were written then. same_knowledge: the decision was
    made by the knowledge it was replayed under.
    """

    case: Case
    facts: Facts | OrderFacts
    assessment: Assessment | OrderAssessment
    cards: tuple[Card, ...]
    same_knowledge: bool


class Replayer:
    """Makes kept decisions again under one knowledge. Made once; holds no patient."""

    def __init__(self, knowledge: Knowledge, settings: Settings) -> None:
        self._knowledge = knowledge
        self._writer = CardWriter(knowledge, settings, uuid4, clock.now)
        self._order_writer = OrderCardWriter(knowledge, self._writer, clock.now)

    def replay(self, decision: Decision) -> Replayed | None:
        """Make a decision again. None: it cannot be, and why_not says why.

        Whether the evidence ledger was in time is asked of the ledger that is replayed under, for
        the day of the decision: what was held back that day is held back again, unless this ledger
        was in time that day.
        """
        case = self._open(decision)
        if isinstance(case, str):
            return None
        assessment, cards = self._judge(case, decision)
        return Replayed(
            case=case,
            facts=case.facts,
            assessment=assessment,
            cards=tuple(_with_its_id(card, decision, case) for card in cards),
            same_knowledge=decision.knowledge_sha256 == self._knowledge.sha256,
        )

    def why_not(self, decision: Decision) -> str | None:
        """Say in half a sentence why a decision cannot be made again. None: it can."""
        case = self._open(decision)
        return case if isinstance(case, str) else None

    def _open(self, decision: Decision) -> Case | str:
        """Read the case of a decision, or say why it cannot be replayed."""
        if decision.facts is None:
            if decision.outcome == "switched_off":
                return "nothing was evaluated, because it was switched off"
            return "no facts are kept: its client keeps no cases, or they were removed since"
        try:
            case = read_case(decision.facts)
        except UnreadableCaseError as error:
            return str(error)
        results = _record_of(case).markers
        if any(result.code not in self._knowledge.markers for result in results):
            return "its facts hold a result under a code that this knowledge does not know"
        return case

    def _judge(
        self, case: Case, decision: Decision
    ) -> tuple[Assessment | OrderAssessment, tuple[Card, ...]]:
        known, moment = self._knowledge, decision.decided_at
        expiry = EvidenceExpiry(known.evidence, moment.astimezone(UTC).date)
        if isinstance(case, PatientCase):
            of_record = expiry.hold_back(assess(case.facts, decision.as_of, known))
            return of_record, self._writer.write_cards(of_record, decision.id, moment)
        of_orders = expiry.hold_back(assess_orders(case.facts, decision.as_of, known))
        return of_orders, self._order_writer.write_cards(of_orders, decision.id, moment)


def _record_of(case: Case) -> Facts:
    return case.facts if isinstance(case, PatientCase) else case.facts.record


def _with_its_id(card: Card, decision: Decision, case: Case) -> Card:
    """Give a card the id it had; one that is new gets the same id at every replay."""
    kind = card.extension.card.kind
    had = cards_by_kind(case.cards).get(kind)
    uuid = uuid5(_NEW_CARDS, f"{decision.id} {kind}") if had is None else UUID(had["uuid"])
    return card.model_copy(update={"uuid": uuid})


def cards_by_kind(cards: Iterable[SentCard]) -> dict[str, SentCard]:
    """Give cards as they are sent by their kind, of which a decision has one each."""
    return {card["extension"][CARD_EXTENSION]["kind"]: card for card in cards}
