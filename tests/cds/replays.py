"""How does a test of replay get decisions? A service with a store, asked about a vignette."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from cds.app import create_app
from cds.decision import Decision
from cds.settings import Settings
from cds.store.database import open_store
from cds.store.decision_pages import DecisionPages, Selection
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.support.as_bundle import bundle_of
from tests.support.vignette import vignette_named

KEY = "k" * 32
# A patient with an evidence card, one with a safety card, and one with none.
WITH_CARD, WITH_SAFETY_CARD, WITHOUT_CARD = "C01", "C02", "T01"

Json = Mapping[str, Any]


@dataclass
class Deciding:
    """A service that keeps what it decides, in a folder of its own."""

    knowledge: Knowledge
    folder: Path
    today: Callable[[], date] = lambda: AS_OF
    now: Callable[[], datetime] = lambda: NOW
    web: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        app = create_app(self.settings, knowledge=self.knowledge, today=self.today, now=self.now)
        self.web = app.test_client()

    @property
    def settings(self) -> Settings:
        return Settings(store_url=self.store_url, pseudonym_key=KEY)

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder / 'store.sqlite3'}"

    def evaluate(self, vignette: str) -> list[Json]:
        """Post a vignette's Bundle, and give the cards that are sent."""
        bundle = bundle_of(vignette_named(vignette))
        return self.post("/evaluate?validate=false", bundle)

    def post(self, path: str, body: Json) -> list[Json]:
        response = self.web.post(path, json=body)
        assert response.status_code == 200, response.text
        cards: list[Json] = response.get_json()["cards"]
        return cards

    def decisions(self) -> list[Decision]:
        """Read all that was decided back from the store."""
        store = open_store(self.store_url)
        kept = list(DecisionPages(store).read(Selection()))
        store.close()
        return kept

    def decide(self, vignette: str) -> Decision:
        """Evaluate a vignette, and read that one decision back."""
        self.evaluate(vignette)
        (decision,) = self.decisions()
        return decision


def site_folder(folder: Path, *tables: str) -> Path:
    """Write a site's parameters into a folder, and give the folder."""
    (folder / "parameters").mkdir(parents=True)
    (folder / "parameters" / "own.toml").write_text("\n".join(tables), "utf-8")
    return folder
