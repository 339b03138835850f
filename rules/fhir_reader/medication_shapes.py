"""Which elements of the medication resources are read?"""

import msgspec

from rules.fhir_reader.decoding import NO_NUMBER, Number
from rules.fhir_reader.dosage import Dosage
from rules.fhir_reader.elements import (
    CodeableConcept,
    CodeableReference,
    Element,
    Period,
    Quantity,
)
from rules.fhir_reader.products import MedicationChoice
from rules.fhir_reader.resources import Reference


class DispenseRequest(Element, frozen=True):
    validity_period: Period | None = None
    number_of_repeats_allowed: Number = NO_NUMBER
    quantity: Quantity | None = None
    expected_supply_duration: Quantity | None = None


class MedicationRequest(MedicationChoice, frozen=True):
    """reason is R5's; the other two are R4's."""

    status: str | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    authored_on: str | None = None
    status_reason: CodeableConcept | None = None
    reason_code: list[CodeableConcept] | None = None
    reason_reference: list[Reference] | None = None
    reason: list[CodeableReference] | None = None
    dosage_instruction: list[Dosage] | None = None
    dispense_request: DispenseRequest | None = None


class MedicationDispense(MedicationChoice, frozen=True):
    """notDone is STU3's."""

    status: str | None = None
    authorizing_prescription: list[Reference] | None = None
    when_handed_over: str | None = None
    when_prepared: str | None = None
    quantity: Quantity | None = None
    days_supply: Quantity | None = None
    dosage_instruction: list[Dosage] | None = None
    not_done_codeable_concept: CodeableConcept | None = None
    not_done_reference: Reference | None = None


class Adherence(Element, frozen=True):
    code: CodeableConcept | None = None


class MedicationStatement(MedicationChoice, frozen=True):
    """adherence and reason are R5's, taken is STU3's and wasNotTaken DSTU2's."""

    status: str | None = None
    status_reason: list[CodeableConcept] | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    based_on: list[Reference] | None = None
    derived_from: list[Reference] | None = None
    reason_code: list[CodeableConcept] | None = None
    reason_reference: list[Reference] | None = None
    reason: list[CodeableReference] | None = None
    adherence: Adherence | None = None
    taken: str | None = None
    was_not_taken: bool | None = None
    dosage: list[Dosage] | None = None


class GivenDose(Element, frozen=True):
    dose: Quantity | None = None


class MedicationAdministration(MedicationChoice, frozen=True):
    """occurence, with this spelling, and reason are R5's; notGiven is STU3's, the other DSTU2's."""

    status: str | None = None
    status_reason: list[CodeableConcept] | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    occurence_date_time: str | None = None
    occurence_period: Period | None = None
    request: Reference | None = None
    reason_code: list[CodeableConcept] | None = None
    reason_reference: list[Reference] | None = None
    reason: list[CodeableReference] | None = None
    not_given: bool | None = None
    was_not_given: bool | None = None
    dosage: GivenDose | None = None


REQUEST = msgspec.json.Decoder(MedicationRequest)
DISPENSE = msgspec.json.Decoder(MedicationDispense)
STATEMENT = msgspec.json.Decoder(MedicationStatement)
ADMINISTRATION = msgspec.json.Decoder(MedicationAdministration)
