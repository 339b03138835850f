"""Does the evidence say what is known, and nothing that is not?"""

import re
from pathlib import Path

import pytest

from rules.knowledge import Knowledge
from rules.knowledge.ledger import Estimate
from rules.knowledge.model import Evidence, Reference
from tests.support.knowledge_copy import copy_knowledge, fault, replace_in


@pytest.fixture
def evidence(knowledge: Knowledge) -> Evidence:
    return knowledge.evidence


def banned_in(evidence: Evidence, text: str) -> list[str]:
    for phrase in evidence.allowed_phrases:
        text = re.sub(re.escape(phrase), "", text, flags=re.IGNORECASE)
    return [item.pattern.pattern for item in evidence.banned_phrases if item.pattern.search(text)]


def test_there_is_exactly_one_pilot_study(evidence: Evidence) -> None:
    assert [study.key for study in evidence.studies if study.role == "pilot"] == ["insight-2026"]


def test_the_pilot_is_told_as_not_better_than_placebo(evidence: Evidence) -> None:
    assert (
        "did not do better than placebo on its main outcome" in evidence.statements["pilot_result"]
    )


@pytest.mark.parametrize(
    "key",
    [
        "knight-2021",
        "raison-2013",
        "preddict-2023",
        "hellmann-regen-2022",
        "mcintyre-2019",
        "husain-2020",
        "hunt-2023",
        "kappelmann-2021",
        "horn-2018",
    ],
)
def test_a_contrary_study_stays_in_the_ledger(evidence: Evidence, key: str) -> None:
    assert {study.direction for study in evidence.studies if study.key == key} == {"contrary"}


def test_the_2026_paper_has_no_doi(evidence: Evidence) -> None:
    assert evidence.references["insight-2026"].doi == ""


def test_no_fact_of_the_pilot_states_a_dose(evidence: Evidence) -> None:
    facts = " ".join(fact.value for fact in evidence.pilot_facts.values())
    assert not re.search(r"\bmg\b(?!/L)|mg/kg", facts)


@pytest.mark.parametrize(
    "key",
    [
        "summary_met_persistent",
        "summary_met_once",
        "summary_possible_persistent",
        "summary_marker_note",
        "summary_data_gap",
        "summary_safety",
    ],
)
def test_a_summary_is_short_and_says_experimental(evidence: Evidence, key: str) -> None:
    text = evidence.statements[key]
    assert len(text) < 140
    assert "experimental" in text


def test_no_fixed_sentence_holds_a_banned_phrase(evidence: Evidence) -> None:
    texts = [*evidence.statements.values(), *(e.sentence for e in evidence.exclusions.values())]
    assert {text: banned_in(evidence, text) for text in texts if banned_in(evidence, text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "We recommend tocilizumab",
        "Consider anti-inflammatory drugs",
        "a candidate for trial",
        "Eligible patients",
        "suitable",
        "may benefit from it",
        "should receive it",
        "Prescribe now",
        "starting it",
        "the NNT is 4",
        "proven",
        "a breakthrough",
        "effective for depression",
        "inflammatory depression",
        "biomarker-guided",
        "patients like this",
        "no suicide-risk signal",
    ],
)
def test_a_banned_phrase_is_found(evidence: Evidence, text: str) -> None:
    assert banned_in(evidence, text) != []


@pytest.mark.parametrize(
    "text",
    [
        "should not be started for depression",
        "demyelinating disorders",
        "consider psychological treatment",
    ],
)
def test_a_phrase_that_only_resembles_a_banned_one_is_left_alone(
    evidence: Evidence, text: str
) -> None:
    assert banned_in(evidence, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tocilizumab 8 mg/kg", True),
        ("tocilizumab at a dose", True),
        ("tocilizumab with CRP of 3 mg/L", False),
    ],
)
def test_no_sentence_on_the_drug_may_hold_a_dose(
    evidence: Evidence, text: str, found: bool
) -> None:
    broken = [
        rule
        for rule in evidence.sentence_rules
        if rule.when.search(text) and rule.never.search(text)
    ]
    assert bool(broken) is found


@pytest.mark.parametrize(
    "key",
    [
        "suicidality",
        "personality_disorder",
        "eating_disorder",
        "substance_use",
        "pregnancy",
        "rheumatic_or_nsaid",
        "steroid",
        "antibiotic",
        "age",
    ],
)
def test_an_exclusion_of_the_pilot_has_a_sentence_on_the_trial(
    evidence: Evidence, key: str
) -> None:
    assert "trial" in evidence.exclusions[key].sentence


def test_every_statement_names_its_references(evidence: Evidence) -> None:
    assert set(evidence.statement_references) == set(evidence.statements)


def test_the_article_is_answered_claim_by_claim(evidence: Evidence) -> None:
    assert len(evidence.article_claims) == 12


def test_the_ledger_is_reviewed_every_half_year(evidence: Evidence) -> None:
    assert (evidence.review_by - evidence.last_reviewed).days <= 183


@pytest.mark.parametrize("slot", ["marker.no_such_key", "trd.dose_profile"])
def test_a_slot_that_no_number_fills_is_named(tmp_path: Path, slot: str) -> None:
    directory = copy_knowledge(tmp_path)
    file = directory / "evidence/statements.toml"
    replace_in(file, "{marker.crp_low_mg_l}", f"{{{slot}}}")
    assert fault(directory) == (
        f"evidence/statements.toml, summary_met_persistent: there is no numeric parameter {slot}."
    )


def spoil_ledger(tmp_path: Path, old: str, new: str) -> str:
    directory = copy_knowledge(tmp_path)
    replace_in(directory / "evidence/ledger.toml", old, new)
    return fault(directory)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low = -6\n", "", "studies.0.estimates.0: an interval has two ends"),
        (
            "low = -6\n",
            "low = 28\n",
            "studies.0.estimates.0: the value lies outside its interval",
        ),
        (
            "review_warning_days = 30",
            "review_warning_days = 400",
            "review_warning_days is longer than the time between two reviews",
        ),
        ('part = "whom"', 'part = "who"', "pilot_facts.planned.part: "),
        ('verdict = "agrees"', 'verdict = "yes"', "article_claims.2.verdict: "),
    ],
)
def test_a_ledger_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in spoil_ledger(tmp_path, old, new)


def test_a_key_point_rests_on_references_that_exist(tmp_path: Path) -> None:
    told = spoil_ledger(
        tmp_path,
        'references = ["insight-2026", "insight-protocol"]',
        'references = ["insight-2027"]',
    )
    assert told == "evidence/ledger.toml, key_points: there is no reference insight-2027."


@pytest.mark.parametrize(
    ("measure", "low", "high", "excludes"),
    [
        ("standardised_difference", "0.05", "0.64", True),
        ("standardised_difference", "0", "0.64", False),
        ("standardised_difference", "-0.88", "-0.40", True),
        ("risk_ratio", "0.997", "1.64", False),
        ("risk_ratio", "1.03", "4.48", True),
        ("risk_ratio", None, None, None),
    ],
)
def test_an_interval_says_whether_it_leaves_out_no_difference(
    measure: str, low: str | None, high: str | None, excludes: bool | None
) -> None:
    estimate = Estimate.model_validate(
        {
            "outcome": "o",
            "measure": measure,
            "value": low or "1.2",
            "low": low,
            "high": high,
            "better": "higher",
            "role": "main",
            "verification": "primary",
        }
    )
    assert estimate.excludes_no_effect is excludes


def test_what_is_running_is_listed(evidence: Evidence) -> None:
    pending = {study.key for study in evidence.studies if study.direction == "pending"}
    assert pending == {"nct07493317", "nct07052058", "sirukumab-mdd"}


def test_every_pilot_figure_is_marked_as_worked_out_and_not_significant(
    evidence: Evidence,
) -> None:
    (pilot,) = [study for study in evidence.studies if study.role == "pilot"]
    assert {each.verification for each in pilot.estimates} == {"computed"}
    assert all("Not statistically significant." in each.note for each in pilot.estimates)


def test_no_figure_of_the_pilot_can_reach_a_card(evidence: Evidence) -> None:
    """Cards take the short words of a study and fixed sentences, never its estimates."""
    (pilot,) = [study for study in evidence.studies if study.role == "pilot"]
    on_cards = " ".join((pilot.result, pilot.question, *evidence.statements.values()))
    assert not re.search(r"\d\s*%|percentage point|\bp\s*[=<]", on_cards)


@pytest.mark.parametrize(
    ("reference", "cited"),
    [
        (Reference(key="k", text="A. B.", verification="primary"), "A. B."),
        (
            Reference(key="k", text="A", verification="primary", doi="10.1/x", identifier="PMC1"),
            "A. doi 10.1/x. PMC1.",
        ),
        (
            Reference(key="k", text="Trial ISRCTN1; more", verification="primary",
                      identifier="ISRCTN1"),
            "Trial ISRCTN1; more.",
        ),
    ],
)  # fmt: skip
def test_a_reference_is_cited_in_one_line(reference: Reference, cited: str) -> None:
    assert reference.cite() == cited
