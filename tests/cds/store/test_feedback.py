"""Is acknowledged feedback kept, once, and its comment nowhere else?"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.errors import StoreUnavailable
from cds.store.feedback import Counted, FeedbackLog
from cds.store.schema import feedback
from tests.cds.store.records import CLIENT, NOW, SERVICE, Entry, card, decision

LATER = NOW + timedelta(hours=1)
FULL = Entry(
    card="c-1",
    outcome="overridden",
    reason_code="cds-not-applicable",
    reason_system="http://terminology.example/reasons",
    reason_display="Does not apply",
    user_comment="Seen in clinic, <b>no</b> ✓ later",
    outcome_at=datetime(2026, 6, 30, 11, 59, 59, 1000, tzinfo=UTC),
)


@pytest.fixture
def log(store: Store) -> FeedbackLog:
    return FeedbackLog(store)


def add(log: FeedbackLog, *entries: Entry, client: str = CLIENT, service: str = SERVICE) -> Counted:
    return log.add(client, service, entries, NOW)


def rows(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(feedback)) or 0


def counts(counted: Counted) -> tuple[int, int, int]:
    return counted.stored, counted.repeated, counted.unknown


@pytest.mark.parametrize(
    "entry",
    [
        FULL,
        Entry(card="123456", outcome_at=None),
        Entry(card="c-1", outcome="accepted", accepted_suggestions=("s-1", "s-2")),
        Entry(card="c-1", outcome="accepted"),
        Entry(card="x" * 100_000, user_comment="y" * 100_000),
    ],
)
def test_an_entry_comes_back_as_it_was_sent(log: FeedbackLog, entry: Entry) -> None:
    add(log, entry)
    (kept,) = log.of_card(CLIENT, entry.card)
    assert asdict(kept) == asdict(entry) | {
        "client": CLIENT,
        "service": SERVICE,
        "received_at": NOW,
    }


def test_characters_no_database_keeps_are_replaced_and_nothing_is_lost(log: FeedbackLog) -> None:
    entry = Entry(card="c", user_comment="a\0b\ud800c😀", accepted_suggestions=("\udfff",))
    assert add(log, entry).stored == 1
    (kept,) = log.of_card(CLIENT, "c")
    assert (kept.user_comment, kept.accepted_suggestions) == ("a\ufffdb\ufffdc😀", ("\ufffd",))


@pytest.mark.requirement("FB-7")
def test_the_same_batch_again_is_not_written_twice(log: FeedbackLog, store: Store) -> None:
    batch = (FULL, Entry(card="c-2"))
    add(log, *batch)
    assert counts(log.add(CLIENT, SERVICE, batch, LATER)) == (0, 2, 2)
    assert rows(store) == 2
    assert log.of_card(CLIENT, "c-1")[0].received_at == NOW


@pytest.mark.requirement("FB-7")
def test_the_same_entry_twice_in_one_batch_is_written_once(log: FeedbackLog, store: Store) -> None:
    assert counts(add(log, FULL, FULL)) == (1, 1, 2)
    assert rows(store) == 1


@pytest.mark.requirement("FB-7")
def test_a_moment_told_in_another_zone_is_the_same_entry(log: FeedbackLog) -> None:
    add(log, Entry(card="c", outcome_at=NOW))
    elsewhere = datetime.fromisoformat("2026-06-30T14:00:00.123456+02:00")
    assert add(log, Entry(card="c", outcome_at=elsewhere)).repeated == 1


@pytest.mark.parametrize(
    "other",
    [
        Entry(card="c", outcome="accepted"),
        Entry(card="c", accepted_suggestions=("s",)),
        Entry(card="c", reason_code="r"),
        Entry(card="c", reason_system="r"),
        Entry(card="c", reason_display="r"),
        Entry(card="c", user_comment="r"),
        Entry(card="c", outcome_at=LATER),
        Entry(card="c", outcome_at=None),
        Entry(card="d"),
    ],
)
def test_an_entry_that_says_something_else_is_another_entry(log: FeedbackLog, other: Entry) -> None:
    add(log, Entry(card="c"))
    assert add(log, other).stored == 1


def test_the_same_words_of_another_client_or_service_are_another_entry(log: FeedbackLog) -> None:
    add(log, FULL)
    assert add(log, FULL, client="south").stored == 1
    assert add(log, FULL, service="other").stored == 1


@pytest.mark.requirement("FB-7")
def test_a_batch_of_a_thousand_is_kept(log: FeedbackLog, store: Store) -> None:
    batch = [Entry(card=f"c-{number}") for number in range(1000)]
    assert counts(add(log, *batch)) == (1000, 0, 1000)
    assert rows(store) == 1000


def test_an_empty_batch_writes_nothing(log: FeedbackLog, store: Store) -> None:
    assert counts(add(log)) == (0, 0, 0)
    assert rows(store) == 0


@pytest.mark.requirement("FB-6", "D18", "D21")
def test_only_a_card_of_this_client_is_known(log: FeedbackLog, store: Store) -> None:
    DecisionLog(store).record(decision(cards=(card("ours"),)))
    DecisionLog(store).record(decision(cards=(card("theirs"),), client="south"))
    entries = (Entry(card="ours"), Entry(card="theirs"), Entry(card="nobody's"))
    assert counts(add(log, *entries)) == (3, 0, 2)


@pytest.mark.requirement("E19")
def test_feedback_that_came_first_is_known_once_its_card_is_there(
    log: FeedbackLog, store: Store
) -> None:
    assert add(log, Entry(card="early")).unknown == 1
    DecisionLog(store).record(decision(cards=(card("early"),)))
    assert counts(add(log, Entry(card="early"))) == (0, 1, 0)


@pytest.mark.requirement("D18")
def test_what_another_client_said_is_not_shown(log: FeedbackLog) -> None:
    add(log, FULL, client="south")
    assert log.of_card(CLIENT, FULL.card) == ()


@pytest.mark.requirement("FB-9")
def test_the_comment_is_in_no_repr(log: FeedbackLog) -> None:
    add(log, FULL)
    assert "clinic" not in repr(log.of_card(CLIENT, FULL.card))


@pytest.mark.requirement("FB-9", "D9")
def test_the_comment_is_in_no_error_of_the_store(log: FeedbackLog) -> None:
    refused: Sequence[Entry] = (FULL, Entry(card="c", outcome=None))  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable) as raised:
        log.add(CLIENT, SERVICE, refused, NOW)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert "clinic" not in str(raised.value) + raised.value.reason


@pytest.mark.requirement("E11")
def test_a_batch_of_which_one_entry_is_refused_is_not_kept_in_part(
    log: FeedbackLog, store: Store
) -> None:
    with pytest.raises(StoreUnavailable):
        add(log, FULL, Entry(card="c", outcome=None))  # type: ignore[arg-type]
    assert rows(store) == 0
