"""On which days can CRP not be read because IL-6 was blocked?"""

import pytest

from rules.facts import Exposure
from rules.il6_blockade import Blockade, find_blockade
from rules.knowledge import Knowledge
from tests.support.build import (
    AMOXICILLIN,
    AS_OF,
    TOCILIZUMAB,
    administration,
    day,
    dispense,
    facts,
    order,
    statement,
)
from tests.support.variants import with_parameters


def blockade(knowledge: Knowledge, *exposures: Exposure) -> Blockade:
    return find_blockade(facts(exposures), AS_OF, knowledge)


def test_without_an_il6_blocker_no_day_is_blocked(knowledge: Knowledge) -> None:
    assert not blockade(knowledge, dispense(AMOXICILLIN, "2026-06-01")).covers(day("2026-06-01"))


@pytest.mark.parametrize(
    ("on", "blocked"),
    [
        ("2026-02-28", False),
        ("2026-03-01", True),  # the dose itself
        ("2026-04-29", True),
        ("2026-04-30", True),  # the sixtieth day after it
        ("2026-05-01", False),
    ],
)
def test_crp_is_blocked_from_the_first_dose_to_the_sixtieth_day_after_the_last(
    on: str, blocked: bool, knowledge: Knowledge
) -> None:
    assert blockade(knowledge, administration(TOCILIZUMAB, "2026-03-01")).covers(day(on)) is blocked


@pytest.mark.parametrize(("on", "blocked"), [("2026-03-11", True), ("2026-03-12", False)])
def test_the_wash_out_is_a_parameter(on: str, blocked: bool, knowledge: Knowledge) -> None:
    short = with_parameters(knowledge, {"marker.il6_blocker_washout_days": 10})
    assert blockade(short, administration(TOCILIZUMAB, "2026-03-01")).covers(day(on)) is blocked


def test_the_days_between_two_courses_are_blocked(knowledge: Knowledge) -> None:
    courses = [administration(TOCILIZUMAB, on) for on in ("2025-01-01", "2026-01-01")]
    assert blockade(knowledge, *courses).covers(day("2025-07-01"))


@pytest.mark.parametrize(("on", "blocked"), [("2026-04-29", True), ("2026-04-30", False)])
def test_a_supply_blocks_to_its_end_and_the_wash_out(
    on: str, blocked: bool, knowledge: Knowledge
) -> None:
    supply = dispense(TOCILIZUMAB, "2026-02-01", 28)  # last day 2026-02-28
    assert blockade(knowledge, supply).covers(day(on)) is blocked


@pytest.mark.parametrize(
    "exposure",
    [
        statement(TOCILIZUMAB, "2020-01-01", status="active"),
        order(TOCILIZUMAB, "2020-01-01", None, status="active"),
        order(TOCILIZUMAB, "2020-01-01", None, status="completed"),
        statement(TOCILIZUMAB, None, status="completed"),
        dispense(TOCILIZUMAB, "2026-06-30", 28),
        administration(TOCILIZUMAB, "2026-06-30"),
    ],
    ids=["active statement", "open order", "order of unknown length", "undated", "today", "given"],
)
def test_a_blocker_that_runs_or_may_run_blocks_today(
    exposure: Exposure, knowledge: Knowledge
) -> None:
    found = blockade(knowledge, exposure)
    assert found.covers(AS_OF)
    assert found.because.endswith("(ongoing or undated)")


@pytest.mark.parametrize("washout", [0, 60])
def test_a_running_blocker_blocks_today_whatever_the_wash_out(
    washout: int, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"marker.il6_blocker_washout_days": washout})
    assert blockade(changed, statement(TOCILIZUMAB, "2026-01-01", status="active")).covers(AS_OF)


def test_an_undated_blocker_blocks_every_day(knowledge: Knowledge) -> None:
    undated = statement(TOCILIZUMAB, None, status="completed")
    assert blockade(knowledge, undated).covers(day("1990-01-01"))


@pytest.mark.parametrize(
    ("on", "blocked"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-05-30", True), ("2026-05-31", False)],
)
def test_of_a_month_every_day_it_can_mean_is_blocked(
    on: str, blocked: bool, knowledge: Knowledge
) -> None:
    months = statement(TOCILIZUMAB, "2026-02", "2026-03")
    assert blockade(knowledge, months).covers(day(on)) is blocked


def test_the_sentence_names_the_last_day(knowledge: Knowledge) -> None:
    found = blockade(knowledge, administration(TOCILIZUMAB, "2026-03-01"))
    assert found.because == (
        "CRP cannot be read during or within 60 days after an IL-6 blocker (last day 2026-03-01)"
    )
    assert found.sources == ("MedicationAdministration/tocilizumab-2026-03-01",)


@pytest.mark.parametrize(("on", "blocked"), [("2026-04-30", True), ("2026-05-01", False)])
def test_an_ended_order_of_no_stated_length_lasts_until_the_next_one(
    on: str, blocked: bool, knowledge: Knowledge
) -> None:
    orders = (
        order(TOCILIZUMAB, "2026-01-01", None, status="completed"),
        order(TOCILIZUMAB, "2026-02-01", 29, status="completed"),
    )
    assert blockade(knowledge, *orders).covers(day(on)) is blocked
