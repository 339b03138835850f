"""Does a trial get its grade from its gaps, and are its facts the ones shown?"""

from decimal import Decimal

import pytest

from rules.knowledge import Knowledge
from rules.trial_candidate import TrialCandidate, grade_trial
from rules.trial_gaps import TrialGap
from rules.trials import merge_exposures
from tests.rules.trial_cases import MDD, NOW, graded, judged, trial
from tests.support.build import AS_OF, SERTRALINE, Piece, dispense, facts, order, phq9, statement
from tests.support.variants import with_parameters

GAPS = [TrialGap.DOSE_GREY, TrialGap.DISTINCTNESS, TrialGap.STATUS_UNCLEAR]


def candidate(knowledge: Knowledge, *pieces: Piece) -> TrialCandidate:
    exposures = pieces or (dispense(SERTRALINE, "2026-01-01", 60),)
    (course,) = merge_exposures(facts(*exposures), AS_OF, knowledge)
    return TrialCandidate(course=course, run=None, adequacy=None, because=("it ran",))


@pytest.mark.parametrize("allowed", [1, 2, 3])
@pytest.mark.parametrize("gaps", [0, 1, 2, 3])
def test_as_many_gaps_as_allowed_leave_a_trial_indeterminate(
    allowed: int, gaps: int, knowledge: Knowledge
) -> None:
    rule = with_parameters(knowledge, {"trd.max_gaps_per_trial": allowed})
    given = candidate(knowledge)
    for gap in GAPS[:gaps]:
        given = given.with_gap(gap)
    expected = "adequate_failed" if not gaps else "indeterminate"
    assert grade_trial(given, rule).grade.value == (expected if gaps <= allowed else "not_counted")


def test_the_same_gap_never_counts_twice(knowledge: Knowledge) -> None:
    given = candidate(knowledge).with_gap(TrialGap.DOSE_GREY, "a").with_gap(TrialGap.DOSE_GREY, "b")
    assert given.gaps == ((TrialGap.DOSE_GREY, "a"),)


def test_a_gap_can_be_taken_back(knowledge: Knowledge) -> None:
    given = candidate(knowledge).with_gap(TrialGap.DOSE_GREY).with_gap(TrialGap.DISTINCTNESS)
    assert not given.without_gap(TrialGap.DOSE_GREY).has(TrialGap.DOSE_GREY)
    assert given.without_gap(TrialGap.DOSE_GREY).has(TrialGap.DISTINCTNESS)


def test_too_many_gaps_are_named_with_their_number(knowledge: Knowledge) -> None:
    given = candidate(knowledge)
    for gap in GAPS:
        given = given.with_gap(gap)
    because = grade_trial(given, knowledge).finding.because
    assert because.startswith("it ran; 3 gaps, more than the rule allows; the dose lies in a band")


def test_a_trial_without_a_run_shows_its_longest(knowledge: Knowledge) -> None:
    fills = (dispense(SERTRALINE, "2025-10-01", 20, mg=50), dispense(SERTRALINE, "2026-01-01", 60))
    shown = grade_trial(candidate(knowledge, *fills), knowledge)
    assert (str(shown.start), shown.covered_days, shown.daily_dose_mg) == (
        "2026-01-01",
        60,
        Decimal(100),
    )


def test_a_trial_without_any_day_shows_none(knowledge: Knowledge) -> None:
    shown = grade_trial(candidate(knowledge, statement(SERTRALINE, None)), knowledge)
    assert (shown.start, shown.end, shown.covered_days, shown.daily_dose_mg) == (
        None,
        None,
        0,
        None,
    )


@pytest.mark.parametrize(
    ("pieces", "caveats"),
    [
        ((order(SERTRALINE, "2026-01-01", 60),), 1),
        ((dispense(SERTRALINE, "2026-01-01", 60),), 0),
        ((statement(SERTRALINE, "2026-01-01", "2026-03-01"),), 0),
    ],
    ids=["orders", "supply", "report"],
)
def test_orders_alone_carry_the_caveat_that_filling_is_not_verified(
    pieces: tuple[Piece, ...], caveats: int, knowledge: Knowledge
) -> None:
    found = trial(judged(knowledge, MDD, NOW, *pieces), "sertraline").caveats
    assert [each for each in found if each == knowledge.evidence.statements["orders_only"]] == (
        [knowledge.evidence.statements["orders_only"]] * caveats
    )


@pytest.mark.parametrize(
    ("sure_days", "gaps"), [(41, {"code_free_text"}), (42, set()), (60, set())]
)
def test_days_known_from_free_text_are_a_gap_only_where_the_trial_rests_on_them(
    sure_days: int, gaps: set[str], knowledge: Knowledge
) -> None:
    sure = dispense(SERTRALINE, "2026-01-01", sure_days)
    start = sure.start.earliest.replace() if sure.start else AS_OF
    text = dispense(
        SERTRALINE, str(start.fromordinal(start.toordinal() + sure_days)), 30, drug_from_text=True
    )
    scores = (phq9(18, "2026-01-01"), phq9(17, "2026-02-10"))
    assert graded(judged(knowledge, MDD, NOW, sure, text, scores), "sertraline")[1] == gaps
