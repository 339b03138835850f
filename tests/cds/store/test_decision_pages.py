"""Are many decisions read page by page, each once, the oldest first, with cards and facts?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from cds.decision import Decision
from cds.store.database import Store
from cds.store.decision_pages import DecisionPages, Selection
from cds.store.decisions import DecisionLog
from tests.cds.store.records import NOW, card, decision

ALL = Selection()


@pytest.fixture
def log(store: Store) -> DecisionLog:
    return DecisionLog(store)


def record(log: DecisionLog, *recorded: Decision) -> None:
    for each in recorded:
        log.record(each)


def ids(store: Store, selection: Selection = ALL, page: int = 3) -> list[str]:
    return [each.id for each in DecisionPages(store, page).read(selection)]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 6, 7])
def test_every_decision_is_read_once_whatever_the_size_of_a_page(
    log: DecisionLog, store: Store, number: int
) -> None:
    moments = [NOW + timedelta(microseconds=place) for place in range(number)]
    record(log, *(decision(id=f"d{7 - n}", decided_at=at) for n, at in enumerate(moments)))
    assert ids(store) == [f"d{7 - n}" for n in range(number)]


def test_decisions_of_one_moment_are_read_by_their_ids(log: DecisionLog, store: Store) -> None:
    record(log, *(decision(id=f"d{number}") for number in (4, 1, 5, 2, 3)))
    assert ids(store, page=2) == ["d1", "d2", "d3", "d4", "d5"]


def test_a_decision_is_read_as_it_is_found_by_its_id(log: DecisionLog, store: Store) -> None:
    recorded = decision(cards=(card(), card(), card()), facts=b'{"person":{}}')
    record(log, recorded, decision(cards=()))
    found = {each.id: each for each in DecisionPages(store).read(ALL)}
    assert found[recorded.id] == log.find(recorded.id)
    assert found[recorded.id].facts == b'{"person":{}}'


def test_each_decision_has_its_own_cards(log: DecisionLog, store: Store) -> None:
    record(
        log, decision(id="a", cards=(card("1"), card("2"))), decision(id="b", cards=(card("3"),))
    )
    first, second = DecisionPages(store).read(ALL)
    assert [each.uuid for each in first.cards] == ["1", "2"]
    assert [each.uuid for each in second.cards] == ["3"]


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (ALL, ["early", "first", "last", "late"]),
        (Selection(since=date(2026, 6, 30)), ["first", "last", "late"]),
        (Selection(until=date(2026, 6, 30)), ["early", "first", "last"]),
        (Selection(since=date(2026, 6, 30), until=date(2026, 6, 30)), ["first", "last"]),
        (Selection(until=date.max), ["early", "first", "last", "late"]),
        (Selection(client="south"), ["late"]),
        (Selection(decision="first"), ["first"]),
        (Selection(decision="first", client="south"), []),
    ],
    ids=["all", "since", "until", "one day", "for ever", "client", "id", "nothing is both"],
)
def test_only_the_decisions_that_are_meant_are_read_and_counted(
    log: DecisionLog, store: Store, selection: Selection, found: list[str]
) -> None:
    record(
        log,
        decision(id="early", decided_at=datetime(2026, 6, 29, 23, 59, 59, 999999, tzinfo=UTC)),
        decision(id="first", decided_at=datetime(2026, 6, 30, tzinfo=UTC)),
        decision(id="last", decided_at=datetime(2026, 6, 30, 23, 59, 59, 999999, tzinfo=UTC)),
        decision(id="late", decided_at=datetime(2026, 7, 1, tzinfo=UTC), client="south"),
    )
    assert ids(store, selection) == found
    assert DecisionPages(store).count(selection) == len(found)


def test_a_decision_that_goes_meanwhile_hides_no_other(log: DecisionLog, store: Store) -> None:
    moments = [NOW + timedelta(seconds=place) for place in range(6)]
    record(log, *(decision(id=f"d{n}", decided_at=at) for n, at in enumerate(moments)))
    reading = DecisionPages(store, page=2).read(ALL)
    seen = [next(reading).id]
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM cards")
        connection.exec_driver_sql("DELETE FROM decisions WHERE id IN ('d0', 'd1', 'd3')")
    seen += [each.id for each in reading]
    assert seen == ["d0", "d1", "d2", "d4", "d5"]
