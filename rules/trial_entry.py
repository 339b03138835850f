"""Why would this patient not have entered the pilot trial, as far as the record shows?"""

from collections.abc import Collection, Iterable
from datetime import date

from rules.clinical_time import days_between
from rules.current_state import drugs_taken_near, find_pregnancy, is_active
from rules.eligibility import years_between
from rules.facts import Facts
from rules.findings import SuicideSignal
from rules.knowledge.model import Knowledge

# Exclusion of the trial and a value set of diagnoses that shows it.
_BY_DIAGNOSIS = (
    ("bipolar", "bipolar"),
    ("psychosis", "psychosis"),
    ("psychosis", "depression-psychotic"),
    ("rheumatic_or_nsaid", "rheumatic-disease"),
    ("personality_disorder", "personality-disorder"),
    ("eating_disorder", "eating-disorder"),
)
# Exclusion of the trial -> role of a current drug that shows it.
_BY_DRUG = {
    "rheumatic_or_nsaid": "nsaid",
    "steroid": "corticosteroid",
    "antibiotic": "antibacterial_systemic",
}


def find_trial_exclusions(
    facts: Facts, signals: Collection[SuicideSignal], as_of: date, knowledge: Knowledge
) -> tuple[str, ...]:
    """Give the sentence of each exclusion of the pilot trial that the record shows.

    Units: years and days. Source: protocol of the pilot trial, Table 1 (rules/evidence/
    exclusions.toml). Unknown input: what is not recorded is not said; an undated substance use
    disorder counts.
    """
    shown = {
        *_by_age(facts, as_of, knowledge),
        *_by_diagnosis(facts, knowledge),
        *_by_substance_use(facts, as_of, knowledge),
        *_by_drug(facts, as_of, knowledge),
    }
    if signals:
        shown.add("suicidality")
    if any(each.kind == "pregnancy" for each in find_pregnancy(facts, as_of, knowledge)):
        shown.add("pregnancy")
    exclusions = knowledge.evidence.exclusions
    return tuple(exclusions[key].sentence for key in exclusions if key in shown)


def _by_diagnosis(facts: Facts, knowledge: Knowledge) -> Iterable[str]:
    for key, set_name in _BY_DIAGNOSIS:
        value_set = knowledge.value_sets[set_name]
        if any(value_set.find(each.codes) is not None for each in facts.diagnoses):
            yield key


def _by_drug(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[str]:
    for key, role in _BY_DRUG.items():
        if drugs_taken_near(facts, role, (as_of,), as_of, knowledge):
            yield key


def _by_age(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[str]:
    birth, entry = facts.person.birth, knowledge.trial_entry
    if birth is None:
        return
    youngest, oldest = (years_between(day, as_of) for day in (birth.latest, birth.earliest))
    if oldest > entry.max_age or youngest < entry.min_age:
        yield "age"


def _by_substance_use(facts: Facts, as_of: date, knowledge: Knowledge) -> Iterable[str]:
    value_set = knowledge.value_sets["substance-use-disorder"]
    for diagnosis in facts.diagnoses:
        if value_set.find(diagnosis.codes) is None:
            continue
        last = diagnosis.abatement or diagnosis.onset or diagnosis.recorded
        recent = (
            last is None or days_between(last.latest, as_of) <= knowledge.trial_entry.substance_days
        )
        if recent or is_active(diagnosis, as_of, knowledge):
            yield "substance_use"
