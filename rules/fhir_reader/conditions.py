"""What does a Condition say?"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from rules.clinical_time import ClinicalDate
from rules.facts import Diagnosis
from rules.fhir_reader.dates import at_age, end_of, read_date, refuse_two, start_of
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.elements import (
    CodeableConcept,
    Element,
    Period,
    Quantity,
    code_of_status,
    codes_of,
    texts_of,
)
from rules.fhir_reader.resources import RawResource


class Condition(Element, frozen=True):
    """onsetString and abatementString are words, and say no date that could be compared.

    assertedDate and dateRecorded are what STU3 and DSTU2 call recordedDate; a status that is a
    string is theirs too.
    """

    clinical_status: CodeableConcept | str | None = None
    verification_status: CodeableConcept | str | None = None
    code: CodeableConcept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    onset_age: Quantity | None = None
    abatement_date_time: str | None = None
    abatement_period: Period | None = None
    abatement_age: Quantity | None = None
    recorded_date: str | None = None
    asserted_date: str | None = None
    date_recorded: str | None = None


@dataclass(frozen=True, slots=True)
class ReadCondition:
    """A diagnosis, the words it came with, and what could not be read of its dates.

    words: to be looked through by the reader and never kept: they are free text.
    """

    diagnosis: Diagnosis
    words: tuple[str, ...]
    faults: tuple[UnreadableError, ...]


_CONDITION = msgspec.json.Decoder(Condition)


def read_condition(item: RawResource, birth: ClinicalDate | None) -> ReadCondition:
    """Read a Condition; one without a code in any system has no codes.

    onset[x] counts from its first day, abatement[x] from its last; an age needs the birth date.
    A date that is no FHIR date is left out and given as a fault beside the diagnosis, because an
    exclusion must not be lost for the sake of its date. Errors: UnreadableError for anything else.
    """
    read = decode(_CONDITION, item.raw)
    faults: list[UnreadableError] = []
    diagnosis = Diagnosis(
        codes=codes_of(read.code),
        clinical_status=code_of_status(read.clinical_status),
        verification=code_of_status(read.verification_status),
        onset=_try(lambda: _onset(read, birth), faults),
        abatement=_try(lambda: _abatement(read, birth), faults),
        recorded=_try(lambda: _recorded(read), faults),
        sources=(item.name,),
    )
    return ReadCondition(diagnosis, texts_of(read.code), tuple(faults))


def _onset(read: Condition, birth: ClinicalDate | None) -> ClinicalDate | None:
    if read.onset_period is None and read.onset_age is None:  # as nearly all
        return read_date(read.onset_date_time, "$.onsetDateTime")
    found = (
        read_date(read.onset_date_time, "$.onsetDateTime")
        or start_of(read.onset_period, "$.onsetPeriod")
        or at_age(birth, read.onset_age, "$.onsetAge")
    )
    refuse_two("$.onset[x]", read.onset_date_time, read.onset_period, read.onset_age)
    return found


def _abatement(read: Condition, birth: ClinicalDate | None) -> ClinicalDate | None:
    if read.abatement_period is None and read.abatement_age is None:
        return read_date(read.abatement_date_time, "$.abatementDateTime")
    found = (
        read_date(read.abatement_date_time, "$.abatementDateTime")
        or end_of(read.abatement_period, "$.abatementPeriod")
        or at_age(birth, read.abatement_age, "$.abatementAge")
    )
    stated = (read.abatement_date_time, read.abatement_period, read.abatement_age)
    refuse_two("$.abatement[x]", *stated)
    return found


def _recorded(read: Condition) -> ClinicalDate | None:
    return (
        read_date(read.recorded_date, "$.recordedDate")
        or read_date(read.asserted_date, "$.assertedDate")
        or read_date(read.date_recorded, "$.dateRecorded")
    )


def _try(
    read: Callable[[], ClinicalDate | None], faults: list[UnreadableError]
) -> ClinicalDate | None:
    try:
        return read()
    except UnreadableError as fault:
        faults.append(fault)
        return None
