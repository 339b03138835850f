"""Do coded stop reasons and intolerances speak of the trial they belong to, and in their rank?"""

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import MDD, NOW, graded, judged, later, trial
from tests.support.build import (
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    code,
    intolerance,
    order,
    phq9,
    refills,
    statement,
)
from tests.support.variants import with_codes

LACK = code("https://example.org/stop", "lack-of-effect")
REASONS = "http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason"
SIDE_EFFECT, PREGNANCY = code(REASONS, "sintol"), code(REASONS, "preg")
START = "2025-12-20"
FAILED = ("adequate_failed", set[str]())
OPEN = ("indeterminate", {"no_response_evidence"})
OUT = ("not_counted", set[str]())


@pytest.fixture
def site(knowledge: Knowledge) -> Knowledge:
    return with_codes(knowledge, "stop-lack-of-effect", {LACK: "lack of effect"})


def verdict(knowledge: Knowledge, *pieces: Piece) -> tuple[str, set[str]]:
    return graded(judged(knowledge, MDD, NOW, *pieces), "venlafaxine")


def stopped(*reasons: object) -> Piece:
    return order(VENLAFAXINE, START, 100, mg=150, status="stopped", stop_reasons=tuple(reasons))


@pytest.mark.parametrize(
    ("reasons", "scores", "expected"),
    [
        ((), (), OPEN),
        ((LACK,), (), FAILED),
        ((LACK, SIDE_EFFECT), (), FAILED),
        ((LACK,), (phq9(20, START), phq9(18, "2026-03-01")), FAILED),
        ((SIDE_EFFECT,), (), OUT),
        ((PREGNANCY,), (), OUT),
        ((SIDE_EFFECT,), (phq9(20, START), phq9(18, "2026-03-01")), FAILED),
        ((SIDE_EFFECT,), (phq9(18, "2026-03-01"),), FAILED),
        ((SIDE_EFFECT,), (phq9(20, START), phq9(8, "2026-03-01")), OUT),
        ((SIDE_EFFECT,), (phq9(17, START), phq9(9, "2026-03-01")), OUT),
    ],
    ids=str,
)
def test_a_coded_reason_ranks_first_and_intolerance_yields_to_a_scale(
    reasons: tuple[object, ...],
    scores: tuple[Piece, ...],
    expected: tuple[str, set[str]],
    site: Knowledge,
) -> None:
    assert verdict(site, stopped(*reasons), *scores) == expected


def test_both_grounds_of_a_failure_are_told(site: Knowledge) -> None:
    scores = (phq9(20, START), phq9(18, "2026-03-01"))
    because = trial(judged(site, MDD, NOW, stopped(LACK), scores), "venlafaxine").finding.because
    assert "stopped for lack of effect (coded reason) and no response: PHQ-9 20" in because


def test_a_lack_of_effect_years_ago_says_nothing_of_this_trial(site: Knowledge) -> None:
    then = order(VENLAFAXINE, "2019-01-01", 90, mg=150, status="stopped", stop_reasons=(LACK,))
    assert verdict(site, then, order(VENLAFAXINE, START, 100, mg=150)) == OPEN


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (later(START, -31), OPEN),
        (later(START, -30), FAILED),
        (later(START, 100 + 14), FAILED),
        (later(START, 100 + 15), OPEN),
        (None, FAILED),
    ],
)
def test_a_reason_without_length_belongs_to_the_run_it_stands_beside(
    start: str | None, expected: tuple[str, set[str]], site: Knowledge
) -> None:
    filled = refills(VENLAFAXINE, START, 100, mg=150)
    report = statement(VENLAFAXINE, start, start, status="stopped", stop_reasons=(LACK,))
    assert verdict(site, *filled, report) == expected


def test_an_undated_reason_beside_two_runs_belongs_to_neither(site: Knowledge) -> None:
    first = refills(VENLAFAXINE, "2025-08-01", 60, mg=150)
    second = refills(VENLAFAXINE, START, 100, mg=150)
    report = statement(VENLAFAXINE, None, status="stopped", stop_reasons=(LACK,))
    assert verdict(site, *first, *second, report) == OPEN


def test_the_reason_of_an_order_without_length_counts_by_its_supply(site: Knowledge) -> None:
    written = order(VENLAFAXINE, "2025-10-01", None, status="stopped", stop_reasons=(LACK,))
    filled = refills(VENLAFAXINE, START, 100, mg=150, order=written.order)
    assert verdict(site, written, *filled) == FAILED


@pytest.mark.parametrize("days", [-15, -14, 0, 14, 15])
def test_an_intolerance_within_14_days_of_the_last_covered_day_ends_the_trial(
    days: int, knowledge: Knowledge
) -> None:
    last = later(START, 99)
    reaction = intolerance(VENLAFAXINE, later(last, days))
    expected = OUT if abs(days) <= 14 else OPEN
    assert verdict(knowledge, *refills(VENLAFAXINE, START, 100, mg=150), reaction) == expected


@pytest.mark.parametrize(
    "reaction",
    [
        intolerance(SERTRALINE, later(START, 99)),
        intolerance(VENLAFAXINE, None),
        intolerance(VENLAFAXINE, "2026"),
        intolerance(VENLAFAXINE, later(START, 99), verification="refuted"),
        intolerance(VENLAFAXINE, later(START, 99), verification="entered-in-error"),
    ],
    ids=["another drug", "undated", "a year", "refuted", "in error"],
)
def test_an_intolerance_that_does_not_surely_belong_to_the_stop_is_not_heard(
    reaction: Piece, knowledge: Knowledge
) -> None:
    assert verdict(knowledge, *refills(VENLAFAXINE, START, 100, mg=150), reaction) == OPEN


def test_an_intolerance_yields_to_a_scale_that_shows_failure(knowledge: Knowledge) -> None:
    scores = (phq9(20, START), phq9(18, "2026-03-01"))
    reaction = intolerance(VENLAFAXINE, later(START, 99))
    filled = refills(VENLAFAXINE, START, 100, mg=150)
    assert verdict(knowledge, *filled, *scores, reaction) == FAILED
