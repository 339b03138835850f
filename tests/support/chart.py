"""What can a vignette's record hold? One class for each kind of entry, in a psychiatrist's words.

Dates are as precise as they are written.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tests.support.stated_dose import Dose, StatedDose, read_dose


def _as_written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _as_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value)


When = Annotated[str, BeforeValidator(_as_written)]
# One code, or a list of them.
Codes = Annotated[tuple[str, ...], BeforeValidator(_as_several)]


class Entry(BaseModel):
    """One thing the record holds. `name` lets another entry point to it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str | None = None


class DrugEntry(Entry):
    """What every entry about a drug says. `product` picks one of products.yaml by its name."""

    drug: str
    product: str | None = None
    dose: Dose | None = None
    as_needed: bool = False

    @property
    def stated_dose(self) -> StatedDose | None:
        return None if self.dose is None else read_dose(self.dose)


class Dispense(DrugEntry):
    """A supply that was handed over on a day for so many days.

    `fills`: as many of them, each handed over on the day the one before runs out.
    """

    kind: Literal["dispense"] = "dispense"
    on: When
    days: int
    fills: int = 1
    status: str = "completed"
    order: str | None = None


class Order(DrugEntry):
    """A prescription. `days`: supply it allows. `until`: last day it states, included."""

    kind: Literal["order"] = "order"
    written: When
    days: int | None = None
    until: When | None = None
    status: str = "active"
    intent: str = "order"
    reason: Codes = ()
    stop_reason: str | None = None


class Statement(DrugEntry):
    """What the patient or another source reports to be taken. `until` is included."""

    kind: Literal["statement"] = "statement"
    since: When | None = None
    until: When | None = None
    status: str = "completed"
    reason: Codes = ()
    stop_reason: str | None = None


class Administration(DrugEntry):
    """A dose that was given on one day."""

    kind: Literal["administration"] = "administration"
    on: When
    status: str = "completed"


class Diagnosis(Entry):
    """An entry of the problem list: ICD-10-CM unless a system is named."""

    kind: Literal["diagnosis"] = "diagnosis"
    code: str
    system: Literal["icd-10-cm", "snomed"] = "icd-10-cm"
    status: str | None = "active"
    verification: str = "confirmed"
    onset: When | None = None
    abated: When | None = None
    recorded: When | None = None


class Phq9(Entry):
    """A PHQ-9 on one day: the total, and item 9 where it is stated."""

    kind: Literal["phq9"] = "phq9"
    total: int
    on: When
    item9: int | None = None
    status: str = "final"


class Form(Entry):
    """A PHQ-9 as the patient fills it in: the total so far, and the answer to item 9."""

    kind: Literal["form"] = "form"
    total: int
    item9: int
    on: When
    status: str = "completed"


class Marker(Entry):
    """A laboratory result; hs-CRP in mg/L unless the entry says otherwise.

    `unit: none` is a number without a unit. `text` stands in place of a value, `absent` says why
    there is none. `corrects` names the result whose next version this is.
    """

    kind: Literal["marker"] = "marker"
    value: Decimal | int | None = None
    on: When | None = "2026-06-01"
    code: str = "30522-7"
    unit: str = "mg/L"
    status: str = "final"
    comparator: Literal["<", "<=", ">", ">="] | None = None
    text: str | None = None
    absent: str | None = None
    issued: When | None = None
    range: Annotated[tuple[Decimal | int, Decimal | int] | None, Field(strict=False)] = None
    corrects: str | None = None


class Bmi(Entry):
    """A body-mass index in kg/m²."""

    kind: Literal["bmi"] = "bmi"
    value: Decimal | int
    on: When


class Score(Entry):
    """The total or one item of another scale, under its LOINC code."""

    kind: Literal["score"] = "score"
    code: str
    value: int
    on: When
    status: str = "final"


class Event(Entry):
    """What a procedure and an encounter say: a code, a status and a day."""

    code: str
    system: Literal["icd-10-cm", "snomed"]
    on: When


class Procedure(Event):
    """A procedure, or one session of a course of treatment."""

    kind: Literal["procedure"] = "procedure"
    status: str = "completed"


class Encounter(Event):
    """A contact, with the reason for it."""

    kind: Literal["encounter"] = "encounter"
    status: str = "finished"


class Vaccination(Entry):
    """A vaccination, whatever it was against."""

    kind: Literal["vaccination"] = "vaccination"
    on: When
    status: str = "completed"


class Allergy(Entry):
    """An intolerance recorded against a drug."""

    kind: Literal["allergy"] = "allergy"
    drug: str
    on: When


AnyEntry = Annotated[
    Dispense
    | Order
    | Statement
    | Administration
    | Diagnosis
    | Phq9
    | Form
    | Score
    | Marker
    | Bmi
    | Procedure
    | Encounter
    | Vaccination
    | Allergy,
    Field(discriminator="kind"),
]


def read_entry(written: Mapping[str, Any]) -> dict[str, Any]:
    """Turn `{"phq9": {"total": 17, …}}`, as a vignette writes it, into an entry with its kind."""
    if len(written) != 1:
        raise ValueError(f"one kind for each line of a record, not {sorted(written)}")
    ((kind, content),) = written.items()
    return {"kind": {"crp": "marker", "lab": "marker"}.get(kind, kind), **content}
