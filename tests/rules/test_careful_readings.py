"""Does the rule decide like a careful psychiatrist where the specification leaves room?

Each test is one odd but realistic record, and what must not follow from it.
"""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from rules.assessment import assess
from rules.facts import DoseBasis
from rules.findings import Assessment, SupportingTreatment
from rules.knowledge import Knowledge
from tests.rules.patients import RAISED_TWICE, RESISTANT, evidence_patient
from tests.support.build import (
    AMOXICILLIN,
    AS_OF,
    CITALOPRAM,
    ESCITALOPRAM,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    crp,
    diagnosis,
    dispense,
    dose,
    drug,
    encounter,
    facts,
    icd,
    loinc,
    measurement,
    order,
    phq9,
    phq9_item9,
    procedure,
    refills,
    snomed,
    statement,
    unread,
)
from tests.support.variants import with_codes, with_parameters

LITHIUM = drug("lithium", "augmentation")
LITHIUM_LEVEL = "14334-7"
MDD = diagnosis("F33.1")
NOW = phq9(17, "2026-06-15")
# Sertraline to the end of the year, so that nothing later lies behind a long silence.
FAILED: tuple[Piece, ...] = (
    MDD,
    NOW,
    *refills(SERTRALINE, "2025-10-01", 120),
    phq9(18, "2025-09-28"),
    phq9(16, "2026-01-10"),
)
TRD_CODE = snomed("1153570009")


def told(knowledge: Knowledge, *pieces: Piece | Iterable[Piece], **person: bool) -> Assessment:
    return assess(facts(*pieces, **person), AS_OF, knowledge)  # type: ignore[arg-type]


def status(knowledge: Knowledge, *pieces: Piece | Iterable[Piece]) -> str:
    return told(knowledge, *pieces).treatment_resistance.status.value


def support(knowledge: Knowledge, *pieces: Piece | Iterable[Piece]) -> SupportingTreatment:
    (found,) = told(knowledge, *pieces).treatment_resistance.supporting
    return found


@pytest.fixture(scope="module")
def lithium_site(knowledge: Knowledge) -> Knowledge:
    """The knowledge of a site that says under which code it sends lithium levels."""
    return with_codes(knowledge, "serum-lithium", {loinc(LITHIUM_LEVEL): "lithium level"})


# A response that was lost again


def test_a_response_that_did_not_last_is_no_failure_to_respond(knowledge: Knowledge) -> None:
    swinging = [
        *refills(VENLAFAXINE, "2026-01-29", 150, mg="150"),
        phq9(6, "2026-04-01"),
        phq9(17, "2026-06-15"),
    ]
    answer = told(knowledge, *FAILED, *swinging)
    trial = answer.treatment_resistance.trials[-1]
    assert answer.treatment_resistance.status.value == "possible"
    assert [gap.value for gap in trial.gaps] == ["no_response_evidence"]
    assert trial.gap_notes == (
        "response: PHQ-9 16 on 2026-01-10, 6 on 2026-04-01 (62% lower), "
        "then 17 on 2026-06-15: it did not last",
    )


def test_a_dip_that_is_no_response_changes_nothing(knowledge: Knowledge) -> None:
    swinging = [*refills(VENLAFAXINE, "2026-01-29", 150, mg="150"), phq9(11, "2026-04-01")]
    assert status(knowledge, *FAILED, *swinging) == "met"


# A total that one of its own answers contradicts


def test_a_total_below_its_own_item_does_not_show_that_the_patient_is_well(
    knowledge: Knowledge,
) -> None:
    answer = evidence_patient(knowledge, phq9(0, "2026-06-20"), phq9_item9(2, "2026-06-20"))
    assert answer.treatment_resistance.status.value == "possible"
    assert [each.value for each in answer.cards_due] == ["safety"]
    assert answer.suicide_signals[0].total_disagrees
    assert "is below the answer to one of its own items" in answer.treatment_resistance.caveats[0]


def test_a_contradicted_total_is_named_as_not_used(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, phq9(0, "2026-06-20"), phq9_item9(2, "2026-06-20"))
    assert [each.because for each in answer.not_used] == [
        "a total below the answer to one of its own items"
    ]


def test_an_older_contradicted_total_leaves_the_latest_score_to_speak(
    knowledge: Knowledge,
) -> None:
    answer = evidence_patient(knowledge, phq9(0, "2026-06-01"), phq9_item9(2, "2026-06-01"))
    assert answer.treatment_resistance.status.value == "met"


def test_a_contradicted_total_alone_shows_no_severity(knowledge: Knowledge) -> None:
    answer = told(knowledge, MDD, phq9(0, "2026-06-20"), phq9_item9(2, "2026-06-20"))
    assert "PHQ-9 0 on 2026-06-20" in answer.treatment_resistance.caveats[0]


@pytest.mark.parametrize(
    ("item", "day"), [(2, "2026-06-19"), (2, "2026-06"), (2, None), (0, "2026-06-20")]
)
def test_an_answer_of_another_day_contradicts_no_total(
    item: int, day: str | None, knowledge: Knowledge
) -> None:
    answer = told(knowledge, MDD, phq9(0, "2026-06-20"), phq9_item9(item, day))
    assert answer.treatment_resistance.latest_score is not None


# What holds the class back is said on the card


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (
            diagnosis("F31.9", verification="provisional", recorded="2026-05-02"),
            "not confirmed: bipolar disorder is coded (active) (recorded 2026-05-02), provisional.",
        ),
        (
            diagnosis("F03.90", verification="provisional"),
            "not confirmed: dementia is coded (active), provisional.",
        ),
        (unread("Condition"), "Diagnoses may be missing (the server answered 403)"),
    ],
)
def test_a_doubt_about_the_class_stands_among_the_caveats(
    piece: Piece, words: str, knowledge: Knowledge
) -> None:
    (caveat,) = evidence_patient(knowledge, piece).caveats
    assert words in caveat


def test_an_old_score_is_said_to_be_old(knowledge: Knowledge) -> None:
    pieces = [each for each in RESISTANT if each != NOW]
    (caveat,) = told(knowledge, pieces, RAISED_TWICE).caveats
    assert caveat == (
        "Severity at present is not settled: the latest score (PHQ-9 16 on 2026-03-10) is older "
        "than 90 days."
    )


@pytest.mark.parametrize(
    ("codes", "flagged"), [(["F32.A"], True), (["F32.A", "F33.1"], False), (["F33.42"], False)]
)
def test_an_unspecified_depression_is_flagged_where_nothing_says_more(
    codes: list[str], flagged: bool, knowledge: Knowledge
) -> None:
    pieces = [each for each in RESISTANT if each != MDD]
    caveats = told(knowledge, pieces, [diagnosis(each) for each in codes]).caveats
    assert any("coded as unspecified" in each for each in caveats) is flagged


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([crp("3.6", "2026-06-01"), crp("3.9", "2026-06-14")], "More than one raised result"),
        (
            [crp("4.0", "2026-01-10"), crp("1.2", "2026-03-10"), crp("4.4", "2026-06-10")],
            "More than one raised result",
        ),
        ([crp("4.4", "2026-06-10")], "One raised result"),
    ],
)
def test_one_result_is_called_one_and_several_are_not(
    results: list[Piece], words: str, knowledge: Knowledge
) -> None:
    (caveat,) = told(knowledge, RESISTANT, results).caveats
    assert caveat == f"{words}; persistence is not shown."


# What a trial rests on


def test_orders_and_reports_are_no_proof_of_supply_and_the_drugs_are_named(
    knowledge: Knowledge,
) -> None:
    answer = told(
        knowledge,
        MDD, NOW, phq9(18, "2025-09-12"), phq9(15, "2025-11-20"), phq9(16, "2026-03-10"),
        order(SERTRALINE, "2025-09-15", 90),
        statement(VENLAFAXINE, "2025-12-20", "2026-04-18", mg="150"),
    )  # fmt: skip
    assert answer.treatment_resistance.status.value == "met"
    assert answer.caveats == (
        "sertraline: Whether these prescriptions were filled was not verified.",
        "venlafaxine: Known from a report of what was taken; whether it was supplied was not "
        "verified.",
    )


def test_a_dose_read_from_words_is_said_to_be(knowledge: Knowledge) -> None:
    coded = dispense(VENLAFAXINE, "2026-01-30", 100)
    worded = replace(coded, dose=dose("150", DoseBasis.TEXT))
    answer = told(knowledge, *FAILED, worded, phq9(16, "2026-04-10"))
    assert answer.caveats == (
        "venlafaxine: The dose was read from the wording of the dosage, not from coded fields.",
    )


def test_an_anxiety_reason_of_another_run_is_no_caveat_of_this_one(knowledge: Knowledge) -> None:
    anxious = dispense(SERTRALINE, "2025-01-01", 30, reasons=(icd("F41.1"),))
    assert told(knowledge, *FAILED, anxious).caveats == ()


def test_what_shows_a_failure_stands_with_its_trial(knowledge: Knowledge) -> None:
    (trial,) = told(knowledge, *FAILED).treatment_resistance.trials
    assert trial.failure == "no response: PHQ-9 18 on 2025-09-28, 16 on 2026-01-10 (11% lower)"


# A clinician's own statement, 4.7 rank 4


def test_a_coded_statement_of_resistance_supports_and_never_makes_met(
    knowledge: Knowledge,
) -> None:
    coded = diagnosis(TRD_CODE, recorded="2026-02-01")
    found = support(knowledge, *FAILED, coded)
    assert (found.kind, found.grade.value) == ("statement", "indeterminate")
    assert found.finding.because == (
        "coded by a clinician (recorded 2026-02-01); it supports, and shows no trial"
    )
    assert status(knowledge, *FAILED, coded) == "possible"
    assert status(knowledge, *FAILED) == "not_met"


def test_a_coded_statement_without_a_failed_trial_is_no_resistance(knowledge: Knowledge) -> None:
    antibiotic = dispense(AMOXICILLIN, "2025-01-01")
    assert status(knowledge, MDD, NOW, antibiotic, diagnosis(TRD_CODE)) == "not_met"


def test_a_statement_and_an_augmentation_count_as_one_together(knowledge: Knowledge) -> None:
    three_needed = with_parameters(knowledge, {"trd.min_failed_trials": 3})
    augmented = dispense(drug("quetiapine", "augmentation"), "2025-11-01", 60, mg="150")
    answer = told(three_needed, *FAILED, augmented, diagnosis(TRD_CODE)).treatment_resistance
    assert answer.status.value == "not_met"
    assert "support that counts as one at most (quetiapine and " in answer.finding.because


@pytest.mark.parametrize(
    "coded",
    [
        diagnosis(TRD_CODE, verification="provisional"),
        diagnosis(TRD_CODE, verification="refuted"),
        diagnosis(TRD_CODE, clinical_status="resolved"),
        diagnosis(TRD_CODE, recorded="2021-02-01"),
    ],
)
def test_a_statement_that_does_not_stand_today_says_nothing(
    coded: Piece, knowledge: Knowledge
) -> None:
    assert told(knowledge, *FAILED, coded).treatment_resistance.supporting == ()


# Lithium by its blood level


@pytest.mark.parametrize(
    ("level", "mg", "grade", "words"),
    [
        ("0.5", "400", "indeterminate", "highest blood level 0.5 mmol/L on 2025-11-10"),
        ("0.49", "900", "not_counted", "0.49 mmol/L on 2025-11-10, below 0.5"),
        (None, "600", "indeterminate", "60 days beside an antidepressant"),
        (None, "599", "not_counted", "0 days beside an antidepressant"),
        (None, None, "indeterminate", "it supports, and is no trial"),
    ],
)
def test_lithium_supports_by_its_level_and_else_by_its_dose(
    level: str | None, mg: str | None, grade: str, words: str, lithium_site: Knowledge
) -> None:
    measured = (
        [] if level is None else [measurement(LITHIUM_LEVEL, level, "2025-11-10", unit="mmol/L")]
    )
    found = support(lithium_site, *FAILED, dispense(LITHIUM, "2025-11-01", 60, mg=mg), measured)
    assert (found.grade.value, words in found.finding.because) == (grade, True)


@pytest.mark.parametrize(
    "level",
    [
        measurement(LITHIUM_LEVEL, "0.2", "2025-11-10", unit="mg/dL"),
        measurement(LITHIUM_LEVEL, None, "2025-11-10", unit="mmol/L"),
        measurement(LITHIUM_LEVEL, "0.2", None, unit="mmol/L"),
        measurement(LITHIUM_LEVEL, "0.2", "2025-03-10", unit="mmol/L"),
    ],
)
def test_a_level_that_cannot_be_read_or_placed_leaves_the_dose_to_decide(
    level: Piece, lithium_site: Knowledge
) -> None:
    found = support(lithium_site, *FAILED, dispense(LITHIUM, "2025-11-01", 60, mg="600"), level)
    assert found.grade.value == "indeterminate"


# Neuromodulation is treatment of depression, so that no silence lies around it


def test_a_silence_is_broken_by_electroconvulsive_therapy(knowledge: Knowledge) -> None:
    early = [
        MDD,
        NOW,
        *refills(SERTRALINE, "2025-08-01", 90),
        phq9(18, "2025-07-30"),
        phq9(16, "2025-10-20"),
    ]
    ect = [procedure(snomed("23835007"), f"2026-02-{day:02}") for day in range(1, 8)]
    assert status(knowledge, early) == "not_met"
    assert status(knowledge, early, ect) == "possible"


# Context


def test_a_history_of_self_harm_is_context_and_no_signal(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, diagnosis("Z91.51", recorded="2020-01-01"))
    assert answer.suicide_signals == ()
    assert answer.context_notes == (
        "history of suicidal behaviour or self-harm is coded (recorded 2020-01-01)",
    )
    assert [each.value for each in answer.cards_due] == ["evidence"]


# What would change the verdict


def test_a_provisional_diagnosis_would_change_the_verdict(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, diagnosis("F31.9", verification="provisional"))
    assert answer.treatment_resistance.would_change == (
        "whether the diagnosis that is in doubt is confirmed or refuted",
    )


def test_diagnoses_that_did_not_arrive_would_change_the_verdict(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, unread("Condition"))
    assert answer.treatment_resistance.would_change == ("the diagnoses of the record",)


def test_scores_that_did_not_arrive_would_change_a_low_score(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, phq9(3, "2026-06-20"), unread("Observation"))
    assert answer.treatment_resistance.would_change[0] == "the observations of the record"


# Dates as the record writes them


def test_a_signal_known_to_the_month_is_shown_to_the_month(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, phq9_item9(1, "2026-06"))
    assert answer.suicide_signals[0].written == "2026-06"


def test_an_undated_signal_has_no_day(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, phq9_item9(1, None), encounter(icd("X78.9XXA"), None))
    assert {each.written for each in answer.suicide_signals} == {None}


def test_a_biologic_is_named_with_its_day(knowledge: Knowledge) -> None:
    infliximab = drug("infliximab", "immunosuppressant_biologic")
    answer = evidence_patient(knowledge, statement(infliximab, None, status="active", mg=None))
    assert answer.withheld[0].finding.because == (
        "a biologic or other immunosuppressant is current: infliximab (undated)"
    )


# Questions of the specification with a working answer


def test_q1_a_low_score_decides_although_a_medication_source_failed(knowledge: Knowledge) -> None:
    answer = evidence_patient(knowledge, phq9(3, "2026-06-20"), unread("MedicationDispense"))
    assert answer.treatment_resistance.status.value == "not_met"


@pytest.mark.parametrize(
    ("distinct_by", "expected"),
    [("equivalence_group", "possible"), ("ingredient", "met"), ("class", "possible")],
)
def test_q12_what_makes_drugs_distinct_is_a_setting(
    distinct_by: str, expected: str, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"trd.count_distinct_by": distinct_by})
    pieces = [
        MDD, NOW, phq9(18, "2025-10-01"), phq9(17, "2025-12-20"), phq9(17, "2026-03-20"),
        *refills(CITALOPRAM, "2025-10-01", 84, mg="40"),
        *refills(ESCITALOPRAM, "2025-12-24", 84, mg="20"),
    ]  # fmt: skip
    assert status(changed, pieces) == expected


@pytest.mark.parametrize(("treatments", "expected"), [(5, "not_met"), (6, "possible")])
def test_q13_six_electroconvulsive_treatments_are_a_course(
    treatments: int, expected: str, knowledge: Knowledge
) -> None:
    ect = [procedure(snomed("23835007"), f"2026-02-0{day}") for day in range(1, treatments + 1)]
    assert status(knowledge, *FAILED, ect) == expected


@pytest.mark.parametrize(("deceased", "expected"), [(True, []), (False, ["evidence"])])
def test_who_has_died_gets_no_card_and_the_twin_does(
    deceased: bool, expected: list[str], knowledge: Knowledge
) -> None:
    answer = evidence_patient(knowledge, deceased=deceased)
    assert [each.value for each in answer.cards_due] == expected


def test_a_possible_class_says_how_many_trials_are_shown(knowledge: Knowledge) -> None:
    caveats = told(knowledge, *FAILED, diagnosis(TRD_CODE)).treatment_resistance.caveats
    assert caveats == (
        "Adequate trials without response that are shown: 1; needed: 2. What else is listed may "
        "count, or supports.",
    )
