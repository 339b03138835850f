"""What does an Immunization say?"""

import msgspec

from rules.facts import Vaccination
from rules.fhir_reader.dates import read_date
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import Element
from rules.fhir_reader.resources import RawResource

_NOT_GIVEN = "not-done"  # what R4 says in the status


class Immunization(Element, frozen=True):
    """Which vaccine it was is not asked. occurrenceString is words, and says no date.

    date is STU3's and DSTU2's; notGiven is STU3's and wasNotGiven DSTU2's, where a status that
    says "completed" can stand beside either.
    """

    status: str | None = None
    occurrence_date_time: str | None = None
    date: str | None = None
    not_given: bool | None = None
    was_not_given: bool | None = None


_IMMUNIZATION = msgspec.json.Decoder(Immunization)


def read_immunization(item: RawResource) -> Vaccination:
    """Read an Immunization; whether its status counts is for the rules to judge.

    Unknown input: without a date it stays without. Errors: UnreadableError.
    """
    read = decode(_IMMUNIZATION, item.raw)
    denied = read.not_given or read.was_not_given
    return Vaccination(
        status=_NOT_GIVEN if denied else read.status,
        date=read_date(read.occurrence_date_time, "$.occurrenceDateTime")
        or read_date(read.date, "$.date"),
        sources=(item.name,),
    )
