"""What do the tests of the service share? A card writer, a service without a socket, a lint."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.cards import CardWriter
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW

Lint = Callable[[str], list[str]]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


@pytest.fixture(scope="session")
def card_writer(knowledge: Knowledge) -> CardWriter:
    return CardWriter(knowledge, Settings(), uuid4, lambda: NOW)


@pytest.fixture(scope="session")
def client(knowledge: Knowledge) -> FlaskClient:
    """The service on the day of the fixtures."""
    return create_app(
        Settings(), knowledge=knowledge, today=lambda: AS_OF, now=lambda: NOW
    ).test_client()


@pytest.fixture(scope="session")
def lint(knowledge: Knowledge) -> Lint:
    """Say what of a card's text may not be said, by the patterns of the evidence files."""
    evidence = knowledge.evidence

    def search(text: str) -> list[str]:
        for phrase in evidence.allowed_phrases:
            text = text.replace(phrase, "")
        found = [each.why for each in evidence.banned_phrases if _matches(each.pattern, text)]
        return found + [
            f"{rule.why}: {sentence}"
            for rule in evidence.sentence_rules
            for sentence in SENTENCE_END.split(text)
            if _matches(rule.when, sentence) and _matches(rule.never, sentence)
        ]

    return search


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return re.search(pattern.pattern, text, re.IGNORECASE) is not None
