"""Which records do the property tests draw? Anything a reader can hand over, plausible or not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rules.facts import Facts
from tests.rules.patients import ACICLOVIR, ADALIMUMAB, ATORVASTATIN, IBUPROFEN, PREDNISONE
from tests.support import build
from tests.support.build import Piece

FIRST, LAST = date(2023, 6, 1), date(2026, 7, 31)
CANARY = "Zanzibar"

DAYS = st.integers(0, (LAST - FIRST).days).map(lambda passed: FIRST + timedelta(days=passed))
TEXTS = st.sampled_from([7, 10, 10, 10, 10, 10, 10, 4])
DATES = st.one_of(st.none(), st.builds(lambda on, length: on.isoformat()[:length], DAYS, TEXTS))

_ANTIDEPRESSANTS = (
    build.SERTRALINE, build.VENLAFAXINE, build.MIRTAZAPINE, build.CITALOPRAM, build.ESCITALOPRAM,
    build.BUPROPION, build.AMITRIPTYLINE,
)  # fmt: skip
_OTHERS = (
    build.ARIPIPRAZOLE, build.AMOXICILLIN, build.TOCILIZUMAB, PREDNISONE, IBUPROFEN, ADALIMUMAB,
    ATORVASTATIN, ACICLOVIR,
)  # fmt: skip
_STATUSES = st.sampled_from(
    ["final", "final", "amended", "unknown", "preliminary", "entered-in-error", None]
)
_VALUES = st.decimals(0, 60, places=2)
_CODES = (
    "F33.1", "F32.9", "F33.42", "F31.9", "F33.3", "F43.21", "F03.90", "Z33.1", "O80", "F05",
    "J18.9", "S72.001A", "R45.851", "X78.9XXA", "M05.9", "C50.919", "E66.9", "E11.42", "F10.20",
)  # fmt: skip
_LABORATORY = (
    "30522-7",
    "1988-5",
    "76486-0",
    "11039-5",
    "16503-5",
    "26881-3",
    "4537-7",
    "111006-3",
)
_UNITS = ("mg/L", "mg/dL", "nmol/L", "pg/mL", "mm/h", None, CANARY)


def _exposures(drugs: tuple[Any, ...]) -> st.SearchStrategy[Piece]:
    what, days = st.sampled_from(drugs), st.one_of(st.none(), st.integers(1, 120))
    mg = st.sampled_from([None, "25", "50", "100", "150", "25-100", "9000"])
    return st.one_of(
        st.builds(build.dispense, what, DATES, days, mg=mg),
        st.builds(
            build.order, what, DATES, days, mg=mg, end=DATES,
            status=st.sampled_from(["active", "completed", "stopped", "on-hold", "draft", None]),
        ),
        st.builds(
            build.statement, what, DATES, DATES, mg=mg,
            status=st.sampled_from(["active", "completed", "not-taken", "unknown"]),
        ),
        st.builds(build.administration, what, DATES, mg=mg),
    )  # fmt: skip


ANTIDEPRESSANTS = _exposures(_ANTIDEPRESSANTS)
OTHER_DRUGS = _exposures(_OTHERS)
DIAGNOSES = st.builds(
    build.diagnosis,
    st.sampled_from(_CODES),
    onset=DATES,
    abatement=DATES,
    recorded=DATES,
    clinical_status=st.sampled_from(["active", "resolved", "remission", None]),
    verification=st.sampled_from(["confirmed", "provisional", "unconfirmed", "refuted", None]),
)
MARKERS = st.one_of(
    st.builds(
        build.crp, st.one_of(st.none(), _VALUES), DATES,
        code=st.sampled_from(_LABORATORY), unit=st.sampled_from(_UNITS), status=_STATUSES,
        comparator=st.sampled_from([None, None, None, "<", "<=", ">", ">="]),
        reference_low=st.one_of(st.none(), _VALUES), reference_high=st.one_of(st.none(), _VALUES),
        date_from_issued=st.booleans(),
    ),
    st.builds(
        build.crp, st.none(), DATES, unit=st.none(),
        text=st.sampled_from([CANARY, f"<5 {CANARY}", "<0.3", ">200", "4.2 mg/L", "positive", ""]),
    ),
    st.builds(
        build.crp, st.none(), DATES, low=st.one_of(st.none(), _VALUES),
        high=st.one_of(st.none(), _VALUES),
    ),
)  # fmt: skip
SCORES = st.builds(
    build.score,
    st.sampled_from(["44261-6", "44261-6", "44260-8", "44254-1", "89209-1", "70274-6", "44249-1"]),
    st.one_of(st.none(), st.integers(-1, 30)),
    DATES,
    status=st.one_of(_STATUSES, st.just("in-progress")),
)
MEASUREMENTS = st.builds(
    build.measurement,
    st.sampled_from(["39156-5", "8310-5", "82810-3", "11778-8", "72166-2"]),
    st.one_of(st.none(), _VALUES),
    DATES,
    unit=st.sampled_from(["Cel", "kg/m2", None]),
    answers=st.sampled_from([(), (build.loinc("LA15173-0"),), (build.snomed("449868002"),)]),
    status=_STATUSES,
)
PROCEDURES = st.builds(
    build.procedure,
    st.sampled_from([build.snomed("387713003"), build.snomed("23835007")]),
    DATES,
    status=st.sampled_from(["completed", "not-done", None]),
)
VACCINATIONS = st.builds(
    build.vaccination, DATES, status=st.sampled_from(["completed", "not-done", None])
)
ENCOUNTERS = st.builds(
    build.encounter, st.sampled_from([build.icd("F33.1"), build.icd("R45.851")]), DATES
)
INTOLERANCES = st.builds(build.intolerance, st.sampled_from(_ANTIDEPRESSANTS), DATES)
UNREAD = st.builds(
    build.unread,
    st.sampled_from(["Observation", "Condition", "MedicationRequest", "MedicationDispense"]),
    st.sampled_from(["the server answered 403", "the caller did not obtain it"]),
)
ANYTHING = st.one_of(
    ANTIDEPRESSANTS, ANTIDEPRESSANTS, OTHER_DRUGS, DIAGNOSES, MARKERS, MARKERS, SCORES, SCORES,
    MEASUREMENTS, PROCEDURES, VACCINATIONS, ENCOUNTERS, INTOLERANCES, UNREAD,
)  # fmt: skip


def numbered(pieces: list[Piece], resource_type: str = "Resource") -> list[Piece]:
    """Give each fact a resource of its own, as a server would."""
    return [
        replace(piece, sources=(f"{resource_type}/{number}",))
        if hasattr(piece, "sources")
        else piece
        for number, piece in enumerate(pieces)
    ]


PIECES = st.lists(ANYTHING, max_size=25).map(numbered)


def records(pieces: st.SearchStrategy[list[Piece]] = PIECES) -> st.SearchStrategy[Facts]:
    return st.builds(
        lambda known, born, deceased: build.facts(known, born=born, deceased=deceased),
        pieces,
        st.sampled_from(["1984-03-10", "1984", "2008-07-01", "1950-01-01", None]),
        st.sampled_from([False, False, False, True]),
    )


def in_unit(unit: str, per_mg_per_l: str) -> Callable[[Piece], Piece]:
    """Give the same concentration in another unit of mass."""

    def convert(piece: Any) -> Any:
        if getattr(piece, "unit", None) != "mg/L":
            return piece
        names = ("value", "low", "high", "reference_low", "reference_high")
        scaled = {
            name: None if getattr(piece, name) is None
            else getattr(piece, name) * Decimal(per_mg_per_l)
            for name in names
        }  # fmt: skip
        return replace(piece, unit=unit, **scaled)

    return convert
