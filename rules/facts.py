"""What does the record say about this patient? Frozen facts, each with the resources it came from.

Facts carry the record's own statuses, for the rules to judge, and no name, no identifier and no
free text that could reach a card.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from rules.clinical_time import ClinicalDate
from rules.codes import Code
from rules.findings import Gap, NotUsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The patient, as far as the rule asks."""

    birth: ClinicalDate | None
    deceased: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One Condition. Statuses are FHIR's codes; None where the record gives none."""

    codes: tuple[Code, ...]
    clinical_status: str | None = None
    verification: str | None = None
    onset: ClinicalDate | None = None
    abatement: ClinicalDate | None = None
    recorded: ClinicalDate | None = None
    sources: tuple[str, ...] = ()


class ExposureKind(Enum):
    """What the record holds about a drug, strongest first."""

    DISPENSE = "dispense"
    ADMINISTRATION = "administration"
    REQUEST = "request"
    STATEMENT = "statement"


class DoseBasis(Enum):
    """What a daily dose was worked out from."""

    STRUCTURED = "structured dosage"
    PRODUCT_STRENGTH = "units times product strength"
    DISPENSED = "dispensed quantity times strength over days of supply"
    TEXT = "dosage text"
    NONE = "no dose stated"


@dataclass(frozen=True, slots=True)
class DailyDose:
    """Milligrams a day: one value (low = high), a range, or unknown (both None)."""

    low_mg: Decimal | None
    high_mg: Decimal | None
    basis: DoseBasis

    @property
    def known(self) -> bool:
        return self.low_mg is not None and self.high_mg is not None


NO_DOSE = DailyDose(None, None, DoseBasis.NONE)


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug in our own words.

    name: ingredient as in the drug tables. roles: what the rules use it for, such as
    "antidepressant", "augmentation", "il6_blocker", "nsaid" (the sets of the drug tables).
    dose_row: row of the antidepressant table that holds its dose, where it has one.
    strength_mg: milligrams in one unit of the product, where the code says so.
    not_for_depression: why a product never counts as a trial (smoking cessation, topical, …).
    """

    name: str
    roles: frozenset[str]
    dose_row: str | None = None
    strength_mg: Decimal | None = None
    not_for_depression: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One stretch of one drug that one resource speaks of: an order, a supply, a dose, a statement.

    start: first day. end: last covered day where the record states one (FHIR periods include
    their end). supply_days: length of the supply, repeats included. One resource with a titration
    yields one exposure for each step.
    """

    kind: ExposureKind
    drug: Drug
    status: str | None
    intent: str | None = None
    do_not_perform: bool = False
    start: ClinicalDate | None = None
    end: ClinicalDate | None = None
    supply_days: int | None = None
    dose: DailyDose = NO_DOSE
    as_needed: bool = False
    intermittent: bool = False
    drug_from_text: bool = False
    reasons: tuple[Code, ...] = ()
    stop_reasons: tuple[Code, ...] = ()
    order: str | None = None  # the order this belongs to: "MedicationRequest/m1"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerResult:
    """One laboratory result under a code of the marker table, as reported.

    value, low, high: numbers in `unit` (a UCUM code, else the unit text; None where none is
    given). comparator: "<", "<=", ">" or ">=". text: the result as text, where it is no quantity.
    reference_low, reference_high: the laboratory's own range in the same unit.
    """

    code: Code
    status: str | None
    date: ClinicalDate | None
    date_from_issued: bool = False
    value: Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    text: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reference_low: Decimal | None = None
    reference_high: Decimal | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One symptom score or one item of it, under a code of the scale table."""

    code: Code
    value: Decimal | None
    status: str | None
    date: ClinicalDate | None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Another observation: body-mass index, temperature, pregnancy, smoking. answers: coded."""

    code: Code
    status: str | None
    date: ClinicalDate | None
    value: Decimal | None = None
    unit: str | None = None
    answers: tuple[Code, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One Procedure, or one session of a course of treatment."""

    codes: tuple[Code, ...]
    status: str | None
    date: ClinicalDate | None
    reasons: tuple[Code, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccination:
    """One vaccination, whatever it was against."""

    status: str | None
    date: ClinicalDate | None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """A contact with its reasons and diagnoses."""

    codes: tuple[Code, ...]
    status: str | None
    date: ClinicalDate | None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intolerance:
    """An allergy or adverse reaction recorded against a drug of the antidepressant table."""

    drug: Drug
    verification: str | None
    date: ClinicalDate | None
    sources: tuple[str, ...] = ()


class Completeness(Enum):
    """How much of one resource type reached the rules, where it was not all of it."""

    NOT_OBTAINED = "not_obtained"
    TRUNCATED = "truncated"
    PARTLY_READ = "partly_read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """A resource type that is missing as a whole or in part, and why."""

    resource_type: str
    completeness: Completeness
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the rules know about one patient.

    medication_records, dispense_dates: usable ones of any drug; they tell an empty history, and
    dispensing that is recorded at all. received: by type. unknown_codes: entries with codes of no
    table, by kind. unconfirmed: diagnoses set apart, which show nothing and speak against a card.
    """

    person: Person
    diagnoses: tuple[Diagnosis, ...] = ()
    unconfirmed: tuple[Diagnosis, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    markers: tuple[MarkerResult, ...] = ()
    scores: tuple[Score, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    intolerances: tuple[Intolerance, ...] = ()
    medication_records: int = 0
    dispense_dates: tuple[ClinicalDate, ...] = ()
    received: Mapping[str, int] = field(default_factory=dict)
    unknown_codes: Mapping[str, int] = field(default_factory=dict)
    incomplete: tuple[Incomplete, ...] = ()
    gaps: tuple[Gap, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
