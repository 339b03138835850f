"""What stands in the ledger of studies, and is it whole?"""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.knowledge.files import KnowledgeError, KnowledgeFile, Verification, check, parse_toml

Direction = Literal["contrary", "supporting", "null", "mixed", "pending"]
StudyRole = Literal["pilot", "ledger", "pending"]
StudyKind = Literal["trial", "observational", "meta_analysis", "review", "survey", "genetic"]
Measure = Literal["standardised_difference", "percentage_points", "risk_ratio", "score_points"]
PilotPart = Literal["studied", "whom", "found", "not_found", "sure"]
OutcomeRole = Literal["main", "secondary", "subgroup", "pooled"]
Verdict = Literal["agrees", "overstated", "incomplete", "mixed", "not_checked"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Arm(_Entry):
    """One group of a trial, as it was randomised or formed."""

    name: str = Field(min_length=1)
    participants: int = Field(gt=0)


class Estimate(_Entry):
    """One effect in numbers, with the signs of the publication.

    low, high: the 95 % interval, both or neither. better: whether a higher or a lower value speaks
    for the anti-inflammatory drug.
    """

    outcome: str = Field(min_length=1)
    measure: Measure
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    better: Literal["higher", "lower"]
    role: OutcomeRole
    verification: Verification
    note: str = ""

    @model_validator(mode="after")
    def _interval_is_whole(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends")
        if (
            self.low is not None
            and self.high is not None
            and not self.low <= self.value <= self.high
        ):
            raise ValueError("the value lies outside its interval")
        return self

    @property
    def no_effect(self) -> Decimal:
        """The value that means no difference: one for a ratio, zero for a difference."""
        return Decimal(1) if self.measure == "risk_ratio" else Decimal(0)

    @property
    def excludes_no_effect(self) -> bool | None:
        """Whether the interval leaves out "no difference"; None where none is known."""
        if self.low is None or self.high is None:
            return None
        return not self.low <= self.no_effect <= self.high


class Study(_Entry):
    """One row of the ledger.

    participants, question, result: the short words of cards. outcome: the main outcome the study
    set itself. arms, estimates: as far as the sources give numbers.
    """

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    participants: str = Field(min_length=1)
    question: str = Field(min_length=1)
    direction: Direction
    result: str = Field(min_length=1)
    verification: Verification
    references: tuple[str, ...] = Field(min_length=1)
    role: StudyRole
    kind: StudyKind
    design: str = Field(min_length=1)
    outcome: str = Field(min_length=1)
    arms: tuple[Arm, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    not_known: str = ""


class PilotFact(_Entry):
    """One thing that is known of the pilot trial. part: under which question it is read."""

    part: PilotPart
    value: str = Field(min_length=1)
    verification: Verification


class KeyPoint(_Entry):
    """One sentence of the summary at the top of the evidence page."""

    text: str = Field(min_length=1)
    references: tuple[str, ...] = Field(min_length=1)


class OpenPoint(_Entry):
    """Something that is not known, and what follows from that."""

    point: str = Field(min_length=1)
    consequence: str = Field(min_length=1)


class ArticleClaim(_Entry):
    """A claim of the news article the project began with, beside what is known."""

    claim: str = Field(min_length=1)
    known: str = Field(min_length=1)
    verdict: Verdict
    on_card: str = Field(min_length=1)


class Ledger(_Entry):
    """The whole file. review_warning_days: how long before review_by a review is asked for."""

    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    last_reviewed: date
    review_by: date
    review_warning_days: int = Field(gt=0)
    key_points: tuple[KeyPoint, ...] = Field(min_length=1)
    pilot_facts: dict[str, PilotFact]
    studies: tuple[Study, ...] = Field(min_length=1)
    open_points: tuple[OpenPoint, ...] = Field(min_length=1)
    article_claims: tuple[ArticleClaim, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review_by <= self.last_reviewed:
            raise ValueError("review_by must lie after last_reviewed")
        if (self.review_by - self.last_reviewed).days <= self.review_warning_days:
            raise ValueError("review_warning_days is longer than the time between two reviews")
        return self


def read_ledger(file: KnowledgeFile) -> Ledger:
    """Read and check the ledger. Errors: KnowledgeError, also for a study that stands twice."""
    ledger = check(Ledger, parse_toml(file), file.name, "")
    seen: set[str] = set()
    for study in ledger.studies:
        if study.key in seen:
            raise KnowledgeError(file.name, study.key, "the study stands twice")
        seen.add(study.key)
    return ledger
