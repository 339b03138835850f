"""How is an assessment told? The shape of `POST /evaluate` and of the command line's JSON.

Members are camelCase, enumerated values snake_case; a member without a value is left out. The
`end` of a trial is the day after its last covered day, so that end minus start counts its days.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from rules.findings import (
    Assessment,
    Confounder,
    GradedTrial,
    Inflammation,
    LabelledResult,
    TreatmentResistance,
)


def _as_json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal, PlainSerializer(_as_json_number, return_type=int | float)]


class _Told(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class KnowledgeVersion(_Told):
    version: str
    sha256: str


class TrialAnswer(_Told):
    ingredient: str
    grade: str
    start: date | None
    end: date | None
    covered_days: int
    daily_dose_mg: Number | None
    because: str
    sources: tuple[str, ...]


class SupportingTreatmentAnswer(_Told):
    treatment: str
    kind: str
    because: str
    sources: tuple[str, ...]


class TreatmentResistanceAnswer(_Told):
    status: str
    because: str
    trials: tuple[TrialAnswer, ...]
    supporting_treatments: tuple[SupportingTreatmentAnswer, ...]
    would_change: tuple[str, ...]


class ResultAnswer(_Told):
    """One marker result. comparator and shown keep a bound ("<5 mg/L") from reading as a value."""

    marker: str
    date: date
    value_mg_per_l: Number | None
    comparator: str | None
    shown: str
    label: str
    notes: tuple[str, ...]
    sources: tuple[str, ...]


class InflammationAnswer(_Told):
    status: str
    notes: tuple[str, ...]
    because: str
    results: tuple[ResultAnswer, ...]
    would_change: tuple[str, ...]


class ConfounderAnswer(_Told):
    kind: str
    because: str
    sources: tuple[str, ...]


class WithheldAnswer(_Told):
    reason: str
    because: str


class GapAnswer(_Told):
    what: str
    because: str


class NotUsedAnswer(_Told):
    source: str
    because: str


class AssessmentAnswer(_Told):
    as_of: date
    knowledge: KnowledgeVersion
    treatment_resistance: TreatmentResistanceAnswer
    inflammation: InflammationAnswer
    confounders: tuple[ConfounderAnswer, ...]
    withheld: tuple[WithheldAnswer, ...]
    gaps: tuple[GapAnswer, ...]
    not_used: tuple[NotUsedAnswer, ...]


def tell_assessment(assessment: Assessment) -> dict[str, Any]:
    """Write an assessment as a JSON object; nothing in it is null or empty."""
    answer = AssessmentAnswer(
        as_of=assessment.as_of,
        knowledge=KnowledgeVersion(
            version=assessment.knowledge_version, sha256=assessment.knowledge_sha256
        ),
        treatment_resistance=_tell_resistance(assessment.treatment_resistance),
        inflammation=_tell_inflammation(assessment.inflammation),
        confounders=tuple(_tell_confounder(each) for each in assessment.confounders),
        withheld=tuple(
            WithheldAnswer(reason=withheld.reason, because=withheld.finding.because)
            for withheld in assessment.withheld
        ),
        gaps=tuple(GapAnswer(what=gap.what, because=gap.because) for gap in assessment.gaps),
        not_used=tuple(
            NotUsedAnswer(source=left_out.source, because=left_out.because)
            for left_out in assessment.not_used
        ),
    )
    written = answer.model_dump(mode="json", by_alias=True)
    return {name: told for name, value in written.items() if (told := without_empty(value))}


def _tell_resistance(resistance: TreatmentResistance) -> TreatmentResistanceAnswer:
    return TreatmentResistanceAnswer(
        status=resistance.status.value,
        because=resistance.finding.because,
        trials=tuple(_tell_trial(trial) for trial in resistance.trials),
        supporting_treatments=tuple(
            SupportingTreatmentAnswer(
                treatment=treatment.treatment,
                kind=treatment.kind,
                because=treatment.finding.because,
                sources=treatment.finding.sources,
            )
            for treatment in resistance.supporting
        ),
        would_change=resistance.would_change,
    )


def _tell_inflammation(inflammation: Inflammation) -> InflammationAnswer:
    return InflammationAnswer(
        status=inflammation.status.value,
        notes=inflammation.notes,
        because=inflammation.finding.because,
        results=tuple(_tell_result(result) for result in inflammation.results),
        would_change=inflammation.would_change,
    )


def _tell_confounder(confounder: Confounder) -> ConfounderAnswer:
    return ConfounderAnswer(
        kind=confounder.kind,
        because=confounder.finding.because,
        sources=confounder.finding.sources,
    )


def _tell_trial(trial: GradedTrial) -> TrialAnswer:
    return TrialAnswer(
        ingredient=trial.ingredient,
        grade=trial.grade.value,
        start=trial.start,
        end=trial.end,
        covered_days=trial.covered_days,
        daily_dose_mg=trial.daily_dose_mg,
        because=trial.finding.because,
        sources=trial.finding.sources,
    )


def _tell_result(result: LabelledResult) -> ResultAnswer:
    return ResultAnswer(
        marker=result.marker,
        date=result.date,
        value_mg_per_l=result.value_mg_per_l,
        comparator=result.comparator,
        shown=result.shown,
        label=result.label.value,
        notes=result.notes,
        sources=result.sources,
    )


def without_empty(value: object) -> object:
    """Leave out every member that is null, an empty text, list or object; zero and false stay."""
    if isinstance(value, dict):
        members = ((key, without_empty(member)) for key, member in value.items())
        return {key: member for key, member in members if not _is_empty(member)}
    if isinstance(value, list):
        items: Iterable[object] = (without_empty(item) for item in value)
        return [item for item in items if not _is_empty(item)]
    return value


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})
