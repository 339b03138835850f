"""Are drugs begun together one regimen, and related drugs one trial?"""

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import MDD, NOW, graded, judged, later, trial
from tests.support.build import (
    ARIPIPRAZOLE,
    CITALOPRAM,
    ESCITALOPRAM,
    MIRTAZAPINE,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    administration,
    dispense,
    drug,
    order,
    phq9,
    procedure,
    snomed,
    statement,
)
from tests.support.variants import with_parameters

START = "2025-12-20"
SCORES = (phq9(18, START), phq9(17, "2026-03-10"), phq9(16, "2026-04-10"))
OPEN = {"no_response_evidence"}


def second_gaps(knowledge: Knowledge, first: Piece, second: Piece) -> set[str]:
    return graded(judged(knowledge, MDD, NOW, SCORES, first, second), "mirtazapine")[1]


@pytest.mark.parametrize(("apart", "regimen"), [(27, True), (28, True), (29, False)])
def test_drugs_begun_within_28_days_of_each_other_are_one_regimen(
    apart: int, regimen: bool, knowledge: Knowledge
) -> None:
    # The overlap itself is no longer than a cross-taper, so only the window speaks.
    first = dispense(SERTRALINE, START, 57, mg=100)
    second = dispense(MIRTAZAPINE, later(START, apart), 28, mg=30)
    assert ("concurrent_start" in second_gaps(knowledge, first, second)) is regimen


@pytest.mark.parametrize(("shared", "regimen"), [(39, False), (40, True), (41, True)])
def test_a_regimen_shares_four_fifths_of_the_shorter(
    shared: int, regimen: bool, knowledge: Knowledge
) -> None:
    wide = with_parameters(knowledge, {"trd.cross_taper_max_days": 60})
    first = dispense(SERTRALINE, START, 10 + shared, mg=100)
    second = dispense(MIRTAZAPINE, later(START, 10), 50, mg=30)
    gaps = second_gaps(wide, first, second)
    assert ("concurrent_start" in gaps) is (shared / min(50, 10 + shared) >= 0.8) is regimen


@pytest.mark.parametrize(("shared", "regimen"), [(27, False), (28, False), (29, True)])
def test_an_overlap_of_up_to_28_days_is_a_cross_taper(
    shared: int, regimen: bool, knowledge: Knowledge
) -> None:
    first = dispense(SERTRALINE, START, 40 + shared, mg=100)
    second = dispense(MIRTAZAPINE, later(START, 40), 90, mg=30)
    assert ("concurrent_start" in second_gaps(knowledge, first, second)) is regimen


@pytest.mark.parametrize(
    ("by", "gaps"),
    [("equivalence_group", {"distinctness"}), ("ingredient", set()), ("class", {"distinctness"})],
)
def test_related_drugs_are_counted_once(by: str, gaps: set[str], knowledge: Knowledge) -> None:
    rule = with_parameters(knowledge, {"trd.count_distinct_by": by})
    first = dispense(CITALOPRAM, "2025-10-01", 60, mg=40)
    second = dispense(ESCITALOPRAM, START, 90, mg=20)
    told = judged(rule, MDD, NOW, phq9(17, "2025-11-20"), SCORES, first, second)
    assert graded(told, "escitalopram")[1] == gaps


@pytest.mark.parametrize(
    ("by", "gaps"), [("equivalence_group", set()), ("class", {"distinctness"})]
)
def test_two_drugs_of_a_class_are_distinct_unless_classes_are_counted(
    by: str, gaps: set[str], knowledge: Knowledge
) -> None:
    rule = with_parameters(knowledge, {"trd.count_distinct_by": by})
    first = dispense(SERTRALINE, "2025-10-01", 60)
    second = dispense(ESCITALOPRAM, START, 90, mg=20)
    told = judged(rule, MDD, NOW, phq9(17, "2025-11-20"), SCORES, first, second)
    assert graded(told, "escitalopram")[1] == gaps


def test_of_related_drugs_the_one_with_fewest_gaps_stands(knowledge: Knowledge) -> None:
    first = dispense(CITALOPRAM, "2025-10-01", 35, mg=40)
    second = dispense(ESCITALOPRAM, START, 90, mg=20)
    told = judged(knowledge, MDD, NOW, phq9(17, "2025-11-05"), SCORES, first, second)
    assert graded(told, "escitalopram") == ("adequate_failed", set())
    assert "distinctness" in graded(told, "citalopram")[1]


def test_a_related_drug_that_does_not_count_takes_nothing_away(knowledge: Knowledge) -> None:
    first = dispense(CITALOPRAM, "2025-10-01", 10, mg=40)
    second = dispense(ESCITALOPRAM, START, 90, mg=20)
    told = judged(knowledge, MDD, NOW, SCORES, first, second)
    assert graded(told, "escitalopram") == ("adequate_failed", set())


def test_drugs_without_a_dose_row_are_groups_of_their_own(knowledge: Knowledge) -> None:
    both = [order(drug(name, dose_row=None), START, 90) for name in ("opipramol", "nialamide")]
    told = judged(knowledge, MDD, NOW, SCORES, both)
    assert {"distinctness"} & (graded(told, "opipramol")[1] | graded(told, "nialamide")[1]) == set()


LAST = later(START, 59)
BARE = dispense(VENLAFAXINE, START, 60, mg=150)


@pytest.mark.parametrize(
    ("day", "hints"),
    [(START, False), (later(START, 1), True), (later(LAST, 97), True), (later(LAST, 98), True),
     (later(LAST, 99), False)],
)  # fmt: skip
def test_a_treatment_begun_within_98_days_of_a_trial_hints_at_failure(
    day: str, hints: bool, knowledge: Knowledge
) -> None:
    bare = with_parameters(knowledge, {"trd.require_response_evidence": False})
    switch = dispense(MIRTAZAPINE, day, 7, mg=30)
    assert graded(judged(bare, MDD, NOW, BARE, switch), "venlafaxine")[1] == (
        set() if hints else OPEN
    )


@pytest.mark.parametrize(
    "following",
    [
        procedure(snomed("23835007"), "2026-03-01"),
        dispense(ARIPIPRAZOLE, "2026-02-01", 30, mg=5),
        administration(drug("esketamine", "supporting"), "2026-03-01"),
        statement(MIRTAZAPINE, "2026-03-01", mg=30),
    ],
    ids=["ECT", "augmentation", "esketamine", "a drug of unknown length"],
)
def test_an_add_on_or_another_treatment_hints_at_failure(
    following: Piece, knowledge: Knowledge
) -> None:
    bare = with_parameters(knowledge, {"trd.require_response_evidence": False})
    told = judged(bare, MDD, NOW, BARE, following)
    assert graded(told, "venlafaxine") == ("adequate_failed", set())


def test_by_default_a_bare_switch_stays_a_gap_and_is_told(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, BARE, dispense(MIRTAZAPINE, "2026-03-01", 7, mg=30))
    assert graded(told, "venlafaxine") == ("indeterminate", OPEN)
    because = trial(told, "venlafaxine").finding.because
    assert "mirtazapine was begun on 2026-03-01 without a recorded reason" in because


def test_a_partial_improvement_is_not_excused_by_a_switch(knowledge: Knowledge) -> None:
    bare = with_parameters(knowledge, {"trd.require_response_evidence": False})
    partial = (phq9(17, START), phq9(9, "2026-02-10"))
    told = judged(bare, MDD, NOW, BARE, partial, dispense(MIRTAZAPINE, "2026-03-01", 7, mg=30))
    assert graded(told, "venlafaxine")[1] == OPEN


def test_refills_of_an_augmentation_begun_before_are_no_new_step(knowledge: Knowledge) -> None:
    bare = with_parameters(knowledge, {"trd.require_response_evidence": False})
    fills = [dispense(ARIPIPRAZOLE, later(START, each), 25, mg=5) for each in (-30, 0, 30, 60)]
    assert graded(judged(bare, MDD, NOW, BARE, fills), "venlafaxine")[1] == OPEN
