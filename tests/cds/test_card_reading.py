"""Can a clinician with twenty seconds check each line of a card, and is nothing said twice?

The cards are those of whole patients, as the rules assess them.
"""

from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from cds.hooks.cards import CardWriter
from cds.settings import Settings
from rules.assessment import assess
from rules.knowledge import Knowledge
from tests.cds.assessments import NOW as WRITTEN_AT
from tests.rules.patients import IBUPROFEN, RAISED_TWICE, RESISTANT
from tests.support.build import (
    AS_OF,
    Piece,
    administration,
    crp,
    diagnosis,
    dispense,
    drug,
    encounter,
    facts,
    icd,
    phq9,
    phq9_item9,
    score,
    unread,
)
from tests.support.variants import with_parameters

ESKETAMINE = drug("esketamine", "supporting")
NOW = phq9(17, "2026-06-15")
MARKER_HIGH = (crp(15, "2026-01-10"), crp(18, "2026-03-20"), crp(14, "2026-06-01"))


def card(knowledge: Knowledge, *pieces: Piece | tuple[Piece, ...]) -> tuple[str, str]:
    """Give summary and detail of the one card of a patient."""
    assessment = assess(facts(*pieces), AS_OF, knowledge)
    (written,) = CardWriter(knowledge, Settings(), uuid4, lambda: WRITTEN_AT).write_cards(
        assessment, "any"
    )
    return written.summary, written.detail


def lines(knowledge: Knowledge, *pieces: Piece | tuple[Piece, ...]) -> list[str]:
    return card(knowledge, RESISTANT, RAISED_TWICE, pieces)[1].splitlines()


def test_the_score_that_shows_a_failure_stands_in_the_line_of_its_trial(
    knowledge: Knowledge,
) -> None:
    assert (
        "- sertraline, up to 100 mg/day, 2025-09-15 to 2025-12-13, 90 days covered: adequate, "
        "no response: PHQ-9 18 on 2025-09-12, 15 on 2025-11-20 (17% lower)"
    ) in lines(knowledge)


def test_a_drug_that_does_not_count_is_shown_with_the_reason(knowledge: Knowledge) -> None:
    bupropion = dispense(drug("bupropion"), "2026-01-01", 10, mg="300")
    assert (
        "- Recorded, but not counted: bupropion: too short at an adequate dose: 10 covered days "
        "at 300 mg/day (adequate from 300 mg/day), 42 days are needed"
    ) in lines(knowledge, bupropion)


@pytest.mark.parametrize(
    "pieces",
    [
        (unread("MedicationStatement"),),
        (unread("QuestionnaireResponse"), unread("Procedure")),
        (dispense(IBUPROFEN, "2026-06-01"), diagnosis("J06.9", onset="2026-01-10")),
        tuple(administration(ESKETAMINE, f"2026-05-{day:02}", mg=None) for day in range(1, 9)),
    ],
)
def test_no_line_stands_twice(pieces: tuple[Piece, ...], knowledge: Knowledge) -> None:
    counted = Counter(line.lower() for line in lines(knowledge, *pieces) if line)
    assert [line for line, times in counted.items() if times > 1] == []


def test_a_confounder_is_said_once_and_with_its_date(knowledge: Knowledge) -> None:
    assert "- Non-steroidal anti-inflammatory drugs, current: ibuprofen (2026-06-10)" in lines(
        knowledge, dispense(IBUPROFEN, "2026-06-10")
    )


def test_esketamine_is_named_once(knowledge: Knowledge) -> None:
    sessions = [administration(ESKETAMINE, f"2026-05-{day:02}", mg=None) for day in range(1, 9)]
    assert "- Esketamine: 8 sessions in 28 days (2026-05-01 to 2026-05-08)" in lines(
        knowledge, *sessions
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on": "2026-06"}, "on 2026-06-01 (dated to the month): raised"),
        ({"date_from_issued": True}, "on 2026-06-01 (date of the report): raised"),
        ({"status": "unknown"}, "on 2026-06-01 (status not stated): raised"),
    ],
)
def test_what_is_odd_about_a_result_stands_beside_it(
    fields: dict[str, object], words: str, knowledge: Knowledge
) -> None:
    detail = card(knowledge, RESISTANT, crp("3.4", "2026-03-02"), crp("4.1", **fields))[1]
    assert words in detail


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ((crp("4.4", "2026-06-10"),), "one CRP ≥3 mg/L, not repeated"),
        ((crp("3.6", "2026-06-01"), crp("3.9", "2026-06-14")), "CRP ≥3 mg/L, not shown to persist"),
        ((crp("14", "2026-05-01"), crp("4.4", "2026-06-10")), "CRP ≥3 mg/L, not shown to persist"),
        ((crp("4.0", "2025-06-05"), crp("4.4", "2026-06-10")), "not shown to persist"),
    ],
)
def test_the_summary_calls_one_result_one_and_no_other(
    results: tuple[Piece, ...], words: str, knowledge: Knowledge
) -> None:
    assert words in card(knowledge, RESISTANT, results)[0]


def test_context_is_said_to_be_no_part_of_the_decision(knowledge: Knowledge) -> None:
    assert "- Context, no part of the decision: GAD-7 15 on 2026-06-15" in lines(
        knowledge, score("70274-6", 15, "2026-06-15")
    )


def test_the_number_of_trials_that_is_asked_for_is_the_one_in_force(knowledge: Knowledge) -> None:
    says = knowledge.evidence.statements["pilot_result"]
    assert "this service asks for at least two." in says


def test_the_sources_say_which_rule_and_when_the_card_was_made(knowledge: Knowledge) -> None:
    made = datetime(2026, 6, 30, 8, 15, tzinfo=UTC)
    writer = CardWriter(knowledge, Settings(), uuid4, now=lambda: made)
    assessment = assess(facts(RESISTANT, RAISED_TWICE), AS_OF, knowledge)
    (written,) = writer.write_cards(assessment, "any")
    assert written.detail.splitlines()[-1] == (
        "- Rule version 1, assessed as of 2026-06-30, card generated 2026-06-30 08:15 UTC"
    )


# The safety card


@pytest.mark.parametrize(
    ("signal", "line"),
    [
        (phq9_item9(1, "2026-06"), "A recent PHQ-9 item 9 answer of 1 (2026-06) is in the record."),
        (phq9_item9(1, None), "A PHQ-9 item 9 answer of 1 without a date is in the record."),
        (
            encounter(icd("X78.9XXA"), None),
            "A coded entry (intentional self-harm, without a date) is in the record.",
        ),
    ],
)
def test_a_signal_is_dated_as_the_record_dates_it(
    signal: Piece, line: str, knowledge: Knowledge
) -> None:
    assert f"- {line}" in lines(knowledge, signal)


def test_the_safety_card_speaks_of_withholding_only_where_a_card_was_due(
    knowledge: Knowledge,
) -> None:
    always = with_parameters(knowledge, {"safety.suicide_safety_card": "always"})
    well = (diagnosis("F33.1"), phq9(3, "2026-06-20"), phq9_item9(1, "2026-06-20"))
    assert "withheld" not in card(always, well)[0]
    assert "withheld" in card(always, RESISTANT, RAISED_TWICE, phq9_item9(1, "2026-06-20"))[0]


# The marker note and the data-gap card


def test_a_lasting_high_value_is_not_put_down_to_an_illness_that_will_pass(
    knowledge: Knowledge,
) -> None:
    detail = card(knowledge, RESISTANT, MARKER_HIGH)[1]
    assert "need medical assessment" in detail
    assert "after recovery" not in detail


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((RESISTANT,), "- A CRP result that can be read"),
        ((RESISTANT, (crp("4.1", "2025-09-01"),)), "- A CRP result that can be read"),
        (
            (tuple(each for each in RESISTANT if each != NOW), (crp("4.1", "2026-06-01"),)),
            "- A symptom score within 90 days",
        ),
    ],
)
def test_the_data_gap_card_says_what_is_missing_and_asks_for_nothing(
    pieces: tuple[tuple[Piece, ...], ...], words: str, knowledge: Knowledge
) -> None:
    asked_for = with_parameters(knowledge, {"cards.data_gap_card": True})
    detail = card(asked_for, *pieces)[1]
    assert words in detail.partition("**What is missing**")[2]
