"""Do other treatments support, at most once, and only when there was enough of them?"""

from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import (
    MDD,
    MET,
    NOT_MET,
    NOW,
    POSSIBLE,
    SERTRALINE_FAILED,
    ago,
    judged,
    later,
    status,
)
from tests.support.build import (
    ARIPIPRAZOLE,
    SERTRALINE,
    Piece,
    administration,
    diagnosis,
    dispense,
    drug,
    icd,
    order,
    phq9,
    procedure,
    refills,
    snomed,
    statement,
)
from tests.support.variants import with_codes, with_parameters

RTMS = snomed("99999999")
ESKETAMINE = drug("esketamine", "supporting", dose_row="esketamine nasal")
KETAMINE = drug("ketamine", "supporting")
LONG = refills(SERTRALINE, "2025-12-20", 150)
SCORES = (phq9(18, "2025-12-20"), phq9(17, "2026-04-20"))


def support(knowledge: Knowledge, *pieces: Any) -> list[tuple[str, str]]:
    told = judged(knowledge, MDD, NOW, LONG, SCORES, *pieces)
    return [(each.kind, each.grade.value) for each in told.supporting]


@pytest.mark.parametrize(
    ("days", "grade"), [(27, "not_counted"), (28, "indeterminate"), (29, "indeterminate")]
)
def test_an_augmentation_lasts_28_days_beside_an_antidepressant(
    days: int, grade: str, knowledge: Knowledge
) -> None:
    added = dispense(ARIPIPRAZOLE, "2026-01-10", days, mg=5)
    assert support(knowledge, added) == [("augmentation", grade)]


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ({"mg": "1.9"}, False),
        ({"mg": "2"}, True),
        ({"mg": "2.1"}, True),
        ({"mg": None}, True),
        ({"mg": "5", "as_needed": True}, False),
    ],
    ids=str,
)
def test_an_augmentation_is_at_its_dose_on_a_daily_schedule(
    given: dict[str, Any], counts: bool, knowledge: Knowledge
) -> None:
    added = statement(ARIPIPRAZOLE, "2026-01-10", "2026-03-10", **given)
    grade = "indeterminate" if counts else "not_counted"
    assert support(knowledge, added) == [("augmentation", grade)]


@pytest.mark.parametrize(
    ("name", "mg", "other", "counts"),
    [
        ("quetiapine", 25, None, False),
        ("quetiapine", 150, None, True),
        ("quetiapine", 150, diagnosis("G47.00"), False),
        ("quetiapine", 150, diagnosis("G47.00", clinical_status="resolved"), True),
        ("liothyronine", "0.025", None, True),
        ("liothyronine", "0.025", diagnosis("E03.9"), False),
        ("buspirone", 30, None, None),
    ],
)
def test_an_augmentation_given_for_something_else_does_not_count(
    name: str, mg: int, other: Piece | None, counts: bool | None, knowledge: Knowledge
) -> None:
    role = "list_only" if counts is None else "augmentation"
    added = statement(drug(name, role), "2026-01-10", "2026-03-10", mg=mg)
    grade = "indeterminate" if counts else "not_counted"
    expected = [] if counts is None else [("augmentation", grade)]
    assert support(knowledge, added, *([other] if other else [])) == expected


def test_a_drug_without_a_row_in_the_table_is_no_augmentation(knowledge: Knowledge) -> None:
    added = statement(drug("unheard of", "augmentation"), "2026-01-10", "2026-03-10")
    assert support(knowledge, added) == [("augmentation", "not_counted")]


def test_an_augmentation_beside_nothing_does_not_count(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, statement(ARIPIPRAZOLE, "2026-01-10", "2026-03-10", mg=5))
    assert [each.counts for each in told.supporting] == [False]


@pytest.mark.parametrize(
    ("sessions", "grade", "words"),
    [
        (3, "not_counted", "3 sessions in 28 days"),
        (4, "indeterminate", "4 sessions in 28 days, fewer than the 8 of a full course"),
        (7, "indeterminate", "fewer than the 8"),
        (8, "indeterminate", "8 sessions in 28 days"),
    ],
)
def test_esketamine_is_counted_in_sessions(
    sessions: int, grade: str, words: str, knowledge: Knowledge
) -> None:
    given = [administration(ESKETAMINE, later("2026-03-01", 3 * each)) for each in range(sessions)]
    told = judged(knowledge, MDD, NOW, LONG, given)
    (found,) = told.supporting
    assert (found.grade.value, words in found.finding.because) == (grade, True)


@pytest.mark.parametrize(("last", "counted"), [(27, 4), (28, 3)])
def test_sessions_are_counted_within_28_days_the_first_included(
    last: int, counted: int, knowledge: Knowledge
) -> None:
    given = [administration(ESKETAMINE, later("2026-03-01", each)) for each in (0, 10, 20, last)]
    (found,) = judged(knowledge, MDD, NOW, LONG, given).supporting
    assert f"{counted} sessions" in found.finding.because


def test_an_order_of_esketamine_is_no_session(knowledge: Knowledge) -> None:
    assert support(knowledge, order(ESKETAMINE, "2026-03-01", 90)) == [
        ("esketamine", "not_counted")
    ]


@pytest.mark.parametrize(
    ("infusions", "reason", "grade"),
    [
        (3, "F33.2", "not_counted"),
        (4, "F33.2", "indeterminate"),
        (5, "F33.2", "indeterminate"),
        (5, None, "not_counted"),
        (5, "G89.4", "not_counted"),
    ],
)
def test_ketamine_counts_from_four_infusions_given_for_depression(
    infusions: int, reason: str | None, grade: str, knowledge: Knowledge
) -> None:
    reasons = () if reason is None else (icd(reason),)
    given = [
        administration(KETAMINE, later("2026-03-01", 3 * each), reasons=reasons)
        for each in range(infusions)
    ]
    assert support(knowledge, *given) == [("ketamine", grade)]


@pytest.mark.parametrize(
    ("code", "minimum"), [(snomed("23835007"), 6), (RTMS, 20), (snomed("445319001"), 1)]
)
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_neuromodulation_counts_from_a_full_course(
    code: Any, minimum: int, more: int, knowledge: Knowledge
) -> None:
    site = with_codes(knowledge, "rtms", {RTMS: "rTMS"})
    sessions = minimum + more
    given = [procedure(code, later("2026-03-01", each)) for each in range(sessions)]
    grade = "not_counted" if more < 0 else "indeterminate"
    assert support(site, *given) == [("neuromodulation", grade)] * bool(sessions)


def test_undated_and_earlier_treatments_are_not_counted(knowledge: Knowledge) -> None:
    given = [procedure(snomed("23835007"), on) for on in (None, ago(800))]
    assert support(knowledge, *given) == []


def test_all_supporting_treatments_together_add_one_at_most(knowledge: Knowledge) -> None:
    ect = [procedure(snomed("23835007"), later("2026-03-01", each)) for each in range(8)]
    esketamine = [administration(ESKETAMINE, later("2026-03-01", 3 * each)) for each in range(8)]
    assert status(knowledge, MDD, NOW, ect, esketamine) == NOT_MET
    assert status(knowledge, MDD, NOW, LONG, SCORES, ect, esketamine) == POSSIBLE


AUGMENTED = (
    refills(SERTRALINE, "2025-09-15", 200),
    phq9(18, "2025-09-10"),
    phq9(17, "2025-12-20"),
)


@pytest.mark.parametrize(
    ("role", "expected"), [("supporting", POSSIBLE), ("ignore", NOT_MET), ("trial", MET)]
)
def test_the_role_of_augmentation_is_a_parameter(
    role: str, expected: str, knowledge: Knowledge
) -> None:
    rule = with_parameters(knowledge, {"trd.augmentation": role})
    added = dispense(ARIPIPRAZOLE, "2026-01-01", 60, mg=5)
    assert status(rule, MDD, NOW, AUGMENTED, added, phq9(16, "2026-02-20")) == expected


@pytest.mark.parametrize(
    ("fills", "scores", "grade"),
    [
        ((("2026-01-01", 42),), (phq9(16, "2026-02-05"),), "adequate_failed"),
        ((("2026-01-01", 41),), (phq9(16, "2026-02-05"),), "indeterminate"),
        ((("2026-01-01", 60),), (), "indeterminate"),
        ((("2026-01-01", 60),), (phq9(3, "2026-02-10"),), "not_counted"),
        ((("2025-10-01", 60), ("2026-02-20", 20)), (phq9(16, "2025-11-20"),), "adequate_failed"),
    ],
    ids=["42 days", "41 days", "no score", "remission", "the longest run"],
)
def test_an_augmentation_graded_like_a_trial_needs_days_and_evidence(
    fills: tuple[tuple[str, int], ...], scores: tuple[Piece, ...], grade: str, knowledge: Knowledge
) -> None:
    rule = with_parameters(knowledge, {"trd.augmentation": "trial"})
    added = [dispense(ARIPIPRAZOLE, start, days, mg=5) for start, days in fills]
    told = judged(rule, MDD, NOW, refills(SERTRALINE, "2025-09-15", 200), scores, added)
    assert [each.grade.value for each in told.supporting] == [grade]


def test_a_failed_trial_beside_support_is_possible(knowledge: Knowledge) -> None:
    ect = [procedure(snomed("23835007"), later("2026-01-10", each)) for each in range(6)]
    assert status(knowledge, MDD, NOW, SERTRALINE_FAILED, phq9(17, "2026-03-01"), ect) == POSSIBLE


@pytest.mark.parametrize(
    ("days", "grade"),
    [
        (["2026-02-02", "2026-02-04", "2026-02-06"] * 2, "not_counted"),
        ([f"2026-02-0{day}" for day in range(1, 7)] * 2, "indeterminate"),
        (["2026-02"] * 6, "not_counted"),
    ],
)
def test_several_entries_of_one_day_are_one_treatment(
    days: list[str], grade: str, knowledge: Knowledge
) -> None:
    entries = [
        procedure(snomed("23835007"), on, sources=(f"Procedure/{number}",))
        for number, on in enumerate(days)
    ]
    assert support(knowledge, *entries) == [("neuromodulation", grade)]
