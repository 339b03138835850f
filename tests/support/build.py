"""How does a test of the rules say in one line what matters to it?

Every builder fills in what an ordinary, complete record would hold, so that a test names only the
part it is about: `facts(dispense(SERTRALINE, "2025-09-15"), phq9(17, "2026-06-15"))`.
Dates are FHIR dates ("2026-06" is a month); doses are milligrams a day: "50", or "25-100" for a
range, or None where none is stated. Anything else a fact holds is passed by its own name.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from rules.codes import Code
from rules.facts import (
    Completeness,
    Diagnosis,
    Drug,
    Encounter,
    Exposure,
    ExposureKind,
    Facts,
    Incomplete,
    Intolerance,
    MarkerResult,
    Measurement,
    Person,
    Procedure,
    Score,
    Vaccination,
)
from tests.support.build_basics import (
    Number,
    atc,
    code,
    day,
    icd,
    loinc,
    rxnorm,
    snomed,
    source,
    span,
    when,
)
from tests.support.build_exposures import (
    AMITRIPTYLINE,
    AMOXICILLIN,
    ARIPIPRAZOLE,
    BUPROPION,
    CITALOPRAM,
    ESCITALOPRAM,
    MIRTAZAPINE,
    SERTRALINE,
    TOCILIZUMAB,
    VENLAFAXINE,
    administration,
    dispense,
    dose,
    drug,
    exposure,
    order,
    refills,
    statement,
)

__all__ = [
    "AMITRIPTYLINE", "AMOXICILLIN", "ARIPIPRAZOLE", "AS_OF", "BORN", "BUPROPION", "CITALOPRAM",
    "ESCITALOPRAM", "MIRTAZAPINE", "SERTRALINE", "TOCILIZUMAB", "VENLAFAXINE", "Number", "Piece",
    "administration", "atc", "bmi", "code", "crp", "day", "diagnosis", "dispense", "dose", "drug",
    "encounter", "exposure", "facts", "icd", "intolerance", "loinc", "measurement", "order",
    "phq9", "phq9_item9", "procedure", "refills", "rxnorm", "score", "snomed", "span", "statement",
    "unread", "vaccination", "when",
]  # fmt: skip

AS_OF = date(2026, 6, 30)
BORN = "1984-03-10"

Piece = (
    Diagnosis
    | Exposure
    | MarkerResult
    | Score
    | Measurement
    | Procedure
    | Vaccination
    | Encounter
    | Intolerance
    | Incomplete
)
P = TypeVar("P")


def crp(value: Number | None, on: str | None = "2026-06-01", **fields: Any) -> MarkerResult:
    """Give one hs-CRP result in mg/L. `code` is a LOINC code."""
    code = loinc(fields.pop("code", "30522-7"))
    fields.setdefault("status", "final")
    fields.setdefault("unit", "mg/L")
    fields.setdefault("sources", (source("Observation", "crp", on),))
    number = None if value is None else Decimal(str(value))
    return MarkerResult(code=code, value=number, date=when(on), **fields)


def score(code: str, value: Number | None, on: str | None, **fields: Any) -> Score:
    """Give one score under a LOINC code."""
    fields.setdefault("status", "final")
    fields.setdefault("sources", (source("Observation", code, on),))
    number = None if value is None else Decimal(str(value))
    return Score(code=loinc(code), value=number, date=when(on), **fields)


def phq9(total: Number | None, on: str | None, **fields: Any) -> Score:
    """Give one PHQ-9 total."""
    return score("44261-6", total, on, **fields)


def phq9_item9(answer: Number | None, on: str | None, **fields: Any) -> Score:
    """Give one answer to item 9 of the PHQ-9."""
    return score("44260-8", answer, on, **fields)


def measurement(code: str, value: Number | None, on: str | None, **fields: Any) -> Measurement:
    """Give one other observation under a LOINC code."""
    fields.setdefault("status", "final")
    fields.setdefault("sources", (source("Observation", code, on),))
    number = None if value is None else Decimal(str(value))
    return Measurement(code=loinc(code), value=number, date=when(on), **fields)


def bmi(value: Number, on: str = "2026-05-02", **fields: Any) -> Measurement:
    return measurement("39156-5", value, on, unit="kg/m2", **fields)


def diagnosis(code: str | Code = "F33.1", **fields: Any) -> Diagnosis:
    """Give one active, confirmed diagnosis; a plain string is an ICD-10-CM code.

    `onset`, `abatement` and `recorded` are FHIR dates.
    """
    codes = (icd(code) if isinstance(code, str) else code,)
    fields.setdefault("clinical_status", "active")
    fields.setdefault("verification", "confirmed")
    fields.setdefault("sources", (source("Condition", codes[0].code, fields.get("onset")),))
    for name in ("onset", "abatement", "recorded"):
        fields[name] = when(fields.get(name))
    return Diagnosis(codes=codes, **fields)


def procedure(code: Code, on: str | None, **fields: Any) -> Procedure:
    fields.setdefault("status", "completed")
    fields.setdefault("sources", (source("Procedure", code.code, on),))
    return Procedure(codes=(code,), date=when(on), **fields)


def encounter(code: Code, on: str | None, **fields: Any) -> Encounter:
    fields.setdefault("status", "finished")
    fields.setdefault("sources", (source("Encounter", code.code, on),))
    return Encounter(codes=(code,), date=when(on), **fields)


def vaccination(on: str | None, **fields: Any) -> Vaccination:
    fields.setdefault("status", "completed")
    fields.setdefault("sources", (source("Immunization", "vaccine", on),))
    return Vaccination(date=when(on), **fields)


def intolerance(what: Drug, on: str | None, **fields: Any) -> Intolerance:
    fields.setdefault("verification", "confirmed")
    fields.setdefault("sources", (source("AllergyIntolerance", what.name, on),))
    return Intolerance(drug=what, date=when(on), **fields)


def unread(resource_type: str, because: str = "the server answered 403") -> Incomplete:
    """Say that a resource type could not be read."""
    return Incomplete(
        resource_type=resource_type, completeness=Completeness.NOT_OBTAINED, because=because
    )


def facts(
    *pieces: Piece | Iterable[Piece], born: str | None = BORN, deceased: bool = False, **fields: Any
) -> Facts:
    """Give the facts of one patient from pieces in any order; nested groups are opened.

    What the reader counts (usable medication records, dates of supply, resources of each type)
    follows from the pieces unless it is stated.
    """
    flat = tuple(_flatten(pieces))
    exposures = _of(Exposure, flat)
    supplied = tuple(
        e.start for e in exposures if e.kind is ExposureKind.DISPENSE and e.start is not None
    )
    fields.setdefault("medication_records", len({e.sources for e in exposures}))
    fields.setdefault("dispense_dates", supplied)
    fields.setdefault("received", _received(flat))
    return Facts(
        person=Person(birth=when(born), deceased=deceased, sources=("Patient/p",)),
        diagnoses=_of(Diagnosis, flat),
        exposures=exposures,
        markers=_of(MarkerResult, flat),
        scores=_of(Score, flat),
        measurements=_of(Measurement, flat),
        procedures=_of(Procedure, flat),
        vaccinations=_of(Vaccination, flat),
        encounters=_of(Encounter, flat),
        intolerances=_of(Intolerance, flat),
        incomplete=_of(Incomplete, flat),
        **fields,
    )


def _of(kind: type[P], pieces: Iterable[object]) -> tuple[P, ...]:
    return tuple(piece for piece in pieces if isinstance(piece, kind))


def _flatten(pieces: Iterable[Piece | Iterable[Piece]]) -> Iterable[Piece]:
    for piece in pieces:
        if isinstance(piece, tuple | list):
            yield from _flatten(piece)
        else:
            assert not isinstance(piece, Iterable)
            yield piece


def _received(pieces: Iterable[Piece]) -> dict[str, int]:
    sources = {each for piece in pieces for each in getattr(piece, "sources", ())}
    counts = {"Patient": 1}
    for each in sources:
        kind = each.partition("/")[0]
        counts[kind] = counts.get(kind, 0) + 1
    return counts
