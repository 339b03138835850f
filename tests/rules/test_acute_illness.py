"""Which acute illness near a sample makes a raised CRP mean little?"""

from decimal import Decimal

import pytest

from rules.acute_illness import days_near_acute, find_acute_periods, judge_near_sample
from rules.clinical_time import Span, overlaps, plus_days
from rules.knowledge import Knowledge
from tests.rules.patients import ACICLOVIR, IBUPROFEN
from tests.support.build import (
    AMOXICILLIN,
    AS_OF,
    Piece,
    administration,
    day,
    diagnosis,
    dispense,
    facts,
    icd,
    measurement,
    order,
    procedure,
    snomed,
    span,
    statement,
    vaccination,
)
from tests.support.variants import with_parameters

SAMPLE = "2026-05-20"
SURGERY = snomed("387713003")


def is_near(knowledge: Knowledge, *pieces: Piece, sample: str = SAMPLE) -> bool:
    """Ask both ways: of one sample by its finding, and of many by the merged days."""
    periods = find_acute_periods(facts(pieces), AS_OF, knowledge)
    sampled = Span(day(sample), plus_days(day(sample), 1))
    near = judge_near_sample(day(sample), periods, knowledge) is not None
    assert overlaps(days_near_acute(periods, knowledge), sampled) is near
    return near


def over(onset: str) -> Piece:
    return diagnosis("J18.9", onset=onset, clinical_status="resolved")


@pytest.mark.parametrize(
    ("onset", "near"),
    [
        ("2026-04-21", False),  # 29 days before
        ("2026-04-22", True),
        ("2026-04-23", True),
        ("2026-05-20", True),
        ("2026-05-26", True),
        ("2026-05-27", True),  # 7 days after
        ("2026-05-28", False),
    ],
)
def test_an_infection_is_near_from_28_days_before_to_7_days_after_the_sample(
    onset: str, near: bool, knowledge: Knowledge
) -> None:
    assert is_near(knowledge, over(onset)) is near


@pytest.mark.parametrize(("onset", "near"), [("2026-05-09", False), ("2026-05-10", True)])
def test_the_window_before_is_a_parameter(onset: str, near: bool, knowledge: Knowledge) -> None:
    short = with_parameters(knowledge, {"marker.acute_confounder_before_days": 10})
    assert is_near(short, over(onset)) is near


@pytest.mark.parametrize(("onset", "near"), [("2026-05-22", True), ("2026-05-23", False)])
def test_the_window_after_is_a_parameter(onset: str, near: bool, knowledge: Knowledge) -> None:
    short = with_parameters(knowledge, {"marker.acute_confounder_after_days": 2})
    assert is_near(short, diagnosis("J18.9", onset=onset)) is near


@pytest.mark.parametrize(
    "code",
    ["A41.9", "B34.9", "J06.9", "J22", "N10", "N30.00", "N39.0", "L03.90", "K35.80", "K57.20",
     "U07.1", "R65.20", "S72.001A", "T20.30XA", "T79.4XXA", "I21.4", "I63.9"],
)  # fmt: skip
def test_each_acute_illness_of_the_rule_confounds(code: str, knowledge: Knowledge) -> None:
    assert is_near(knowledge, diagnosis(code, onset=SAMPLE))


@pytest.mark.parametrize("code", ["233604007", "68566005", "91302008"])
def test_each_acute_illness_in_snomed_confounds(code: str, knowledge: Knowledge) -> None:
    assert is_near(knowledge, diagnosis(snomed(code), onset=SAMPLE))


@pytest.mark.parametrize(
    "code", ["B20", "A15.0", "B18.2", "B94.8", "Z22.7", "S72.001S", "M05.9", "I25.10", "J45.909"]
)
def test_a_chronic_condition_or_late_effect_is_no_acute_illness(
    code: str, knowledge: Knowledge
) -> None:
    assert not is_near(knowledge, diagnosis(code, onset=SAMPLE))


@pytest.mark.parametrize(
    ("dates", "near"),
    [
        ({"onset": "2026-01-01"}, False),  # a point where no end is known
        ({"onset": "2026-01-01", "abatement": "2026-04-21"}, False),
        ({"onset": "2026-01-01", "abatement": "2026-04-22"}, True),
        ({"onset": "2026-01-01", "abatement": "2026-06-20"}, True),
        ({"recorded": "2026-05-01"}, True),
        ({"onset": "2026-01-01", "recorded": "2026-05-01"}, False),
        ({"abatement": "2026-05-01"}, True),
        ({"abatement": "2019-05-01", "recorded": "2026-05-01"}, False),
        ({"onset": "2026-04"}, True),
        ({"onset": "2026-03"}, False),
        ({"onset": "2026-05-01", "abatement": "2026-01-01"}, True),
        ({}, False),
    ],
)
def test_a_period_runs_from_onset_to_abatement(
    dates: dict[str, str], near: bool, knowledge: Knowledge
) -> None:
    ended = diagnosis("J18.9", clinical_status="resolved", **dates)
    assert is_near(knowledge, ended) is near


@pytest.mark.parametrize(
    ("fields", "near"),
    [
        ({"onset": "2026-01-21"}, False),  # 90 days, up to 2026-04-20: the window begins 04-22
        ({"onset": "2026-01-22"}, False),
        ({"onset": "2026-01-23"}, True),  # up to 2026-04-22
        ({"onset": "2026-01"}, True),
        ({"recorded": "2026-03-01"}, True),
        ({"onset": "2026-03-01", "clinical_status": "recurrence"}, True),
        ({"onset": "2026-03-01", "clinical_status": "resolved"}, False),
        ({"onset": "2026-03-01", "clinical_status": None}, False),  # nothing says that it goes on
        ({"onset": "2026-03-01", "abatement": "2026-03-08"}, False),
        ({"onset": "2026-03-01", "abatement": "2026-07-08"}, True),
    ],
)
def test_an_infection_that_stands_as_active_is_not_over_within_what_is_believable(
    fields: dict[str, str | None], near: bool, knowledge: Knowledge
) -> None:
    assert is_near(knowledge, diagnosis("J18.9", **fields)) is near


def test_an_active_infection_reaches_to_the_day_of_evaluation_and_no_further(
    knowledge: Knowledge,
) -> None:
    (period,) = find_acute_periods(facts(diagnosis("J18.9", onset="2026-06-20")), AS_OF, knowledge)
    assert period.span == span("2026-06-20", "2026-07-01")


def test_how_long_an_open_illness_is_believed_is_a_parameter(knowledge: Knowledge) -> None:
    short = with_parameters(knowledge, {"confounder.open_illness_days": 1})
    assert not is_near(short, diagnosis("J18.9", onset="2026-03-01"))


def test_an_injury_that_stands_as_active_is_a_point(knowledge: Knowledge) -> None:
    assert not is_near(knowledge, diagnosis("S72.001A", onset="2026-03-01"))


@pytest.mark.parametrize(
    ("on", "near"),
    [
        ("2026-05-12", False),
        ("2026-05-13", True),  # 7 days before
        ("2026-05-14", True),
        ("2026-05-20", True),
        ("2026-05-21", False),
        ("2026-05", True),
        (None, False),
    ],
)
def test_a_vaccination_is_acute_for_seven_days_where_a_site_says_so(
    on: str | None, near: bool, knowledge: Knowledge
) -> None:
    acute = with_parameters(knowledge, {"marker.vaccination_is_acute": True})
    assert is_near(acute, vaccination(on)) is near
    assert not is_near(knowledge, vaccination(on))


@pytest.mark.parametrize(
    ("exposure", "near"),
    [
        (dispense(AMOXICILLIN, "2026-04-17", 5), False),  # last day 2026-04-21
        (dispense(AMOXICILLIN, "2026-04-18", 5), True),  # last day 2026-04-22
        (dispense(AMOXICILLIN, "2026-05-27", 5), True),
        (dispense(AMOXICILLIN, "2026-05-28", 5), False),
        (dispense(AMOXICILLIN, "2026-04-18", None), False),  # no end known: the day itself
        (order(AMOXICILLIN, "2026-04-18", None, status="active"), True),  # nobody ended it
        (order(AMOXICILLIN, "2026-01-22", None, status="active"), False),
        (order(AMOXICILLIN, "2026-01-23", None, status="active"), True),
        (order(AMOXICILLIN, "2026-04-18", None, status="stopped"), False),
        (statement(AMOXICILLIN, "2026-03-01", status="active"), True),
        (order(AMOXICILLIN, "2026-04-18", 7), True),
        (statement(AMOXICILLIN, "2026-01-01", "2026-05-01"), True),
        (statement(AMOXICILLIN, None, "2026-05-01"), True),
        (statement(AMOXICILLIN, None), False),
        (statement(AMOXICILLIN, "2026-04", "2026-04-20"), True),
        (administration(AMOXICILLIN, "2026-05-01"), True),
        (dispense(ACICLOVIR, "2026-05-10", 5), True),
        (dispense(IBUPROFEN, "2026-05-10", 5), False),
    ],
)
def test_a_course_against_an_infection_confounds_until_its_end(
    exposure: Piece, near: bool, knowledge: Knowledge
) -> None:
    assert is_near(knowledge, exposure) is near


@pytest.mark.parametrize(
    ("value", "unit", "near"),
    [
        ("37.9", "Cel", False),
        ("38", "Cel", True),
        ("38.1", "Cel", True),
        ("38.5", "°C", True),
        ("100.4", "[degF]", False),  # Fahrenheit is not compared
        ("38.5", None, False),
        (None, "Cel", False),
    ],
)
def test_fever_begins_at_38_degrees_celsius(
    value: str | None, unit: str | None, near: bool, knowledge: Knowledge
) -> None:
    assert is_near(knowledge, measurement("8310-5", value, SAMPLE, unit=unit)) is near


@pytest.mark.parametrize(("limit", "near"), [("37.5", True), ("37.6", False)])
def test_fever_is_a_parameter(limit: str, near: bool, knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"marker.fever_c": Decimal(limit)})
    assert is_near(changed, measurement("8310-5", "37.5", SAMPLE, unit="Cel")) is near


def test_fever_without_a_date_or_another_observation_is_not_near(knowledge: Knowledge) -> None:
    assert not is_near(
        knowledge,
        measurement("8310-5", "39", None, unit="Cel"),
        measurement("39156-5", "39", SAMPLE, unit="Cel"),
    )


@pytest.mark.parametrize(
    ("piece", "near"),
    [
        (procedure(SURGERY, SAMPLE), True),
        (procedure(SURGERY, "2026-04-21"), False),
        (procedure(SURGERY, None), False),
        (procedure(icd("Z00.0"), SAMPLE), False),
    ],
)
def test_surgery_near_the_sample_confounds(piece: Piece, near: bool, knowledge: Knowledge) -> None:
    assert is_near(knowledge, piece) is near


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (
            {"onset": "2026-05-10", "clinical_status": "resolved"},
            "cellulitis on 2026-05-10 near the sample",
        ),
        (
            {"onset": "2026-05-10"},
            "cellulitis since 2026-05-10 (no end recorded) near the sample",
        ),
        (
            {"onset": "2026-05-10", "abatement": "2026-05-14"},
            "cellulitis from 2026-05-10 to 2026-05-14 near the sample",
        ),
    ],
)
def test_the_finding_names_illness_days_and_source(
    dates: dict[str, str], words: str, knowledge: Knowledge
) -> None:
    periods = find_acute_periods(facts(diagnosis("L03.90", **dates)), AS_OF, knowledge)
    finding = judge_near_sample(day(SAMPLE), periods, knowledge)
    assert finding is not None
    assert finding.because == words
    assert finding.sources == ("Condition/L0390-2026-05-10",)
