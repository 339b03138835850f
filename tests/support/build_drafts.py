"""How does a test write a draft order, and the patient it is for, in one line?"""

from datetime import date
from typing import Any

from rules.codes import Code
from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Drug
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from rules.order_findings import OrderAssessment
from tests.support.build import AS_OF, TOCILIZUMAB, Piece, diagnosis, drug, facts, icd

SARILUMAB = drug("sarilumab", "il6_blocker")
INFLIXIMAB = drug("infliximab", "immunosuppressant_biologic", "biologic")
CELECOXIB = drug("celecoxib", "nsaid")
MINOCYCLINE = drug("minocycline", "antibacterial_systemic")
IBUPROFEN = drug("ibuprofen", "nsaid")

DEPRESSED = diagnosis("F33.1", recorded="2025-06-01")


def draft(*drugs: Drug, reason: str | Code | tuple[Code, ...] = (), **fields: Any) -> DraftOrder:
    """Give one draft order, of tocilizumab unless said; a plain reason is an ICD-10-CM code."""
    if isinstance(reason, str):
        reason = (icd(reason),)
    elif isinstance(reason, Code):
        reason = (reason,)
    fields.setdefault("status", "draft")
    fields.setdefault("sources", ("MedicationRequest/draft",))
    return DraftOrder(drugs=drugs or (TOCILIZUMAB,), reasons=reason, **fields)


def unknown_draft(because: str, **fields: Any) -> DraftOrder:
    """Give a draft order whose drug is not known."""
    return DraftOrder(drug_unread=because, status="draft", **fields)


def judged(
    knowledge: Knowledge,
    *pieces: DraftOrder | Piece,
    as_of: date = AS_OF,
    **person: Any,
) -> OrderAssessment:
    """Assess draft orders; what is no draft is of the record."""
    drafts = tuple(each for each in pieces if isinstance(each, DraftOrder))
    record = [each for each in pieces if not isinstance(each, DraftOrder)]
    return assess_orders(
        OrderFacts(record=facts(record, **person), drafts=drafts), as_of, knowledge
    )
