"""Was the patient acutely ill near the sample? Periods in which a raised CRP means little."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.clinical_time import ClinicalDate, Span, merge_spans, plus_days
from rules.current_state import is_active
from rules.exposures import stated_span
from rules.facts import Diagnosis, Exposure, Facts
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge

INFECTION = "acute-infection"
ACUTE_SETS = (INFECTION, "acute-injury")
VACCINATION = "vaccination"
ACUTE_DRUGS = {
    "antibacterial_systemic": "antibacterial treatment",
    "antiviral_systemic": "antiviral treatment",
}
_NEAR = ("marker.acute_confounder_before_days", "marker.acute_confounder_after_days")
_NEAR_VACCINATION = ("marker.vaccination_before_days",)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcutePeriod:
    """Days of an acute illness or its treatment; a single day where no end is known.

    open: whether no end is recorded of what still stands as active, so that the last day is ours.
    """

    kind: str
    name: str
    span: Span
    sources: tuple[str, ...]
    open: bool = False


def find_acute_periods(facts: Facts, as_of: date, knowledge: Knowledge) -> tuple[AcutePeriod, ...]:
    """Collect infections, injuries, operations, acute anti-infective courses and fever.

    Units: days, and °C for fever. Source: rule.md section 7, the rows marked ◆. A period runs from
    onset to abatement or the end of the course, and is one day where no end is known. An infection
    that stands as active, or a course against one that nobody ended, is not over: it lasts to the
    day of evaluation, but `confounder.open_illness_days` at most, because old entries are seldom
    closed (the rule says "a point if no end" and nothing of one that is still active). An illness
    that is known only by its end, or was written down after it, counts as its last day. A
    vaccination is one only where `marker.vaccination_is_acute` says so. Unknown
    input: an entry without any date cannot be near a sample and is left out here; it is still
    listed among the confounders.
    """
    return (
        *_from_diagnoses(facts, as_of, knowledge),
        *_from_drugs(facts, as_of, knowledge),
        *_from_fever(facts, knowledge),
        *_from_procedures(facts, knowledge),
        *_from_vaccinations(facts, knowledge),
    )


def judge_near_sample(
    sample: date, periods: Iterable[AcutePeriod], knowledge: Knowledge
) -> Finding | None:
    """Find an acute period that overlaps the days around a sample, or None.

    Units: `marker.acute_confounder_before_days` before to `marker.acute_confounder_after_days`
    after the sample, both inclusive; a vaccination `marker.vaccination_before_days` before it.
    Source: rule.md sections 6.3, last row, and 7. Unknown input: an imprecise date counts as near
    where any day it can mean is near.
    """
    for period in periods:
        if _near(period, knowledge).holds(sample):
            return Finding(
                verdict=Verdict.MET,
                because=f"{period.name} {describe_days(period)} near the sample",
                citations=_NEAR_VACCINATION if period.kind == VACCINATION else _NEAR,
                sources=period.sources,
            )
    return None


def days_near_acute(periods: Iterable[AcutePeriod], knowledge: Knowledge) -> tuple[Span, ...]:
    """Give the days of samples that judge_near_sample would find near one of these periods, merged.

    Units: days, as there. For records with as many samples as periods.
    """
    return merge_spans(_near(each, knowledge) for each in periods)


def _near(period: AcutePeriod, knowledge: Knowledge) -> Span:
    """The days of samples on which a period bears."""
    marker = knowledge.marker
    before, after = marker.acute_confounder_before_days, marker.acute_confounder_after_days
    if period.kind == VACCINATION:
        before, after = marker.vaccination_before_days, 0
    return Span(plus_days(period.span.start, -after), plus_days(period.span.end, before))


def describe_days(period: AcutePeriod) -> str:
    """Say which days a period covers: "on 2026-06-05", "from 2026-04-08 to 2026-04-25"."""
    start, last = period.span.start, plus_days(period.span.end, -1)
    if period.open:
        return f"since {start.isoformat()} (no end recorded)"
    if last <= start:
        return f"on {start.isoformat()}"
    return f"from {start.isoformat()} to {last.isoformat()}"


def _days(start: ClinicalDate, end: ClinicalDate | None) -> Span:
    last = max(start.latest, end.latest if end else start.latest)
    return Span(start.earliest, plus_days(last, 1))


def _begun(diagnosis: Diagnosis) -> ClinicalDate | None:
    """The day an entry was written says little about an illness that was over by then."""
    if diagnosis.onset is not None:
        return diagnosis.onset
    known = [each for each in (diagnosis.recorded, diagnosis.abatement) if each is not None]
    return min(known, key=lambda each: (each.earliest, each.latest), default=None)


def _until_today(begun: ClinicalDate, as_of: date, knowledge: Knowledge) -> Span:
    """The days of what nobody ended: up to the day of evaluation, within what is believable."""
    longest = plus_days(begun.latest, knowledge.confounder.open_illness_days)
    end = min(plus_days(as_of, 1), longest)
    return Span(begun.earliest, max(end, plus_days(begun.latest, 1)))


def _from_diagnoses(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    for name in ACUTE_SETS:
        value_set = knowledge.value_sets[name]
        for diagnosis in facts.diagnoses:
            found = value_set.find(diagnosis.codes)
            begun = _begun(diagnosis)
            if found is None or begun is None:
                continue
            open_ = name == INFECTION and _stands_open(diagnosis, as_of, knowledge)
            yield AcutePeriod(
                kind=name,
                name=value_set.label(found),
                span=_until_today(begun, as_of, knowledge)
                if open_
                else _days(begun, diagnosis.abatement),
                sources=diagnosis.sources,
                open=open_,
            )


def _stands_open(diagnosis: Diagnosis, as_of: date, knowledge: Knowledge) -> bool:
    """A status that says "active" is needed here: without one, nothing says that it goes on."""
    stated = diagnosis.clinical_status is not None and diagnosis.abatement is None
    return stated and is_active(diagnosis, as_of, knowledge)


def _from_drugs(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    for exposure in facts.exposures:
        begun = exposure.start or exposure.end
        for role, name in ACUTE_DRUGS.items():
            if role not in exposure.drug.roles or begun is None:
                continue
            open_ = _runs_open(exposure, knowledge)
            span = _until_today(begun, as_of, knowledge) if open_ else _days(begun, None)
            covered = stated_span(exposure, as_of, knowledge)
            if isinstance(covered, Span) and not open_ and covered.end > span.end:
                span = Span(span.start, covered.end)
            yield AcutePeriod(kind=role, name=name, span=span, sources=exposure.sources, open=open_)


def _runs_open(exposure: Exposure, knowledge: Knowledge) -> bool:
    """Whether a course is still open and states no length."""
    endless = exposure.end is None and exposure.supply_days is None
    return endless and exposure.status in knowledge.records.order_open


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


def _from_vaccinations(facts: Facts, knowledge: Knowledge) -> Iterable[AcutePeriod]:
    if not knowledge.marker.vaccination_is_acute:
        return
    for given in facts.vaccinations:
        if given.date is not None:
            yield AcutePeriod(
                kind=VACCINATION,
                name="vaccination",
                span=_days(given.date, None),
                sources=given.sources,
            )
