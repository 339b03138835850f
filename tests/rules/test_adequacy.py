"""Is a trial long enough at a high enough dose, at every boundary?"""

from typing import Any

import pytest

from rules.adequacy import DoseClass, classify_dose, floor_of, judge_adequacy
from rules.clinical_time import Span
from rules.exposures import cover
from rules.facts import DoseBasis
from rules.knowledge import Knowledge
from rules.trials import split_into_runs
from tests.rules.trial_cases import MDD, NOW, graded, judged, later, trial
from tests.support.build import (
    AMITRIPTYLINE,
    AS_OF,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    dispense,
    dose,
    drug,
    order,
    phq9,
)
from tests.support.variants import with_parameters

SCORES = (phq9(15, "2025-12-20"), phq9(16, "2026-02-01"))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (27, ("not_counted", set())),
        (28, ("indeterminate", {"duration_near"})),
        (29, ("indeterminate", {"duration_near"})),
        (41, ("indeterminate", {"duration_near"})),
        (42, ("adequate_failed", set())),
        (43, ("adequate_failed", set())),
    ],
)
def test_a_trial_needs_42_covered_days_and_28_are_near(
    days: int, expected: tuple[str, set[str]], knowledge: Knowledge
) -> None:
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-01-18"))
    told = judged(knowledge, MDD, NOW, dispense(VENLAFAXINE, "2025-12-20", days, mg=150), scores)
    assert graded(told, "venlafaxine") == expected


@pytest.mark.parametrize(("days", "grade"), [(41, "not_counted"), (42, "adequate_failed")])
def test_without_a_near_band_only_adequate_trials_count(
    days: int, grade: str, knowledge: Knowledge
) -> None:
    off = with_parameters(knowledge, {"trd.near_adequate_days": 0})
    told = judged(off, MDD, NOW, dispense(VENLAFAXINE, "2025-12-20", days, mg=150), SCORES)
    assert graded(told, "venlafaxine")[0] == grade


@pytest.mark.parametrize(
    ("name", "mg", "expected"),
    [
        ("sertraline", "49.99", DoseClass.BELOW),
        ("sertraline", "50", DoseClass.ADEQUATE),
        ("sertraline", "50.01", DoseClass.ADEQUATE),
        ("sertraline", "800", DoseClass.ADEQUATE),
        ("sertraline", "801", DoseClass.UNKNOWN),
        ("sertraline", "25-49", DoseClass.BELOW),
        ("sertraline", "25-50", DoseClass.RANGE),
        ("sertraline", "50-100", DoseClass.ADEQUATE),
        ("sertraline", None, DoseClass.UNKNOWN),
        ("amitriptyline", "74.9", DoseClass.BELOW),
        ("amitriptyline", "75", DoseClass.GREY),
        ("amitriptyline", "99.5", DoseClass.GREY),
        ("amitriptyline", "100", DoseClass.ADEQUATE),
        ("amitriptyline", "50-80", DoseClass.BELOW),
        ("no such row", "100", DoseClass.UNKNOWN),
        ("selegiline oral", "10", DoseClass.UNKNOWN),
        ("bupropion", "100000", DoseClass.ADEQUATE),
    ],
)
def test_a_daily_dose_is_set_against_the_floor_of_its_drug(
    name: str, mg: str | None, expected: DoseClass, knowledge: Knowledge
) -> None:
    assert classify_dose(order(drug(name), "2025-12-20", mg=mg), knowledge) is expected


@pytest.mark.parametrize(
    ("name", "mg", "expected"),
    [
        ("sertraline", "49", DoseClass.BELOW),
        ("sertraline", "50", DoseClass.GREY),
        ("sertraline", "99.9", DoseClass.GREY),
        ("sertraline", "100", DoseClass.ADEQUATE),
        ("amitriptyline", "75", DoseClass.GREY),
        ("amitriptyline", "149", DoseClass.GREY),
        ("amitriptyline", "150", DoseClass.ADEQUATE),
        ("mianserin", "59", DoseClass.GREY),
    ],
)
def test_the_strict_profile_asks_for_more_and_keeps_the_rest_grey(
    name: str, mg: str, expected: DoseClass, knowledge: Knowledge
) -> None:
    strict = with_parameters(knowledge, {"trd.dose_profile": "strict"})
    assert classify_dose(order(drug(name), "2025-12-20", mg=mg), strict) is expected


def test_a_row_without_a_floor_has_none_to_give(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="no dose floor for selegiline oral"):
        floor_of(knowledge.drugs.antidepressants["selegiline oral"], knowledge)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"as_needed": True}, DoseClass.AS_NEEDED),
        ({"intermittent": True}, DoseClass.INTERMITTENT),
        ({}, DoseClass.ADEQUATE),
    ],
    ids=["as needed", "luteal", "daily"],
)
def test_only_a_daily_schedule_is_adequate(
    given: dict[str, Any], expected: DoseClass, knowledge: Knowledge
) -> None:
    assert classify_dose(order(SERTRALINE, "2025-12-20", **given), knowledge) is expected


@pytest.mark.parametrize(
    ("basis", "expected"),
    [(DoseBasis.DISPENSED, DoseClass.UNKNOWN), (DoseBasis.STRUCTURED, DoseClass.AS_NEEDED)],
)
def test_a_supply_on_need_that_lasted_like_daily_use_leaves_the_dose_open(
    basis: DoseBasis, expected: DoseClass, knowledge: Knowledge
) -> None:
    filled = dispense(SERTRALINE, "2025-12-20", as_needed=True)
    filled = type(filled)(**{**_fields(filled), "dose": dose(100, basis)})
    assert classify_dose(filled, knowledge) is expected


def _fields(of: Any) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of.__slots__}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mg": 25}, "the dose stayed below an adequate dose"),
        ({"as_needed": True}, "taken as needed"),
        ({"intermittent": True}, "not taken every day"),
        ({"mg": 100, "days": 20}, "too short at an adequate dose: 20 covered days at 100 mg/day"),
    ],
)
def test_a_run_that_cannot_count_says_why(
    given: dict[str, Any], words: str, knowledge: Knowledge
) -> None:
    told = judged(knowledge, MDD, NOW, order(SERTRALINE, "2026-01-01", **{"days": 100, **given}))
    assert words in trial(told, "sertraline").finding.because


def test_a_titration_counts_the_adequate_days_only(knowledge: Knowledge) -> None:
    low = dispense(SERTRALINE, "2026-01-01", 50, mg=25)
    high = dispense(SERTRALINE, "2026-02-20", 20, mg=50)
    told = judged(knowledge, MDD, NOW, low, high)
    because = trial(told, "sertraline").finding.because
    assert "too short at an adequate dose: 20 of 70 covered days" in because


def test_grey_days_are_counted_only_where_adequate_days_do_not_do(knowledge: Knowledge) -> None:
    grey = dispense(AMITRIPTYLINE, "2026-01-01", 50, mg=75)
    high = dispense(AMITRIPTYLINE, "2026-02-20", 42, mg=100)
    told = judged(knowledge, MDD, NOW, grey, high)
    found = trial(told, "amitriptyline")
    assert (found.covered_days, "dose_grey" in {gap.value for gap in found.gaps}) == (42, False)


def test_an_unknown_dose_does_not_count_where_the_rule_is_set_so(knowledge: Knowledge) -> None:
    strict = with_parameters(knowledge, {"trd.unknown_dose": "not_counted"})
    unknown = order(SERTRALINE, "2026-01-01", 100, mg=None)
    told = [
        graded(judged(each, MDD, NOW, unknown, SCORES), "sertraline")
        for each in (knowledge, strict)
    ]
    assert told == [("indeterminate", {"dose_unknown"}), ("not_counted", set())]


def test_a_drug_without_a_dose_row_is_at_best_indeterminate(knowledge: Knowledge) -> None:
    opipramol = order(drug("opipramol", dose_row=None), "2025-12-20", 100, mg=200)
    told = judged(knowledge, MDD, NOW, opipramol, SCORES)
    assert graded(told, "opipramol") == ("indeterminate", {"dose_unknown"})
    assert "at 200 mg/day" in trial(told, "opipramol").finding.because


def test_a_run_of_very_many_stretches_is_judged(knowledge: Knowledge) -> None:
    fills: list[Any] = [dispense(SERTRALINE, later("1990-01-01", n), 1) for n in range(10_000)]
    (run,) = split_into_runs(cover(fills, AS_OF, knowledge), 14)
    assert judge_adequacy(run, knowledge).days == 10_000


def test_days_inside_a_span_are_counted(knowledge: Knowledge) -> None:
    (run,) = split_into_runs(cover([dispense(SERTRALINE, "2026-01-01", 60)], AS_OF, knowledge), 14)
    adequacy = judge_adequacy(run, knowledge)
    first_ten = Span(run.span.start, run.span.start.replace(day=11))
    assert (adequacy.holds(first_ten), adequacy.can_count) == (10, True)


def test_the_dose_range_of_a_trial_is_told_with_its_floor(knowledge: Knowledge) -> None:
    pieces: list[Piece] = [
        dispense(SERTRALINE, "2026-01-01", 30, mg=50),
        dispense(SERTRALINE, "2026-01-31", 30, mg=100),
    ]
    told = judged(knowledge, MDD, NOW, *pieces)
    words = "60 covered days at 50 to 100 mg/day (adequate from 50 mg/day)"
    assert words in trial(told, "sertraline").finding.because
