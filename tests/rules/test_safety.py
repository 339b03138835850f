"""Is every recent entry about suicidal thoughts or self-harm found, and no old one?"""

from decimal import Decimal
from typing import Any

import pytest

from rules.findings import SuicideSignal
from rules.knowledge import Knowledge
from rules.safety import find_suicide_signals
from rules.severity import select_scores
from tests.support.build import (
    AS_OF,
    Piece,
    day,
    diagnosis,
    encounter,
    facts,
    icd,
    phq9,
    phq9_item9,
    score,
    snomed,
)
from tests.support.variants import with_parameters


def signals(knowledge: Knowledge, *pieces: Piece) -> tuple[SuicideSignal, ...]:
    patient = facts(pieces)
    scores = select_scores(patient.scores, AS_OF, knowledge)
    coded = (*patient.diagnoses, *patient.encounters)
    totals = (*scores.totals, *scores.contradicted)
    return find_suicide_signals(scores.items, totals, coded, AS_OF, knowledge)


@pytest.mark.parametrize(
    ("answer", "on", "found"),
    [
        (0, "2026-06-15", False),
        (1, "2026-06-15", True),
        (2, "2026-06-15", True),
        (3, "2026-05-30", False),  # 31 days
        (3, "2026-05-31", True),
        (3, "2026-06-01", True),
        (3, "2026-07-01", False),
        (4, "2026-06-15", False),  # no answer of the item
        (None, "2026-06-15", False),
    ],
)
def test_item_9_is_a_signal_from_1_for_30_days(
    answer: int | None, on: str, found: bool, knowledge: Knowledge
) -> None:
    assert bool(signals(knowledge, phq9_item9(answer, on))) is found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"safety.item_signal_from": 2}, True),
        ({"safety.item_signal_from": 3}, False),
        ({"safety.ideation_days": 15}, True),
        ({"safety.ideation_days": 14}, False),
    ],
)
def test_item_9_is_judged_by_the_parameters(
    changes: dict[str, Any], found: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, changes)
    assert bool(signals(changed, phq9_item9(2, "2026-06-15"))) is found


@pytest.mark.parametrize("status", ["final", "in-progress", "completed", "unknown", None])
def test_item_9_is_read_of_a_finished_and_of_an_unfinished_questionnaire(
    status: str | None, knowledge: Knowledge
) -> None:
    assert len(signals(knowledge, phq9_item9(2, "2026-06-15", status=status))) == 1


def test_item_9_entered_in_error_is_not_read(knowledge: Knowledge) -> None:
    assert signals(knowledge, phq9_item9(2, "2026-06-15", status="entered-in-error")) == ()


def test_another_item_is_no_signal(knowledge: Knowledge) -> None:
    assert signals(knowledge, score("44250-9", 3, "2026-06-15")) == ()


@pytest.mark.parametrize(
    ("total", "on", "disagrees"),
    [
        (0, "2026-06-15", True),
        (1, "2026-06-15", True),
        (2, "2026-06-15", False),
        (17, "2026-06-15", False),
        (0, "2026-06-14", False),
    ],
)
def test_a_total_below_item_9_of_the_same_day_disagrees(
    total: int, on: str, disagrees: bool, knowledge: Knowledge
) -> None:
    (signal,) = signals(knowledge, phq9_item9(2, "2026-06-15"), phq9(total, on))
    assert signal.total_disagrees is disagrees
    assert signal.finding.because.endswith("item and total disagree") is disagrees


def test_a_total_of_another_scale_does_not_disagree(knowledge: Knowledge) -> None:
    (signal,) = signals(knowledge, phq9_item9(2, "2026-06-15"), score("89209-1", 0, "2026-06-15"))
    assert not signal.total_disagrees


def test_a_total_without_item_9_says_nothing(knowledge: Knowledge) -> None:
    assert signals(knowledge, phq9(27, "2026-06-15")) == ()


def test_the_item_is_told_with_answer_and_day(knowledge: Knowledge) -> None:
    (signal,) = signals(knowledge, phq9_item9(Decimal(2), "2026-06-15"))
    assert (signal.item_score, signal.label, signal.date) == (
        2, "PHQ-9 item 9", day("2026-06-15"),
    )  # fmt: skip
    assert signal.finding.because == ("PHQ-9 item on suicidal thoughts answered 2 on 2026-06-15")


@pytest.mark.parametrize(
    "code",
    ["T14.91XA", "T14.91", "R45.88", "X71.0XXA", "X78.9XXA", "X83.8XXD", "T36.0X2A", "T50.902A",
     "T65.892D"],
)  # fmt: skip
def test_each_attempt_code_is_a_signal(code: str, knowledge: Knowledge) -> None:
    assert len(signals(knowledge, diagnosis(code, onset="2026-06-01"))) == 1


@pytest.mark.parametrize(
    "code",
    ["Z91.51", "Z91.52", "T14.91XS", "T50.901A", "T50.991A", "T36.0X1A", "X58.XXXA", "F33.1"],
)
def test_history_accident_and_late_effect_are_no_signal(code: str, knowledge: Knowledge) -> None:
    assert signals(knowledge, diagnosis(code, onset="2026-06-01")) == ()


@pytest.mark.parametrize(
    ("onset", "found"),
    [
        ("2025-12-28", False),  # 184 days
        ("2025-12-29", True),
        ("2025-12-30", True),
        ("2026-06-30", True),
        ("2025-12", True),
        ("2025-11", False),
        (None, True),
    ],
)
def test_an_attempt_is_a_signal_for_183_days_and_undated_for_ever(
    onset: str | None, found: bool, knowledge: Knowledge
) -> None:
    assert bool(signals(knowledge, diagnosis("X78.9XXA", onset=onset))) is found


@pytest.mark.parametrize("status", ["active", "resolved", "inactive", None])
def test_an_attempt_counts_whatever_its_clinical_status(
    status: str | None, knowledge: Knowledge
) -> None:
    attempt = diagnosis("X78.9XXA", onset="2026-02-01", clinical_status=status)
    assert len(signals(knowledge, attempt)) == 1


def test_an_old_attempt_written_down_recently_is_old(knowledge: Knowledge) -> None:
    old = diagnosis("X78.9XXA", onset="2019-02-01", recorded="2026-06-01")
    assert signals(knowledge, old) == ()
    only_written = diagnosis("X78.9XXA", recorded="2026-06-01")
    assert len(signals(knowledge, only_written)) == 1


@pytest.mark.parametrize(("days", "found"), [(148, False), (149, True)])
def test_the_time_of_an_attempt_is_a_parameter(
    days: int, found: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"safety.attempt_days": days})
    assert bool(signals(changed, diagnosis("X78.9XXA", onset="2026-02-01"))) is found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"onset": "2026-05-30", "clinical_status": "resolved"}, False),  # 31 days
        ({"onset": "2026-05-31", "clinical_status": "resolved"}, True),
        ({"onset": "2026-06-01", "clinical_status": "resolved"}, True),
        ({"onset": "2025-12-28"}, False),  # active, 184 days
        ({"onset": "2025-12-29"}, True),
        ({"onset": "2025-12-30"}, True),
        ({"onset": "2020-01-01", "recorded": "2026-02-01"}, True),
        ({"onset": "2020-01-01", "recorded": "2026-02-01", "clinical_status": "resolved"}, False),
        ({"recorded": "2026-06-20", "clinical_status": "resolved"}, True),
        ({}, True),  # undated and active
        ({"clinical_status": None}, True),
        ({"clinical_status": "resolved"}, False),
        ({"onset": "2026-02-01", "abatement": "2026-03-01"}, False),
    ],
)
def test_ideation_is_a_signal_for_30_days_and_while_active_for_183(
    fields: dict[str, Any], found: bool, knowledge: Knowledge
) -> None:
    assert bool(signals(knowledge, diagnosis("R45.851", **fields))) is found


@pytest.mark.parametrize(
    ("key", "onset", "days", "found"),
    [
        ("safety.ideation_days", "2026-06-20", 9, False),
        ("safety.ideation_days", "2026-06-20", 10, True),
    ],
)
def test_the_time_of_ideation_is_a_parameter(
    key: str, onset: str, days: int, found: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {key: days})
    resolved = diagnosis("R45.851", onset=onset, clinical_status="resolved")
    assert bool(signals(changed, resolved)) is found


@pytest.mark.parametrize(("days", "found"), [(148, False), (149, True)])
def test_the_time_of_active_ideation_is_a_parameter(
    days: int, found: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"safety.ideation_condition_days": days})
    assert bool(signals(changed, diagnosis("R45.851", onset="2026-02-01"))) is found


@pytest.mark.parametrize(
    ("fields", "because", "citation"),
    [
        (
            {"onset": "2024-01-01", "recorded": "2026-06-20"},
            "suicidal ideation coded 2026-06-20",
            "safety.ideation_days",
        ),
        (
            {"onset": "2026-02-01"},
            "suicidal ideation coded 2026-02-01",
            "safety.ideation_condition_days",
        ),
        ({}, "suicidal ideation coded without a date", "safety.ideation_condition_days"),
    ],
)
def test_coded_ideation_is_told_with_the_date_that_counts(
    fields: dict[str, str], because: str, citation: str, knowledge: Knowledge
) -> None:
    (signal,) = signals(knowledge, diagnosis("R45.851", **fields))
    assert signal.finding.because.lower() == because
    assert signal.finding.citations == (citation,)


@pytest.mark.parametrize(
    ("code", "on", "found"),
    [
        (icd("R45.851"), "2026-06-20", True),
        (icd("R45.851"), "2026-05-30", False),
        (icd("R45.851"), None, False),
        (snomed("6471006"), "2026-06-20", True),
        (icd("T14.91XA"), "2026-01-15", True),
        (icd("T14.91XA"), "2025-12-28", False),
        (icd("T14.91XA"), None, True),
        (icd("F33.1"), "2026-06-20", False),
    ],
)
def test_the_reason_of_a_contact_is_a_coded_entry(
    code: Any, on: str | None, found: bool, knowledge: Knowledge
) -> None:
    assert bool(signals(knowledge, encounter(code, on))) is found


def test_signals_are_told_newest_first_and_undated_before_all(knowledge: Knowledge) -> None:
    found = signals(
        knowledge,
        phq9_item9(1, "2026-06-10"),
        diagnosis("X78.9XXA", onset="2026-06-20"),
        diagnosis("T14.91XA"),
    )
    assert [each.date for each in found] == [None, day("2026-06-20"), day("2026-06-10")]
