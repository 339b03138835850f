"""Which symptom scales are read, under which codes, and where are their cut-offs?"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.codes import LOINC, Code, ValueSet
from rules.knowledge.files import (
    KnowledgeError,
    KnowledgeFile,
    Review,
    Verification,
    check,
    check_review,
    parse_toml,
)
from rules.knowledge.model import Scale, ScaleForm
from rules.knowledge.value_sets import require


class _Answer(BaseModel):
    """The points of one coded answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    display: str = Field(min_length=1)
    points: Decimal
    source: str = Field(min_length=1)
    verification: Verification


class _AnswerTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: dict[str, _Answer] = Field(min_length=1)


class _Form(BaseModel):
    """A questionnaire under links of its own. The expressions are matched in small letters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    known_by: re.Pattern[str]
    unless: re.Pattern[str]
    links: dict[str, str] = Field(min_length=1)
    source: str = Field(min_length=1)
    verification: Verification


class _Scale(BaseModel):
    """One scale as written. Totals and items are LOINC codes; a value set may add site codes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    purpose: Literal["severity", "context"]
    totals: tuple[str, ...] = ()
    site_totals: str = ""
    items: tuple[str, ...] = ()
    suicide_item: str = ""
    fatigue_item: str = ""
    not_totals: dict[str, str] = Field(default_factory=dict)
    minimum: int
    maximum: int
    item_maximum: int
    moderate: int
    remission_max: int
    min_baseline: int
    source: str = Field(min_length=1)
    verification: Verification
    alternatives: str = ""
    review: Review = ""
    form: _Form | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.minimum <= self.remission_max < self.moderate <= self.maximum:
            raise ValueError("remission_max and moderate must stand in order inside the range")
        if not {self.suicide_item, self.fatigue_item} <= {*self.items, ""}:
            raise ValueError("suicide_item and fatigue_item must be among the items")
        if self.form is not None and sorted(self.form.links.values()) != sorted(self.items):
            raise ValueError("the links of a form must stand for every item, each once")
        check_review(self.verification, self.review)
        return self


def read_answers(file: KnowledgeFile) -> dict[Code, Decimal]:
    """Read how many points each coded answer stands for, by LOINC answer code.

    Errors: KnowledgeError for an answer without points or source.
    """
    table = check(_AnswerTable, parse_toml(file), file.name, "")
    return {Code(LOINC, loinc): answer.points for loinc, answer in table.answers.items()}


def read_scales(
    file: KnowledgeFile, value_sets: Mapping[str, ValueSet]
) -> tuple[dict[str, Scale], dict[str, Scale]]:
    """Read the scale table: severity scales, and scales that are shown beside them only.

    Errors: KnowledgeError for a scale that is not as expected, an unknown value set of site codes,
    or one code in two scales.
    """
    written = {key: check(_Scale, entry, file.name, key) for key, entry in parse_toml(file).items()}
    require(
        value_sets, (item.site_totals for item in written.values() if item.site_totals), file.name
    )
    found = {key: _scale(key, entry, value_sets) for key, entry in written.items()}
    index_by_code(found.values(), file.name)
    severity = {key: found[key] for key, item in written.items() if item.purpose == "severity"}
    context = {key: found[key] for key, item in written.items() if item.purpose == "context"}
    return severity, context


def index_by_code(scales: Iterable[Scale], file: str) -> dict[Code, Scale]:
    """Give the scale of every total, item and misused code. Errors: a code in two scales."""
    found: dict[Code, Scale] = {}
    for scale in scales:
        for code in (*scale.totals, *scale.items, *scale.not_totals):
            if code in found:
                raise KnowledgeError(file, scale.key, f"the code {code.code} stands twice")
            found[code] = scale
    return found


def _scale(key: str, entry: _Scale, value_sets: Mapping[str, ValueSet]) -> Scale:
    site_codes = value_sets[entry.site_totals].codes if entry.site_totals else {}
    return Scale(
        key=key,
        name=entry.name,
        totals=frozenset({*(Code(LOINC, code) for code in entry.totals), *site_codes}),
        items=tuple(Code(LOINC, code) for code in entry.items),
        suicide_item=_optional(entry.suicide_item),
        fatigue_item=_optional(entry.fatigue_item),
        not_totals={Code(LOINC, code): why for code, why in entry.not_totals.items()},
        minimum=entry.minimum,
        maximum=entry.maximum,
        item_maximum=entry.item_maximum,
        moderate=entry.moderate,
        remission_max=entry.remission_max,
        min_baseline=entry.min_baseline,
        form=None if entry.form is None else _form_of(entry.form),
    )


def _form_of(form: _Form) -> ScaleForm:
    return ScaleForm(
        known_by=form.known_by,
        unless=form.unless,
        links={link: Code(LOINC, code) for link, code in form.links.items()},
    )


def _optional(code: str) -> Code | None:
    return Code(LOINC, code) if code else None
