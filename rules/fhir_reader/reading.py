"""Which facts do these resources hold about one patient?"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from rules.clinical_time import ClinicalDate
from rules.facts import (
    Encounter,
    Facts,
    Incomplete,
    Intolerance,
    MarkerResult,
    Measurement,
    Person,
    Procedure,
    Score,
    Vaccination,
)
from rules.fhir_reader.collecting import READ_TYPES, Collected
from rules.fhir_reader.corrections import drop_corrected
from rules.fhir_reader.duplicates import Distinct, keep_one_version
from rules.fhir_reader.exposures import Chart
from rules.fhir_reader.intake import merge_doses_of_a_day
from rules.fhir_reader.known_codes import known_codes
from rules.fhir_reader.linking import index_resources
from rules.fhir_reader.observations import Observed, is_of_no_use
from rules.fhir_reader.patients import index_patients, refuse_others
from rules.fhir_reader.resources import NULL, RawResource, Resources
from rules.fhir_reader.unknown_codes import count_unknown
from rules.findings import Gap
from rules.knowledge.model import Knowledge

_Dated = TypeVar(
    "_Dated", MarkerResult, Score, Measurement, Procedure, Vaccination, Encounter, Intolerance
)
_Fact = TypeVar("_Fact")


def read_facts(
    resources: Resources,
    patient_id: str,
    knowledge: Knowledge,
    not_obtained: Iterable[Incomplete] = (),
) -> Facts:
    """Read what the rules need to know about one patient from resources in any order.

    Statuses are kept for the rules to judge. Unknown input: a resource that cannot be read, or
    that names no patient, becomes a gap and makes its type incomplete; no single resource ends
    the reading. `not_obtained`: types the caller could not get.
    Errors: OtherPatient where any resource, used or not, belongs to somebody else.
    """
    patients = index_patients(resources, patient_id)
    nobodys = refuse_others(resources.items, patients)
    distinct = keep_one_version(resources.items)
    collected = _collect(distinct, nobodys, knowledge)
    observed, replaced = drop_corrected(collected.observed)
    facts = _lay_in_order(collected, observed)
    missing = (*resources.incomplete, *not_obtained, *distinct.incomplete, *collected.incomplete)
    gaps = {*resources.gaps, *distinct.gaps, *collected.gaps}
    left_out = {*resources.not_used, *distinct.not_used, *collected.not_used, *replaced}
    return replace(
        facts,
        received=distinct.received,
        unknown_codes=count_unknown(
            collected.medications, facts.markers, collected.in_words, knowledge
        ),
        incomplete=_sorted_incomplete(missing),
        gaps=tuple(sorted(gaps)),
        not_used=tuple(sorted(left_out)),
    )


def _collect(
    distinct: Distinct, nobodys: Mapping[int, RawResource], knowledge: Knowledge
) -> Collected:
    """Read each resource. nobodys: those of which it cannot be told whose they are."""
    chart = Chart(index_resources(distinct.items), knowledge)
    collected = Collected(chart, known_codes(knowledge))
    for item in _patients_first(distinct.items):
        if item.resource_type in READ_TYPES:
            if id(item) in nobodys and item.fault is None:
                collected.lack(item, f"it cannot be told whose {item.name} is")
            elif item.resource_type != "Observation" or not is_of_no_use(item, collected.known):
                collected.take(item)
        if item.peek.contained is not NULL:
            collected.lack_contained(item)
    if collected.person is None:
        collected.gaps.append(Gap("patient", "no Patient resource could be read"))
    return collected


def _lay_in_order(collected: Collected, observed: Iterable[Observed]) -> Facts:
    """Put what was collected into facts, in an order that does not depend on how it came."""
    found = [fact for each in observed for fact in each.facts]
    scores = [fact for fact in found if isinstance(fact, Score)]
    medications = collected.medications
    exposures = merge_doses_of_a_day(part for each in medications for part in each.exposures)
    dispensed = {each.dispensed for each in medications if each.dispensed is not None}
    return Facts(
        person=collected.person or Person(birth=None),
        diagnoses=_in_order(collected.diagnoses, lambda each: each.onset or each.recorded),
        exposures=_in_order(exposures, lambda each: each.start),
        markers=_by_date(fact for fact in found if isinstance(fact, MarkerResult)),
        scores=_by_date((*scores, *collected.answered)),
        measurements=_by_date(fact for fact in found if isinstance(fact, Measurement)),
        procedures=_by_date(collected.procedures),
        vaccinations=_by_date(collected.vaccinations),
        encounters=_by_date(collected.encounters),
        intolerances=_by_date(collected.intolerances),
        medication_records=sum(each.usable for each in medications),
        dispense_dates=_in_order(dispensed, lambda day: day),
    )


def _patients_first(items: Iterable[RawResource]) -> list[RawResource]:
    """Put the Patient first, because ages of onset need the birth date."""
    patients: list[RawResource] = []
    others: list[RawResource] = []
    for item in items:
        (patients if item.resource_type == "Patient" else others).append(item)
    return patients + others


def _by_date(facts: Iterable[_Dated]) -> tuple[_Dated, ...]:
    return _in_order(facts, lambda each: each.date)


def _in_order(
    facts: Iterable[_Fact], when: Callable[[_Fact], ClinicalDate | None]
) -> tuple[_Fact, ...]:
    """Sort by date, what has none last; facts of one date stay in the order of their resources."""

    def place(fact: _Fact) -> tuple[date, date]:
        day = when(fact)
        return (date.max, date.max) if day is None else (day.earliest, day.latest)

    return tuple(sorted(facts, key=place))


def _sorted_incomplete(entries: Iterable[Incomplete]) -> tuple[Incomplete, ...]:
    return tuple(
        sorted(
            set(entries),
            key=lambda entry: (entry.resource_type, entry.completeness.value, entry.because),
        )
    )
