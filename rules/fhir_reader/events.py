"""What was done, and why was the patient seen: Procedure and Encounter?"""

import msgspec

from rules.facts import Encounter, Procedure
from rules.fhir_reader.dates import end_of, read_date, start_of
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import (
    CodeableConcept,
    CodeableReference,
    Element,
    Period,
    as_list,
    codes_of,
)
from rules.fhir_reader.linking import ResourceIndex
from rules.fhir_reader.resources import RawResource, Reference
from rules.fhir_reader.unread_parts import refuse_denial


class PerformedProcedure(Element, frozen=True):
    """R5 says occurrence for performed, and gives a list of categories for one.

    notDone is STU3's and notPerformed DSTU2's.
    """

    status: str | None = None
    category: CodeableConcept | list[CodeableConcept] | None = None
    code: CodeableConcept | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    occurrence_date_time: str | None = None
    occurrence_period: Period | None = None
    reason_code: list[CodeableConcept] | None = None
    reason_reference: list[Reference] | None = None
    reason: list[CodeableReference] | None = None
    not_done: bool | None = None
    not_performed: bool | None = None


class EncounterDiagnosis(Element, frozen=True):
    condition: Reference | None = None


class Contact(Element, frozen=True):
    status: str | None = None
    period: Period | None = None
    reason_code: list[CodeableConcept] | None = None
    reason_reference: list[Reference] | None = None
    diagnosis: list[EncounterDiagnosis] | None = None


_PROCEDURE = msgspec.json.Decoder(PerformedProcedure)
_ENCOUNTER = msgspec.json.Decoder(Contact)


def read_procedure(item: RawResource, index: ResourceIndex) -> Procedure:
    """Read a Procedure under the codes of what was done and of its category ("surgical").

    A period counts from its start. Errors: UnreadableError.
    """
    read = decode(_PROCEDURE, item.raw)
    refuse_denial(notDone=read.not_done, notPerformed=read.not_performed)
    return Procedure(
        codes=codes_of(read.code, *as_list(read.category)),
        status=read.status,
        date=read_date(read.performed_date_time, "$.performedDateTime")
        or start_of(read.performed_period, "$.performedPeriod")
        or end_of(read.performed_period, "$.performedPeriod")
        or read_date(read.occurrence_date_time, "$.occurrenceDateTime")
        or start_of(read.occurrence_period, "$.occurrencePeriod"),
        reasons=index.reasons(read.reason_code, read.reason_reference, read.reason),
        sources=(item.name,),
    )


def read_encounter(item: RawResource, index: ResourceIndex) -> Encounter:
    """Read a contact under the codes of its reasons and diagnoses. Errors: UnreadableError."""
    read = decode(_ENCOUNTER, item.raw)
    diagnoses = [each.condition for each in read.diagnosis or [] if each.condition is not None]
    references = [*(read.reason_reference or []), *diagnoses]
    return Encounter(
        codes=index.reasons(read.reason_code, references),
        status=read.status,
        date=start_of(read.period, "$.period") or end_of(read.period, "$.period"),
        sources=(item.name,),
    )
