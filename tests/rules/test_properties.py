"""What holds for every record, however unlikely?"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules.assessment import assess
from rules.facts import Facts
from rules.findings import Finding, ResistanceStatus, TrialGrade
from rules.knowledge import load_knowledge
from tests.rules.patients import RAISED_TWICE, RESISTANT
from tests.rules.random_facts import (
    CANARY,
    DATES,
    DAYS,
    ENCOUNTERS,
    MARKERS,
    MEASUREMENTS,
    OTHER_DRUGS,
    PIECES,
    PROCEDURES,
    in_unit,
    numbered,
    records,
)
from tests.support.build import (
    AS_OF,
    CITALOPRAM,
    MIRTAZAPINE,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    crp,
    diagnosis,
    dispense,
    facts,
    phq9,
    refills,
    statement,
)

# Not a fixture: what a failing example prints would drown in it.
KNOWLEDGE = load_knowledge()
# Without the trial that still runs, so that each of the two is needed.
TWO_TRIALS = tuple(each for each in RESISTANT if getattr(each, "drug", None) is not MIRTAZAPINE)

THOROUGH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_LISTS = (
    "diagnoses", "exposures", "markers", "scores", "measurements", "procedures", "encounters",
    "intolerances", "vaccinations", "dispense_dates", "incomplete",
)  # fmt: skip


def status(patient: Facts) -> ResistanceStatus:
    return assess(patient, AS_OF, KNOWLEDGE).treatment_resistance.status


@THOROUGH
@given(patient=records(), data=st.data())
def test_order_and_repetition_of_facts_change_nothing(patient: Facts, data: st.DataObject) -> None:
    shuffled = {}
    for name in _LISTS:
        known = getattr(patient, name)
        again = data.draw(st.lists(st.sampled_from(known), max_size=3)) if known else []
        shuffled[name] = tuple(data.draw(st.permutations([*known, *again])))
    assert assess(replace(patient, **shuffled), AS_OF, KNOWLEDGE) == assess(
        patient, AS_OF, KNOWLEDGE
    )


@THOROUGH
@given(patient=records(), as_of=DAYS)
def test_every_record_is_assessed_on_every_day(patient: Facts, as_of: date) -> None:
    assert assess(patient, as_of, KNOWLEDGE).as_of == as_of


_LEVELS = st.builds(
    crp,
    st.decimals(0, 20, places=3),
    DATES,
    comparator=st.sampled_from([None, None, "<", ">="]),
    reference_high=st.one_of(st.none(), st.decimals(1, 12, places=1)),
)


@THOROUGH
@given(
    pieces=st.lists(st.one_of(_LEVELS, OTHER_DRUGS), max_size=8).map(numbered),
    unit=st.sampled_from(
        [("mg/dL", "0.1"), ("ug/mL", "1"), ("µg/mL", "1"), ("ug/L", "1000"), ("g/L", "0.001")]
    ),
)
def test_the_unit_of_a_result_changes_no_status(pieces: list[Piece], unit: tuple[str, str]) -> None:
    same = assess(facts(RESISTANT, pieces), AS_OF, KNOWLEDGE)
    other = assess(facts(RESISTANT, [in_unit(*unit)(each) for each in pieces]), AS_OF, KNOWLEDGE)
    assert other.inflammation == same.inflammation
    assert other.cards_due == same.cards_due


# Facts that cannot speak against treatment resistance, so that leaving them out cannot prove it.
_NEUTRAL = st.one_of(MARKERS, MEASUREMENTS, PROCEDURES, ENCOUNTERS, OTHER_DRUGS)


@THOROUGH
@given(
    rest=st.lists(st.one_of(st.sampled_from(RESISTANT), _NEUTRAL), max_size=16).map(numbered),
    neutral=_NEUTRAL,
    others=PIECES,
)
def test_leaving_out_a_fact_that_speaks_for_nothing_never_proves_resistance(
    rest: list[Piece], neutral: Piece, others: list[Piece]
) -> None:
    for pieces in (rest, [*RESISTANT, *others]):
        with_it = facts(pieces, numbered([neutral], "Neutral"))
        without = facts(pieces, medication_records=with_it.medication_records)
        if status(with_it) is not ResistanceStatus.MET:
            assert status(without) is not ResistanceStatus.MET


_DRUGS = ((SERTRALINE, "100"), (VENLAFAXINE, "150"), (CITALOPRAM, "40"))
_COURSES = st.tuples(st.integers(0, 150), st.integers(0, 150), st.integers(0, 150))


@THOROUGH
@given(
    days=_COURSES,
    points=st.integers(10, 27),
    scored=st.lists(st.integers(0, 500), max_size=8, unique=True),
    coded=st.booleans(),
    left_out=st.integers(0, 40),
)
def test_where_nothing_speaks_against_it_leaving_out_a_fact_never_proves_resistance(
    days: tuple[int, int, int], points: int, scored: list[int], coded: bool, left_out: int
) -> None:
    """One dose each, one drug after the other, the same score throughout: every fact speaks for."""
    first = begun = date(2025, 2, 1)
    pieces: list[Piece] = [diagnosis("F33.1")] if coded else []
    for (drug, mg), length in zip(_DRUGS, days, strict=True):
        pieces += refills(drug, begun.isoformat(), length, mg=mg)
        begun += timedelta(days=length + 30)
    for passed in scored:
        pieces.append(phq9(points, (first + timedelta(days=passed)).isoformat()))
    assume(left_out < len(pieces))
    fewer = [each for number, each in enumerate(pieces) if number != left_out]
    if status(facts(pieces)) is not ResistanceStatus.MET:
        assert status(facts(fewer)) is not ResistanceStatus.MET


@pytest.mark.parametrize(
    "against",
    [
        diagnosis("F31.9"),
        diagnosis("F31.9", verification="provisional"),
        diagnosis("F33.3"),
        diagnosis("F03.90"),
        phq9(3, "2026-06-20"),
        phq9(5, "2026-04-25"),  # responded at the end of the trial
        statement(VENLAFAXINE, "2025-12-20", "2026-04-18", status="not-taken"),
        diagnosis("F33.42", onset="2025-12-16"),
    ],
    ids=["bipolar", "provisional bipolar", "psychotic depression", "dementia", "low score now",
         "response", "not taken", "remission"],
)  # fmt: skip
def test_a_fact_that_speaks_against_resistance_is_one_whose_absence_proves_it(
    against: Piece,
) -> None:
    assert status(facts(TWO_TRIALS)) is ResistanceStatus.MET
    assert status(facts(TWO_TRIALS, against)) is not ResistanceStatus.MET


@THOROUGH
@given(
    supplies=st.lists(
        st.tuples(
            st.integers(0, 700), st.integers(7, 90), st.sampled_from([SERTRALINE, MIRTAZAPINE])
        ),
        min_size=1,
        max_size=8,
    ),
    later=st.integers(1, 400),
)
def test_a_later_day_never_lengthens_a_trial_that_counts_and_had_ended(
    supplies: list[tuple[int, int, Any]], later: int
) -> None:
    first = date(2024, 8, 1)
    pieces: list[Piece] = [diagnosis("F33.1")]
    for number, (passed, length, drug) in enumerate(supplies):
        start = (first + timedelta(days=passed)).isoformat()
        source = (f"MedicationDispense/{number}",)
        pieces.append(dispense(drug, start, length, mg="50", sources=source))
    patient = facts(pieces)
    now = {
        each.ingredient: each
        for each in assess(patient, AS_OF, KNOWLEDGE).treatment_resistance.trials
        if each.end is not None and each.end < AS_OF
    }
    ongoing = {
        each.drug.name
        for each in patient.exposures
        if each.start is not None
        and each.start.earliest + timedelta(days=(each.supply_days or 0) + 30) >= AS_OF
    }
    then = assess(patient, AS_OF + timedelta(days=later), KNOWLEDGE).treatment_resistance.trials
    for trial in then:
        counts = trial.grade in {TrialGrade.ADEQUATE_FAILED, TrialGrade.INDETERMINATE}
        if counts and trial.ingredient not in ongoing:
            assert trial.covered_days <= now[trial.ingredient].covered_days


def findings_in(part: Any) -> Iterator[Finding]:
    """Give every finding of an assessment, however deep."""
    if isinstance(part, Finding):
        yield part
    if is_dataclass(part):
        for field in fields(part):
            yield from findings_in(getattr(part, field.name))
    if isinstance(part, tuple):
        for member in part:
            yield from findings_in(member)


@THOROUGH
@given(patient=records())
def test_every_finding_gives_one_plain_sentence_of_our_own(patient: Facts) -> None:
    told = assess(patient, AS_OF, KNOWLEDGE)
    sentences = [each.because for each in findings_in(told)]
    assert len(sentences) >= 2
    for because in sentences:
        assert because.strip() == because != ""
        assert because.isprintable(), because
        assert not because.endswith("."), because
    assert CANARY not in repr(told)


def test_the_canary_is_in_what_is_asked() -> None:
    sick = facts(RAISED_TWICE, crp(None, "2026-06-20", unit=None, text=CANARY))
    assert CANARY in repr(sick)
    assert CANARY not in repr(assess(sick, AS_OF, KNOWLEDGE))
