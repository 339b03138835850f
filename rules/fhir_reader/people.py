"""What does the Patient resource say that the rules ask?"""

import msgspec

from rules.facts import Person
from rules.fhir_reader.dates import read_date
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import Element
from rules.fhir_reader.resources import RawResource


class Patient(Element, frozen=True):
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None


_PATIENT = msgspec.json.Decoder(Patient)


def read_person(item: RawResource) -> Person:
    """Read birth date and death. A stated time of death is a death. Errors: UnreadableError."""
    read = decode(_PATIENT, item.raw)
    return Person(
        birth=read_date(read.birth_date, "$.birthDate"),
        deceased=bool(read.deceased_boolean or read.deceased_date_time),
        sources=(item.name,),
    )
