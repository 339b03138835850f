"""Why would this patient not have entered the pilot trial, as far as the record shows?"""

from collections.abc import Iterable
from datetime import date

from rules.clinical_time import days_between
from rules.confounders import ConfounderScan
from rules.eligibility import years_between
from rules.facts import Facts
from rules.knowledge.model import Knowledge

# Exclusion of the trial -> value set of diagnoses that shows it.
_BY_DIAGNOSIS = {
    "rheumatic_or_nsaid": "rheumatic-disease",
    "personality_disorder": "personality-disorder",
    "eating_disorder": "eating-disorder",
}
# Exclusion of the trial -> kind of confounder that shows it.
_BY_CONFOUNDER = {
    "rheumatic_or_nsaid": "nsaid",
    "steroid": "corticosteroid",
    "antibiotic": "antibacterial_systemic",
    "pregnancy": "pregnancy",
}


def find_trial_exclusions(
    facts: Facts, scan: ConfounderScan, as_of: date, knowledge: Knowledge
) -> tuple[str, ...]:
    """Give the sentence of each exclusion of the pilot trial that the record shows.

    Units: years and days. Source: protocol of the pilot trial, Table 1 (rules/evidence/
    exclusions.toml). Unknown input: what is not recorded is not said; an undated substance use
    disorder counts.
    """
    shown = {*_by_age(facts, as_of, knowledge), *_by_substance_use(facts, as_of, knowledge)}
    kinds = {each.kind for each in scan.found}
    shown |= {key for key, kind in _BY_CONFOUNDER.items() if kind in kinds}
    for key, set_name in _BY_DIAGNOSIS.items():
        value_set = knowledge.value_sets[set_name]
        if any(value_set.find(each.codes) is not None for each in facts.diagnoses):
            shown.add(key)
    exclusions = knowledge.evidence.exclusions
    return tuple(exclusions[key].sentence for key in exclusions if key in shown)


def _by_age(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[str]:
    birth, entry = facts.person.birth, knowledge.trial_entry
    if birth is None:
        return
    youngest, oldest = (years_between(day, as_of) for day in (birth.latest, birth.earliest))
    if oldest > entry.max_age or youngest < entry.min_age:
        yield "age"


def _by_substance_use(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[str]:
    value_set = knowledge.value_sets["substance-use-disorder"]
    active = {None, *knowledge.records.condition_active}
    for diagnosis in facts.diagnoses:
        if value_set.find(diagnosis.codes) is None:
            continue
        last = diagnosis.abatement or diagnosis.onset or diagnosis.recorded
        recent = (
            last is None or days_between(last.latest, as_of) <= knowledge.trial_entry.substance_days
        )
        if diagnosis.clinical_status in active or recent:
            yield "substance_use"
