"""What does each row of the drug tables hold? Columns and their types."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rules.knowledge.drugs import OtherUseEffect
from rules.knowledge.files import Review, Verification, check_review


def _none_if_empty(cell: object) -> object:
    return None if cell == "" else cell


Text = Annotated[str, Field(min_length=1)]
Number = Annotated[Annotated[Decimal, Field(ge=0)] | None, BeforeValidator(_none_if_empty)]
Days = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_none_if_empty)]
Roles = Annotated[frozenset[str], BeforeValidator(lambda cell: str(cell).split())]
TermType = Literal["SCD", "SBD", "GPCK", "BPCK", "SCDC", "MIN", "PIN", "IN", "BN"]
Status = Literal["active", "value set only"]


class _Row(BaseModel):
    """A row of a table: every cell is a column of the class, and says where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReviewedRow(_Row):
    """A row that must ask for review where it rests on memory or judgement."""

    @model_validator(mode="after")
    def _review_is_asked_for(self) -> Self:
        check_review(getattr(self, "verification", ""), getattr(self, "review", ""))
        return self


class AntidepressantRow(ReviewedRow):
    row: Text
    name: Text
    drug_class: Text
    atc: str
    rxcui_ingredient: str
    minimum_mg: Number
    grey_low_mg: Number
    grey_high_mg: Number
    strict_mg: Number
    max_plausible_mg: Number
    equivalence_group: Text
    schedule: Literal["daily", "weekly"]
    counts_as_trial: Literal["yes", "supporting", "never"]
    source: Text
    verification: Verification
    review: Review

    @model_validator(mode="after")
    def _doses_are_in_order(self) -> Self:
        if self.minimum_mg is not None:
            if self.grey_low_mg is not None and self.grey_low_mg >= self.minimum_mg:
                raise ValueError("grey_low_mg must lie below minimum_mg")
            for higher in (self.strict_mg, self.max_plausible_mg):
                if higher is not None and higher < self.minimum_mg:
                    raise ValueError("strict_mg and max_plausible_mg must not lie below minimum_mg")
        return self


class AugmenterRow(ReviewedRow):
    name: Text
    atc: str
    rxcui_ingredient: str
    minimum_per_day: Number
    unit: Literal["mg", "ug", "mmol/L", ""]
    grey: str
    role: Literal["supporting", "list_only"]
    min_overlap_days: Days
    not_counted_when: str
    source: Text
    verification: Verification
    review: Review

    @model_validator(mode="after")
    def _dose_is_a_mass(self) -> Self:
        if self.minimum_per_day is not None and self.unit not in ("mg", "ug"):
            raise ValueError("a minimum dose needs the unit mg or ug")
        return self


class AntidepressantProduct(_Row):
    """A product of an antidepressant; with_augmenter is "name=mg" of a second active drug."""

    rxcui: Text
    display: Text
    tty: TermType
    drug: Text
    dose_row: str
    strength_mg: Number
    with_augmenter: str
    form: str
    release: str
    restriction: str
    source: Text
    verification: Verification
    status: Status


class AugmenterProduct(_Row):
    rxcui: Text
    display: Text
    tty: TermType
    drug: Text
    role: Text
    dose_row: str
    strength_mg: Number
    form: str
    release: str
    source: Text
    verification: Verification
    status: Status


class ConfounderProduct(_Row):
    rxcui: Text
    display: Text
    tty: TermType
    drug: Text
    roles: Roles
    source: Text
    verification: Verification
    status: Status


class AtcFamily(ReviewedRow):
    prefix: Text
    drug: Text
    roles: Roles
    dose_row: str
    window: str
    source: Text
    verification: Verification
    review: Review


class OtherUseRow(ReviewedRow):
    drug: Text
    value_set: Text
    where: Literal["reason", "diagnosis", "either"]
    effect: OtherUseEffect
    source: Text
    verification: Verification
    review: Review


class NameRow(ReviewedRow):
    """Words that name a drug; an empty drug is a name that means none of ours."""

    words: Text
    drug: str
    roles: Roles
    dose_row: str
    restriction: str
    source: Text
    verification: Verification
    review: Review
