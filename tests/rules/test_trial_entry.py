"""Is each exclusion of the pilot trial said of the patient who has it, and not of her twin?"""

import pytest

from rules.facts import Facts
from rules.knowledge import Knowledge
from rules.safety import find_suicide_signals
from rules.trial_entry import find_trial_exclusions
from tests.rules.patients import ATORVASTATIN, IBUPROFEN, PREDNISONE
from tests.support.build import (
    AMOXICILLIN,
    AS_OF,
    Piece,
    diagnosis,
    dispense,
    facts,
    phq9_item9,
)
from tests.support.variants import with_parameters

_OLD = {"clinical_status": "resolved", "onset": "2020-01-01"}


def excluded(knowledge: Knowledge, patient: Facts) -> list[str]:
    signals = find_suicide_signals(patient.scores, (), patient.diagnoses, AS_OF, knowledge)
    sentences = find_trial_exclusions(patient, signals, AS_OF, knowledge)
    by_sentence = {each.sentence: key for key, each in knowledge.evidence.exclusions.items()}
    return [by_sentence[sentence] for sentence in sentences]


TWINS: list[tuple[str, Piece, Piece]] = [
    ("suicidality", phq9_item9(1, "2026-06-15"), phq9_item9(0, "2026-06-15")),
    ("suicidality", diagnosis("X78.9XXA", onset="2026-02-01"), diagnosis("Z91.51")),
    ("bipolar", diagnosis("F31.9", verification="provisional"), diagnosis("F33.1")),
    ("psychosis", diagnosis("F25.1"), diagnosis("F33.1")),
    ("psychosis", diagnosis("F33.3"), diagnosis("F33.2")),
    ("personality_disorder", diagnosis("F60.3"), diagnosis("F63.0")),
    ("eating_disorder", diagnosis("F50.00"), diagnosis("F51.01")),
    ("substance_use", diagnosis("F10.20"), diagnosis("F10.20", **_OLD)),
    ("substance_use", diagnosis("F10.20"), diagnosis("F10.21")),
    ("pregnancy", diagnosis("Z33.1"), diagnosis("Z33.1", **_OLD)),
    ("rheumatic_or_nsaid", diagnosis("M06.9"), diagnosis("L40.0")),
    ("rheumatic_or_nsaid", dispense(IBUPROFEN, "2026-06-10"), dispense(IBUPROFEN, "2026-01-10")),
    ("steroid", dispense(PREDNISONE, "2026-06-10"), dispense(PREDNISONE, "2026-01-10")),
    ("antibiotic", dispense(AMOXICILLIN, "2026-06-10", 7), dispense(AMOXICILLIN, "2026-05-10", 7)),
    ("steroid", dispense(PREDNISONE, "2026-06-10"), dispense(ATORVASTATIN, "2026-06-10")),
]


@pytest.mark.parametrize(("key", "patient", "twin"), TWINS)
def test_an_exclusion_is_said_of_the_patient_and_not_of_her_twin(
    key: str, patient: Piece, twin: Piece, knowledge: Knowledge
) -> None:
    assert excluded(knowledge, facts(patient)) == [key]
    assert excluded(knowledge, facts(twin)) == []


def test_every_exclusion_of_the_knowledge_can_be_said(knowledge: Knowledge) -> None:
    assert {key for key, _, _ in TWINS} | {"age"} == set(knowledge.evidence.exclusions)


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("2006-07-01", True),  # 19 on the day
        ("2006-06-30", False),  # 20 on the day
        ("2006-06-29", False),
        ("1960-07-01", False),  # 65
        ("1960-06-30", True),  # 66 on the day
        ("1960-06-29", True),
        ("2006", True),  # 19 or 20
        ("1960", True),  # 65 or 66
        ("2005", False),
        ("1961", False),
        (None, False),
    ],
)
def test_the_trial_was_limited_to_ages_20_to_65(
    born: str | None, said: bool, knowledge: Knowledge
) -> None:
    assert (excluded(knowledge, facts(born=born)) == ["age"]) is said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trial_entry.min_age": 42}, False),
        ({"trial_entry.min_age": 43}, True),
        ({"trial_entry.max_age": 42}, False),
        ({"trial_entry.max_age": 41}, True),
    ],
)
def test_the_ages_of_the_trial_are_parameters(
    changes: dict[str, int], said: bool, knowledge: Knowledge
) -> None:
    changed = with_parameters(knowledge, changes)
    assert bool(excluded(changed, facts(born="1984-03-10"))) is said


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"onset": "2025-12-28"}, False),  # 184 days
        ({"onset": "2025-12-29"}, True),
        ({"onset": "2025-12-30"}, True),
        ({"onset": "2010-01-01", "abatement": "2026-01-15"}, True),
        ({"onset": "2010-01-01", "recorded": "2026-01-15"}, False),
        ({}, True),
    ],
)
def test_a_resolved_substance_use_disorder_excluded_for_six_months(
    dates: dict[str, str], said: bool, knowledge: Knowledge
) -> None:
    resolved = diagnosis("F10.20", clinical_status="resolved", **dates)
    assert bool(excluded(knowledge, facts(resolved))) is said


@pytest.mark.parametrize(("days", "said"), [(28, False), (29, True)])
def test_the_six_months_are_a_parameter(days: int, said: bool, knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"trial_entry.substance_days": days})
    resolved = diagnosis("F10.20", clinical_status="resolved", onset="2026-06-01")
    assert bool(excluded(changed, facts(resolved))) is said


def test_sentences_stand_in_the_order_of_the_knowledge(knowledge: Knowledge) -> None:
    patient = facts(
        dispense(PREDNISONE, "2026-06-10"), diagnosis("F60.3"), diagnosis("M06.9"), born="1950"
    )
    keys = excluded(knowledge, patient)
    assert keys == [key for key in knowledge.evidence.exclusions if key in keys]
    assert len(keys) == 4
