"""What do all tests share? The knowledge as shipped, loaded once."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from cds import clock
from cds.evidence_expiry import EvidenceExpiry
from rules.knowledge import Knowledge, load_knowledge
from rules.knowledge.model import Evidence
from tests.conformance.every_answer import every_answer_keeps_its_schema  # noqa: F401 - a fixture

pytest_plugins = ("tests.support.what_ran",)

TESTS_OF_RULES = Path(__file__).parent / "rules"

# How fast a machine is decides no test, and neither does chance: the same tree has the same answer.
# `make search` looks for what other examples would show.
settings.register_profile("the same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, derandomize=False)
settings.load_profile("search" if os.environ.get("SEARCH") else "the same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let only the tests of the rules count for their coverage; watched, the others take longer."""
    for item in items:
        if not item.path.is_relative_to(TESTS_OF_RULES):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session", autouse=True)
def _store_of_the_tests() -> Iterator[None]:
    """Keep what the tests decide in a database of their own."""
    folder = tempfile.mkdtemp(prefix="trd-cds-tests-")
    os.environ["TRD_CDS_STORE_URL"] = f"sqlite:///{folder}/store.sqlite3"
    yield
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def _the_ledger_is_in_time() -> Iterator[None]:
    """Keep what uses the machine's clock from failing on the day the shipped ledger expires.

    What happens on that day is tried with clocks of its own.
    """
    given = EvidenceExpiry.__init__

    def begin(self: EvidenceExpiry, evidence: Evidence, today: Callable[[], date]) -> None:
        in_time = today is clock.today
        given(self, evidence, (lambda: evidence.last_reviewed) if in_time else today)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(EvidenceExpiry, "__init__", begin)
        yield


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()
