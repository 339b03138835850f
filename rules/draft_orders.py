"""Which orders is somebody writing for this patient? Frozen, beside the facts of the record."""

from dataclasses import dataclass

from rules.codes import Code
from rules.facts import Drug, Facts
from rules.findings import NotUsed


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder:
    """One order of a drug that is being written and not yet signed.

    drugs: those of its product that the tables know; none for another drug. drug_unread: why it
    is not known which drug it is. reasons: the codes it gives. reason_unread: it also gives a
    reason that cannot be compared, in words only or behind a reference that leads nowhere.
    """

    drugs: tuple[Drug, ...] = ()
    drug_from_text: bool = False
    drug_unread: str | None = None
    status: str | None = None
    do_not_perform: bool = False
    reasons: tuple[Code, ...] = ()
    reason_unread: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """Everything the rule on draft orders knows: the record, and the drafts in their order.

    not_used: what came with the drafts and is no order of a drug.
    """

    record: Facts
    drafts: tuple[DraftOrder, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
