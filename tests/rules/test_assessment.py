"""Does the one door put every judgement together, and name what is missing?"""

import pytest

from rules.assessment import assess
from rules.facts import Completeness, Incomplete
from rules.findings import Gap
from rules.knowledge import Knowledge
from tests.rules.patients import (
    ADALIMUMAB,
    ATORVASTATIN,
    IBUPROFEN,
    PREDNISONE,
    RAISED_TWICE,
    RESISTANT,
    evidence_patient,
)
from tests.support.build import (
    AS_OF,
    Piece,
    bmi,
    crp,
    diagnosis,
    dispense,
    encounter,
    facts,
    icd,
    measurement,
    order,
    phq9_item9,
    score,
    snomed,
    unread,
)
from tests.support.variants import with_parameters


def cards(knowledge: Knowledge, *more: Piece) -> list[str]:
    return [each.value for each in evidence_patient(knowledge, *more).cards_due]


def test_the_standard_patient_is_due_an_evidence_card(knowledge: Knowledge) -> None:
    told = evidence_patient(knowledge)
    assert told.treatment_resistance.status.value == "met"
    assert told.inflammation.status.value == "raised_persistent"
    assert [each.value for each in told.cards_due] == ["evidence"]
    assert (told.withheld, told.caveats, told.trial_exclusions) == ((), (), ())
    assert (told.confounders, told.confounders_unread, told.suicide_signals) == ((), (), ())


def test_the_assessment_says_on_what_rules_it_rests(knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"marker.recency_days": 90})
    told = evidence_patient(changed)
    assert (told.as_of, told.rule_id, told.rule_version) == (
        AS_OF, knowledge.rule_id, knowledge.rule_version,
    )  # fmt: skip
    assert (told.knowledge_version, told.knowledge_sha256) == (knowledge.version, knowledge.sha256)
    assert told.changed_parameters == ("marker.recency_days = 90",)


TWINS: list[tuple[str, Piece, Piece]] = [
    ("pregnancy", diagnosis("Z33.1"), diagnosis("Z33.1", clinical_status="resolved")),
    ("postpartum", diagnosis("O80", onset="2026-04-07"), diagnosis("O80", onset="2026-04-06")),
    ("breastfeeding", diagnosis("Z39.1"), diagnosis("Z39.1", clinical_status="resolved")),
    ("delirium", diagnosis("F05"), diagnosis("F05", clinical_status="resolved")),
    ("palliative_care", diagnosis("Z51.5"), diagnosis("Z51.5", verification="refuted")),
    (
        "depression_due_to_another_cause",
        diagnosis("F06.31"),
        diagnosis("F06.31", verification="entered-in-error"),
    ),
    ("biologic", dispense(ADALIMUMAB, "2026-06-16"), dispense(ADALIMUMAB, "2026-03-16")),
    (
        "active_infection",
        diagnosis("A41.9", onset="2026-06-10"),
        diagnosis("A41.9", onset="2026-06-10", clinical_status="resolved"),
    ),
]


@pytest.mark.parametrize(("reason", "patient", "twin"), TWINS)
def test_a_patient_gets_no_evidence_card_and_her_twin_does(
    reason: str, patient: Piece, twin: Piece, knowledge: Knowledge
) -> None:
    told = evidence_patient(knowledge, patient)
    assert [each.reason for each in told.withheld] == [reason]
    assert told.cards_due == ()
    assert cards(knowledge, twin) == ["evidence"]


@pytest.mark.parametrize(("reason", "patient", "_twin"), TWINS)
def test_withholding_leaves_both_verdicts_as_they_are(
    reason: str, patient: Piece, _twin: Piece, knowledge: Knowledge
) -> None:
    told = evidence_patient(knowledge, patient)
    assert told.treatment_resistance.status.value == "met", reason
    assert told.inflammation.status.value == "raised_persistent", reason


@pytest.mark.parametrize(
    ("signal", "twin"),
    [
        (phq9_item9(1, "2026-06-20"), phq9_item9(0, "2026-06-20")),
        (phq9_item9(1, "2026-05-31"), phq9_item9(1, "2026-05-30")),
        (diagnosis("X78.9XXA", onset="2025-12-29"), diagnosis("X78.9XXA", onset="2025-12-28")),
        (diagnosis("R45.851", onset="2026-06-01"), diagnosis("R45.851", verification="refuted")),
        (encounter(icd("R45.851"), "2026-06-20"), encounter(icd("R45.851"), "2026-05-20")),
    ],
)
def test_a_signal_replaces_the_evidence_card_by_the_safety_card(
    signal: Piece, twin: Piece, knowledge: Knowledge
) -> None:
    assert cards(knowledge, signal) == ["safety"]
    assert cards(knowledge, twin) == ["evidence"]


def test_one_raised_result_is_a_caveat(knowledge: Knowledge) -> None:
    told = assess(facts(RESISTANT, crp("4.8")), AS_OF, knowledge)
    assert told.caveats == ("One raised result; persistence is not shown.",)


@pytest.mark.parametrize(
    ("pieces", "caveat"),
    [
        ((bmi(38),), "A high body-mass index is often accompanied by raised CRP."),
        (
            (dispense(PREDNISONE, "2026-05-25"),),
            "The value may be lowered by corticosteroids.",
        ),
        (
            (
                dispense(PREDNISONE, "2026-05-25"),
                dispense(IBUPROFEN, "2026-06-01"),  # on the day of the latest sample
                dispense(ATORVASTATIN, "2026-02-25", 5),  # at the first sample
            ),
            "The value may be lowered by corticosteroids, non-steroidal anti-inflammatory drugs "
            "and statins.",
        ),
        ((unread("MedicationStatement"),), "Medication statements: the server answered 403"),
    ],
)
def test_what_bears_on_the_reading_is_a_ready_sentence(
    pieces: tuple[Piece, ...], caveat: str, knowledge: Knowledge
) -> None:
    assert evidence_patient(knowledge, *pieces).caveats == (caveat,)


@pytest.mark.parametrize(
    ("begun", "lowered"),
    [("2026-06-01", True), ("2026-06-02", False), ("2026-05", True), (None, True)],
)
def test_a_drug_first_given_after_every_sample_lowered_none(
    begun: str | None, lowered: bool, knowledge: Knowledge
) -> None:
    told = evidence_patient(knowledge, order(PREDNISONE, begun, status="active"))
    assert ("may_be_lowered" in told.inflammation.notes) is lowered
    assert {each.kind for each in told.confounders} == {"corticosteroid"}


def test_a_value_within_the_laboratory_range_is_a_caveat(knowledge: Knowledge) -> None:
    results = [
        crp(value, on, reference_high=facts(bmi(10)).measurements[0].value)
        for value, on in (("4", "2026-03-02"), ("4.2", "2026-06-01"))
    ]
    told = assess(facts(RESISTANT, results), AS_OF, knowledge)
    assert told.caveats == (
        "Above the 3 mg/L research cut-off, within this laboratory's reference range.",
    )


@pytest.mark.parametrize(
    ("value", "on", "notes"),
    [
        ("2", "2026-06-01", ("may_be_lowered",)),
        ("4", "2026-06-01", ("may_be_lowered", "obesity")),
        ("12", "2026-06-01", ("may_be_lowered",)),
        ("4", "2025-06-01", ()),
        (None, "2026-06-01", ("no_unit",)),
    ],
)
def test_notes_on_confounders_stand_only_where_a_value_is_read(
    value: str | None, on: str, notes: tuple[str, ...], knowledge: Knowledge
) -> None:
    result = crp("4", on, unit=None) if value is None else crp(value, on)
    patient = facts(result, bmi(38), dispense(PREDNISONE, "2026-05-25", 60))
    assert assess(patient, AS_OF, knowledge).inflammation.notes == notes


def test_aspirin_is_shown_and_lowers_nothing(knowledge: Knowledge) -> None:
    aspirin = dispense(PREDNISONE.__class__("aspirin", frozenset({"aspirin"})), "2026-06-10")
    told = evidence_patient(knowledge, aspirin)
    assert [each.kind for each in told.confounders] == ["aspirin"]
    assert told.inflammation.notes == ()


def test_what_is_missing_is_named_once_each(knowledge: Knowledge) -> None:
    truncated = Incomplete(
        resource_type="Condition", completeness=Completeness.TRUNCATED, because="page 2 is missing"
    )
    gap = Gap("observation", "an entry could not be read")
    told = assess(facts(truncated, unread("Procedure"), gaps=(gap, gap)), AS_OF, knowledge)
    assert told.gaps == (
        Gap("condition", "page 2 is missing"),
        Gap("observation", "an entry could not be read"),
        Gap("procedure", "the server answered 403"),
    )
    assert told.confounders_unread == ("Condition", "Procedure")


def test_everything_left_out_is_named(knowledge: Knowledge) -> None:
    told = evidence_patient(
        knowledge,
        crp("4", "2026-06-02", unit=None),
        diagnosis("F31.9", verification="refuted"),
        score("44261-6", 40, "2026-06-02"),
        bmi(31, status="preliminary"),
    )
    assert {each.source.partition("-")[0] for each in told.not_used} == {
        "Observation/crp", "Condition/F319", "Observation/44261", "Observation/39156",
    }  # fmt: skip


def test_a_measurement_entered_in_error_moves_nothing(knowledge: Knowledge) -> None:
    told = evidence_patient(
        knowledge,
        measurement("8310-5", 39, "2026-06-01", unit="Cel", status="entered-in-error"),
        measurement("8310-5", 39, "2026-07-01", unit="Cel"),
        measurement(
            "72166-2", None, "2026-06-01", answers=(snomed("449868002"),), status="cancelled"
        ),
    )
    assert told.confounders == ()
    assert told.inflammation.status.value == "raised_persistent"


def test_a_provisional_exclusion_is_named_beside_a_possible_card(knowledge: Knowledge) -> None:
    told = evidence_patient(knowledge, diagnosis("F31.9", verification="provisional"))
    assert told.treatment_resistance.status.value == "possible"
    assert [each.value for each in told.cards_due] == ["evidence"]
    assert told.trial_exclusions == ("people with bipolar disorder were excluded from the trial",)


def test_context_stands_beside_the_evidence_and_gates_nothing(knowledge: Knowledge) -> None:
    told = evidence_patient(
        knowledge, score("44254-1", 3, "2026-06-15"), score("70274-6", 15, "2026-06-15")
    )
    assert told.context_notes == (
        "PHQ-9 fatigue item 3 on 2026-06-15",
        "GAD-7 15 on 2026-06-15",
        "Fatigue and anxiety were secondary outcomes in the trial.",
    )
    assert [each.value for each in told.cards_due] == ["evidence"]


def test_the_same_facts_always_give_the_same_assessment(knowledge: Knowledge) -> None:
    assert evidence_patient(knowledge) == evidence_patient(knowledge)


def test_an_empty_record_is_assessed(knowledge: Knowledge) -> None:
    told = assess(facts(), AS_OF, knowledge)
    assert told.cards_due == ()
    assert told.inflammation.status.value == "unknown"


def test_results_twice_in_the_record_are_one_result(knowledge: Knowledge) -> None:
    told = assess(facts(RESISTANT, RAISED_TWICE, RAISED_TWICE), AS_OF, knowledge)
    assert len(told.inflammation.results) == len(RAISED_TWICE)
