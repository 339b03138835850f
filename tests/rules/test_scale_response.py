"""Do symptom scores speak of a trial only in their windows, and each scale for itself?"""

from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import MDD, NOW, graded, judged, later, trial
from tests.support.build import VENLAFAXINE, Piece, dispense, phq9, score

START = "2025-12-20"
COURSE = dispense(VENLAFAXINE, START, 100, mg=150)
FAILED = ("adequate_failed", set[str]())
OPEN = ("indeterminate", {"no_response_evidence"})
RESPONDED = ("not_counted", set[str]())


def verdict(knowledge: Knowledge, *pieces: Piece, course: Piece = COURSE) -> tuple[str, set[str]]:
    return graded(judged(knowledge, MDD, NOW, course, *pieces), "venlafaxine")


def because(knowledge: Knowledge, *pieces: Piece) -> str:
    return trial(judged(knowledge, MDD, NOW, COURSE, *pieces), "venlafaxine").finding.because


@pytest.mark.parametrize(
    ("end", "expected", "words"),
    [
        (9, RESPONDED, "response: "),
        (10, RESPONDED, "response: PHQ-9 20 on 2025-12-20, 10 on 2026-03-01 (50% lower)"),
        (11, FAILED, "partial response below one half: PHQ-9 20"),
        (15, FAILED, "partial response below one half: PHQ-9 20"),
        (16, FAILED, "no response: PHQ-9 20 on 2025-12-20, 16 on 2026-03-01 (20% lower)"),
        (20, FAILED, "(unchanged)"),
        (22, FAILED, "(10% higher)"),
    ],
)
def test_a_reduction_by_half_is_a_response_and_by_a_quarter_partial(
    end: int, expected: tuple[str, set[str]], words: str, knowledge: Knowledge
) -> None:
    scores = (phq9(20, START), phq9(end, "2026-03-01"))
    assert verdict(knowledge, *scores) == expected
    assert words in because(knowledge, *scores)


@pytest.mark.parametrize(
    ("days", "used"), [(-43, False), (-42, True), (-41, True), (13, True), (14, True), (15, False)]
)
def test_a_baseline_lies_from_42_days_before_to_14_after_the_start(
    days: int, used: bool, knowledge: Knowledge
) -> None:
    scores = (phq9(24, later(START, days)), phq9(12, "2026-03-01"))
    assert verdict(knowledge, *scores) == (RESPONDED if used else FAILED)


@pytest.mark.parametrize(("days", "used"), [(27, False), (28, True), (29, True)])
def test_an_end_score_lies_28_days_after_the_start_or_later(
    days: int, used: bool, knowledge: Knowledge
) -> None:
    scores = (phq9(20, START), phq9(18, later(START, days)))
    assert verdict(knowledge, *scores) == (FAILED if used else OPEN)


@pytest.mark.parametrize(("days", "used"), [(13, True), (14, True), (15, False)])
def test_an_end_score_lies_within_14_days_of_the_last_covered_day(
    days: int, used: bool, knowledge: Knowledge
) -> None:
    scores = (phq9(20, START), phq9(18, later(later(START, 99), days)))
    assert verdict(knowledge, *scores) == (FAILED if used else OPEN)


@pytest.mark.parametrize(("days", "expected"), [(27, OPEN), (28, FAILED), (29, FAILED)])
def test_a_level_alone_speaks_after_28_adequate_days(
    days: int, expected: tuple[str, set[str]], knowledge: Knowledge
) -> None:
    low = dispense(VENLAFAXINE, START, 20, mg=37)
    high = dispense(VENLAFAXINE, later(START, 20), 80, mg=150)
    told = judged(knowledge, MDD, NOW, low, high, phq9(18, later(START, 20 + days)))
    assert graded(told, "venlafaxine") == expected


def test_a_score_while_the_dose_was_too_low_does_not_speak(knowledge: Knowledge) -> None:
    low = dispense(VENLAFAXINE, START, 60, mg=37)
    high = dispense(VENLAFAXINE, later(START, 60), 60, mg=150)
    told = judged(knowledge, MDD, NOW, low, high, phq9(20, START), phq9(18, later(START, 40)))
    assert graded(told, "venlafaxine") == OPEN


@pytest.mark.parametrize(
    ("end", "expected", "words"),
    [
        (4, RESPONDED, "remission: PHQ-9 4"),
        (5, OPEN, "without an earlier score, PHQ-9 5 on 2026-03-01 does not show"),
        (9, OPEN, "does not show whether it worked"),
        (10, FAILED, "no response: PHQ-9 10 on 2026-03-01 after 71 covered days, without an"),
        (11, FAILED, "no response"),
    ],
)
def test_a_level_alone_shows_remission_or_failure_or_nothing(
    end: int, expected: tuple[str, set[str]], words: str, knowledge: Knowledge
) -> None:
    assert verdict(knowledge, phq9(end, "2026-03-01")) == expected
    assert words in because(knowledge, phq9(end, "2026-03-01"))


def test_remission_is_a_response_whatever_the_reduction(knowledge: Knowledge) -> None:
    assert verdict(knowledge, phq9(8, START), phq9(4, "2026-03-01")) == RESPONDED


def test_scales_are_never_mixed_for_a_change(knowledge: Knowledge) -> None:
    bdi = score("89209-1", 40, START)
    assert verdict(knowledge, bdi, phq9(16, "2026-03-01")) == FAILED


def test_scales_that_contradict_each_other_show_nothing(knowledge: Knowledge) -> None:
    bdi: list[Any] = [score("89209-1", 40, START), score("89209-1", 10, "2026-03-01")]
    phq = [phq9(16, START), phq9(15, "2026-03-01")]
    assert verdict(knowledge, *bdi, *phq) == OPEN
    assert "contradict each other" in because(knowledge, *bdi, *phq)


def test_a_scale_that_decides_is_heard_beside_one_that_does_not(knowledge: Knowledge) -> None:
    undecided = [score("89209-1", 30, START), score("89209-1", 17, "2026-03-01")]
    decided = [phq9(16, START), phq9(15, "2026-03-01")]
    assert verdict(knowledge, *undecided, *decided) == FAILED


@pytest.mark.parametrize("scores", [(18, 7), (7, 18)])
def test_of_two_scores_of_the_last_day_the_lower_counts(
    scores: tuple[int, int], knowledge: Knowledge
) -> None:
    day_scores = [phq9(each, "2026-03-01", sources=(str(each),)) for each in scores]
    assert verdict(knowledge, phq9(20, START), *day_scores) == RESPONDED
