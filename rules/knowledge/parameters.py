"""Which numbers does the rule use? One class for each table of rules/parameters/*.toml.

The meaning, unit, source and verification of every key stand in the TOML file beside its value.
"""

from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.knowledge.files import Review, Verification, check_review


class _Table(BaseModel):
    """A table of parameters: frozen, and no key more or less than the class names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TrdParameters(_Table):
    """[trd]: trials, adequacy, response, episodes and classes."""

    min_failed_trials: int
    max_gaps_per_trial: int
    min_days_adequate: int
    near_adequate_days: int
    dose_profile: Literal["label", "strict"]
    unknown_dose: Literal["indeterminate", "not_counted"]
    within_trial_gap_days: int
    order_only_gap_days: int
    between_trial_gap_days: int
    new_episode_gap_days: int
    remission_days_new_episode: int
    lookback_days: int
    augmentation: Literal["supporting", "ignore", "trial"]
    augmentation_min_overlap_days: int
    count_distinct_by: Literal["equivalence_group", "ingredient", "class"]
    concurrent_start_window_days: int
    concurrent_overlap_fraction: Decimal
    cross_taper_max_days: int
    require_response_evidence: bool
    require_current_severity: bool
    severity_max_age_days: int
    min_adherence_pdc: Decimal
    min_age: int
    stockpile_max_days: int
    fill_within_days: int
    dispensing_seen_days: (
        int  # 12.11: a dispense of any drug this near shows dispensing is recorded
    )
    open_order_grace_days: int
    max_dose_factor: Decimal
    baseline_before_days: int
    baseline_after_days: int
    end_score_min_days: int
    end_score_after_days: int
    absolute_min_adequate_days: int  # 4.7 rank 3: adequate days before a score without baseline
    response_fraction: Decimal
    partial_fraction: Decimal
    switch_signal_days: int
    intolerance_window_days: int
    smoking_course_max_days: int
    min_sessions_esketamine: int
    grey_sessions_esketamine: int
    esketamine_window_days: int
    min_infusions_ketamine: int
    min_ect_treatments: int
    min_rtms_sessions: int
    min_lithium_mmol_per_l: Decimal
    min_lithium_mg_without_level: int
    lithium_level_units: frozenset[str]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.near_adequate_days > self.min_days_adequate:
            raise ValueError("near_adequate_days lies above min_days_adequate")
        if self.partial_fraction > self.response_fraction:
            raise ValueError("partial_fraction lies above response_fraction")
        return self


class MarkerParameters(_Table):
    """[marker]: cut-offs, windows and recency of the markers."""

    crp_low_mg_l: Decimal
    crp_acute_above_mg_l: Decimal
    min_days_between: int
    max_days_between: int
    recency_days: int
    acute_confounder_before_days: int
    acute_confounder_after_days: int
    il6_blocker_washout_days: int
    vaccination_before_days: int
    vaccination_is_acute: bool
    fever_c: Decimal
    drug_current_days: int
    crp_nmol_per_mg_l: Decimal = Field(gt=0)
    tolerance: Decimal
    accept_status_unknown: bool

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.crp_low_mg_l > self.crp_acute_above_mg_l:
            raise ValueError("crp_low_mg_l lies above crp_acute_above_mg_l")
        if self.min_days_between > self.max_days_between:
            raise ValueError("min_days_between lies above max_days_between")
        return self


class ConfounderParameters(_Table):
    """[confounder]: windows and limits of what else moves the marker."""

    obesity_bmi: Decimal
    obesity_days: int
    cancer_days: int
    substance_days: int
    ckd_egfr_below: Decimal
    postpartum_days: int
    serious_infection_days: int
    pregnancy_status_days: int
    fever_units: frozenset[str]
    open_illness_days: int


class TrialEntryParameters(_Table):
    """[trial_entry]: who could enter the pilot trial, for the sentences on exclusions."""

    min_age: int
    max_age: int
    substance_days: int


class SafetyParameters(_Table):
    """[safety]: suicide signals."""

    suicide_safety_card: Literal["when_evidence_withheld", "always", "off"]
    suppress_evidence_when_si: bool
    ideation_days: int
    ideation_condition_days: int
    attempt_days: int
    item_signal_from: int
    locale_text: str


class CardParameters(_Table):
    """[cards]: which cards are shown."""

    data_gap_card: bool
    fatigue_context_item: int
    gad7_context: int


class ExclusionWords(_Table):
    """[exclusion_words]: by which words a diagnosis without a listed code names an exclusion."""

    lasting: frozenset[str]
    passing: frozenset[str]
    denied_by: frozenset[str]
    past_by: frozenset[str]
    activities: frozenset[str]


class OrderParameters(_Table):
    """[orders]: draft orders of an experimental drug."""

    left_out_statuses: frozenset[str]
    indication_over: frozenset[str]
    acute_indication_days: int


class RecordParameters(_Table):
    """[records]: which statuses of which resource count, in FHIR's own codes."""

    request_used: frozenset[str]
    request_unclear: frozenset[str]
    request_intents: frozenset[str]
    dispense_used: frozenset[str]
    dispense_unclear: frozenset[str]
    statement_used: frozenset[str]
    statement_unclear: frozenset[str]
    statement_not_taken: frozenset[str]
    administration_used: frozenset[str]
    observation_used: frozenset[str]
    observation_unfinished: frozenset[str]
    questionnaire_used: frozenset[str]
    procedure_used: frozenset[str]
    vaccination_used: frozenset[str]
    encounter_used: frozenset[str]
    condition_refused_verification: frozenset[str]
    condition_unconfirmed_verification: frozenset[str]
    condition_provisional_verification: frozenset[str]
    condition_active: frozenset[str]
    condition_remission: frozenset[str]
    intolerance_refused_verification: frozenset[str]
    order_open: frozenset[str]
    order_ended: frozenset[str]
    statuses_named: frozenset[str]

    def named(self, status: str | None) -> str:
        """Give a status in FHIR's words, or say that it is none of them: it may be any text."""
        return status if status in self.statuses_named else "that is none of FHIR's"


class ParameterEntry(BaseModel):
    """One key as it stands in the TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: bool | int | Decimal | str | tuple[str, ...]
    unit: str
    meaning: str = Field(min_length=1)
    source: str = Field(min_length=1)
    verification: Verification
    references: tuple[str, ...] = ()
    alternatives: str = ""
    review: Review = ""

    @model_validator(mode="after")
    def _review_is_asked_for(self) -> Self:
        check_review(self.verification, self.review)
        return self
