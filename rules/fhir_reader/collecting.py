"""Where do the facts of one record gather while it is read, and what of it could not be read?"""

from collections.abc import Callable
from dataclasses import dataclass, field

from rules.clinical_time import ClinicalDate
from rules.facts import Diagnosis, Encounter, Incomplete, Intolerance, Person, Procedure, Score
from rules.fhir_reader.conditions import read_condition
from rules.fhir_reader.decoding import UnreadableError
from rules.fhir_reader.events import read_encounter, read_procedure
from rules.fhir_reader.exposures import Chart, MedicationFacts
from rules.fhir_reader.intake import read_administration, read_statement
from rules.fhir_reader.intolerances import read_adverse_event, read_allergy
from rules.fhir_reader.observations import KnownCodes, Observed, read_observation
from rules.fhir_reader.orders import read_dispense, read_request
from rules.fhir_reader.people import read_person, was_replaced
from rules.fhir_reader.questionnaires import read_questionnaire
from rules.fhir_reader.resources import RawResource, gap_name, partly_read
from rules.fhir_reader.unread_parts import contained_types, find_modifier
from rules.findings import Gap, NotUsed

_MEDICATION_READERS: dict[str, Callable[[RawResource, Chart], MedicationFacts]] = {
    "MedicationRequest": read_request,
    "MedicationDispense": read_dispense,
    "MedicationStatement": read_statement,
    "MedicationAdministration": read_administration,
}


@dataclass(slots=True)
class Collected:
    """What was read so far. The only thing in the reader that changes, and it never leaves it."""

    chart: Chart
    known: KnownCodes
    person: Person | None = None
    diagnoses: list[Diagnosis] = field(default_factory=list)
    medications: list[MedicationFacts] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    answered: list[Score] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
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
                gap, incomplete = partly_read(name, because)
                self.gaps.append(gap)
                self.incomplete.append(incomplete)

    def lack(self, item: RawResource, because: str) -> None:
        """Note that something of a resource is missing, and with it of its type."""
        gap, incomplete = partly_read(item.resource_type, because)
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
    diagnosis, faults = read_condition(item, into.birth)
    refused = into.chart.knowledge.records.condition_refused_verification
    for fault in faults:
        into.lack(item, f"a date of {item.name} could not be read: {fault}")
    if diagnosis.codes:
        into.diagnoses.append(diagnosis)
    elif diagnosis.verification not in refused:
        # Words alone may name an exclusion as well as anything else.
        into.lack(item, f"{item.name} is a condition without a code")


def _take_medication(into: Collected, item: RawResource) -> None:
    read = _MEDICATION_READERS[item.resource_type](item, into.chart)
    into.medications.append(read)
    if read.unresolved is not None and read.usable:
        into.lack(item, f"the drug of {item.name} is not known: {read.unresolved}")


def _take_observation(into: Collected, item: RawResource) -> None:
    observed = read_observation(item, into.known)
    if observed is not None:
        into.observed.append(observed)


def _take_questionnaire(into: Collected, item: RawResource) -> None:
    scores = read_questionnaire(item, into.known)
    into.answered += scores
    if not scores:
        into.not_used.append(NotUsed(item.name, "no item under a known code"))


def _take_procedure(into: Collected, item: RawResource) -> None:
    procedure = read_procedure(item, into.chart.index)
    if procedure.codes:
        into.procedures.append(procedure)


def _take_encounter(into: Collected, item: RawResource) -> None:
    encounter = read_encounter(item, into.chart.index)
    if encounter.codes:
        into.encounters.append(encounter)


def _take_allergy(into: Collected, item: RawResource) -> None:
    into.intolerances += read_allergy(item, into.chart)


def _take_adverse_event(into: Collected, item: RawResource) -> None:
    into.intolerances += read_adverse_event(item, into.chart)


_READERS: dict[str, Callable[[Collected, RawResource], None]] = {
    "Patient": _take_patient,
    "Condition": _take_condition,
    **dict.fromkeys(_MEDICATION_READERS, _take_medication),
    "Observation": _take_observation,
    "QuestionnaireResponse": _take_questionnaire,
    "Procedure": _take_procedure,
    "Encounter": _take_encounter,
    "AllergyIntolerance": _take_allergy,
    "AdverseEvent": _take_adverse_event,
}
READ_TYPES = frozenset(_READERS)
