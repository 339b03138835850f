"""Does any card of the shipped patients say what no card may say?"""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from markdown_it import MarkdownIt

from cds.hooks.cards import CardWriter
from rules.assessment import assess
from rules.facts import Facts
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF
from tests.cds.conftest import Lint
from tests.rules.random_facts import records
from tests.support.variants import with_parameters

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "patients"
PATIENTS = sorted(FIXTURES.glob("*.json"))


@pytest.fixture(scope="module")
def cards(client: FlaskClient) -> list[dict[str, Any]]:
    written = []
    for file in PATIENTS:
        answer = client.post(
            "/evaluate?validate=false", data=file.read_bytes(), content_type="application/json"
        )
        assert answer.status_code == 200, f"{file.name}: {answer.text}"
        written += answer.get_json()["cards"]
    return written


def test_the_shipped_patients_earn_cards(cards: list[dict[str, Any]]) -> None:
    kinds = {card["extension"]["com.trd-inflammation-cds.card"]["kind"] for card in cards}
    assert {"evidence", "safety", "marker_note"} <= kinds


def test_no_card_holds_a_banned_phrase(cards: list[dict[str, Any]], lint: Lint) -> None:
    assert [found for card in cards for found in lint(f"{card['summary']}\n{card['detail']}")] == []


def test_every_summary_says_experimental_and_fits(cards: list[dict[str, Any]]) -> None:
    summaries = [card["summary"] for card in cards]
    assert [text for text in summaries if len(text) >= 140 or "experimental" not in text] == []


def test_every_detail_renders_without_html_links_or_images(cards: list[dict[str, Any]]) -> None:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    pages = [markdown.render(card["detail"]) for card in cards]
    tags = {tag for page in pages for tag in re.findall(r"<([a-z0-9]+)", page)}
    assert tags <= {"p", "ul", "li", "strong"}


@given(facts=records())
@settings(max_examples=150, deadline=None)
def test_no_card_of_any_record_holds_a_banned_phrase(
    knowledge: Knowledge, card_writer: CardWriter, lint: Lint, facts: Facts
) -> None:
    """Every parameter that hides a card is set to show it, so that more cards are written."""
    shown = with_parameters(
        knowledge, {"cards.data_gap_card": True, "safety.suicide_safety_card": "always"}
    )
    written = card_writer.write_cards(assess(facts, AS_OF, shown), "decision")
    assert [found for card in written for found in lint(f"{card.summary}\n{card.detail}")] == []
