"""What does the Patient resource say that the rules ask?"""

from typing import Literal

import msgspec

from rules.facts import Person
from rules.fhir_reader.dates import read_date
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.elements import Element
from rules.fhir_reader.resources import RawResource


class _Link(Element, frozen=True):
    type: str | None = None


class Patient(Element, frozen=True):
    birth_date: str | None = None
    deceased_boolean: bool | Literal["true", "false"] | None = None
    deceased_date_time: str | None = None
    link: list[_Link] | None = None


_PATIENT = msgspec.json.Decoder(Patient)


def read_person(item: RawResource) -> Person:
    """Read birth date and death.

    A stated time of death is a death, whatever it says; so is true as a string, which some systems
    send. Errors: UnreadableError.
    """
    read = decode(_PATIENT, item.raw)
    return Person(
        birth=read_date(read.birth_date, "$.birthDate"),
        deceased=read.deceased_boolean in {True, "true"} or bool(read.deceased_date_time),
        sources=(item.name,),
    )


def was_replaced(item: RawResource) -> bool:
    """Whether the record says that another one stands in its place. Errors: UnreadableError."""
    return any(each.type == "replaced-by" for each in decode(_PATIENT, item.raw).link or [])
