"""Is an earlier card on the same evidence found, and nobody else's?"""

from datetime import timedelta
from typing import Any

import pytest

from cds.decision import CardRecord
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.earlier_cards import Earlier, EarlierCards, SameEvidence
from cds.store.feedback import FeedbackLog
from tests.cds.store.records import CLIENT, NOW, PSEUDONYM, SERVICE, Entry, card, decision

KEY = "k" * 64
NEVER = Earlier(shown_at=None, overridden_at=None)


def find(store: Store, **changes: Any) -> Earlier:
    asked: dict[str, Any] = {
        "client": CLIENT,
        "service": SERVICE,
        "pseudonym": PSEUDONYM,
        "evidence_key": KEY,
        "decision": "this one",
    }
    return EarlierCards(store).find(SameEvidence(**{**asked, **changes}), {"evidence"})


def test_the_last_showing_is_found(store: Store) -> None:
    log = DecisionLog(store)
    for days in (9, 2, 5):
        log.record(decision(decided_at=NOW - timedelta(days=days), evidence_key=KEY))
    assert find(store) == Earlier(shown_at=NOW - timedelta(days=2), overridden_at=None)


@pytest.mark.parametrize(
    "changed",
    [
        {"client": "south"},
        {"service": "another"},
        {"pseudonym": "1" * 32},
        {"evidence_key": "l" * 64},
        {"evidence_key": None},
        {"shown": False},
        {"id": "this one"},
        {"cards": (CardRecord(uuid="c1", kind="safety"),)},
        {"cards": (CardRecord(uuid="c1", kind="evidence", shown=False),)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_another_decision_is_no_earlier_showing(changed: dict[str, Any], store: Store) -> None:
    DecisionLog(store).record(decision(**{"evidence_key": KEY, **changed}))
    assert find(store) == NEVER


def test_an_override_of_the_card_is_found_and_another_answer_is_not(store: Store) -> None:
    shown = card()
    DecisionLog(store).record(decision(cards=(shown,), evidence_key=KEY))
    feedback, later = FeedbackLog(store), NOW + timedelta(hours=1)
    feedback.add(CLIENT, SERVICE, [Entry(card=shown.uuid, outcome="accepted")], later)
    assert find(store).overridden_at is None
    feedback.add(CLIENT, SERVICE, [Entry(card=shown.uuid)], later)
    assert find(store).overridden_at == later


def test_the_override_of_another_client_is_not_counted(store: Store) -> None:
    shown = card()
    DecisionLog(store).record(decision(cards=(shown,), evidence_key=KEY))
    FeedbackLog(store).add("south", SERVICE, [Entry(card=shown.uuid)], NOW)
    assert find(store).overridden_at is None
