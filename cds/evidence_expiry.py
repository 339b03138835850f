"""Has the evidence ledger been reviewed in time, and what is held back once it has not?

The day is asked for at every call, so that a running service goes silent by itself.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from typing import Final, TypeVar

from rules.findings import Assessment, CardKind, Finding, Verdict, Withheld
from rules.knowledge.model import Evidence
from rules.order_findings import OrderAssessment

EVIDENCE_EXPIRED: Final = "evidence_expired"

_Judged = TypeVar("_Judged", Assessment, OrderAssessment)


class LedgerState(Enum):
    """The ledger on one day. The day of review_by itself still counts as in time."""

    CURRENT = "current"
    REVIEW_DUE = "review_due"
    EXPIRED = "expired"


class EvidenceExpiry:
    """Knows the ledger's dates and today. Made once at start; holds no patient."""

    def __init__(self, evidence: Evidence, today: Callable[[], date]) -> None:
        self._review_by = evidence.review_by
        self._warn_from = evidence.review_by - timedelta(days=evidence.review_warning_days)
        self._today = today

    def state(self) -> LedgerState:
        """Say how the ledger stands today."""
        day = self._today()
        if day > self._review_by:
            return LedgerState.EXPIRED
        return LedgerState.REVIEW_DUE if day >= self._warn_from else LedgerState.CURRENT

    def notice(self) -> str:
        """Say in one sentence what operators and readers must know; empty while all is well."""
        match self.state():
            case LedgerState.CURRENT:
                return ""
            case LedgerState.REVIEW_DUE:
                return (
                    f"The evidence ledger must be reviewed by {self._review_by}. After that day no "
                    "card that rests on it is shown."
                )
            case LedgerState.EXPIRED:
                return (
                    f"The evidence ledger was to be reviewed by {self._review_by} and has not "
                    "been. No card that rests on it is shown until it is."
                )

    def hold_back(self, assessment: _Judged) -> _Judged:
        """Take away the cards that rest on the ledger, and say why, once its review is overdue.

        The safety card stays: it carries no research, and a signal is never hidden behind a date.
        An assessment with no card to hold back is given back as it is.
        """
        if self.state() is not LedgerState.EXPIRED:
            return assessment
        kept = tuple(kind for kind in assessment.cards_due if kind is CardKind.SAFETY)
        if kept == assessment.cards_due:
            return assessment
        because = (
            f"the evidence ledger was to be reviewed by {self._review_by}, and no card that rests "
            "on it is shown until it is"
        )
        expired = Withheld(
            reason=EVIDENCE_EXPIRED, finding=Finding(verdict=Verdict.MET, because=because)
        )
        return replace(assessment, cards_due=kept, withheld=(*assessment.withheld, expired))


def is_held_back(assessment: Assessment | OrderAssessment) -> bool:
    """Whether a card was held back because the ledger's review is overdue."""
    return any(each.reason == EVIDENCE_EXPIRED for each in assessment.withheld)
