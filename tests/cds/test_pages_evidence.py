"""Does the evidence page tell everything of the ledger, in words a clinician reads?"""

import re

import pytest
from flask.testing import FlaskClient

from cds.pages.page import read_name
from cds.pages.words import (
    ARTICLE_VERDICTS,
    DIRECTION_HEADINGS,
    DIRECTIONS,
    KINDS,
    MEASURES,
    OUTCOME_ROLES,
    PILOT_PARTS,
    VERIFICATIONS,
)
from rules.knowledge import Knowledge
from tests.cds.pages import Page


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> Page:
    return Page(client.get("/evidence").text)


def test_it_holds_every_study_and_every_source(page: Page, knowledge: Knowledge) -> None:
    ids = set(page.ids)
    assert {f"study-{study.key}" for study in knowledge.evidence.studies} <= ids
    assert {f"ref-{key}" for key in knowledge.evidence.references} <= ids


def test_no_name_of_the_data_stands_on_the_page(page: Page) -> None:
    assert "Main outcome" in page.text
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", page.text) == []
    assert re.findall(r"\b(?:null|pending)\b", page.text) == []


def test_the_pilot_trial_reads_as_no_benefit_on_its_main_outcome(page: Page) -> None:
    pilot = page.text.partition("Insight 2026")[2]
    assert pilot.strip().startswith("no benefit shown on the main outcome")


def test_every_word_of_the_ledger_has_its_words_for_people(knowledge: Knowledge) -> None:
    evidence = knowledge.evidence
    verified = {study.verification for study in evidence.studies}
    verified |= {reference.verification for reference in evidence.references.values()}
    verified |= {fact.verification for fact in evidence.pilot_facts.values()}
    assert {study.direction for study in evidence.studies} <= set(DIRECTIONS)
    assert verified <= set(VERIFICATIONS)
    assert {study.kind for study in evidence.studies} <= set(KINDS)
    assert {fact.part for fact in evidence.pilot_facts.values()} == set(PILOT_PARTS)
    assert {claim.verdict for claim in evidence.article_claims} <= set(ARTICLE_VERDICTS)
    estimates = [each for study in evidence.studies for each in study.estimates]
    assert {each.measure for each in estimates} <= set(MEASURES)
    assert {each.role for each in estimates} <= set(OUTCOME_ROLES)


def test_every_direction_of_a_finished_study_has_a_heading(knowledge: Knowledge) -> None:
    """A study under a direction without one would be missing from the page."""
    finished = {each.direction for each in knowledge.evidence.studies if each.role == "ledger"}
    assert finished <= set(DIRECTION_HEADINGS)


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.faults == []
    assert sorted({each for each in page.ids if page.ids.count(each) > 1}) == []


def test_every_link_into_the_page_leads_somewhere(page: Page) -> None:
    inside = {target[1:] for target in page.targets if target.startswith("#")}
    assert inside - set(page.ids) == set()


def test_no_figure_of_the_pilot_stands_without_its_uncertainty(page: Page) -> None:
    figures = re.findall(r"Reported as \d.{0,120}", page.text)
    assert figures
    assert [each for each in figures if "Not statistically significant." not in each] == []
    assert re.search(r"number needed|\bNNT\b|\bp\s*[=<]", page.text) is None


def test_the_page_answers_what_a_clinician_asks(page: Page) -> None:
    for heading in (
        "In short",
        "What was studied",
        "In whom",
        "What was found",
        "What was not found",
        "How sure is it",
        "Running or not yet read",
        "What is not known",
    ):
        assert heading in page.text
    assert "people whom the pilot trial did not define" in page.text


def test_every_claim_of_the_article_has_its_verdict(page: Page, knowledge: Knowledge) -> None:
    for claim in knowledge.evidence.article_claims:
        after = page.text.partition(claim.claim)[2]
        assert ARTICLE_VERDICTS[claim.verdict] in after[: len(claim.known) + 60]


def test_a_drawing_is_hidden_from_who_listens_and_has_no_colour_of_its_own(page: Page) -> None:
    drawings = [values for values in page.having("svg") if values.get("class")]
    assert drawings
    assert {values.get("aria-hidden") for values in drawings} == {"true"}
    parts = [values for tag in ("line", "rect", "path", "text") for values in page.having(tag)]
    assert [values for values in parts if {"style", "fill", "stroke"} & set(values)] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("main_outcome", "Main outcome"),
        ("medicationDispense", "Medication dispense"),
        ("MedicationDispense", "Medication dispense"),
        ("CRP", "CRP"),
    ],
)
def test_a_name_is_written_as_people_read_it(name: str, words: str) -> None:
    assert read_name(name) == words


def test_the_evidence_for_machines_keeps_the_words_of_the_data(
    client: FlaskClient, knowledge: Knowledge
) -> None:
    ledger = client.get("/evidence.json").get_json()
    assert len(ledger["studies"]) == len(knowledge.evidence.studies)
    assert {study["direction"] for study in ledger["studies"]} == {
        study.direction for study in knowledge.evidence.studies
    }
    assert "main_outcome" in ledger["pilot"]
    assert ledger["knowledge"]["sha256"] == knowledge.sha256
