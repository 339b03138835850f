"""Does each settled point of the rule on trials hold for a whole patient?

One test, or a pair of twins, for each point of rule.md section 12 that concerns treatment
resistance.
"""

import pytest

from rules.assessment import assess
from rules.knowledge import Knowledge
from tests.rules.trial_cases import (
    INSUFFICIENT,
    MDD,
    MET,
    NOT_MET,
    NOW,
    POSSIBLE,
    SERTRALINE_FAILED,
    VENLAFAXINE_FAILED,
    graded,
    judged,
    later,
    status,
    trial,
)
from tests.support.build import (
    AS_OF,
    MIRTAZAPINE,
    SERTRALINE,
    VENLAFAXINE,
    code,
    diagnosis,
    dispense,
    drug,
    encounter,
    facts,
    icd,
    order,
    phq9,
    phq9_item9,
    refills,
    score,
    statement,
)
from tests.support.variants import with_codes

LACK = code("https://example.org/stop", "lack-of-effect")
S = SERTRALINE_FAILED
W_DAYS = refills(VENLAFAXINE, "2025-12-20", 120, mg=150)


@pytest.fixture
def site(knowledge: Knowledge) -> Knowledge:
    """The knowledge of a site that codes why a drug was stopped."""
    return with_codes(knowledge, "stop-lack-of-effect", {LACK: "lack of effect"})


def test_the_two_failed_trials_of_these_tests_meet_the_definition(knowledge: Knowledge) -> None:
    assert status(knowledge, MDD, NOW, S, VENLAFAXINE_FAILED) == MET


def test_12_1_the_last_score_before_the_start_is_the_baseline(knowledge: Knowledge) -> None:
    # From 27 the end score would be a response; from 15, the later score, it is none.
    scores = (phq9(27, "2025-11-10"), phq9(15, "2025-12-20"), phq9(12, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, S, W_DAYS, scores)
    assert "PHQ-9 15 on 2025-12-20" in trial(told, "venlafaxine").finding.because


def test_12_1_without_a_score_before_the_start_the_first_after_it_is_the_baseline(
    knowledge: Knowledge,
) -> None:
    scores = (phq9(14, "2025-12-28"), phq9(20, "2026-01-03"), phq9(13, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, refills(SERTRALINE, "2025-09-01", 45), W_DAYS, scores)
    assert "PHQ-9 14 on 2025-12-28" in trial(told, "venlafaxine").finding.because


@pytest.mark.parametrize(
    ("baseline", "words"),
    [(9, "baseline too low to compare with"), (10, "PHQ-9 10 on 2025-12-20, 16 on 2026-03-10")],
)
def test_12_2_a_low_baseline_leaves_the_level_to_speak(
    baseline: int, words: str, knowledge: Knowledge
) -> None:
    scores = (phq9(baseline, "2025-12-20"), phq9(16, "2026-03-10"))
    found = trial(judged(knowledge, MDD, NOW, S, W_DAYS, scores), "venlafaxine")
    assert found.grade.value == "adequate_failed"
    assert words in found.finding.because


@pytest.mark.parametrize(
    ("end", "grade", "gaps"),
    [
        (10, "adequate_failed", set()),
        (9, "indeterminate", {"no_response_evidence"}),
        (8, "not_counted", set()),
    ],
)
def test_12_3_partial_improvement_to_a_mild_score_is_neither_failure_nor_response(
    end: int, grade: str, gaps: set[str], knowledge: Knowledge
) -> None:
    scores = (phq9(17, "2025-12-20"), phq9(end, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, S, W_DAYS, scores)
    assert graded(told, "venlafaxine") == (grade, gaps)


@pytest.mark.parametrize(
    ("days_after_the_last_covered_day", "expected"), [(13, MET), (14, MET), (15, POSSIBLE)]
)
def test_12_4_a_score_within_14_days_of_the_last_covered_day_counts(
    days_after_the_last_covered_day: int, expected: str, knowledge: Knowledge
) -> None:
    end = later("2026-04-18", days_after_the_last_covered_day)
    told = status(knowledge, MDD, NOW, S, W_DAYS, phq9(15, "2025-12-20"), phq9(16, end))
    assert told == expected


@pytest.mark.parametrize(("mg", "gap"), [(None, "dose_unknown"), ("50-100", "dose_range_spans")])
def test_12_5_response_evidence_counts_beside_a_gap_of_the_dose(
    mg: str | None, gap: str, knowledge: Knowledge
) -> None:
    days = refills(VENLAFAXINE, "2025-12-20", 120, mg=mg)
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, S, days, scores)
    assert graded(told, "venlafaxine") == ("indeterminate", {gap})


@pytest.mark.parametrize(("ordered", "gaps"), [(99, {"adherence_doubt"}), (97, set())])
def test_12_6_supply_is_set_against_the_days_that_the_orders_cover(
    ordered: int, gaps: set[str], knowledge: Knowledge
) -> None:
    # 78 of 97 days are 80.4 %, of 99 days 78.8 %.
    written = order(VENLAFAXINE, "2025-12-20", ordered, mg=150)
    filled = dispense(VENLAFAXINE, "2025-12-20", 78, mg=150, order=written.order)
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-03-01"))
    told = judged(knowledge, MDD, NOW, S, written, filled, scores)
    assert graded(told, "venlafaxine")[1] == gaps


def test_12_7_the_last_day_of_a_period_is_covered_and_that_of_a_supply_is_not(
    knowledge: Knowledge,
) -> None:
    period = statement(SERTRALINE, "2025-09-15", "2025-10-26")
    supply = dispense(VENLAFAXINE, "2025-12-20", 42, mg=150)
    told = judged(knowledge, MDD, NOW, period, supply)
    assert (trial(told, "sertraline").covered_days, trial(told, "venlafaxine").covered_days) == (
        42,
        42,
    )
    assert (str(trial(told, "sertraline").end), str(trial(told, "venlafaxine").end)) == (
        "2025-10-27",
        "2026-01-31",
    )


def test_12_8_the_grace_days_of_an_open_order_are_not_covered_days(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, order(SERTRALINE, "2025-09-15", 41, status="active"))
    assert trial(told, "sertraline").covered_days == 41


@pytest.mark.parametrize("ended", ["stopped", "completed"])
def test_12_9_an_ended_order_lasts_as_long_as_its_supply(ended: str, knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, order(SERTRALINE, "2025-09-15", 60, status=ended))
    assert trial(told, "sertraline").covered_days == 60


@pytest.mark.parametrize("ended", ["stopped", "completed"])
def test_12_9_an_ended_order_without_supply_is_of_unknown_length(
    ended: str, knowledge: Knowledge
) -> None:
    told = judged(knowledge, MDD, NOW, order(SERTRALINE, "2025-09-15", None, status=ended))
    assert graded(told, "sertraline") == (
        "indeterminate",
        {"duration_unknown", "no_response_evidence"},
    )


def test_12_10_an_open_statement_runs_to_today_beside_dispenses_of_other_drugs(
    knowledge: Knowledge,
) -> None:
    open_one = statement(MIRTAZAPINE, "2026-05-01", mg=30, status="active")
    told = judged(knowledge, MDD, NOW, S, open_one)
    assert trial(told, "mirtazapine").covered_days == 60


@pytest.mark.parametrize(
    ("days", "grade"), [(89, "not_counted"), (90, "not_counted"), (91, "adequate_failed")]
)
def test_12_11_an_order_is_never_filled_only_where_dispensing_is_seen_near_it(
    days: int, grade: str, knowledge: Knowledge
) -> None:
    written = order(VENLAFAXINE, "2025-12-20", 120, mg=150)
    other = dispense(drug("statin, unspecified", "statin"), later("2025-12-20", -days))
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, scores, written, other)
    assert graded(told, "venlafaxine")[0] == grade


@pytest.mark.parametrize(("alone", "gaps"), [(41, {"concurrent_start"}), (42, set())])
def test_12_12_a_long_overlap_is_one_regimen_until_the_first_drug_was_adequate(
    alone: int, gaps: set[str], knowledge: Knowledge
) -> None:
    first = refills(SERTRALINE, "2025-09-15", 120)
    second = refills(MIRTAZAPINE, later("2025-09-15", alone), 90, mg=30)
    scores = (phq9(18, "2025-09-10"), phq9(17, "2025-12-20"))
    told = judged(knowledge, MDD, NOW, first, second, scores)
    assert graded(told, "mirtazapine") == ("indeterminate" if gaps else "adequate_failed", gaps)


@pytest.mark.parametrize(
    ("bridge", "gaps"),
    [
        ((), {"episode_unclear"}),
        (phq9(10, "2026-01-20"), set()),
        (phq9(9, "2026-01-20"), {"episode_unclear"}),
        (encounter(icd("F33.1"), "2026-01-20"), set()),
        (encounter(icd("I10"), "2026-01-20"), {"episode_unclear"}),
        (diagnosis("F33.9", recorded="2026-01-20"), set()),
        (diagnosis("F33.9", recorded="2026"), {"episode_unclear"}),
        (diagnosis("F33.9", recorded="2026-05-20"), {"episode_unclear"}),
    ],
    ids=str,
)
def test_12_13_a_silence_is_bridged_by_a_sign_of_depression(
    bridge: object, gaps: set[str], knowledge: Knowledge
) -> None:
    after = refills(VENLAFAXINE, "2026-04-10", 60, mg=150)
    told = judged(knowledge, MDD, NOW, S, after, bridge)  # type: ignore[arg-type]
    assert graded(told, "sertraline")[1] == gaps


def test_12_14_a_silence_runs_from_the_end_of_exposure_not_from_its_start(
    knowledge: Knowledge,
) -> None:
    # 98 days after the last covered day; from the last fill it would be 128 days.
    after = refills(VENLAFAXINE, later("2025-12-14", 98), 60, mg=150)
    assert graded(judged(knowledge, MDD, NOW, S, after), "sertraline") == ("adequate_failed", set())


def test_12_14_a_later_sign_after_183_silent_days_begins_another_episode(
    knowledge: Knowledge,
) -> None:
    assert graded(judged(knowledge, MDD, NOW, S), "sertraline")[0] == "not_counted"


def test_12_14_a_later_sign_after_182_silent_days_stays_in_the_episode(
    knowledge: Knowledge,
) -> None:
    told = judged(knowledge, MDD, phq9(17, "2026-06-14"), S)
    assert graded(told, "sertraline")[0] == "adequate_failed"


@pytest.mark.parametrize("name", ["clomipramine", "fluvoxamine"])
@pytest.mark.parametrize(
    ("reason", "grade"), [("F42.2", "not_counted"), ("F33.1", "adequate_failed")]
)
def test_12_15_a_drug_given_for_compulsions_is_no_trial_although_depression_is_coded(
    name: str, reason: str, grade: str, knowledge: Knowledge
) -> None:
    written = order(drug(name), "2025-12-20", 120, mg=150, reasons=(icd(reason),))
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, written, scores)
    assert graded(told, name)[0] == grade


def test_12_16_pain_and_depression_as_reasons_of_one_order_count(knowledge: Knowledge) -> None:
    both = (icd("G43.709"), icd("F33.1"))
    written = order(drug("amitriptyline"), "2025-12-20", 120, mg=150, reasons=both)
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-03-10"))
    told = judged(knowledge, MDD, NOW, written, scores)
    assert graded(told, "amitriptyline")[0] == "adequate_failed"


def test_12_16_pain_as_the_only_reason_does_not_count(knowledge: Knowledge) -> None:
    written = order(drug("amitriptyline"), "2025-12-20", 120, mg=150, reasons=(icd("G43.709"),))
    told = judged(knowledge, MDD, NOW, written)
    assert graded(told, "amitriptyline")[0] == "not_counted"


def test_12_20_a_remission_code_is_a_record_and_the_score_decides(knowledge: Knowledge) -> None:
    remitted = diagnosis("F33.42", clinical_status="remission", recorded="2019-05-01")
    assert status(knowledge, remitted, NOW, S, VENLAFAXINE_FAILED) == MET


def test_12_20_without_any_record_of_depression_the_answer_stays_open(knowledge: Knowledge) -> None:
    assert status(knowledge, NOW, S, VENLAFAXINE_FAILED) == INSUFFICIENT


@pytest.mark.parametrize(("score_now", "expected"), [(12, MET), (9, NOT_MET)])
def test_12_21_a_current_remission_code_yields_to_a_recent_score(
    score_now: int, expected: str, knowledge: Knowledge
) -> None:
    remitted = diagnosis("F33.42", recorded="2026-06-10")
    told = status(knowledge, MDD, remitted, phq9(score_now, "2026-06-20"), S, VENLAFAXINE_FAILED)
    assert told == expected


def test_12_21_a_remission_code_that_no_score_contradicts_ends_the_episode(
    knowledge: Knowledge,
) -> None:
    remitted = diagnosis("F33.42", recorded="2026-04-19")
    assert status(knowledge, MDD, remitted, NOW, S, VENLAFAXINE_FAILED) == NOT_MET


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (phq9_item9(17, "2026-06-20"), "a score outside 0 to 3"),
        (score("44249-1", 17, "2026-06-20"), "panel"),
    ],
    ids=["item 9 as a total", "panel as a total"],
)
def test_12_29_a_code_misused_as_a_total_is_not_used_and_named(
    wrong: object, words: str, knowledge: Knowledge
) -> None:
    given = facts(MDD, S, VENLAFAXINE_FAILED, wrong)  # type: ignore[arg-type]
    told = assess(given, AS_OF, knowledge)
    assert told.treatment_resistance.status.value == POSSIBLE  # no recent score
    assert [each for each in told.not_used if words in each.because] != []


def test_12_31_a_code_is_the_same_with_and_without_its_dot(knowledge: Knowledge) -> None:
    told = [
        judged(knowledge, diagnosis(written, sources=("Condition/1",)), NOW, S, VENLAFAXINE_FAILED)
        for written in ("F33.1", "F331", "f33.1")
    ]
    assert told[0] == told[1] == told[2]


def test_12_32_medications_without_an_antidepressant_are_a_readable_history(
    knowledge: Knowledge,
) -> None:
    statin = dispense(drug("statin, unspecified", "statin"), "2026-01-01")
    assert status(knowledge, MDD, NOW, statin) == NOT_MET


def test_12_32_no_medication_at_all_shows_nothing(knowledge: Knowledge) -> None:
    assert status(knowledge, MDD, NOW) == INSUFFICIENT


@pytest.mark.parametrize(
    ("end", "grade", "gaps"),
    [(10, "indeterminate", {"no_response_evidence"}), (11, "adequate_failed", set())],
)
def test_q2_a_coded_lack_of_effect_against_a_halved_score_is_not_shown(
    end: int, grade: str, gaps: set[str], site: Knowledge
) -> None:
    written = order(VENLAFAXINE, "2025-12-20", 120, mg=150, stop_reasons=(LACK,))
    scores = (phq9(20, "2025-12-20"), phq9(end, "2026-03-10"))
    told = judged(site, MDD, NOW, written, scores)
    assert graded(told, "venlafaxine") == (grade, gaps)
    disagrees = "coded reason and scale disagree" in trial(told, "venlafaxine").finding.because
    assert disagrees is bool(gaps)


@pytest.mark.parametrize("key", ["phq9", "bdi2", "phq9m"])
@pytest.mark.parametrize(("below", "expected"), [(1, NOT_MET), (0, MET), (-1, MET)])
def test_q9_each_scale_has_its_own_cut_off_for_current_depression(
    key: str, below: int, expected: str, knowledge: Knowledge
) -> None:
    scale = knowledge.scales[key]
    total = min(scale.totals)
    now = score(total.code, scale.moderate - below, "2026-06-20")
    assert status(knowledge, MDD, now, S, VENLAFAXINE_FAILED) == expected


@pytest.mark.parametrize(
    ("key", "cut_off"),
    [("phq9", 10), ("madrs", 20), ("hamd17", 17), ("qids_sr16", 11), ("bdi2", 20)],
)
def test_q9_the_cut_off_of_each_scale_is_the_one_of_the_rule(
    key: str, cut_off: int, knowledge: Knowledge
) -> None:
    assert knowledge.scales[key].moderate == cut_off
