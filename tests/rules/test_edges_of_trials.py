"""Does the first or the last day that still counts count, and nothing beside what it stands for?"""

from decimal import Decimal

import pytest

from rules.adequacy import judge_adequacy
from rules.adherence import judge_adherence, judge_denial
from rules.assessment import assess
from rules.context import find_context
from rules.eligibility import judge_depression_record
from rules.episodes import Activity, find_activity, find_current_episode
from rules.exposures import place
from rules.findings import InflammationStatus, Verdict
from rules.indication import judge_indication, may_be_smoking_cessation
from rules.knowledge import Knowledge
from rules.plain_words import percent, within_sentence
from rules.severity import select_scores
from rules.trial_candidate import TrialCandidate, exposures_of, preference
from rules.trial_entry import find_trial_exclusions
from rules.trials import Course, merge_exposures
from tests.rules.trial_cases import MDD, NOW, graded, judged, later, trial
from tests.support.build import (
    AS_OF,
    BUPROPION,
    VENLAFAXINE,
    Piece,
    crp,
    day,
    diagnosis,
    dispense,
    drug,
    facts,
    measurement,
    order,
    phq9,
    score,
    snomed,
    span,
    statement,
    unread,
)
from tests.support.variants import with_parameters

START = "2025-12-20"


def course_of(knowledge: Knowledge, *pieces: Piece) -> Course:
    (course,) = merge_exposures(facts(*pieces), AS_OF, knowledge)
    return course


def adherence(knowledge: Knowledge, *pieces: Piece) -> Verdict:
    course = course_of(knowledge, *pieces)
    return judge_adherence(course, course.runs[-1], AS_OF, knowledge).verdict


@pytest.mark.parametrize(("gap", "verdict"), [(14, Verdict.MET), (15, Verdict.NOT_MET)])
def test_the_longest_gap_inside_a_run_is_no_missing_supply(
    gap: int, verdict: Verdict, knowledge: Knowledge
) -> None:
    written = order(VENLAFAXINE, START, 28 + gap)
    fills = [
        dispense(VENLAFAXINE, on, 14, order=written.order) for on in (START, later(START, 14 + gap))
    ]
    assert adherence(knowledge, written, *fills) is verdict


def test_supply_is_not_what_supply_was_meant_for(knowledge: Knowledge) -> None:
    written = order(VENLAFAXINE, START, 40)
    first = dispense(VENLAFAXINE, START, 10)
    later_on = dispense(VENLAFAXINE, later(START, 30), 100)
    assert adherence(knowledge, written, first, later_on) is Verdict.NOT_MET


def test_an_order_with_an_end_and_no_supply_says_what_was_meant(knowledge: Knowledge) -> None:
    written = order(VENLAFAXINE, START, None, end=later(START, 99))
    assert adherence(knowledge, written, dispense(VENLAFAXINE, START, 79)) is Verdict.NOT_MET


def test_an_order_never_filled_says_nothing_of_what_was_meant(knowledge: Knowledge) -> None:
    filled = dispense(VENLAFAXINE, START, 30)
    reported = statement(VENLAFAXINE, later(START, 31), later(START, 100))
    never = order(VENLAFAXINE, later(START, 40), 60)
    assert course_of(knowledge, filled, reported, never).never_filled == (never,)
    assert adherence(knowledge, filled, reported, never) is Verdict.MET


def test_a_denial_that_ends_on_the_first_day_of_a_run_speaks_of_it(knowledge: Knowledge) -> None:
    denied = statement(VENLAFAXINE, later(START, -9), START, status="not-taken")
    course = course_of(knowledge, order(VENLAFAXINE, START, 100), denied)
    assert judge_denial(course, course.runs[-1], AS_OF).verdict is Verdict.NOT_MET


def test_a_remission_score_is_in_remission_up_to_its_limit(knowledge: Knowledge) -> None:
    limit = int(knowledge.scales["phq9"].remission_max)
    scores = (phq9(12, START), phq9(limit, "2026-03-01"))
    told = judged(knowledge, MDD, NOW, dispense(VENLAFAXINE, START, 100, mg=150), scores)
    assert graded(told, "venlafaxine") == ("not_counted", set())


def test_of_two_later_baselines_of_one_day_the_higher_counts(knowledge: Knowledge) -> None:
    baselines = [phq9(each, later(START, 5), sources=(str(each),)) for each in (12, 20)]
    scores = (*baselines, phq9(10, "2026-03-01"))
    told = judged(knowledge, MDD, NOW, dispense(VENLAFAXINE, START, 100, mg=150), scores)
    assert "PHQ-9 20 on" in trial(told, "venlafaxine").finding.because


def test_a_result_that_may_be_missing_leaves_a_normal_marker_open(knowledge: Knowledge) -> None:
    normal = crp("1.2")
    told = assess(facts(normal, unread("Observation")), AS_OF, knowledge).inflammation
    assert told.status is InflammationStatus.UNKNOWN
    assert told.finding.because == (
        "hs-CRP 1.2 mg/L on 2026-06-01, below the cut-off, but laboratory results may be missing: "
        "the server answered 403"
    )


@pytest.mark.parametrize("total", [0, 21])
def test_a_scale_shown_beside_reaches_from_its_first_to_its_last_point(
    total: int, knowledge: Knowledge
) -> None:
    low = with_parameters(knowledge, {"cards.gad7_context": 0})
    scores = facts(score("70274-6", total, "2026-06-15")).scores
    assert find_context([], scores, AS_OF, low) == (f"GAD-7 {total} on 2026-06-15",)


def test_a_depression_after_another_diagnosis_is_still_seen(knowledge: Knowledge) -> None:
    other = diagnosis("I10", recorded="2026-01-01")
    depression = diagnosis("F33.1", recorded="2026-02-01")
    assert find_activity([other, depression], [], [], knowledge).records == (day("2026-02-01"),)


def test_each_remission_counts(knowledge: Knowledge) -> None:
    ended = [
        diagnosis("F33.1", clinical_status="remission", abatement=on)
        for on in ("2024-01-01", "2025-01-01")
    ]
    found = find_activity(ended, [], [], knowledge).remissions
    assert found == (day("2024-01-01"), day("2025-01-01"))


def test_an_episode_after_a_silence_says_which(knowledge: Knowledge) -> None:
    gap = knowledge.trd.new_episode_gap_days
    covered = [span("2024-01-01", "2024-02-01"), span("2026-01-01", "2026-03-01")]
    nothing = Activity(signs=(), records=(), remissions=())
    told = find_current_episode(covered, nothing, [], AS_OF, knowledge)
    assert told.finding.because == f"a silence of more than {gap} days ended 2026-01-01"


def test_a_single_sign_covers_its_own_day_alone(knowledge: Knowledge) -> None:
    gap = knowledge.trd.new_episode_gap_days
    first, second = day(later("2026-06-01", -gap - 2)), day("2026-06-01")
    signs = Activity(signs=(first, second), records=(), remissions=())
    assert find_current_episode([], signs, [], AS_OF, knowledge).start == second


def test_a_sign_on_the_day_treatment_begins_again_bridges_no_silence(knowledge: Knowledge) -> None:
    gap = knowledge.trd.between_trial_gap_days
    again = later("2026-01-01", gap + 1)
    covered = [span("2025-11-01", "2026-01-01"), span(again, later(again, 20))]
    signs = Activity(signs=(day(again),), records=(), remissions=())
    told = find_current_episode(covered, signs, [], AS_OF, knowledge)
    assert told.unclear_before == day("2026-01-01")


def test_one_day_beside_a_smoking_aid_is_enough_to_doubt(knowledge: Knowledge) -> None:
    given = dispense(BUPROPION, START, 40)
    taken = span(START, later(START, 40))
    beside = [span(START, later(START, 1))]
    assert may_be_smoking_cessation([given], taken, beside, knowledge)


def test_an_active_diagnosis_is_heard_after_one_that_is_over(knowledge: Knowledge) -> None:
    over, active = diagnosis("E11.42", clinical_status="resolved"), diagnosis("E11.42")
    given = dispense(drug("duloxetine"), START, 30)
    told = judge_indication([given], [over, active], knowledge)
    assert told.verdict is Verdict.CANNOT_TELL


def test_a_course_is_taken_only_with_what_belongs_to_its_run(knowledge: Knowledge) -> None:
    taken = dispense(VENLAFAXINE, START, 30, mg=150)
    touching = order(VENLAFAXINE, later(START, 29), 60)
    course = course_of(knowledge, taken, touching)
    assert touching in exposures_of(course, course.runs[0], AS_OF, knowledge)


def test_of_runs_that_count_alike_the_longer_is_preferred(knowledge: Knowledge) -> None:
    pieces = dispense(VENLAFAXINE, "2025-08-01", 50), dispense(VENLAFAXINE, START, 80)
    course = course_of(knowledge, *pieces)
    candidates = [
        TrialCandidate(
            course=course, run=run, adequacy=judge_adequacy(run, knowledge), because=("it ran",)
        )
        for run in course.runs
    ]
    assert min(candidates, key=preference).run == course.runs[1]


@pytest.mark.parametrize(
    ("fraction", "text"), [("0.125", "12%"), ("0.135", "14%"), ("0.495", "50%"), ("0.005", "0%")]
)
def test_half_a_per_cent_goes_to_the_even_one(fraction: str, text: str) -> None:
    assert percent(Decimal(fraction)) == text


@pytest.mark.parametrize(("label", "text"), [("AsThma", "asThma"), ("A1c", "A1c"), ("Al2", "al2")])
def test_only_the_second_letter_tells_an_abbreviation(label: str, text: str) -> None:
    assert within_sentence(label) == text


def test_days_of_two_doubtful_doses_are_added_up_with_both_gaps(knowledge: Knowledge) -> None:
    unknown = dispense(VENLAFAXINE, START, 22, mg=None)
    ranged = dispense(VENLAFAXINE, later(START, 22), 22, mg="37-150")
    told = judge_adequacy(course_of(knowledge, unknown, ranged).runs[-1], knowledge)
    assert (told.days, len(told.gaps)) == (44, 2)


def test_a_perinatal_depression_alone_is_no_qualifying_record(knowledge: Knowledge) -> None:
    perinatal = next(iter(knowledge.value_sets["depression-perinatal"].codes))
    told = judge_depression_record([diagnosis(perinatal)], knowledge)
    assert told.verdict is Verdict.CANNOT_TELL


def test_an_order_of_the_next_day_ends_an_order_without_length(knowledge: Knowledge) -> None:
    orders = [order(VENLAFAXINE, on, None) for on in (START, later(START, 1), later(START, 20))]
    spans = [each for _, each in place(orders, AS_OF, knowledge)]
    assert spans[0] == span(START, later(START, 1))


def test_scores_after_one_that_is_passed_over_are_still_read(knowledge: Knowledge) -> None:
    beside = score("70274-6", 12, "2026-06-15")
    refused = [phq9(17, None, sources=(name,)) for name in ("a", "b")]
    told = select_scores(facts(beside, refused, NOW).scores, AS_OF, knowledge)
    assert [each.value for each in told.totals] == [17]
    assert [each.source for each in told.not_used] == ["a", "b"]


def test_substance_use_after_another_diagnosis_is_still_seen(knowledge: Knowledge) -> None:
    def exclusions(*codes: str) -> int:
        given = facts([diagnosis(each, recorded="2026-05-01") for each in codes])
        return len(find_trial_exclusions(given, (), AS_OF, knowledge))

    assert exclusions("F10.20", "Z00.0") == exclusions("Z00.0", "F10.20") == 1


def test_a_name_of_smoking_is_given_to_the_card(knowledge: Knowledge) -> None:
    smoker = measurement("72166-2", None, "2026-01-01", answers=(snomed("449868002"),))
    (told,) = assess(facts(smoker), AS_OF, knowledge).confounders
    assert (told.kind, told.name) == ("smoking", "smoking")


def test_a_score_on_the_first_day_of_the_last_supply_after_a_gap_is_no_end_score(
    knowledge: Knowledge,
) -> None:
    fills = [dispense(VENLAFAXINE, on, 45, mg=150) for on in (START, later(START, 45 + 40))]
    scores = (phq9(20, START), phq9(18, later(START, 45 + 39)))
    told = judged(knowledge, MDD, NOW, fills, scores)
    assert graded(told, "venlafaxine")[1] == {"no_response_evidence"}
