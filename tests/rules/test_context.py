"""Is context shown from its limits on, and only while it is recent and final?"""

from typing import Any

import pytest

from rules.context import find_context
from rules.knowledge import Knowledge
from rules.severity import select_scores
from tests.support.build import AS_OF, Piece, facts, score
from tests.support.variants import with_parameters

FATIGUE, GAD7 = "44254-1", "70274-6"


def context(knowledge: Knowledge, *pieces: Piece) -> tuple[str, ...]:
    scores = facts(pieces).scores
    items = select_scores(scores, AS_OF, knowledge).items
    return find_context(items, scores, AS_OF, knowledge)


@pytest.mark.parametrize(("answer", "shown"), [(1, False), (2, True), (3, True), (None, False)])
def test_the_fatigue_item_is_shown_from_2(
    answer: int | None, shown: bool, knowledge: Knowledge
) -> None:
    notes = ("PHQ-9 fatigue item 2 on 2026-06-15", "PHQ-9 fatigue item 3 on 2026-06-15")
    found = context(knowledge, score(FATIGUE, answer, "2026-06-15"))
    assert (found != ()) is shown
    assert set(found) <= set(notes)


@pytest.mark.parametrize(
    ("total", "shown"),
    [(9, False), (10, True), (11, True), (21, True), (22, False), (-1, False), (None, False)],
)
def test_the_anxiety_total_is_shown_from_10_to_the_end_of_its_scale(
    total: int | None, shown: bool, knowledge: Knowledge
) -> None:
    found = context(knowledge, score(GAD7, total, "2026-06-15"))
    assert found == ((f"GAD-7 {total} on 2026-06-15",) if shown else ())


@pytest.mark.parametrize("code", [FATIGUE, GAD7])
@pytest.mark.parametrize(
    ("on", "shown"),
    [
        ("2026-03-31", False),  # 91 days
        ("2026-04-01", True),
        ("2026-04-02", True),
        ("2026-06-30", True),
        ("2026-07-01", False),
        ("2026-06", False),
        (None, False),
    ],
)
def test_context_is_shown_for_90_days(
    code: str, on: str | None, shown: bool, knowledge: Knowledge
) -> None:
    assert bool(context(knowledge, score(code, 3 if code == FATIGUE else 12, on))) is shown


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({"cards.fatigue_context_item": 3}, 1),
        ({"cards.fatigue_context_item": 2}, 2),
        ({"cards.gad7_context": 12}, 2),
        ({"cards.gad7_context": 13}, 1),
        ({"trd.severity_max_age_days": 14}, 0),
        ({"trd.severity_max_age_days": 15}, 2),
    ],
)
def test_the_limits_of_context_are_parameters(
    changes: dict[str, Any], notes: int, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, changes)
    pieces = (score(FATIGUE, 2, "2026-06-15"), score(GAD7, 12, "2026-06-15"))
    assert len(context(changed, *pieces)) == notes


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("final", True),
        ("amended", True),
        ("completed", True),  # a questionnaire
        ("unknown", True),
        (None, True),
        ("preliminary", False),
        ("in-progress", False),
        ("entered-in-error", False),
    ],
)
def test_only_a_final_anxiety_total_is_shown(
    status: str | None, shown: bool, knowledge: Knowledge
) -> None:
    assert bool(context(knowledge, score(GAD7, 12, "2026-06-15", status=status))) is shown


@pytest.mark.parametrize("status", ["unknown", None])
def test_a_site_can_refuse_totals_of_unknown_status(
    status: str | None, knowledge: Knowledge
) -> None:
    strict = with_parameters(knowledge, {"marker.accept_status_unknown": False})
    assert context(strict, score(GAD7, 12, "2026-06-15", status=status)) == ()


def test_the_latest_score_decides(knowledge: Knowledge) -> None:
    assert context(knowledge, score(GAD7, 15, "2026-06-01"), score(GAD7, 4, "2026-06-15")) == ()


def test_a_code_of_the_panel_is_no_total(knowledge: Knowledge) -> None:
    assert context(knowledge, score("69737-5", 15, "2026-06-01")) == ()
