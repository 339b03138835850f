"""How does FHIR become an assessment with its cards? The one path, whoever evaluates.

Nothing else in the service knows the reader: endpoints open what they received here, and evaluate
it here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cds.errors import (
    BodyTooLarge,
    InvalidRequest,
    MalformedBody,
    NoPatient,
    SeveralPatients,
    UnknownPatient,
    UnsupportedFhirVersion,
    WrongPatient,
)
from cds.hooks.card import Card
from cds.hooks.cards import CardWriter
from rules.assessment import assess
from rules.facts import Incomplete
from rules.fhir_reader import (
    MAX_ENTRIES,
    BundleError,
    FhirVersion,
    OtherPatient,
    Resources,
    TooManyEntriesError,
    fhir_version_of,
    join,
    only_patient,
    patients_in,
    read_facts,
    split_bundle,
    split_prefetch_value,
)
from rules.findings import Assessment
from rules.knowledge import Knowledge

__all__ = [
    "Evaluation",
    "Evaluator",
    "Resources",
    "join",
    "open_bundle",
    "open_prefetch_value",
    "patients_in",
    "pick_patient",
]

MAX_RESOURCES = MAX_ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation of one patient: the assessment, its cards, and the id of the decision."""

    decision: str
    assessment: Assessment
    cards: tuple[Card, ...]


class Evaluator:
    """Evaluates patients against one knowledge. Made once at start; holds no patient."""

    def __init__(
        self, knowledge: Knowledge, card_writer: CardWriter, new_uuid: Callable[[], UUID]
    ) -> None:
        self._knowledge = knowledge
        self._card_writer = card_writer
        self._new_uuid = new_uuid

    def evaluate(
        self,
        resources: Resources,
        patient_id: str,
        as_of: date,
        not_obtained: Iterable[Incomplete] = (),
    ) -> Evaluation:
        """Read the facts of one patient, assess them on a day and write the cards that are due.

        not_obtained: what the caller could not get hold of, besides what the resources tell.

        Errors: BodyTooLarge for more than MAX_RESOURCES; UnsupportedFhirVersion for STU3 and
        DSTU2; WrongPatient, naming it, for a resource that belongs to somebody else.
        """
        _check_size(resources)
        check_version(resources)
        try:
            facts = read_facts(resources, patient_id, self._knowledge, not_obtained)
        except OtherPatient as error:
            raise WrongPatient(
                f"{error.source} belongs to another patient, so nothing here was evaluated.",
                expression=(error.source,),
            ) from None
        assessment = assess(facts, as_of, self._knowledge)
        decision = str(self._new_uuid())
        cards = self._card_writer.write_cards(assessment, decision)
        return Evaluation(decision=decision, assessment=assessment, cards=cards)


def open_bundle(body: bytes) -> Resources:
    """Take a posted Bundle apart.

    Errors: MalformedBody for anything that is not a Bundle; BodyTooLarge for too many entries.
    """
    try:
        return split_bundle(body)
    except TooManyEntriesError:
        raise BodyTooLarge(f"The Bundle holds more than {MAX_RESOURCES} entries.") from None
    except BundleError:
        raise MalformedBody(
            "The body is not a FHIR Bundle. Post a Bundle (of any type) that holds the Patient "
            "together with the patient's resources.",
            expression=("Bundle",),
        ) from None


def open_prefetch_value(key: str, resource_type: str, value: bytes) -> Resources:
    """Take one prefetch value apart; `resource_type` is what its template asks for.

    Errors: InvalidRequest, naming the key, for a value that is neither null nor a FHIR resource;
    BodyTooLarge for too many entries.
    """
    try:
        return split_prefetch_value(resource_type, value)
    except TooManyEntriesError:
        raise BodyTooLarge(f"A prefetch value holds more than {MAX_RESOURCES} entries.") from None
    except BundleError:
        path = f"prefetch.{key}"
        raise InvalidRequest(
            f"{path} is neither null nor a FHIR resource.", expression=(path,)
        ) from None


def pick_patient(resources: Resources, named: str | None) -> tuple[Resources, str]:
    """Say whom a Bundle is about: its only Patient, or the one of several the caller named.

    What belongs to the other patients of a Bundle with several is left out and counted. In a
    Bundle with one Patient nothing is left out, so that a foreign resource is still refused.

    Errors: NoPatient, SeveralPatients or UnknownPatient.
    """
    patients = patients_in(resources)
    if not patients:
        raise NoPatient("The Bundle holds no Patient with an id, so there is nobody to evaluate.")
    if named is None and len(patients) > 1:
        raise SeveralPatients(
            f"The Bundle holds {len(patients)} patients. Pick one with the query parameter "
            "patient=ID, where ID is the Patient's id."
        )
    chosen = patients[0] if named is None else named.removeprefix("Patient/")
    if chosen not in patients:
        raise UnknownPatient("The patient named by patient= is not in the Bundle.")
    return (only_patient(resources, chosen) if len(patients) > 1 else resources), chosen


def check_version(resources: Resources) -> None:
    """Refuse resources of a FHIR version before R4. Errors: UnsupportedFhirVersion."""
    version = fhir_version_of(resources)
    if version is not FhirVersion.R4:
        raise UnsupportedFhirVersion(
            f"The resources are FHIR {version.value}. This service reads FHIR R4 and R4B; convert "
            "them first."
        )


def _check_size(resources: Resources) -> None:
    if len(resources.items) > MAX_RESOURCES:
        raise BodyTooLarge(f"The request holds more than {MAX_RESOURCES} resources.")
