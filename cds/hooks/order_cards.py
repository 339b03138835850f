"""Which words does a finding on draft orders get? The card on an experimental drug, or none."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from cds.hooks.card import Card
from cds.hooks.cards import CardWriter
from rules.findings import CardKind, Verdict
from rules.knowledge import Knowledge
from rules.knowledge.ledger import Study
from rules.order_findings import JudgedDraft, OrderAssessment
from rules.plain_words import listed

_TEMPLATES = {
    CardKind.EXPERIMENTAL_ORDER: "experimental_order.md.j2",
    CardKind.DATA_GAP: "order_data_gap.md.j2",
}


class OrderCardWriter:
    """Writes the cards an assessment of draft orders asks for. Made once; holds no patient."""

    def __init__(
        self, knowledge: Knowledge, card_writer: CardWriter, now: Callable[[], datetime]
    ) -> None:
        self._knowledge = knowledge
        self._card_writer = card_writer
        self.now = now

    def write_cards(
        self, assessment: OrderAssessment, decision: str, at: datetime | None = None
    ) -> tuple[Card, ...]:
        """Write the cards of `assessment.cards_due`; none where none is due.

        decision: the id under which this evaluation is remembered. at: the moment they are written;
        the present one unless given.

        Errors: as of CardWriter; all are faults of ours and answered 500.
        """
        values = self._values(assessment, at or self.now())
        return tuple(
            self._card_writer.write(
                kind, _TEMPLATES[kind], values, decision, assessment.knowledge_sha256
            )
            for kind in assessment.cards_due
        )

    def _values(self, assessment: OrderAssessment, at: datetime) -> dict[str, Any]:
        evidence = self._knowledge.evidence
        due = [each for each in assessment.drafts if each.finding.verdict is Verdict.MET]
        drugs = list(dict.fromkeys(each.drug for each in due))
        return {
            "assessment": assessment,
            "due": due,
            "drugs": drugs,
            "drugs_in_words": listed(drugs),
            "risks": list(dict.fromkeys(evidence.statements[each.risk] for each in due)),
            "studies": _studies(due, evidence.studies),
            "signals": assessment.suicide_signals,
            "generated_at": at,
            "says": evidence.statements,
            "locale_text": self._knowledge.safety.locale_text,
            "evidence": evidence,
            "references": evidence.references,
        }


def _studies(due: Iterable[JudgedDraft], known: Iterable[Study]) -> list[Study]:
    """Give the studies of the drugs in the order of the ledger, each once."""
    wanted = {key for draft in due for key in draft.studies}
    return [study for study in known if study.key in wanted]
