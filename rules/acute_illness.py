"""Was the patient acutely ill near the sample? Periods in which a raised CRP means little."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.clinical_time import ClinicalDate, Span, plus_days
from rules.exposures import stated_span
from rules.facts import Diagnosis, Facts
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge

ACUTE_SETS = ("acute-infection", "acute-injury")
ACUTE_DRUGS = {
    "antibacterial_systemic": "antibacterial treatment",
    "antiviral_systemic": "antiviral treatment",
}
_AFTER = "marker.acute_confounder_after_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcutePeriod:
    """Days of an acute illness or its treatment; a single day where no end is known."""

    kind: str
    name: str
    span: Span
    sources: tuple[str, ...]


def find_acute_periods(facts: Facts, as_of: date, knowledge: Knowledge) -> tuple[AcutePeriod, ...]:
    """Collect infections, injuries, operations, acute anti-infective courses and fever.

    Units: days, and °C for fever. Source: rule.md section 7, the rows marked ◆. A period runs from
    onset to abatement or the end of the course, and is one day where no end is known. An illness
    that is known only by its end, or was written down after it, counts as its last day. Unknown
    input: an entry without any date cannot be near a sample and is left out here; it is still
    listed among the confounders.
    """
    return (
        *_from_diagnoses(facts, knowledge),
        *_from_drugs(facts, as_of, knowledge),
        *_from_fever(facts, knowledge),
        *_from_procedures(facts, knowledge),
    )


def judge_near_sample(
    sample: date, periods: Iterable[AcutePeriod], knowledge: Knowledge
) -> Finding | None:
    """Find an acute period that overlaps the days around a sample, or None.

    Units: `marker.acute_confounder_before_days` before to `marker.acute_confounder_after_days`
    after the sample, both inclusive. Source: rule.md section 6.3, last row. Unknown input: an
    imprecise date counts as near where any day it can mean is near.
    """
    first = plus_days(sample, -knowledge.marker.acute_confounder_before_days)
    last = plus_days(sample, knowledge.marker.acute_confounder_after_days)
    for period in periods:
        if period.span.start <= last and plus_days(period.span.end, -1) >= first:
            return Finding(
                verdict=Verdict.MET,
                because=f"{period.name} {describe_days(period.span)} near the sample",
                citations=("marker.acute_confounder_before_days", _AFTER),
                sources=period.sources,
            )
    return None


def describe_days(span: Span) -> str:
    """Say which days a period covers: "on 2026-06-05", "from 2026-04-08 to 2026-04-25"."""
    last = plus_days(span.end, -1)
    if last <= span.start:
        return f"on {span.start.isoformat()}"
    return f"from {span.start.isoformat()} to {last.isoformat()}"


def _days(start: ClinicalDate, end: ClinicalDate | None) -> Span:
    last = max(start.latest, end.latest if end else start.latest)
    return Span(start.earliest, plus_days(last, 1))


def _begun(diagnosis: Diagnosis) -> ClinicalDate | None:
    """The day an entry was written says little about an illness that was over by then."""
    if diagnosis.onset is not None:
        return diagnosis.onset
    known = [each for each in (diagnosis.recorded, diagnosis.abatement) if each is not None]
    return min(known, key=lambda each: (each.earliest, each.latest), default=None)


def _from_diagnoses(facts: Facts, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    for name in ACUTE_SETS:
        value_set = knowledge.value_sets[name]
        for diagnosis in facts.diagnoses:
            found = value_set.find(diagnosis.codes)
            begun = _begun(diagnosis)
            if found is not None and begun is not None:
                yield AcutePeriod(
                    kind=name,
                    name=value_set.label(found),
                    span=_days(begun, diagnosis.abatement),
                    sources=diagnosis.sources,
                )


def _from_drugs(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    for exposure in facts.exposures:
        begun = exposure.start or exposure.end
        for role, name in ACUTE_DRUGS.items():
            if role not in exposure.drug.roles or begun is None:
                continue
            covered = stated_span(exposure, as_of, knowledge)
            open_end = exposure.end is None and exposure.supply_days is None
            span = _days(begun, None)
            if isinstance(covered, Span) and not open_end and covered.end > span.end:
                span = Span(span.start, covered.end)
            yield AcutePeriod(kind=role, name=name, span=span, sources=exposure.sources)


def _from_fever(facts: Facts, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    temperature = knowledge.value_sets["body-temperature"]
    for measured in facts.measurements:
        if (
            temperature.contains(measured.code)
            and measured.value is not None
            and measured.unit in knowledge.confounder.fever_units
            and measured.date is not None
            and measured.value >= knowledge.marker.fever_c
        ):
            yield AcutePeriod(
                kind="fever",
                name="fever",
                span=_days(measured.date, None),
                sources=measured.sources,
            )


def _from_procedures(facts: Facts, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    surgical = knowledge.value_sets["surgical-procedure"]
    for procedure in facts.procedures:
        if surgical.find(procedure.codes) is not None and procedure.date is not None:
            yield AcutePeriod(
                kind="acute-injury",
                name=surgical.title.lower(),
                span=_days(procedure.date, None),
                sources=procedure.sources,
            )
