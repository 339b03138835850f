"""Is every sentence, resource and citation of an assessment on the page of its case?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds.store.database import Store, open_store
from cds.store.decisions import DecisionLog
from rules.assessment import assess
from rules.knowledge import Knowledge
from tests.cds.review.kept_cases import by_id, decide, review_app
from tests.cds.review.trace import trace_of, words_of
from tests.support.verdict import knowledge_of_site
from tests.support.vignette import Vignette


class Traced:
    """One store with pages for each knowledge that the vignettes ask for."""

    def __init__(self, store: Store, shipped: Knowledge) -> None:
        self.store = store
        self._shipped = shipped
        self._pages: dict[str, FlaskClient] = {}

    def told(self, vignette: Vignette) -> tuple[set[str], str]:
        """Give the trace of a vignette, and the words of its page."""
        known = knowledge_of_site(vignette, self._shipped)
        made = decide(vignette, self._shipped)
        DecisionLog(self.store).record(made.decision)
        address = f"/review/decisions/{made.decision.id}"
        site = f"{vignette.parameters} {vignette.codes}"
        if site not in self._pages:
            self._pages[site] = review_app(self.store, known).test_client()
        page = self._pages[site].get(address).get_data(as_text=True)
        return set(trace_of(assess(made.facts, vignette.as_of, known))), words_of(page)


@pytest.fixture(scope="module")
def traced(
    migrated_review_file: Path, tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge
) -> Iterator[Traced]:
    file = tmp_path_factory.mktemp("traced") / "review.sqlite3"
    shutil.copy(migrated_review_file, file)
    store = open_store(f"sqlite:///{file}")
    yield Traced(store, knowledge)
    store.close()


@pytest.mark.parametrize("name", sorted(by_id()))
def test_the_page_shows_the_whole_trace(name: str, traced: Traced) -> None:
    trace, told = traced.told(by_id()[name])
    assert [each for each in sorted(trace) if " ".join(each.lower().split()) not in told] == []
