"""Does any card of the shipped patients say what no card may say?"""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from tests.cds.conftest import Lint

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
