"""What leaves the store in an export? Feedback, judgements and accesses, each as one record.

A decision is exported as it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cds.review.judging import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFeedback:
    """One entry of feedback with what is known of its card; None where the card is not kept."""

    number: int
    client: str
    service: str
    card: str
    decision: str | None
    pseudonym: str | None
    card_kind: str | None
    knowledge_version: str | None
    rule_version: str | None
    outcome: str
    reason_code: str | None
    reason_system: str | None
    reason_display: str | None = field(repr=False)
    user_comment: str | None = field(repr=False)
    outcome_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedJudgement:
    """The newest judgement that somebody submitted on a case. account: an id; reviewer: a name."""

    sample: str
    sample_name: str | None
    decision: str
    client: str
    pseudonym: str
    review_class: str
    stratum: str
    place: str
    account: str
    reviewer: str
    saved_at: datetime
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedAccess:
    """One row of the audit. client, pseudonym: of the decision it was about, while that is kept."""

    number: int
    at: datetime
    account: str | None
    name: str | None
    action: str
    outcome: str
    decision: str | None
    client: str | None
    pseudonym: str | None
    details: Mapping[str, object]
