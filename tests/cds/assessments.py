"""How does a test of the service say in one line which assessment it is about?

Defaults are the assessment of a patient with two failed trials and two raised results; a test
names only what differs.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from rules.findings import (
    Assessment,
    CardKind,
    Confounder,
    Finding,
    Gap,
    GradedTrial,
    Inflammation,
    InflammationStatus,
    LabelledResult,
    LatestScore,
    ResistanceStatus,
    ResultLabel,
    SuicideSignal,
    SupportingTreatment,
    TreatmentResistance,
    TrialGrade,
    Verdict,
)

AS_OF = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 9, 15, tzinfo=UTC)


def finding(because: str = "the record shows it", *sources: str) -> Finding:
    return Finding(verdict=Verdict.MET, because=because, sources=sources or ("Observation/c1",))


def trial(ingredient: str = "sertraline", **changes: Any) -> GradedTrial:
    start = changes.pop("start", date(2025, 9, 15))
    values: dict[str, Any] = {
        "ingredient": ingredient,
        "grade": TrialGrade.ADEQUATE_FAILED,
        "start": start,
        "end": start and start + timedelta(days=90),
        "covered_days": 90,
        "daily_dose_mg": Decimal(100),
        "gaps": (),
        "gap_notes": (),
        "caveats": (),
        "finding": finding("90 days at 100 mg/day, PHQ-9 20 to 18", "MedicationRequest/m1"),
    }
    return GradedTrial(**values | changes)


def result(value: str = "4.1", day: date = date(2026, 6, 1), **changes: Any) -> LabelledResult:
    values: dict[str, Any] = {
        "marker": "hs_crp",
        "marker_name": "hs-CRP",
        "date": day,
        "value_mg_per_l": Decimal(value),
        "comparator": None,
        "label": ResultLabel.RAISED,
        "notes": (),
        "shown": f"hs-CRP {value} mg/L",
        "sources": ("Observation/c2",),
    }
    return LabelledResult(**values | changes)


def confounder(kind: str = "obesity", name: str = "Obesity") -> Confounder:
    return Confounder(kind=kind, name=name, finding=finding("BMI 38 on 2026-05-02"))


def signal(item_score: int | None = 2, **changes: Any) -> SuicideSignal:
    values: dict[str, Any] = {
        "item_score": item_score,
        "label": "PHQ-9 item 9" if item_score is not None else "Suicidal thoughts",
        "date": date(2026, 6, 20),
        "total_disagrees": False,
        "finding": finding("a recent entry"),
    }
    return SuicideSignal(**values | changes)


def supporting() -> SupportingTreatment:
    return SupportingTreatment(
        treatment="aripiprazole",
        kind="augmentation",
        grade=TrialGrade.INDETERMINATE,
        finding=finding("60 days"),
    )


SCORE = LatestScore(
    scale="PHQ-9", value=Decimal(17), date=date(2026, 6, 15), sources=("Observation/p1",)
)
RESISTANCE = TreatmentResistance(
    status=ResistanceStatus.MET,
    finding=finding("two adequate trials without response; PHQ-9 17 on 2026-06-15"),
    trials=(trial(), trial("venlafaxine", start=date(2026, 1, 10), daily_dose_mg=Decimal(150))),
    supporting=(),
    latest_score=SCORE,
    would_change=(),
)
INFLAMMATION = Inflammation(
    status=InflammationStatus.RAISED_PERSISTENT,
    notes=(),
    finding=finding("hs-CRP 4.1 mg/L and 3.9 mg/L, 62 days apart", "Observation/c1"),
    results=(result(), result("3.9", date(2026, 3, 31))),
    would_change=(),
)


def assessment(*due: CardKind, **changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "as_of": AS_OF,
        "rule_id": "trd-default",
        "rule_version": "1",
        "knowledge_version": "1.0.0",
        "knowledge_sha256": "0123456789abcdef" * 4,
        "changed_parameters": (),
        "treatment_resistance": RESISTANCE,
        "inflammation": INFLAMMATION,
        "confounders": (),
        "confounders_unread": (),
        "suicide_signals": (),
        "trial_exclusions": (),
        "context_notes": (),
        "caveats": (),
        "withheld": (),
        "cards_due": due or (CardKind.EVIDENCE,),
        "gaps": (),
        "not_used": (),
    }
    return Assessment(**values | changes)


def with_resistance(given: Assessment, **changes: Any) -> Assessment:
    return replace(given, treatment_resistance=replace(given.treatment_resistance, **changes))


def with_inflammation(given: Assessment, **changes: Any) -> Assessment:
    return replace(given, inflammation=replace(given.inflammation, **changes))


GAP = Gap("medicationDispense", "the server answered with a problem")
