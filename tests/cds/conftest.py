"""What do the tests of the service share? A card writer, a service without a socket, a lint."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.cards import CardWriter
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.support.wording import find_banned

Lint = Callable[[str], list[str]]


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
    return partial(find_banned, knowledge.evidence)
