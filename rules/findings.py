"""What did a judgement find, and on what grounds? The vocabulary every rule answers in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from rules.trial_gaps import TrialGap


class Verdict(Enum):
    """The three answers of every judgement. Missing or conflicting data is CANNOT_TELL."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One judgement with its grounds.

    because: one plain sentence a clinician can check, without a final full stop.
    citations: keys of the references and parameters that led to it. sources: resources it rests on.
    """

    verdict: Verdict
    because: str
    citations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Something the rules needed and could not have. what: a resource type or a named fact."""

    what: str
    because: str


@dataclass(frozen=True, slots=True, order=True)
class NotUsed:
    """A resource that was received and left out, and why."""

    source: str
    because: str


class ResistanceStatus(Enum):
    """Treatment resistance, the class of rule.md section 1.2."""

    MET = "met"
    POSSIBLE = "possible"
    NOT_MET = "not_met"
    INSUFFICIENT_DATA = "insufficient_data"
    OUT_OF_SCOPE = "out_of_scope"


class TrialGrade(Enum):
    """How one antidepressant trial counts, rule.md section 1.1."""

    ADEQUATE_FAILED = "adequate_failed"
    INDETERMINATE = "indeterminate"
    NOT_COUNTED = "not_counted"
    UNPLACEABLE = "unplaceable"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedTrial:
    """One antidepressant trial with its grade.

    start, end: first covered day and the day after the last one. covered_days: those judged for
    adequacy. daily_dose_mg: highest dose reached; None where unknown. gap_notes: one line for each
    gap. caveats: facts that are no gaps. failure: what shows that it failed, else empty.
    """

    ingredient: str
    grade: TrialGrade
    start: date | None
    end: date | None
    covered_days: int
    daily_dose_mg: Decimal | None
    gaps: tuple[TrialGap, ...]
    gap_notes: tuple[str, ...]
    caveats: tuple[str, ...]
    finding: Finding
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingTreatment:
    """Augmentation, neuromodulation and the like: shown, at most one indeterminate in all.

    kind: "augmentation", "esketamine", "ketamine", "neuromodulation", "statement" (a clinician's).
    grade: INDETERMINATE where it supports, ADEQUATE_FAILED only for augmentation set as a trial.
    """

    treatment: str
    kind: str
    grade: TrialGrade
    finding: Finding

    @property
    def counts(self) -> bool:
        return self.grade is not TrialGrade.NOT_COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestScore:
    """The latest usable total of a depression scale."""

    scale: str
    value: Decimal
    date: date
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentResistance:
    """The verdict. caveats: what stays open as a whole; missing: the data among would_change."""

    status: ResistanceStatus
    finding: Finding
    trials: tuple[GradedTrial, ...]
    supporting: tuple[SupportingTreatment, ...]
    latest_score: LatestScore | None
    would_change: tuple[str, ...]
    missing: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


class InflammationStatus(Enum):
    """The patient's marker status, rule.md section 6.4."""

    RAISED_PERSISTENT = "raised_persistent"
    RAISED_ONCE = "raised_once"
    POSSIBLE_ACUTE = "possible_acute"
    NORMAL = "normal"
    STALE = "stale"
    UNKNOWN = "unknown"


class ResultLabel(Enum):
    """One marker result against the cut-offs, rule.md section 6.3."""

    NORMAL = "normal"
    RAISED = "raised"
    ACUTE_RANGE = "acute_range"
    CENSORED = "censored"
    CENSORED_HIGH = "censored_high"
    CONFOUNDED = "confounded"
    DISPLAY_ONLY = "display_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledResult:
    """One usable marker result; shown: in words, "<5 mg/L". value_mg_per_l: None if only shown."""

    marker: str
    marker_name: str
    date: date
    value_mg_per_l: Decimal | None
    comparator: str | None
    label: ResultLabel
    notes: tuple[str, ...]
    shown: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflammation:
    """The verdict on low-grade inflammation with the results it rests on, newest first."""

    status: InflammationStatus
    notes: tuple[str, ...]
    finding: Finding
    results: tuple[LabelledResult, ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confounder:
    """Something else that could raise or lower the marker.

    kind: a row of rule.md section 7, such as "obesity". name: our words for a card.
    """

    kind: str
    name: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why an evidence card that would otherwise be due is not shown."""

    reason: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class SuicideSignal:
    """A recent item score or coded entry. date: the latest it can mean; written: as recorded."""

    item_score: int | None
    label: str
    date: date | None
    total_disagrees: bool
    finding: Finding
    written: str | None = None


class CardKind(Enum):
    """The kinds of card, rule.md section 10."""

    EVIDENCE = "evidence"
    SAFETY = "safety"
    MARKER_NOTE = "marker_note"
    DATA_GAP = "data_gap"
    EXPERIMENTAL_ORDER = "experimental_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything the rules say about one patient on one day. The only thing that leaves them.

    changed_parameters: "key = value" of every parameter that differs from the default.
    context_notes: facts to show beside the evidence that gate nothing (fatigue item, GAD-7).
    trial_exclusions: sentences on why this patient would not have entered the pilot trial.
    """

    as_of: date
    rule_id: str
    rule_version: str
    knowledge_version: str
    knowledge_sha256: str
    changed_parameters: tuple[str, ...]
    treatment_resistance: TreatmentResistance
    inflammation: Inflammation
    confounders: tuple[Confounder, ...]
    confounders_unread: tuple[str, ...]
    suicide_signals: tuple[SuicideSignal, ...]
    trial_exclusions: tuple[str, ...]
    context_notes: tuple[str, ...]
    caveats: tuple[str, ...]
    withheld: tuple[Withheld, ...]
    cards_due: tuple[CardKind, ...]
    gaps: tuple[Gap, ...]
    not_used: tuple[NotUsed, ...]
