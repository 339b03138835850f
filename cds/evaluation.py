"""How does FHIR become an assessment with its cards? The one path, whoever evaluates.

Nothing else in the service knows the reader: endpoints open what they received here, and evaluate
it here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import msgspec

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
from cds.evidence_expiry import EvidenceExpiry
from cds.hooks.card import Card
from cds.hooks.cards import CardWriter
from rules.assessment import assess
from rules.facts import Facts, Incomplete
from rules.fhir_reader import (
    MAX_ENTRIES,
    BundleError,
    OtherPatient,
    Resources,
    TooManyEntriesError,
    find_old_version,
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


class _Called(msgspec.Struct, frozen=True):
    """What tells a hook request."""

    hook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation of one patient: facts, assessment, cards, and the id of the decision.

    decided_at: the moment that stands on the cards.
    """

    decision: str
    decided_at: datetime
    patient_id: str = field(repr=False)
    facts: Facts
    assessment: Assessment
    cards: tuple[Card, ...]


class Evaluator:
    """Evaluates patients against one knowledge. Made once at start; holds no patient."""

    def __init__(
        self,
        knowledge: Knowledge,
        card_writer: CardWriter,
        new_uuid: Callable[[], UUID],
        expiry: EvidenceExpiry,
    ) -> None:
        self._knowledge = knowledge
        self._card_writer = card_writer
        self._new_uuid = new_uuid
        self._expiry = expiry

    def evaluate(
        self,
        resources: Resources,
        patient_id: str,
        as_of: date,
        not_obtained: Iterable[Incomplete] = (),
        decision: str | None = None,
    ) -> Evaluation:
        """Read the facts of one patient, assess them on a day and write the cards that are due.

        not_obtained: what the caller could not get hold of, besides what the resources tell.
        decision: the id it is remembered under; a new one unless given.

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
        assessment = self._expiry.hold_back(assess(facts, as_of, self._knowledge))
        known_as = decision or str(self._new_uuid())
        decided_at = self._card_writer.now()
        cards = self._card_writer.write_cards(assessment, known_as, decided_at)
        return Evaluation(
            decision=known_as,
            decided_at=decided_at,
            patient_id=patient_id,
            facts=facts,
            assessment=assessment,
            cards=cards,
        )


def open_bundle(body: bytes) -> Resources:
    """Take a posted Bundle apart.

    Errors: MalformedBody for anything that is not a Bundle; BodyTooLarge for too many entries.
    """
    try:
        return split_bundle(body)
    except TooManyEntriesError:
        raise BodyTooLarge(f"The Bundle holds more than {MAX_RESOURCES} entries.") from None
    except BundleError:
        raise MalformedBody(_why_no_bundle(body), expression=("Bundle",)) from None


def _why_no_bundle(body: bytes) -> str:
    """Say what to post instead; somebody may have sent a hook call to the wrong address."""
    try:
        named = msgspec.json.decode(body, type=_Called).hook
    except msgspec.MsgspecError:
        named = None
    if named is not None:
        return (
            "The body is a CDS Hooks request, not a FHIR Bundle; POST it to "
            "/cds-services/{id}, with the id of a service of GET /cds-services."
        )
    return (
        "The body is not a FHIR Bundle. Post a Bundle (of any type) that holds the Patient "
        "together with the patient's resources."
    )


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
    """Refuse resources of a FHIR version before R4, and say by what they were recognised.

    Errors: UnsupportedFhirVersion, naming one of the resources.
    """
    old = find_old_version(resources)
    if old is not None:
        many = "" if old.resources == 1 else f"; so are {old.resources - 1} more"
        raise UnsupportedFhirVersion(
            f"{old.example} is written in FHIR {old.version.value} (the sign: {old.sign}){many}. "
            "This service reads FHIR R4 and R4B; ask the server for R4, or convert the record.",
            expression=(old.example,),
        )


def _check_size(resources: Resources) -> None:
    if len(resources.items) > MAX_RESOURCES:
        raise BodyTooLarge(f"The request holds more than {MAX_RESOURCES} resources.")
