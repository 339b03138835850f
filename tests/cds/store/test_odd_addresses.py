"""Does an id that no database can keep lead nowhere, rather than look like a store that is down?

PostgreSQL takes no U+0000 in a text, not even to compare with, and SQLite does.
"""

from collections.abc import Callable

import pytest

from cds.review.queue_filter import read_question
from cds.review.roles import Account, Role
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.judgements import JudgementLog
from cds.store.queue import Queue
from cds.store.samples import Samples

ODD = "a\0b"

LOOK: dict[str, Callable[[Store], object]] = {
    "decision": lambda store: DecisionLog(store).find(ODD),
    "place in the queue": lambda store: Queue(store).place_of(ODD),
    "assignment": lambda store: JudgementLog(store).view("anna", ODD),
    "sample": lambda store: Samples(store).find(ODD),
}


@pytest.mark.parametrize("what", LOOK)
def test_an_id_with_a_character_that_is_not_kept_is_not_found(store: Store, what: str) -> None:
    assert LOOK[what](store) is None


@pytest.mark.parametrize("name", ["client", "service", "knowledge", "reviewer"])
def test_a_filter_with_such_a_character_is_met_by_nothing(store: Store, name: str) -> None:
    lead = Account(id="carla", name="carla", role=Role.LEAD)
    asked = read_question({name: ODD}, lead)
    assert Queue(store).first(asked.question, lead.id).rows == ()
