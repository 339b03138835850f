"""What else could have raised or lowered the marker?

Confounders are shown and never change the status, except the acute ones near a sample, which
rules/acute_illness.py judges. "None found" always means: in the data received.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.acute_illness import ACUTE_SETS, VACCINATION, AcutePeriod, describe_days
from rules.clinical_time import days_between, plus_days
from rules.completeness import MEDICATION_TYPES, incomplete_types
from rules.crp_drugs import DRUG_ROWS, find_lowering
from rules.current_state import (
    describe_drugs,
    drugs_taken_near,
    find_pregnancy,
    is_active,
    latest_measurement,
)
from rules.facts import Diagnosis, Facts
from rules.findings import Confounder, Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import number, sources_of

# Diagnoses by value set: whether they must be active, and the window in days where there is one.
ACTIVE, EVER = "active", "ever"
DIAGNOSIS_ROWS: Mapping[str, str] = {
    "autoimmune-inflammatory": EVER,
    "cancer": "cancer_days",
    "kidney-disease": ACTIVE,
    "liver-disease": ACTIVE,
    "cardiometabolic": ACTIVE,
    "airway-disease": ACTIVE,
    "periodontal-disease": ACTIVE,
    "obesity": ACTIVE,
    "nicotine-dependence": ACTIVE,
    "substance-use-disorder": "substance_days",
    "chronic-infection": EVER,
}
CONFOUNDER_TYPES = ("Condition", "Observation", "Procedure", "Immunization", *MEDICATION_TYPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfounderScan:
    """The confounders found, and the resource types in which others could not be looked for.

    lowering: names of the drug classes that may have lowered a result, begun no later than it.
    """

    found: tuple[Confounder, ...]
    unread: tuple[str, ...]
    lowering: tuple[str, ...]


def find_confounders(
    facts: Facts,
    acute: Iterable[AcutePeriod],
    samples: Iterable[date],
    as_of: date,
    knowledge: Knowledge,
) -> ConfounderScan:
    """Collect every confounder the record shows, one entry for each kind.

    samples: the days of the results that can be read. Units: days. Source: rule.md section 7.
    Unknown input: an undated diagnosis counts, because it cannot be shown to be old; resource
    types that did not arrive are named.
    """
    recency = knowledge.marker.recency_days
    near = tuple(each for each in samples if days_between(each, as_of) <= recency)
    days = (as_of, *near)
    found = [
        *_from_acute(acute, as_of, knowledge),
        *_from_undated_acute(facts, as_of, knowledge),
        *_from_diagnoses(facts, as_of, knowledge),
        *find_pregnancy(facts, as_of, knowledge),
        *_from_drugs(facts, days, as_of, knowledge),
        *_from_vaccinations(facts, near, knowledge),
        *_from_body_mass(facts, as_of, knowledge),
        *_from_filtration_rate(facts, as_of, knowledge),
        *_from_smoking(facts, as_of, knowledge),
    ]
    by_kind: dict[str, Confounder] = {}
    for each in found:
        by_kind.setdefault(each.kind, each)
    missing = incomplete_types(facts)
    return ConfounderScan(
        found=tuple(by_kind.values()),
        unread=tuple(each for each in CONFOUNDER_TYPES if each in missing),
        lowering=find_lowering(facts, near, as_of, knowledge),
    )


def _confounder(kind: str, name: str, because: str, sources: tuple[str, ...]) -> Confounder:
    return Confounder(
        kind=kind.replace("-", "_"),
        name=name,
        finding=Finding(
            verdict=Verdict.MET, because=because, citations=("rule 7",), sources=sources
        ),
    )


def _from_acute(
    acute: Iterable[AcutePeriod], as_of: date, knowledge: Knowledge
) -> Iterable[Confounder]:
    """Acute periods that can bear on a result that is not stale, the latest first."""
    latest_first = sorted(acute, key=lambda each: (each.span, each.name, each.sources))[::-1]
    for period in latest_first:
        last = plus_days(period.span.end, -1)
        if days_between(last, as_of) <= knowledge.marker.recency_days:
            because = f"{period.name} {describe_days(period)}"
            yield _confounder(period.kind, period.name, because, period.sources)


def _from_undated_acute(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    for kind in ACUTE_SETS:
        value_set = knowledge.value_sets[kind]
        for diagnosis in facts.diagnoses:
            code = value_set.find(diagnosis.codes)
            dated = diagnosis.onset or diagnosis.recorded or diagnosis.abatement
            if code is not None and dated is None and is_active(diagnosis, as_of, knowledge):
                name = value_set.label(code)
                yield _confounder(kind, name, f"{name} coded, undated", diagnosis.sources)


def _from_diagnoses(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    latest_first = sorted(facts.diagnoses, key=_latest_first)
    for kind, rule in DIAGNOSIS_ROWS.items():
        value_set = knowledge.value_sets[kind]
        for diagnosis in latest_first:
            code = value_set.find(diagnosis.codes)
            if code is None or not _counts(diagnosis, rule, as_of, knowledge):
                continue
            dated = diagnosis.onset or diagnosis.recorded
            label = value_set.label(code)
            because = f"{label} coded" + (f" {dated.text}" if dated else "")
            yield _confounder(kind, value_set.title, because, diagnosis.sources)
            break


def _latest_first(diagnosis: Diagnosis) -> tuple[int, tuple[str, ...]]:
    dated = diagnosis.onset or diagnosis.recorded
    return (-dated.latest.toordinal() if dated else 0, diagnosis.sources)


def _counts(diagnosis: Diagnosis, rule: str, as_of: date, knowledge: Knowledge) -> bool:
    if rule == EVER or is_active(diagnosis, as_of, knowledge):
        return True
    if rule == ACTIVE:
        return False
    window = getattr(knowledge.confounder, rule)
    last = diagnosis.abatement or diagnosis.onset or diagnosis.recorded
    return last is None or days_between(last.latest, as_of) <= window


def _from_drugs(
    facts: Facts, days: Iterable[date], as_of: date, knowledge: Knowledge
) -> Iterable[Confounder]:
    near = tuple(days)
    for role, name in DRUG_ROWS.items():
        taken = drugs_taken_near(facts, role, near, as_of, knowledge)
        if taken:
            sources = sources_of([each.sources for each in taken])
            now = drugs_taken_near(facts, role, (as_of,), as_of, knowledge)
            words = "current" if now else "taken near a sample"
            because = f"{name}, {words}: {describe_drugs(taken)}"
            yield _confounder(role, name, because, sources)


def _from_vaccinations(
    facts: Facts, samples: Iterable[date], knowledge: Knowledge
) -> Iterable[Confounder]:
    """Vaccinations shortly before a sample, the latest first; an undated one cannot be placed."""
    reach, near = knowledge.marker.vaccination_before_days, tuple(samples)
    dated = [(each.date, each) for each in facts.vaccinations if each.date is not None]
    latest_first = sorted(dated, key=lambda pair: (-pair[0].latest.toordinal(), pair[1].sources))
    for when, given in latest_first:
        if any(plus_days(day, -reach) <= when.latest and when.earliest <= day for day in near):
            because = f"vaccination {when.text}, within {reach} days before a sample"
            yield _confounder(VACCINATION, VACCINATION, because, given.sources)


def _from_body_mass(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    latest, limits = latest_measurement(facts, "body-mass-index", as_of, knowledge), knowledge
    if latest is None or latest[0].value is None:
        return
    (measured, when), value = latest, latest[0].value
    recent = days_between(when.latest, as_of) <= limits.confounder.obesity_days
    if recent and value >= limits.confounder.obesity_bmi:
        because = f"body-mass index {number(value)} kg/m² on {when.text}"
        yield _confounder("obesity", "obesity", because, measured.sources)


def _from_filtration_rate(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    limit = knowledge.parameters["confounder.ckd_egfr_below"]
    latest = latest_measurement(facts, "glomerular-filtration-rate", as_of, knowledge)
    if (
        latest is None
        or latest[0].value is None
        or _spelled(latest[0].unit) != _spelled(limit.unit)
    ):
        return
    (measured, when), value = latest, latest[0].value
    if value < knowledge.confounder.ckd_egfr_below:
        because = f"filtration rate {number(value)} mL/min/1.73 m² on {when.text}"
        title = knowledge.value_sets["kidney-disease"].title
        yield _confounder("kidney-disease", title, because, measured.sources)


def _spelled(unit: str | None) -> str:
    """One spelling of a unit: laboratories print mL/min/1.73m2 for mL/min/{1.73_m2}."""
    return "".join(each for each in (unit or "").lower() if each.isalnum() or each in "./")


def _from_smoking(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    latest = latest_measurement(facts, "smoking-status", as_of, knowledge)
    current = knowledge.value_sets["smoking-status-current"]
    if latest is not None and current.find(latest[0].answers) is not None:
        measured, when = latest
        because = f"current smoking recorded {when.text}"
        yield _confounder("smoking", "smoking", because, measured.sources)
