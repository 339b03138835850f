"""Where do the facts of one record gather while it is read, and what of it could not be read?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from rules.clinical_time import ClinicalDate
from rules.codes import PREFIX_SYSTEMS, SNOMED_CT, Code
from rules.facts import (
    Diagnosis,
    Encounter,
    Incomplete,
    Intolerance,
    Person,
    Procedure,
    Score,
    Vaccination,
)
from rules.fhir_reader.conditions import ReadCondition, read_condition
from rules.fhir_reader.decoding import UnreadableError
from rules.fhir_reader.elements import says_none_known, without_absences
from rules.fhir_reader.events import read_encounter, read_procedure
from rules.fhir_reader.exposures import Chart, MedicationFacts
from rules.fhir_reader.immunizations import read_immunization
from rules.fhir_reader.intake import read_administration, read_statement
from rules.fhir_reader.intolerances import named_in_words, read_adverse_event, read_allergy
from rules.fhir_reader.known_codes import KnownCodes
from rules.fhir_reader.named_exclusions import find_named_exclusion
from rules.fhir_reader.observations import Named, Observed, read_observation
from rules.fhir_reader.orders import read_dispense, read_request
from rules.fhir_reader.people import read_person, was_replaced
from rules.fhir_reader.questionnaires import read_questionnaire
from rules.fhir_reader.resources import RawResource, gap_name, partly_read
from rules.fhir_reader.unknown_codes import UnknownCode
from rules.fhir_reader.unread_parts import contained_types, find_modifier
from rules.findings import Gap, NotUsed

_MEDICATION_READERS: dict[str, Callable[[RawResource, Chart], MedicationFacts]] = {
    "MedicationRequest": read_request,
    "MedicationDispense": read_dispense,
    "MedicationStatement": read_statement,
    "MedicationAdministration": read_administration,
}
# The systems in which the rules know diagnoses; a site may add codes of others.
_DIAGNOSIS_SYSTEMS = frozenset({*PREFIX_SYSTEMS, SNOMED_CT})
# The orders of DSTU2 are another resource than those of R4; unread, they are missing orders.
_MISSED_AS = {"MedicationOrder": "MedicationRequest"}


@dataclass(slots=True)
class Collected:
    """What was read so far. The only thing in the reader that changes, and it never leaves it."""

    chart: Chart
    known: KnownCodes
    person: Person | None = None
    diagnoses: list[Diagnosis] = field(default_factory=list)
    medications: list[MedicationFacts] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    in_words: list[UnknownCode] = field(default_factory=list)
    answered: list[Score] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    vaccinations: list[Vaccination] = field(default_factory=list)
    encounters: list[Encounter] = field(default_factory=list)
    intolerances: list[Intolerance] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    incomplete: list[Incomplete] = field(default_factory=list)
    not_used: list[NotUsed] = field(default_factory=list)

    @property
    def birth(self) -> ClinicalDate | None:
        return None if self.person is None else self.person.birth

    def take(self, item: RawResource) -> None:
        """Read one resource of a type the rules use; what cannot be read is named, and no more."""
        fault: object = item.fault or _modified(item)
        try:
            if fault is None:
                _READERS[item.resource_type](self, item)
        except UnreadableError as error:
            fault = error
        if fault is not None:
            self.lack(item, f"{item.name} could not be read: {fault}")

    def lack_contained(self, item: RawResource) -> None:
        """Name what stands only within another resource; of that a Medication alone is read."""
        for name in contained_types(item):
            if name in READ_TYPES and name != "Patient":
                because = f"what {item.name} holds within itself was not read"
                gap, incomplete = partly_read(_MISSED_AS.get(name, name), because)
                self.gaps.append(gap)
                self.incomplete.append(incomplete)

    def knows_system_of(self, codes: Iterable[Code]) -> bool:
        """Whether a code is of a system in which the rules could know it, or a site adds it."""
        sets = self.chart.knowledge.value_sets.values()
        return any(
            code.system in _DIAGNOSIS_SYSTEMS or any(each.contains(code) for each in sets)
            for code in codes
        )

    def lists(self, codes: Iterable[Code]) -> bool:
        """Whether any list of the rules holds one of these codes."""
        known = list(codes)
        sets = self.chart.knowledge.value_sets.values()
        return any(each.find(known) is not None for each in sets)

    def lack(self, item: RawResource, because: str) -> None:
        """Note that something of a resource is missing, and with it of its type."""
        name = _MISSED_AS.get(item.resource_type, item.resource_type)
        gap, incomplete = partly_read(name, because)
        self.gaps.append(gap)
        self.incomplete.append(incomplete)


def _modified(item: RawResource) -> str | None:
    name = find_modifier(item)
    return None if name is None else f"its {name} may change what it means"


def _take_patient(into: Collected, item: RawResource) -> None:
    into.person = read_person(item)
    if was_replaced(item):
        because = f"{item.name} was replaced by another record of the patient, which is not here"
        into.gaps.append(Gap(gap_name(item.resource_type), because))


def _take_condition(into: Collected, item: RawResource) -> None:
    read = read_condition(item, into.birth)
    diagnosis = read.diagnosis
    refused = into.chart.knowledge.records.condition_refused_verification
    for fault in read.faults:
        into.lack(item, f"a date of {item.name} could not be read: {fault}")
    if says_none_known(diagnosis.codes):
        into.not_used.append(NotUsed(item.name, "it says that no diagnosis is known"))
        return
    codes = without_absences(diagnosis.codes)
    if codes:
        less = len(codes) < len(diagnosis.codes)
        into.diagnoses.append(replace(diagnosis, codes=codes) if less else diagnosis)
    if diagnosis.verification in refused:
        return
    # Words alone may name an exclusion as well as anything else, and so may a code of one's own.
    if not codes:
        into.lack(item, f"{item.name} is a condition without a code")
    elif not into.knows_system_of(codes):
        into.lack(item, f"{item.name} has no code of a system the rules know")
    elif (named := _named_exclusion(into, read)) is not None:
        into.lack(item, f"{item.name} has a code of no list, and its words hold: {named}")


def _named_exclusion(into: Collected, read: ReadCondition) -> str | None:
    """Words are looked at first: few diagnoses hold one of ours, and to look codes up costs."""
    knowledge, status = into.chart.knowledge, read.diagnosis.clinical_status
    words = knowledge.exclusion_words
    stands = status in {None, *knowledge.records.condition_active}
    wanted = words.lasting | words.passing if stands else words.lasting
    named = find_named_exclusion(read.words, wanted, words)
    return None if named is None or into.lists(read.diagnosis.codes) else named


def _take_medication(into: Collected, item: RawResource) -> None:
    read = _MEDICATION_READERS[item.resource_type](item, into.chart)
    if read.no_drug:
        into.not_used.append(NotUsed(item.name, "it says that no medication is known"))
        return
    into.medications.append(read)
    if read.unresolved is not None and read.usable:
        into.lack(item, f"the drug of {item.name} is not known: {read.unresolved}")


def _take_old_order(into: Collected, item: RawResource) -> None:
    into.lack(item, f"{item.name} is an order of FHIR DSTU2 and was not read")


def _take_observation(into: Collected, item: RawResource) -> None:
    observed = read_observation(item, into.known)
    if isinstance(observed, Named):
        into.in_words.append(observed.kind)
        into.not_used += observed.not_used
    elif observed is not None:
        into.observed.append(observed)


def _take_questionnaire(into: Collected, item: RawResource) -> None:
    answered = read_questionnaire(item, into.known)
    into.answered += answered.scores
    if not answered.scores and answered.named is not None:
        # It is known to hold a score, and none could be had of it.
        into.lack(item, f"{item.name} is a {answered.named} whose items cannot be told apart")
    elif not answered.scores:
        into.not_used.append(NotUsed(item.name, "no item under a known code"))


def _take_procedure(into: Collected, item: RawResource) -> None:
    procedure = read_procedure(item, into.chart.index)
    if procedure.codes:
        into.procedures.append(procedure)
    else:
        into.not_used.append(NotUsed(item.name, "a procedure without a code"))


def _take_immunization(into: Collected, item: RawResource) -> None:
    into.vaccinations.append(read_immunization(item))


def _take_encounter(into: Collected, item: RawResource) -> None:
    encounter = read_encounter(item, into.chart.index)
    if encounter.codes:
        into.encounters.append(encounter)


def _take_allergy(into: Collected, item: RawResource) -> None:
    into.intolerances += read_allergy(item, into.chart)
    named = named_in_words(item, into.chart)
    if named:
        into.lack(item, f"{item.name} names {named} in words only, which may be misread")


def _take_adverse_event(into: Collected, item: RawResource) -> None:
    into.intolerances += read_adverse_event(item, into.chart)


_READERS: dict[str, Callable[[Collected, RawResource], None]] = {
    "Patient": _take_patient,
    "Condition": _take_condition,
    **dict.fromkeys(_MEDICATION_READERS, _take_medication),
    "MedicationOrder": _take_old_order,
    "Observation": _take_observation,
    "QuestionnaireResponse": _take_questionnaire,
    "Procedure": _take_procedure,
    "Immunization": _take_immunization,
    "Encounter": _take_encounter,
    "AllergyIntolerance": _take_allergy,
    "AdverseEvent": _take_adverse_event,
}
READ_TYPES = frozenset(_READERS)
