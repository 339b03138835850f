"""Does every answer about the patient give its whole ground, and does no entry hide another?"""

import pytest

from rules.codes import ICD_10_CM, ICD_10_PCS, Code, closest_family, index_families, read_code
from rules.context import find_context
from rules.eligibility import Eligibility, judge_eligibility
from rules.findings import Finding, SuicideSignal, Verdict, Withheld
from rules.knowledge import Knowledge
from rules.populations import find_withholding
from rules.safety import find_suicide_signals
from rules.severity import select_scores
from rules.usable_facts import keep_what_counts
from tests.rules.trial_cases import MDD, SERTRALINE_FAILED, judged
from tests.support.build import (
    AS_OF,
    Piece,
    day,
    diagnosis,
    encounter,
    facts,
    icd,
    phq9_item9,
    score,
    vaccination,
)
from tests.support.variants import with_parameters

FATIGUE = "44254-1"


def signals(knowledge: Knowledge, *pieces: Piece) -> tuple[SuicideSignal, ...]:
    patient = facts(pieces)
    items = select_scores(patient.scores, AS_OF, knowledge).items
    return find_suicide_signals(items, (), patient.encounters, AS_OF, knowledge)


def test_a_minor_with_an_excluding_diagnosis_is_out_of_scope_by_age(knowledge: Knowledge) -> None:
    minor = facts(diagnosis("F33.1", sources=("Condition/mdd",)), diagnosis("F31.9"), born="2010")
    assert judge_eligibility(minor, AS_OF, knowledge) == Eligibility(
        scope=Finding(
            verdict=Verdict.NOT_MET,
            because="younger than 18 years old",
            citations=("trd.min_age",),
            sources=("Patient/p",),
        ),
        only_age_unknown=False,
        doubted=None,
        depression=Finding(
            verdict=Verdict.MET,
            because="major depressive disorder, recurrent is coded",
            citations=("rule 8.2",),
            sources=("Condition/mdd",),
        ),
    )


def test_a_provisional_exclusion_is_a_doubt_with_its_grounds(knowledge: Knowledge) -> None:
    bipolar = diagnosis(
        "F31.9", onset="2025-01", verification="provisional", sources=("Condition/b",)
    )
    assert judge_eligibility(facts(bipolar), AS_OF, knowledge).doubted == Finding(
        verdict=Verdict.CANNOT_TELL,
        because="bipolar disorder is coded (active) (since 2025-01), provisional",
        citations=("rule 8.1",),
        sources=("Condition/b",),
    )


def test_a_death_is_withheld_with_its_grounds(knowledge: Knowledge) -> None:
    assert find_withholding(facts(deceased=True), (), AS_OF, knowledge) == (
        Withheld(
            reason="deceased",
            finding=Finding(
                verdict=Verdict.MET,
                because="the record says the patient has died",
                citations=("rule 8.1",),
                sources=("Patient/p",),
            ),
        ),
    )


def test_the_reason_of_a_contact_gives_its_grounds(knowledge: Knowledge) -> None:
    contact = encounter(icd("R45.851"), "2026-06-20", sources=("Encounter/e",))
    assert signals(knowledge, contact) == (
        SuicideSignal(
            item_score=None,
            label="suicidal ideation",
            date=day("2026-06-20"),
            written="2026-06-20",
            total_disagrees=False,
            finding=Finding(
                verdict=Verdict.MET,
                because="suicidal ideation coded 2026-06-20",
                citations=("safety.ideation_days",),
                sources=("Encounter/e",),
            ),
        ),
    )


@pytest.mark.parametrize(
    "before",
    [
        score(FATIGUE, 3, "2026-06-01"),
        phq9_item9(0, "2026-06-01"),
        phq9_item9(2, "2026-05-01"),
    ],
    ids=["another item", "no such thought", "an old answer"],
)
def test_an_answer_that_is_no_signal_hides_none_after_it(
    before: Piece, knowledge: Knowledge
) -> None:
    after = phq9_item9("1.0", "2026-06-15", sources=("Observation/item",))
    assert signals(knowledge, before, after) == (
        SuicideSignal(
            item_score=1,
            label="PHQ-9 item 9",
            date=day("2026-06-15"),
            written="2026-06-15",
            total_disagrees=False,
            finding=Finding(
                verdict=Verdict.MET,
                because="PHQ-9 item on suicidal thoughts answered 1 on 2026-06-15",
                citations=("safety.ideation_days",),
                sources=("Observation/item",),
            ),
        ),
    )


def test_of_two_answers_the_later_one_is_context_whatever_their_sources(
    knowledge: Knowledge,
) -> None:
    later = score(FATIGUE, 2, "2026-06-15", sources=("Observation/a",))
    earlier = score(FATIGUE, 3, "2026-06-01", sources=("Observation/b",))
    assert find_context((later, earlier), (), AS_OF, knowledge) == (
        "PHQ-9 fatigue item 2 on 2026-06-15",
    )


def test_a_site_that_asks_for_a_score_of_one_day_reads_of_one_day(knowledge: Knowledge) -> None:
    site = with_parameters(knowledge, {"trd.severity_max_age_days": 1})
    assert judged(site, MDD, SERTRALINE_FAILED).missing == ("a symptom score within 1 day",)


def test_vaccinations_stand_once_and_in_one_order(knowledge: Knowledge) -> None:
    first, second = vaccination("2026-05-26"), vaccination("2026-05-28")
    kept = keep_what_counts(facts(second, first, second), AS_OF, knowledge)
    assert kept.vaccinations == (first, second)


@pytest.mark.parametrize(
    ("system", "text", "code"),
    [
        ("https://www.cms.gov/Medicare/Coding/ICD10/", "0abc", Code(ICD_10_PCS, "0ABC")),
        ("https://example.org/X/", "1", Code("https://example.org/X", "1")),
    ],
    ids=["known in capitals", "unknown"],
)
def test_of_the_end_of_an_address_only_the_slash_is_left_out(
    system: str, text: str, code: Code
) -> None:
    assert read_code(system, text) == code


def test_a_family_can_be_a_single_letter() -> None:
    families = index_families([Code(ICD_10_CM, "F")])
    assert closest_family(Code(ICD_10_CM, "F321"), families) == Code(ICD_10_CM, "F")
