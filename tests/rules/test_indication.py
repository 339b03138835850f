"""Does a drug given for something else stay out, and only then?"""

from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.rules.trial_cases import MDD, NOW, graded, judged, later, trial
from tests.support.build import (
    BUPROPION,
    Piece,
    diagnosis,
    dispense,
    drug,
    icd,
    order,
    phq9,
    refills,
    statement,
)

SCORES = (phq9(15, "2025-12-20"), phq9(16, "2026-02-25"))
FAILED = ("adequate_failed", set[str]())
UNCLEAR = ("indeterminate", {"indication_unclear"})
OUT = ("not_counted", set[str]())


@pytest.mark.parametrize(
    ("name", "reason", "also_coded", "expected"),
    [
        ("duloxetine", None, "E11.42", UNCLEAR),
        ("duloxetine", "F33.1", "E11.42", FAILED),
        ("duloxetine", "E11.42", None, OUT),
        ("duloxetine", None, "I10", FAILED),
        ("bupropion", "F17.210", None, OUT),
        ("bupropion", None, "F17.210", UNCLEAR),
        ("venlafaxine", "N95.1", None, OUT),
        ("sertraline", "F32.81", None, OUT),
        ("sertraline", "Z99.9", None, FAILED),
        ("nortriptyline", "G43.709", None, OUT),
        ("milnacipran", None, None, OUT),
        ("milnacipran", "F33.1", None, FAILED),
        ("sertraline", "F41.1", None, FAILED),
    ],
)
def test_an_explicit_reason_decides_before_a_co_diagnosis(
    name: str,
    reason: str | None,
    also_coded: str | None,
    expected: tuple[str, set[str]],
    knowledge: Knowledge,
) -> None:
    reasons = () if reason is None else (icd(reason),)
    other: list[Piece] = [] if also_coded is None else [diagnosis(also_coded)]
    written = order(drug(name), "2025-12-20", 100, mg=300, reasons=reasons)
    assert graded(judged(knowledge, MDD, NOW, SCORES, written, other), name) == expected


def test_a_co_diagnosis_that_is_resolved_says_nothing(knowledge: Knowledge) -> None:
    resolved = diagnosis("E11.42", clinical_status="resolved")
    written = order(drug("duloxetine"), "2025-12-20", 100, mg=60)
    told = judged(knowledge, MDD, NOW, SCORES, resolved, written)
    assert graded(told, "duloxetine") == FAILED


@pytest.mark.parametrize(
    ("diagnoses", "expected", "flagged"),
    [
        ((MDD,), FAILED, True),
        ((diagnosis("F33.1", clinical_status="resolved"),), OUT, False),
        ((diagnosis("I10"),), OUT, False),
        ((), UNCLEAR, True),
    ],
    ids=["depressed", "once depressed", "another diagnosis", "no diagnosis known"],
)
def test_a_drug_given_for_anxiety_counts_only_beside_a_coded_depression(
    diagnoses: tuple[Piece, ...],
    expected: tuple[str, set[str]],
    flagged: bool,
    knowledge: Knowledge,
) -> None:
    written = order(drug("sertraline"), "2025-12-20", 100, reasons=(icd("F41.1"),))
    told = judged(knowledge, NOW, SCORES, written, diagnoses)
    assert graded(told, "sertraline") == expected
    assert any("anxiety" in each for each in trial(told, "sertraline").caveats) is flagged


def test_a_reason_given_years_ago_says_nothing_of_this_trial(knowledge: Knowledge) -> None:
    amitriptyline = drug("amitriptyline")
    then = order(amitriptyline, "2019-01-01", 90, mg=150, reasons=(icd("F33.1"),))
    now = order(amitriptyline, "2025-12-20", 100, mg=150, reasons=(icd("G43.709"),))
    told = judged(knowledge, MDD, NOW, SCORES, then, now)
    assert graded(told, "amitriptyline") == OUT


def test_the_reason_of_the_order_behind_a_supply_counts(knowledge: Knowledge) -> None:
    amitriptyline = drug("amitriptyline")
    written = order(amitriptyline, "2025-12-01", 30, mg=150, reasons=(icd("G43.709"),))
    filled = refills(amitriptyline, "2025-12-20", 100, mg=150, order=written.order)
    told = judged(knowledge, MDD, NOW, SCORES, written, filled)
    assert graded(told, "amitriptyline") == OUT


@pytest.mark.parametrize("undated", [order, statement])
def test_an_undated_entry_with_another_reason_is_no_open_trial(
    undated: Any, knowledge: Knowledge
) -> None:
    told = judged(
        knowledge, MDD, NOW, undated(drug("amitriptyline"), None, None, reasons=(icd("G43.709"),))
    )
    assert graded(told, "amitriptyline") == OUT


PATCH = drug("nicotine replacement", "smoking_cessation", dose_row=None)


@pytest.mark.parametrize(("days", "expected"), [(83, UNCLEAR), (84, UNCLEAR), (85, FAILED)])
def test_bupropion_for_up_to_84_days_beside_nicotine_replacement_may_be_for_smoking(
    days: int, expected: tuple[str, set[str]], knowledge: Knowledge
) -> None:
    course = dispense(BUPROPION, "2025-12-20", days, mg=300)
    patch = dispense(PATCH, "2026-01-05", 28)
    assert graded(judged(knowledge, MDD, NOW, SCORES, course, patch), "bupropion") == expected


@pytest.mark.parametrize(
    ("course", "patch", "name", "expected"),
    [
        (statement(BUPROPION, "2025-12-20", "2026-03-09", mg=300, reasons=(icd("F33.1"),)),
         dispense(PATCH, "2026-01-05", 28), "bupropion", FAILED),
        (statement(BUPROPION, "2025-12-20", "2026-03-09", mg=300),
         dispense(PATCH, "2025-11-01", 28), "bupropion", FAILED),
        (statement(BUPROPION, "2025-12-20", "2026-03-09", mg=300),
         dispense(PATCH, None, 28), "bupropion", FAILED),
        (statement(drug("sertraline"), "2025-12-20", "2026-03-09"),
         dispense(PATCH, "2026-01-05", 28), "sertraline", FAILED),
    ],
    ids=["given for depression", "not at the same time", "undated", "another drug"],
)  # fmt: skip
def test_a_twin_without_that_doubt_counts_in_full(
    course: Piece, patch: Piece, name: str, expected: tuple[str, set[str]], knowledge: Knowledge
) -> None:
    assert graded(judged(knowledge, MDD, NOW, SCORES, course, patch), name) == expected


def test_the_doubt_is_told(knowledge: Knowledge) -> None:
    course = dispense(BUPROPION, "2025-12-20", 70, mg=300)
    told = judged(knowledge, MDD, NOW, SCORES, course, dispense(PATCH, later("2025-12-20", 9)))
    assert "beside another drug to stop smoking" in trial(told, "bupropion").finding.because
