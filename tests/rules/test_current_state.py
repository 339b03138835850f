"""What is current on the day of evaluation?"""

from typing import Any

import pytest

from rules.current_state import drugs_taken_near, find_pregnancy, is_active, latest_measurement
from rules.knowledge import Knowledge
from tests.rules.patients import PREDNISONE
from tests.support.build import (
    AS_OF,
    Piece,
    administration,
    bmi,
    day,
    diagnosis,
    dispense,
    facts,
    loinc,
    measurement,
    order,
    snomed,
    statement,
)
from tests.support.variants import with_parameters


@pytest.mark.parametrize(
    ("fields", "active"),
    [
        ({}, True),
        ({"clinical_status": "recurrence"}, True),
        ({"clinical_status": "relapse"}, True),
        ({"clinical_status": None}, True),
        ({"clinical_status": None, "abatement": "2026-06-29"}, False),
        ({"clinical_status": "active", "abatement": "2026-06-29"}, False),
        ({"clinical_status": "active", "abatement": "2026-06-30"}, True),
        ({"clinical_status": "active", "abatement": "2026-06"}, True),
        ({"clinical_status": "resolved"}, False),
        ({"clinical_status": "inactive"}, False),
        ({"clinical_status": "remission"}, False),
    ],
)
def test_a_diagnosis_is_active_by_status_and_end(
    fields: dict[str, Any], active: bool, knowledge: Knowledge
) -> None:
    assert is_active(diagnosis("F05", **fields), AS_OF, knowledge) is active


def is_current(knowledge: Knowledge, exposure: Piece, on: str = "2026-06-30") -> bool:
    return bool(drugs_taken_near(facts(exposure), "corticosteroid", (day(on),), AS_OF, knowledge))


@pytest.mark.parametrize(
    ("exposure", "current"),
    [
        (dispense(PREDNISONE, "2026-06-06", 9), False),  # last day 2026-06-14
        (dispense(PREDNISONE, "2026-06-06", 10), False),  # last day 2026-06-15: 15 days
        (dispense(PREDNISONE, "2026-06-06", 11), True),  # last day 2026-06-16: 14 days
        (dispense(PREDNISONE, "2026-06-06", 12), True),
        (dispense(PREDNISONE, "2026-06-30", 10), True),
        (statement(PREDNISONE, "2020-01-01", status="active"), True),
        (statement(PREDNISONE, None, status="active"), True),
        (order(PREDNISONE, None, None, status="active"), True),
        (statement(PREDNISONE, "2020-01-01", "2020-01-01", status="active"), True),
        (statement(PREDNISONE, None, status="completed"), False),
        (statement(PREDNISONE, None, "2026-06-20", status="completed"), True),
        (order(PREDNISONE, "2026-06-15", None, status="completed"), False),
        (order(PREDNISONE, "2026-06-16", None, status="completed"), True),
        (dispense(PREDNISONE, "2026-06", 5), True),
        (administration(PREDNISONE, "2026-06-16"), True),
        (administration(PREDNISONE, "2026-06-15"), False),
        (order(PREDNISONE, "2025-01-01", 30, status="active"), False),  # the supply has run out
    ],
)
def test_a_drug_is_current_for_14_days_after_its_last_day(
    exposure: Piece, current: bool, knowledge: Knowledge
) -> None:
    assert is_current(knowledge, exposure) is current


@pytest.mark.parametrize(
    ("on", "near"),
    [("2026-02-14", False), ("2026-02-15", True), ("2026-03-24", True), ("2026-03-25", False)],
)
def test_a_drug_is_near_a_sample_within_14_days_on_both_sides(
    on: str, near: bool, knowledge: Knowledge
) -> None:
    course = dispense(PREDNISONE, "2026-03-01", 10)  # last day 2026-03-10
    assert is_current(knowledge, course, on) is near


@pytest.mark.parametrize(("reach", "current"), [(9, False), (10, True)])
def test_the_window_of_drugs_is_a_parameter(
    reach: int, current: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"marker.drug_current_days": reach})
    assert is_current(changed, administration(PREDNISONE, "2026-06-20")) is current


def test_a_drug_of_another_role_is_not_asked_for(knowledge: Knowledge) -> None:
    exposure = dispense(PREDNISONE, "2026-06-20")
    assert not drugs_taken_near(facts(exposure), "nsaid", (AS_OF,), AS_OF, knowledge)


@pytest.mark.parametrize(
    ("measured", "value"),
    [
        ((), None),
        ((bmi(31, "2026-01-01"), bmi(29, "2026-05-01")), "29"),
        ((bmi(29, "2026-05-01"), bmi(31, "2026-01-01")), "29"),
        ((bmi(29, "2026-05-01"), bmi(31, "2026-05-01")), "31"),
        ((bmi(29, "2026-05-01"), measurement("39156-5", 31, None)), "29"),
        ((bmi(29, "2026-05-01"), bmi(31, "2026-07-01")), "29"),
        ((bmi(29, "2026-05-01"), bmi(31, "2026-06")), "31"),
        ((measurement("8310-5", 37, "2026-05-01"),), None),
    ],
)
def test_the_latest_measurement_up_to_today_counts(
    measured: tuple[Piece, ...], value: str | None, knowledge: Knowledge
) -> None:
    latest = latest_measurement(facts(measured), "body-mass-index", AS_OF, knowledge)
    assert (None if latest is None else str(latest[0].value)) == value


def pregnancy(knowledge: Knowledge, *pieces: Piece) -> list[str]:
    return [each.kind for each in find_pregnancy(facts(pieces), AS_OF, knowledge)]


@pytest.mark.parametrize(
    ("piece", "kinds"),
    [
        (diagnosis("Z33.1"), ["pregnancy"]),
        (diagnosis("Z34.90"), ["pregnancy"]),
        (diagnosis("O26.90", onset="2026-03-01"), ["pregnancy"]),
        (diagnosis(snomed("77386006")), ["pregnancy"]),
        (diagnosis("Z33.1", clinical_status="resolved"), []),
        (diagnosis("Z33.1", abatement="2026-06-01"), []),
        (diagnosis("Z33.2"), []),  # ended
        (diagnosis("F33.1"), []),
    ],
)
def test_a_coded_pregnancy_counts_while_it_is_active(
    piece: Piece, kinds: list[str], knowledge: Knowledge
) -> None:
    assert pregnancy(knowledge, piece) == kinds


def status(answer: str, on: str | None) -> Piece:
    return measurement("82810-3", None, on, answers=(loinc(answer),))


PREGNANT, NOT_PREGNANT = "LA15173-0", "LA26683-5"


@pytest.mark.parametrize(
    ("pieces", "kinds"),
    [
        ((status(PREGNANT, "2025-09-08"),), []),  # 295 days
        ((status(PREGNANT, "2025-09-09"),), ["pregnancy"]),
        ((status(PREGNANT, "2025-09-10"),), ["pregnancy"]),
        ((status(PREGNANT, "2026-06-30"),), ["pregnancy"]),
        ((status(PREGNANT, None),), []),
        ((status(NOT_PREGNANT, "2026-06-01"),), []),
        ((status(PREGNANT, "2026-03-01"), status(NOT_PREGNANT, "2026-06-01")), []),
        ((status(NOT_PREGNANT, "2026-03-01"), status(PREGNANT, "2026-06-01")), ["pregnancy"]),
    ],
)
def test_the_latest_recorded_status_counts_for_42_weeks(
    pieces: tuple[Piece, ...], kinds: list[str], knowledge: Knowledge
) -> None:
    assert pregnancy(knowledge, *pieces) == kinds


@pytest.mark.parametrize(
    ("expected", "kinds"),
    [
        ("2027-04-21", []),  # 295 days ahead: no date of this pregnancy
        ("2027-04-20", ["pregnancy"]),
        ("2026-12-01", ["pregnancy"]),
        ("2026-06-30", ["pregnancy"]),
        ("2026-06-29", ["postpartum"]),
        ("2026-04-07", ["postpartum"]),  # 84 days ago
        ("2026-04-06", []),
        (None, []),
    ],
)
def test_an_expected_delivery_is_a_pregnancy_and_then_postpartum(
    expected: str | None, kinds: list[str], knowledge: Knowledge
) -> None:
    assert pregnancy(knowledge, measurement("11778-8", None, expected)) == kinds


@pytest.mark.parametrize(
    ("code", "dates", "kinds"),
    [
        ("O80", {"onset": "2026-04-06"}, []),  # 85 days
        ("O80", {"onset": "2026-04-07"}, ["postpartum"]),
        ("O80", {"onset": "2026-04-08"}, ["postpartum"]),
        ("O82", {"recorded": "2026-06-01"}, ["postpartum"]),
        ("Z37.0", {"abatement": "2026-06-01"}, ["postpartum"]),
        ("Z39.2", {"onset": "2026-06-01"}, ["postpartum"]),
        ("O80", {"onset": "2020-06-01", "recorded": "2026-06-01"}, []),
        ("O80", {"onset": "2026-06-01", "clinical_status": "resolved"}, ["postpartum"]),
        ("O80", {}, []),
    ],
)
def test_a_delivery_counts_for_84_days(
    code: str, dates: dict[str, str], kinds: list[str], knowledge: Knowledge
) -> None:
    assert pregnancy(knowledge, diagnosis(code, **dates)) == kinds


@pytest.mark.parametrize(("days", "kinds"), [(28, []), (29, ["postpartum"])])
def test_the_postpartum_time_is_a_parameter(
    days: int, kinds: list[str], knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"confounder.postpartum_days": days})
    assert pregnancy(changed, diagnosis("O80", onset="2026-06-01")) == kinds
