"""Is the evidence card withheld from whom it must be, and from no twin of theirs?"""

from dataclasses import replace

import pytest

from rules.facts import Completeness
from rules.findings import SuicideSignal, Verdict, Withheld
from rules.knowledge import Knowledge
from rules.populations import find_withholding
from rules.safety import find_suicide_signals
from tests.rules.patients import ADALIMUMAB, ATORVASTATIN, evidence_patient
from tests.support.build import (
    AS_OF,
    TOCILIZUMAB,
    Piece,
    diagnosis,
    dispense,
    facts,
    loinc,
    measurement,
    phq9,
    phq9_item9,
    unread,
)
from tests.support.variants import with_parameters


def withheld(knowledge: Knowledge, *pieces: Piece, deceased: bool = False) -> tuple[Withheld, ...]:
    patient = facts(pieces, deceased=deceased)
    coded = (*patient.diagnoses, *patient.encounters)
    signals: tuple[SuicideSignal, ...] = find_suicide_signals(
        patient.scores, (), coded, AS_OF, knowledge
    )
    return find_withholding(patient, signals, AS_OF, knowledge)


def reasons(knowledge: Knowledge, *pieces: Piece, deceased: bool = False) -> list[str]:
    return [each.reason for each in withheld(knowledge, *pieces, deceased=deceased)]


PREGNANT = measurement("82810-3", None, "2026-06-01", answers=(loinc("LA15173-0"),))
NOT_PREGNANT = measurement("82810-3", None, "2026-06-01", answers=(loinc("LA26683-5"),))

TWINS: list[tuple[str, Piece, Piece]] = [
    ("pregnancy", diagnosis("Z33.1"), diagnosis("Z33.1", clinical_status="resolved")),
    ("pregnancy", PREGNANT, NOT_PREGNANT),
    ("pregnancy", measurement("11778-8", None, "2026-12-01"), measurement("11778-8", None, None)),
    ("postpartum", diagnosis("O80", onset="2026-04-07"), diagnosis("O80", onset="2026-04-06")),
    ("breastfeeding", diagnosis("Z39.1"), diagnosis("Z39.1", clinical_status="inactive")),
    ("delirium", diagnosis("F05"), diagnosis("F05", clinical_status="resolved")),
    ("delirium", diagnosis("F05"), diagnosis("F05", abatement="2026-06-29")),
    ("palliative_care", diagnosis("Z51.5"), diagnosis("Z51.5", clinical_status="inactive")),
    (
        "depression_due_to_another_cause",
        diagnosis("F06.31"),
        diagnosis("F06.31", clinical_status="resolved"),
    ),
    ("depression_due_to_another_cause", diagnosis("F10.14"), diagnosis("F10.10")),
    (
        "active_infection",
        diagnosis("J18.9", onset="2026-06-02"),
        diagnosis("J18.9", onset="2026-06-01"),
    ),
    ("biologic", dispense(ADALIMUMAB, "2026-06-16", 14), dispense(ADALIMUMAB, "2026-03-01", 14)),
    ("biologic", dispense(ADALIMUMAB, "2026-06-16"), dispense(ATORVASTATIN, "2026-06-16")),
    ("biologic", dispense(ADALIMUMAB, "2026-06-16"), dispense(TOCILIZUMAB, "2026-06-16")),
    ("suicidality", phq9_item9(1, "2026-06-15"), phq9_item9(0, "2026-06-15")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "patient", "twin"), TWINS)
def test_a_patient_is_withheld_the_card_and_her_twin_is_not(
    reason: str, patient: Piece, twin: Piece, knowledge: Knowledge
) -> None:
    assert reasons(knowledge, patient) == [reason]
    assert reasons(knowledge, twin) == []


def test_nothing_is_shown_of_a_patient_who_has_died(knowledge: Knowledge) -> None:
    assert reasons(knowledge, deceased=True) == ["deceased"]
    told = evidence_patient(knowledge, phq9_item9(2, "2026-06-15"), deceased=True)
    assert told.cards_due == ()


@pytest.mark.parametrize(
    ("onset", "found"),
    [("2026-06-01", False), ("2026-06-02", True), ("2026-06-03", True), ("2026-05", False)],
)
def test_a_serious_infection_is_one_that_began_28_days_ago_at_most(
    onset: str, found: bool, knowledge: Knowledge
) -> None:
    assert bool(reasons(knowledge, diagnosis("A41.9", onset=onset))) is found


@pytest.mark.parametrize(
    ("infection", "found"),
    [
        (diagnosis("A41.9"), True),  # undated and active
        (diagnosis("A41.9", recorded="2026-06-20"), True),
        (diagnosis("A41.9", onset="2026-06-20", clinical_status="resolved"), False),
        (diagnosis("A41.9", onset="2026-06-20", abatement="2026-06-29"), False),
        (diagnosis("A41.9", onset="2026-06-20", abatement="2026-06-30"), True),
        (diagnosis("S72.001A", onset="2026-06-20"), False),
        (diagnosis("B18.2", onset="2026-06-20"), False),
    ],
)
def test_only_an_active_acute_infection_is_serious(
    infection: Piece, found: bool, knowledge: Knowledge
) -> None:
    assert bool(reasons(knowledge, infection)) is found


@pytest.mark.parametrize(("days", "found"), [(9, False), (10, True)])
def test_the_time_of_a_serious_infection_is_a_parameter(
    days: int, found: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, {"confounder.serious_infection_days": days})
    assert bool(reasons(changed, diagnosis("A41.9", onset="2026-06-20"))) is found


def test_a_suicide_signal_does_not_withhold_where_a_site_says_so(knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"safety.suppress_evidence_when_si": False})
    assert reasons(changed, phq9_item9(3, "2026-06-15")) == []


def test_each_reason_is_given_once_and_suicidality_first(knowledge: Knowledge) -> None:
    assert reasons(
        knowledge,
        diagnosis("Z33.1"),
        diagnosis("Z34.90"),
        PREGNANT,
        phq9_item9(1, "2026-06-15"),
        phq9_item9(2, "2026-06-20"),
    ) == ["suicidality", "pregnancy"]


def test_a_reason_names_what_it_rests_on(knowledge: Knowledge) -> None:
    (found,) = withheld(knowledge, diagnosis("F05", onset="2026-06-01"))
    assert found.finding.because == "delirium is coded as active (since 2026-06-01)"
    assert found.finding.sources == ("Condition/F05-2026-06-01",)


@pytest.mark.parametrize(
    ("resource_type", "missing", "expected"),
    [
        ("Condition", Completeness.NOT_OBTAINED, ["diagnoses_unread"]),
        ("Condition", Completeness.TRUNCATED, ["diagnoses_unread"]),
        ("Condition", Completeness.PARTLY_READ, []),  # named on the card instead
        ("Observation", Completeness.NOT_OBTAINED, ["scores_unread"]),
        ("Observation", Completeness.TRUNCATED, ["scores_unread"]),
        ("Observation", Completeness.PARTLY_READ, []),
        ("QuestionnaireResponse", Completeness.NOT_OBTAINED, []),
        ("Procedure", Completeness.NOT_OBTAINED, []),
    ],
)
def test_what_could_not_be_read_may_hold_a_reason(
    resource_type: str, missing: Completeness, expected: list[str], knowledge: Knowledge
) -> None:
    told = withheld(knowledge, replace(unread(resource_type), completeness=missing))
    assert [each.reason for each in told] == expected
    assert [each.finding.verdict for each in told] == [Verdict.CANNOT_TELL] * len(expected)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [(Completeness.NOT_OBTAINED, ["scores_unread"]), (Completeness.TRUNCATED, [])],
)
def test_a_page_that_held_scores_held_the_latest_ones(
    missing: Completeness, expected: list[str], knowledge: Knowledge
) -> None:
    page = replace(unread("Observation"), completeness=missing)
    assert reasons(knowledge, phq9(17, "2026-06-15"), page) == expected


def test_what_could_not_be_read_is_said_with_its_cause(knowledge: Knowledge) -> None:
    because = [each.finding.because for each in withheld(knowledge, unread("Condition"))]
    assert because == [
        "diagnoses could not be read (the server answered 403); one that withholds this card may "
        "be among them"
    ]
