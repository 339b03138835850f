"""Does the first row of the table that matches decide the class?"""

from collections.abc import Iterable

import pytest

from rules.assessment import assess
from rules.facts import Completeness, Incomplete
from rules.knowledge import Knowledge
from tests.rules.trial_cases import (
    INSUFFICIENT,
    MDD,
    MET,
    NOT_MET,
    NOW,
    OUT_OF_SCOPE,
    POSSIBLE,
    SERTRALINE_FAILED,
    VENLAFAXINE_FAILED,
    ago,
    judged,
    status,
)
from tests.support.build import (
    AS_OF,
    MIRTAZAPINE,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    diagnosis,
    dispense,
    facts,
    phq9,
    procedure,
    snomed,
    statement,
    unread,
)
from tests.support.variants import with_parameters

BOTH = (SERTRALINE_FAILED, VENLAFAXINE_FAILED)
ONE = (SERTRALINE_FAILED, phq9(17, "2026-04-01"))


def partly(resource_type: str) -> Incomplete:
    return Incomplete(
        resource_type=resource_type,
        completeness=Completeness.PARTLY_READ,
        because="one could not be read",
    )


@pytest.mark.parametrize(("needed", "expected"), [(1, MET), (2, MET), (3, NOT_MET)])
def test_enough_failed_trials_are_as_many_as_the_rule_asks_for(
    needed: int, expected: str, knowledge: Knowledge
) -> None:
    rule = with_parameters(knowledge, {"trd.min_failed_trials": needed})
    assert status(rule, MDD, NOW, BOTH) == expected


@pytest.mark.parametrize(("age", "expected"), [(89, MET), (90, MET), (91, POSSIBLE)])
def test_a_severity_score_is_current_for_90_days(
    age: int, expected: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, MDD, BOTH, phq9(17, ago(age))) == expected


def test_an_old_low_score_does_not_show_that_there_is_no_depression_now(
    knowledge: Knowledge,
) -> None:
    second = dispense(VENLAFAXINE, "2025-12-20", 60, mg=150)
    scores = (phq9(15, "2025-12-20"), phq9(16, "2026-02-10"), phq9(3, ago(91)))
    assert status(knowledge, MDD, SERTRALINE_FAILED, second, scores) == POSSIBLE


def test_without_the_need_of_a_current_score_the_trials_suffice(knowledge: Knowledge) -> None:
    rule = with_parameters(knowledge, {"trd.require_current_severity": False})
    assert status(rule, MDD, BOTH) == MET


@pytest.mark.parametrize(("now", "expected"), [(9, NOT_MET), (10, MET), (11, MET)])
def test_who_is_not_depressed_now_does_not_meet_it(
    now: int, expected: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, MDD, BOTH, phq9(now, "2026-06-20")) == expected


def test_who_is_not_depressed_now_does_not_meet_it_whatever_could_not_be_read(
    knowledge: Knowledge,
) -> None:
    medications = [unread("MedicationRequest"), unread("MedicationDispense")]
    assert status(knowledge, MDD, phq9(3, "2026-06-20"), medications) == NOT_MET


def test_a_low_score_does_not_decide_where_later_scores_may_be_missing(
    knowledge: Knowledge,
) -> None:
    told = judged(knowledge, MDD, BOTH, phq9(3, "2026-06-20"), unread("Observation"))
    assert told.status.value == INSUFFICIENT
    assert "later symptom scores may be missing" in told.finding.because


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ([], NOT_MET),
        ([unread("MedicationRequest")], INSUFFICIENT),
        ([unread("MedicationStatement")], INSUFFICIENT),
        ([partly("MedicationDispense")], INSUFFICIENT),
        ([unread("Encounter")], NOT_MET),
        ([unread("QuestionnaireResponse")], NOT_MET),
        ([unread("Condition")], INSUFFICIENT),
        ([unread("Observation")], INSUFFICIENT),
        ([partly("Procedure")], INSUFFICIENT),
        ([unread("AllergyIntolerance")], NOT_MET),
    ],
    ids=str,
)
def test_a_partial_failure_cannot_prove_that_it_is_not_met(
    missing: list[Piece], expected: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, MDD, NOW, ONE, missing) == expected


@pytest.mark.parametrize("name", ["Condition", "Encounter", "Observation", "QuestionnaireResponse"])
def test_where_no_drug_is_on_record_any_missing_type_leaves_the_history_open(
    name: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, NOW) == NOT_MET
    assert status(knowledge, NOW, unread(name)) == INSUFFICIENT


def test_a_low_score_does_not_decide_where_later_questionnaires_may_be_missing(
    knowledge: Knowledge,
) -> None:
    missing = unread("QuestionnaireResponse")
    told = judged(knowledge, MDD, BOTH, phq9(3, "2026-06-20"), missing)
    assert told.status.value == INSUFFICIENT
    assert "the questionnaires of the record" in told.would_change


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ([unread("MedicationRequest")], MET),
        ([unread("MedicationStatement")], MET),
        ([partly("MedicationRequest"), partly("MedicationDispense")], MET),
        ([unread("MedicationRequest"), unread("MedicationDispense")], INSUFFICIENT),
        ([unread("MedicationRequest"), partly("MedicationDispense")], MET),
        ([unread("Condition")], POSSIBLE),
    ],
    ids=str,
)
def test_positive_evidence_stands_unless_every_order_and_supply_is_missing(
    missing: list[Piece], expected: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, MDD, NOW, BOTH, missing) == expected


@pytest.mark.parametrize(
    ("coded", "expected"), [("F33.1", MET), ("F43.21", INSUFFICIENT), ("I10", INSUFFICIENT)]
)
def test_enough_trials_need_a_depressive_disorder(
    coded: str, expected: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, diagnosis(coded), NOW, BOTH) == expected


def test_an_empty_history_says_nothing_of_a_depressed_patient(knowledge: Knowledge) -> None:
    assert status(knowledge, MDD, NOW) == INSUFFICIENT
    assert status(knowledge, NOW) == NOT_MET


def test_an_empty_history_is_told_before_other_treatments_are_counted(
    knowledge: Knowledge,
) -> None:
    rule = with_parameters(knowledge, {"trd.min_failed_trials": 1})
    ect = [procedure(snomed("23835007"), ago(each)) for each in range(10, 20)]
    assert status(rule, MDD, NOW, ect) == INSUFFICIENT


@pytest.mark.parametrize(
    ("undated", "expected"),
    [
        ((statement(MIRTAZAPINE, None, mg=30),), INSUFFICIENT),
        ((statement(MIRTAZAPINE, None, mg=7),), NOT_MET),
        ((), NOT_MET),
    ],
    ids=["could count", "too low a dose", "none"],
)
def test_an_undated_trial_that_could_count_leaves_it_open(
    undated: Iterable[Piece], expected: str, knowledge: Knowledge
) -> None:
    assert status(knowledge, MDD, NOW, ONE, undated) == expected


@pytest.mark.parametrize(
    ("verification", "expected"),
    [("confirmed", OUT_OF_SCOPE), ("provisional", POSSIBLE), ("refuted", MET)],
)
def test_a_provisional_excluding_diagnosis_holds_the_class_at_possible(
    verification: str, expected: str, knowledge: Knowledge
) -> None:
    bipolar = diagnosis("F31.9", verification=verification)
    assert status(knowledge, MDD, NOW, BOTH, bipolar) == expected


def test_gaps_hold_the_class_at_possible(knowledge: Knowledge) -> None:
    unknown = dispense(VENLAFAXINE, "2026-02-01", 90, mg=None)
    assert status(knowledge, MDD, NOW, ONE, unknown) == POSSIBLE


@pytest.mark.parametrize(("allowed", "expected"), [(1, NOT_MET), (2, POSSIBLE), (3, POSSIBLE)])
def test_a_trial_with_more_gaps_than_allowed_does_not_count(
    allowed: int, expected: str, knowledge: Knowledge
) -> None:
    rule = with_parameters(knowledge, {"trd.max_gaps_per_trial": allowed})
    near = dispense(VENLAFAXINE, "2026-01-01", 30, mg=150)
    assert status(rule, MDD, NOW, ONE, near) == expected


def test_the_order_of_the_record_changes_nothing(knowledge: Knowledge) -> None:
    given = facts(MDD, NOW, BOTH)
    turned = facts(MDD, NOW, BOTH)
    turned = type(turned)(
        **{name: getattr(turned, name) for name in turned.__slots__}
        | {"exposures": turned.exposures[::-1], "scores": turned.scores[::-1]}
    )
    assert judged(knowledge, given=given) == judged(knowledge, given=turned, as_of=AS_OF)


def test_what_is_out_of_scope_rests_on_the_excluding_diagnosis(knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, BOTH, diagnosis("F20.0"))
    assert told.finding.sources == ("Condition/F200-undated",)
    assert told.would_change == ()


def test_trials_before_the_look_back_are_counted_in_the_answer(knowledge: Knowledge) -> None:
    old = [dispense(drug, ago(800), 60) for drug in (SERTRALINE, MIRTAZAPINE)]
    assert "two trials before the look-back" in judged(knowledge, MDD, NOW, old).finding.because


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((), OUT_OF_SCOPE),
        ((unread("Patient", "$.birthDate should be str"),), INSUFFICIENT),
        # An exclusion that was read stands, whatever was not.
        ((unread("Patient", "$.birthDate should be str"), diagnosis("F31.9")), OUT_OF_SCOPE),
    ],
)
def test_an_age_that_is_not_recorded_is_out_of_scope_and_one_that_was_not_read_is_open(
    pieces: tuple[Piece, ...], expected: str, knowledge: Knowledge
) -> None:
    record = facts(MDD, *BOTH, NOW, *pieces, born=None)
    assert assess(record, AS_OF, knowledge).treatment_resistance.status.value == expected
