"""What did the rule on draft orders find, and on what grounds?"""

from dataclasses import dataclass
from datetime import date

from rules.findings import CardKind, Finding, Gap, NotUsed, SuicideSignal, Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDraft:
    """One draft order with its finding: MET where a card is due because of it.

    drug: our name of the experimental drug; empty where it is none or is not known. from_text: the
    drug is known from words only. studies: keys of the ledger. risk: key of a statement.
    """

    drug: str
    finding: Finding
    from_text: bool = False
    studies: tuple[str, ...] = ()
    risk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAssessment:
    """Everything the rule says about the draft orders of one patient on one day.

    finding: MET where a card on an experimental drug is due, NOT_MET where there is nothing to say,
    CANNOT_TELL where something that decides is missing. changed_parameters: as in an Assessment.
    caveats: what stays open although a card is due. withheld: why a card that is due is not shown.
    """

    as_of: date
    rule_id: str
    rule_version: str
    knowledge_version: str
    knowledge_sha256: str
    changed_parameters: tuple[str, ...]
    finding: Finding
    depression: Finding
    drafts: tuple[JudgedDraft, ...]
    suicide_signals: tuple[SuicideSignal, ...]
    caveats: tuple[str, ...]
    cards_due: tuple[CardKind, ...]
    gaps: tuple[Gap, ...]
    not_used: tuple[NotUsed, ...]
    withheld: tuple[Withheld, ...] = ()
