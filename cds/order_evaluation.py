"""How do the drafts of an order hook become an assessment with its card?

Beside the one path of a patient's record this is the other: the same reader, with the drafts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cds.errors import BodyTooLarge, InvalidRequest, WrongPatient
from cds.evaluation import MAX_RESOURCES, Resources, check_version
from cds.evidence_expiry import EvidenceExpiry
from cds.hooks.card import Card
from cds.hooks.order_cards import OrderCardWriter
from cds.hooks.order_context import OrderContext
from rules.draft_orders import OrderFacts
from rules.facts import Incomplete
from rules.fhir_reader import (
    BundleError,
    Drafts,
    NothingSelectedError,
    OtherPatient,
    TooManyEntriesError,
    read_draft_orders,
    read_facts,
    split_bundle,
)
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from rules.order_findings import OrderAssessment

__all__ = ["Drafts", "OrderEvaluation", "OrderEvaluator", "open_drafts"]

_DRAFTS = "context.draftOrders"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvaluation:
    """One evaluation of draft orders: the assessment, its card if any, the id of the decision.

    decided_at: the moment that stands on the card.
    """

    decision: str
    decided_at: datetime
    facts: OrderFacts
    assessment: OrderAssessment
    cards: tuple[Card, ...]


class OrderEvaluator:
    """Evaluates draft orders against one knowledge. Made once at start; holds no patient."""

    def __init__(
        self,
        knowledge: Knowledge,
        card_writer: OrderCardWriter,
        new_uuid: Callable[[], UUID],
        expiry: EvidenceExpiry,
    ) -> None:
        self._knowledge = knowledge
        self._card_writer = card_writer
        self._new_uuid = new_uuid
        self._expiry = expiry

    def evaluate(  # noqa: PLR0913, PLR0917 - as of a record, and the drafts
        self,
        resources: Resources,
        drafts: Drafts,
        patient_id: str,
        as_of: date,
        not_obtained: Iterable[Incomplete] = (),
        decision: str | None = None,
    ) -> OrderEvaluation:
        """Read record and drafts of one patient, assess the drafts and write the card that is due.

        The version of FHIR is asked of the record alone: what the rule reads of a draft has the
        same name in STU3, R4 and R5.

        Errors: BodyTooLarge, UnsupportedFhirVersion, WrongPatient; InvalidRequest where orders are
        selected and none of them is among the drafts.
        """
        if len(resources.items) + len(drafts.resources.items) > MAX_RESOURCES:
            raise BodyTooLarge(f"The request holds more than {MAX_RESOURCES} resources.")
        check_version(resources)
        order_facts = self._read(resources, drafts, patient_id, not_obtained)
        assessment = self._expiry.hold_back(assess_orders(order_facts, as_of, self._knowledge))
        known_as = decision or str(self._new_uuid())
        decided_at = self._card_writer.now()
        cards = self._card_writer.write_cards(assessment, known_as, decided_at)
        return OrderEvaluation(
            decision=known_as,
            decided_at=decided_at,
            facts=order_facts,
            assessment=assessment,
            cards=cards,
        )

    def _read(
        self,
        resources: Resources,
        drafts: Drafts,
        patient_id: str,
        not_obtained: Iterable[Incomplete],
    ) -> OrderFacts:
        try:
            facts = read_facts(resources, patient_id, self._knowledge, not_obtained)
            return read_draft_orders(drafts, resources, facts, patient_id, self._knowledge)
        except OtherPatient as error:
            raise WrongPatient(
                f"{error.source} belongs to another patient, so nothing here was evaluated.",
                expression=(error.source,),
            ) from None
        except NothingSelectedError:
            raise InvalidRequest(
                "context.selections names no order of context.draftOrders.",
                expression=("context.selections",),
            ) from None


def open_drafts(context: OrderContext) -> Drafts:
    """Take the Bundle of drafts apart.

    Errors: InvalidRequest for anything that is not a Bundle; BodyTooLarge for too many entries.
    """
    try:
        resources = split_bundle(context.draft_orders)
    except TooManyEntriesError:
        raise BodyTooLarge(f"{_DRAFTS} holds more than {MAX_RESOURCES} entries.") from None
    except BundleError:
        raise InvalidRequest(f"{_DRAFTS} must be a Bundle.", expression=(_DRAFTS,)) from None
    return Drafts(resources=resources, selections=context.selections)
