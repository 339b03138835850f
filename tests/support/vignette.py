"""What is a vignette, and where are all of them?

A vignette is a patient, a claim about that patient and the record it rests on. Common parts of
records stand in blocks.yaml; a vignette names the blocks it begins with.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from tests.support.chart import AnyEntry, When, read_entry
from tests.support.strict_yaml import read_yaml

DIRECTORY = Path(__file__).parents[1] / "vignettes"
NOT_VIGNETTES = {"blocks", "products"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _read_entries(lines: Any) -> tuple[dict[str, Any], ...]:
    return tuple(read_entry(line) for line in lines or ())


Entries = Annotated[tuple[AnyEntry, ...], BeforeValidator(_read_entries)]
Grade = Literal["adequate_failed", "indeterminate", "not_counted", "unplaceable"]


class ExpectedTrial(_Part):
    """How one drug's trial must come out. What is left out is not asked."""

    grade: Grade
    gaps: tuple[str, ...] | None = None
    days: int | None = None
    says: tuple[str, ...] = ()


class Expectation(_Part):
    """The verdict. `cards` and `withheld` are always asked; the rest where it is stated.

    because: words of the sentence on treatment resistance. notes: all notes of the marker.
    confounders: kinds that must be among those found. supporting: treatments that must be listed.
    caveats: words that must stand somewhere in the caveats, the trials' or the patient's.
    not_used: words of the reasons why parts of the record were left out.
    """

    resistance: (
        Literal["met", "possible", "not_met", "insufficient_data", "out_of_scope"] | None
    ) = None
    because: tuple[str, ...] = ()
    trials: Mapping[str, ExpectedTrial] = Field(default_factory=dict)
    supporting: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()
    inflammation: (
        Literal["raised_persistent", "raised_once", "possible_acute", "normal", "stale", "unknown"]
        | None
    ) = None
    notes: tuple[str, ...] = ()
    confounders: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    cards: tuple[Literal["evidence", "safety", "marker_note", "data_gap"], ...] = ()
    card_says: tuple[str, ...] = ()
    card_never_says: tuple[str, ...] = ()


class Patient(_Part):
    """Who it is. Names do not exist in a vignette."""

    born: When = "1984-03-10"
    gender: Literal["female", "male", "other", "unknown"] = "female"


class Vignette(_Part):
    """One patient with a claim that a clinician can sign.

    id: its chapter and number; P12.1 is the first patient of the rule's settled point 12.
    unread: resource types the caller could not read. parameters: what a site set otherwise, by
    "table.key". codes: what a site put into a value set, as codes of an example system.
    """

    id: str = Field(pattern=r"^([TMCX]\d\d[a-d]?|P\d\d[ab]?\.[1-4])$")
    title: str = Field(pattern=r"^[A-Z].+\.$")
    story: str = Field(min_length=20)
    as_of: date = date(2026, 6, 30)
    patient: Patient = Patient()
    given: tuple[str, ...] = ()
    record: Entries = ()
    unread: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    expect: Expectation

    @property
    def entries(self) -> tuple[AnyEntry, ...]:
        """The whole record: the named blocks, then the vignette's own lines, each thing once."""
        lines = [*(entry for block in self.given for entry in blocks()[block]), *self.record]
        return tuple(dict.fromkeys(lines))


@cache
def blocks() -> Mapping[str, tuple[AnyEntry, ...]]:
    """Give the parts of records that have a name."""
    return TypeAdapter(dict[str, Entries]).validate_python(read_yaml(DIRECTORY / "blocks.yaml"))


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Give all vignettes, ordered by id. Errors: the file's name and what is wrong with it."""
    paths = sorted(p for p in DIRECTORY.glob("*.yaml") if p.stem not in NOT_VIGNETTES)
    return tuple(_read(path) for path in paths)


def vignette_named(name: str) -> Vignette:
    """Give one vignette by its id. Errors: KeyError names an id there is not."""
    return {vignette.id: vignette for vignette in vignettes()}[name]


def _read(path: Path) -> Vignette:
    try:
        vignette = Vignette.model_validate(read_yaml(path))
    except ValueError as fault:
        raise ValueError(f"{path.name}: {fault}") from fault
    if vignette.id != path.stem:
        raise ValueError(f"{path.name}: the vignette inside calls itself {vignette.id}")
    return vignette
