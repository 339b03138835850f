"""Which antidepressants did the patient not tolerate: AllergyIntolerance and AdverseEvent?"""

from collections.abc import Iterable

import msgspec

from rules.clinical_time import ClinicalDate
from rules.facts import Drug, Intolerance
from rules.fhir_reader.dates import read_date, start_of
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import (
    CodeableConcept,
    Element,
    Period,
    code_of_status,
    codes_of,
    texts_of,
)
from rules.fhir_reader.exposures import Chart
from rules.fhir_reader.products import MedicationChoice, read_product
from rules.fhir_reader.resources import RawResource, Reference

_ROLE = "antidepressant"


class Reaction(Element, frozen=True):
    substance: CodeableConcept | None = None
    onset: str | None = None


class AllergyIntolerance(Element, frozen=True):
    """substance is what DSTU2 calls code, and assertedDate what STU3 calls recordedDate."""

    verification_status: CodeableConcept | str | None = None
    code: CodeableConcept | None = None
    substance: CodeableConcept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None
    asserted_date: str | None = None
    reaction: list[Reaction] | None = None


class SuspectEntity(Element, frozen=True):
    instance: Reference | None = None
    instance_codeable_concept: CodeableConcept | None = None
    instance_reference: Reference | None = None


class AdverseEvent(Element, frozen=True):
    actuality: str | None = None
    date: str | None = None
    detected: str | None = None
    recorded_date: str | None = None
    suspect_entity: list[SuspectEntity] | None = None
    contained: list[msgspec.Raw] | None = None


_ALLERGY = msgspec.json.Decoder(AllergyIntolerance)
_EVENT = msgspec.json.Decoder(AdverseEvent)
_CHOICE = msgspec.json.Decoder(MedicationChoice)


def read_allergy(item: RawResource, chart: Chart) -> tuple[Intolerance, ...]:
    """Read an intolerance of an antidepressant, by the substance or by those of its reactions.

    The date is when it showed, else when it was recorded. Words alone name no drug here, because
    a wrong match would turn a failed trial into one that was not tolerated: see named_in_words.
    Errors: UnreadableError.
    """
    read = decode(_ALLERGY, item.raw)
    reactions = read.reaction or []
    shown = [read_date(each.onset, "$.reaction.onset") for each in reactions]
    date = (
        read_date(read.onset_date_time, "$.onsetDateTime")
        or start_of(read.onset_period, "$.onsetPeriod")
        or min((day for day in shown if day), key=lambda day: day.earliest, default=None)
        or read_date(read.recorded_date, "$.recordedDate")
        or read_date(read.asserted_date, "$.assertedDate")
    )
    groups = [
        codes_of(read.code, read.substance),
        *(codes_of(each.substance) for each in reactions),
    ]
    drugs = (drug for codes in groups for drug in chart.knowledge.drugs.find(codes))
    return _against(drugs, code_of_status(read.verification_status), date, item)


def named_in_words(item: RawResource, chart: Chart) -> str | None:
    """Give the antidepressant that an intolerance without a readable code names in words.

    Our own name of it, so that no word of the record is repeated. None where a code names a drug,
    and for one that was refuted. Errors: UnreadableError.
    """
    read = decode(_ALLERGY, item.raw)
    refused = chart.knowledge.records.intolerance_refused_verification
    if code_of_status(read.verification_status) in refused:
        return None
    concepts = [read.code, read.substance, *(each.substance for each in read.reaction or [])]
    drugs = chart.knowledge.drugs
    if any(drugs.find(codes_of(concept)) for concept in concepts):
        return None
    found = (drug for text in texts_of(*concepts) for drug in drugs.find_in_text(text))
    return next((drug.name for drug in found if _ROLE in drug.roles), None)


def read_adverse_event(item: RawResource, chart: Chart) -> tuple[Intolerance, ...]:
    """Read an event that an antidepressant is suspected of; one that only might happen is none.

    Errors: UnreadableError.
    """
    read = decode(_EVENT, item.raw)
    if read.actuality == "potential":
        return ()
    date = (
        read_date(read.date, "$.date")
        or read_date(read.detected, "$.detected")
        or read_date(read.recorded_date, "$.recordedDate")
    )
    suspects = read.suspect_entity or []
    drugs = (drug for each in suspects for drug in _suspected(each, read.contained, chart))
    return _against(drugs, None, date, item)


def _suspected(
    suspect: SuspectEntity, contained: list[msgspec.Raw] | None, chart: Chart
) -> tuple[Drug, ...]:
    """Give the drugs of a suspect: a Medication, or what an order or supply of it names."""
    reference = suspect.instance or suspect.instance_reference
    choice = MedicationChoice(suspect.instance_codeable_concept, reference, None, contained)
    linked = chart.index.find(reference)
    if linked is not None and linked.resource_type != "Medication":
        choice = decode(_CHOICE, linked.raw)
    return read_product(choice, chart.index, chart.knowledge.drugs).drugs


def _against(
    drugs: Iterable[Drug], verification: str | None, date: ClinicalDate | None, item: RawResource
) -> tuple[Intolerance, ...]:
    return tuple(
        Intolerance(drug=drug, verification=verification, date=date, sources=(item.name,))
        for drug in dict.fromkeys(drugs)
        if _ROLE in drug.roles
    )
