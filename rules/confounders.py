"""What else could have raised or lowered the marker?

Confounders are shown and never change the status, except the acute ones near a sample, which
rules/acute_illness.py judges. "None found" always means: in the data received.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.acute_illness import AcutePeriod
from rules.clinical_time import Span, days_between, plus_days
from rules.completeness import incomplete_types
from rules.exposures import stated_span
from rules.facts import Diagnosis, Exposure, Facts
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
    "pregnancy": ACTIVE,
    "obesity": ACTIVE,
    "nicotine-dependence": ACTIVE,
    "substance-use-disorder": "substance_days",
    "chronic-infection": EVER,
}
# Drugs by role, with our words and whether they lower CRP.
DRUG_ROWS: Mapping[str, str] = {
    "corticosteroid": "corticosteroid",
    "nsaid": "non-steroidal anti-inflammatory drug",
    "aspirin": "aspirin",
    "statin": "statin",
    "metformin": "metformin",
    "colchicine": "colchicine",
    "dmard": "disease-modifying antirheumatic drug",
    "immunosuppressant_biologic": "biologic or other immunosuppressant",
    "il6_blocker": "IL-6 blocker",
    "oestrogen": "oestrogen",
}
LOWERS_CRP = frozenset(
    {"corticosteroid", "nsaid", "statin", "metformin", "colchicine", "dmard", "il6_blocker"}
)
CONFOUNDER_TYPES = ("Condition", "Observation", "MedicationRequest", "MedicationStatement")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfounderScan:
    """The confounders found, and the resource types in which others could not be looked for."""

    found: tuple[Confounder, ...]
    unread: tuple[str, ...]


def find_confounders(
    facts: Facts, acute: Iterable[AcutePeriod], as_of: date, knowledge: Knowledge
) -> ConfounderScan:
    """Collect every confounder the record shows, one entry for each kind.

    Units: days. Source: rule.md section 7. Unknown input: an undated diagnosis counts, because it
    cannot be shown to be old; resource types that did not arrive are named.
    """
    found = [
        *_from_acute(acute, as_of, knowledge),
        *_from_diagnoses(facts, as_of, knowledge),
        *_from_drugs(facts, as_of, knowledge),
        *_from_body_mass(facts, as_of, knowledge),
        *_from_smoking(facts, as_of, knowledge),
    ]
    by_kind: dict[str, Confounder] = {}
    for each in found:
        by_kind.setdefault(each.kind, each)
    missing = incomplete_types(facts)
    return ConfounderScan(
        found=tuple(by_kind.values()),
        unread=tuple(each for each in CONFOUNDER_TYPES if each in missing),
    )


def current_drugs(
    facts: Facts, role: str, as_of: date, knowledge: Knowledge
) -> tuple[Exposure, ...]:
    """Give the exposures of a role that are current: within a window of the day of evaluation.

    Units: days; `marker.drug_current_days` inclusive. Source: rule.md section 7, drug rows.
    Unknown input: an exposure of unknown length is current from its start for that window.
    """
    reach = knowledge.marker.drug_current_days
    current = []
    for exposure in facts.exposures:
        if role not in exposure.drug.roles:
            continue
        span = stated_span(exposure, as_of, knowledge)
        if not isinstance(span, Span):
            if exposure.start is None:
                continue
            span = Span(exposure.start.earliest, plus_days(exposure.start.latest, 1))
        if plus_days(span.end, reach) >= as_of:
            current.append(exposure)
    return tuple(current)


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
    for period in acute:
        last = plus_days(period.span.end, -1)
        if days_between(last, as_of) <= knowledge.marker.recency_days:
            because = f"{period.name} {period.span.start.isoformat()}"
            yield _confounder(period.kind, period.name, because, period.sources)


def _from_diagnoses(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    for kind, rule in DIAGNOSIS_ROWS.items():
        value_set = knowledge.value_sets[kind]
        for diagnosis in facts.diagnoses:
            code = value_set.find(diagnosis.codes)
            if code is None or not _counts(diagnosis, rule, as_of, knowledge):
                continue
            dated = diagnosis.onset or diagnosis.recorded
            label = value_set.label(code)
            because = f"{label} coded" + (f" {dated.text}" if dated else "")
            yield _confounder(kind, value_set.title, because, diagnosis.sources)
            break


def _counts(diagnosis: Diagnosis, rule: str, as_of: date, knowledge: Knowledge) -> bool:
    active = diagnosis.clinical_status in {None, *knowledge.records.condition_active}
    if rule == EVER or active:
        return True
    if rule == ACTIVE:
        return False
    window = knowledge.confounder.cancer_days if rule == "cancer_days" else None
    window = knowledge.confounder.substance_days if window is None else window
    last = diagnosis.abatement or diagnosis.onset or diagnosis.recorded
    return last is None or days_between(last.latest, as_of) <= window


def _from_drugs(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    for role, name in DRUG_ROWS.items():
        current = current_drugs(facts, role, as_of, knowledge)
        if current:
            names = ", ".join(sorted({each.drug.name for each in current}))
            sources = sources_of([each.sources for each in current])
            yield _confounder(role, name, f"{names} ({name}), current", sources)


def _from_body_mass(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    body_mass = knowledge.value_sets["body-mass-index"]
    measured = [
        each
        for each in facts.measurements
        if body_mass.contains(each.code)
        and each.value is not None
        and each.date is not None
        and each.date.latest <= as_of
        and days_between(each.date.earliest, as_of) <= knowledge.confounder.obesity_days
    ]
    if not measured:
        return
    latest = max(measured, key=lambda each: each.date.latest if each.date else date.min)
    if latest.value is not None and latest.value >= knowledge.confounder.obesity_bmi:
        when = latest.date.text if latest.date else ""
        because = f"body-mass index {number(latest.value)} on {when}"
        yield _confounder("obesity", "obesity", because, latest.sources)


def _from_smoking(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[Confounder]:
    status = knowledge.value_sets["smoking-status"]
    current = knowledge.value_sets["smoking-status-current"]
    known = [
        each
        for each in facts.measurements
        if status.contains(each.code) and each.date is not None and each.date.latest <= as_of
    ]
    latest = max(known, key=lambda each: each.date.latest if each.date else date.min, default=None)
    if latest is not None and latest.date and current.find(latest.answers) is not None:
        because = f"current smoking recorded {latest.date.text}"
        yield _confounder("smoking", "smoking", because, latest.sources)
