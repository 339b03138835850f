"""Does the evidence page tell everything of the ledger, in words a clinician reads?"""

import re

import pytest
from flask.testing import FlaskClient

from cds.pages.page import read_name
from cds.pages.words import DIRECTIONS, VERIFICATIONS
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
    verified |= {verification for _, verification in evidence.pilot_facts.values()}
    assert {study.direction for study in evidence.studies} <= set(DIRECTIONS)
    assert verified <= set(VERIFICATIONS)


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
