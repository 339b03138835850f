"""What shape has the knowledge? Frozen once loaded; every part names its sources."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal

from rules.codes import Code, ValueSet
from rules.knowledge.drugs import DrugTable
from rules.knowledge.experimental_uses import ExperimentalUse
from rules.knowledge.ledger import ArticleClaim, KeyPoint, OpenPoint, PilotFact, Study
from rules.knowledge.parameters import (
    CardParameters,
    ConfounderParameters,
    ExclusionWords,
    MarkerParameters,
    OrderParameters,
    ParameterEntry,
    RecordParameters,
    SafetyParameters,
    TrdParameters,
    TrialEntryParameters,
)

Scope = Literal["cards", "everywhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleForm:
    """A questionnaire that asks a scale under links of its own, which are no codes.

    known_by, unless: what the end of its address holds, and what makes it another scale. links: the
    code each link stands for, as far as all of them are there.
    """

    known_by: re.Pattern[str]
    unless: re.Pattern[str]
    links: Mapping[str, Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A depression scale: its codes, its range and its cut-offs in points.

    A total of `moderate` or more is current depression of at least moderate severity; a total of
    `remission_max` or less is the remission range. A scale without codes waits for site codes.
    """

    key: str
    name: str
    totals: frozenset[Code]
    items: tuple[Code, ...]
    suicide_item: Code | None
    fatigue_item: Code | None
    not_totals: Mapping[Code, str]  # codes that public data misuses as totals, with the reason
    minimum: int
    maximum: int
    item_maximum: int
    moderate: int
    remission_max: int
    min_baseline: int
    form: ScaleForm | None = None


class MarkerUse(Enum):
    """What a laboratory code may be used for."""

    ANALYTE = "analyte"
    DISPLAY = "display"
    QUALITATIVE = "qualitative"
    WRONG_SPECIMEN = "wrong_specimen"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerCode:
    """One laboratory code: which marker, what for, and what each unit is worth.

    to_mg_per_l: factor from a unit to mg/L, for codes used as analyte; a unit that is not a key is
    refused. reported_in: the units laboratories print this test in, for a bound that comes
    without a unit. display_units: units in which a marker that has no cut-off may be shown.
    """

    code: Code
    marker: str  # "hs_crp", "crp", "il6", "esr", …
    name: str  # "hs-CRP", "CRP (standard assay)", "IL-6", "ESR"
    use: MarkerUse
    to_mg_per_l: Mapping[str, Decimal]
    reported_in: tuple[str, ...]
    display_units: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One published source. doi is empty unless it was read in the source itself."""

    key: str
    text: str
    verification: str
    doi: str = ""
    identifier: str = ""
    url: str = ""

    def cite(self) -> str:
        """Write it as one line, with what it can be found by."""
        found_by = [f"doi {self.doi}"] if self.doi else []
        known = not self.identifier or self.identifier in self.text
        found_by += [] if known else [self.identifier]
        return ". ".join([self.text.rstrip("."), *found_by]) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialExclusion:
    """An exclusion of the pilot trial that the record can show, with the sentence for a card."""

    key: str
    sentence: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BannedPhrase:
    """A phrase no text of ours may hold, or no card. The pattern ignores capitals."""

    pattern: re.Pattern[str]
    why: str
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRule:
    """A pair of patterns: no sentence that holds `when` may hold `never`; capitals are ignored."""

    when: re.Pattern[str]
    never: re.Pattern[str]
    why: str
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence ledger: what was studied, what was found, what not, and how sure.

    review_warning_days: how long before review_by a review is asked for. allowed_phrases are taken
    out of a text before banned_phrases are searched for.
    """

    title: str
    summary: str
    last_reviewed: date
    review_by: date
    review_warning_days: int
    key_points: tuple[KeyPoint, ...]
    statements: Mapping[str, str]  # fixed sentences of the card, by key
    studies: tuple[Study, ...]
    references: Mapping[str, Reference]
    exclusions: Mapping[str, TrialExclusion]
    open_points: tuple[OpenPoint, ...]
    article_claims: tuple[ArticleClaim, ...]
    pilot_facts: Mapping[str, PilotFact]
    statement_references: Mapping[str, tuple[str, ...]]  # keys of references, by statement
    allowed_phrases: tuple[str, ...]
    banned_phrases: tuple[BannedPhrase, ...]
    sentence_rules: tuple[SentenceRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """All numbers, codes, drugs and evidence the rules use, with version and SHA-256.

    parameters: every entry by "table.key", as written; changed: keys that differ from the default
    files, as "table.key = value".
    """

    rule_id: str
    rule_version: str
    version: str
    sha256: str
    trd: TrdParameters
    marker: MarkerParameters
    confounder: ConfounderParameters
    trial_entry: TrialEntryParameters
    safety: SafetyParameters
    cards: CardParameters
    orders: OrderParameters
    records: RecordParameters
    exclusion_words: ExclusionWords
    parameters: Mapping[str, ParameterEntry]
    changed: tuple[str, ...]
    value_sets: Mapping[str, ValueSet]
    drugs: DrugTable
    experimental_uses: tuple[ExperimentalUse, ...]
    scales: Mapping[str, Scale]
    context_scales: Mapping[str, Scale]  # shown beside the evidence, never compared
    scales_by_code: Mapping[Code, Scale]  # of the severity scales: totals, items, misused codes
    answer_points: Mapping[Code, Decimal]  # of coded answers to items
    markers: Mapping[Code, MarkerCode]
    marker_words: frozenset[frozenset[str]]  # the words of each name a marker has in free text
    evidence: Evidence

    def scale_of(self, code: Code) -> Scale | None:
        """Give the scale whose total, item or misused code this is, or None."""
        return self.scales_by_code.get(code)
