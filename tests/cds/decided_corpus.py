"""How does a test get a thousand decisions? A service is called about each of many patients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cds.app import create_app
from cds.decision import Decision
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN
from cds.replay_comparison import Comparison, compare
from cds.replaying import Replayed, Replayer
from cds.settings import Settings
from cds.store.database import open_store
from cds.store.decision_pages import DecisionPages, Selection
from rules.knowledge import Knowledge, load_knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.cds.replays import KEY, site_folder
from tests.support.as_bundle import bundle_of
from tests.support.hook_request import ENDPOINT, hook_request_of
from tests.support.many_patients import many_patients
from tests.support.order_request import (
    SELECT,
    SERTRALINE,
    SIGN,
    TOCILIZUMAB,
    draft_of,
    order_request_of,
)
from tests.support.vignette import Vignette

ORDER_SERVICES = {SELECT: ORDER_SELECT, SIGN: ORDER_SIGN}

Sent = Mapping[str, Any]


@dataclass(frozen=True)
class Corpus:
    """What a store gives back of the decisions on a thousand patients, and the cards sent."""

    knowledge: Knowledge
    settings: Settings
    decisions: tuple[Decision, ...]
    sent: Mapping[str, Sent]

    def replay(self, knowledge: Knowledge) -> list[tuple[Decision, Replayed]]:
        replayer = Replayer(knowledge, self.settings)
        pairs = [(each, replayer.replay(each)) for each in self.decisions]
        return [(each, replayed) for each, replayed in pairs if replayed is not None]

    def compare(self, knowledge: Knowledge) -> list[Comparison]:
        return [compare(*pair, knowledge) for pair in self.replay(knowledge)]

    def only(self, other: "Corpus") -> "Corpus":
        """Give the decisions on the patients of another corpus."""
        wanted = {by_patient(each) for each in other.decisions}
        kept = tuple(each for each in self.decisions if by_patient(each) in wanted)
        return replace(self, decisions=kept)

    def words_of(self, decision: Decision) -> dict[str, str]:
        """Give the words that were sent, by kind of card."""
        sent = ((card.kind, self.sent[card.uuid]) for card in decision.cards)
        return {kind: f"{card['summary']}\n{card['detail']}" for kind, card in sent}


def corpus_in(folder: Path, patients: int, *tables: str) -> Corpus:
    """Let a service decide on every patient, and read its decisions back from the store."""
    knowledge = load_knowledge(site=site_folder(folder / "site", *tables))
    settings = Settings(store_url=f"sqlite:///{folder / 'store.sqlite3'}", pseudonym_key=KEY)
    sent = {card["uuid"]: card for card in send_all(patients, knowledge, settings)}
    store = open_store(settings.store_url)
    decisions = tuple(DecisionPages(store).read(Selection()))
    store.close()
    return Corpus(knowledge, settings, decisions, sent)


def send_all(patients: int, knowledge: Knowledge, settings: Settings) -> Iterator[Sent]:
    """Call a service about each patient, and give the cards it sends."""
    app = create_app(settings, knowledge=knowledge, today=lambda: AS_OF, now=lambda: NOW)
    web = app.test_client()
    for place, patient in enumerate(many_patients(patients)):
        path, body = call_about(patient, place, knowledge)
        response = web.post(path, json=body)
        assert response.status_code == 200, response.text
        yield from response.get_json()["cards"]


def call_about(patient: Vignette, place: int, knowledge: Knowledge) -> tuple[str, Sent]:
    """Give the address and the body of one of the calls there are: the place decides which."""
    if place % 10 == 0 and not patient.unread:
        hook = SELECT if place % 20 == 0 else SIGN
        drug = (TOCILIZUMAB, "tocilizumab") if place % 3 else (SERTRALINE, "sertraline")
        body = order_request_of(patient, hook, [draft_of(patient, *drug)], knowledge)
        return f"/cds-services/{ORDER_SERVICES[hook]}", body
    if place % 3 == 0 and not patient.unread:
        return ENDPOINT, hook_request_of(patient, knowledge)
    missing = ",".join(patient.unread)
    query = f"&notObtained={missing}" if missing else ""
    return f"/evaluate?validate=false{query}", bundle_of(patient)


def by_patient(decision: Decision) -> tuple[str, str]:
    return decision.service, decision.pseudonym
