"""Is each day counted as it was, on SQLite and on PostgreSQL?"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cds.decision import CardRecord
from cds.monitoring.counts import DayCounts
from cds.store.daily_counts import DailyCounts
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from tests.cds.store.records import NOW, decision

DAY = NOW.date()


def record(store: Store, **changes: Any) -> None:
    DecisionLog(store).record(decision(**changes))


def kinds(*names: str) -> tuple[CardRecord, ...]:
    return tuple(CardRecord(uuid=f"{name}-{id(object())}", kind=name) for name in names)


def counted(store: Store, **narrowed: Any) -> tuple[DayCounts, ...]:
    return DailyCounts(store).read(DAY - timedelta(days=30), DAY, **narrowed)


def only(store: Store) -> DayCounts:
    (found,) = counted(store)
    return found


def test_a_day_says_what_was_decided(store: Store) -> None:
    record(store, pseudonym="a", cards=kinds("evidence"))
    record(store, pseudonym="b", cards=(), resistance="insufficient_data")
    record(store, pseudonym="c", cards=(), resistance="out_of_scope")
    assert only(store) == DayCounts(
        client="north",
        service="trd-inflammation",
        knowledge="b" * 12,
        day=DAY,
        since=NOW,
        calls=3,
        evaluations=3,
        patients=3,
        patients_with={"fired": 1, "not_evaluable": 1, "out_of_scope": 1},
        entries={},
    )


def test_a_patient_counts_once_a_day(store: Store) -> None:
    for _ in range(3):
        record(store, pseudonym="a", cards=kinds("evidence"))
    record(store, pseudonym="a", cards=(), inflammation="unknown")
    found = only(store)
    assert (found.evaluations, found.patients) == (4, 1)
    assert found.patients_with == {"fired": 1, "not_evaluable": 1}


@pytest.mark.parametrize(
    ("names", "fired"),
    [
        (("evidence",), 1),
        (("experimental_order",), 1),
        (("safety", "evidence"), 1),
        (("safety",), 0),
        (("marker_note", "data_gap"), 0),
        ((), 0),
    ],
)
def test_it_fires_with_a_card_the_service_is_there_for(
    store: Store, names: tuple[str, ...], fired: int
) -> None:
    record(store, cards=kinds(*names))
    assert only(store).having("fired") == fired


@pytest.mark.parametrize("mode", ["silent", "live"])
def test_a_card_that_was_not_shown_was_due(store: Store, mode: str) -> None:
    record(store, mode=mode, shown=False)
    assert only(store).having("fired") == 1


@pytest.mark.parametrize(
    ("outcome", "evaluations"),
    [("evaluated", 1), ("snoozed", 1), ("switched_off", 0), ("evidence_expired", 0)],
)
def test_what_has_no_verdict_behind_it_is_a_call_and_no_evaluation(
    store: Store, outcome: str, evaluations: int
) -> None:
    record(store, outcome=outcome)
    found = only(store)
    assert (found.calls, found.evaluations, found.patients) == (1, evaluations, evaluations)


@pytest.mark.parametrize(
    ("resistance", "inflammation", "could_not_tell", "counted_as"),
    [
        ("met", "normal", ",record,", 0),
        ("insufficient_data", "normal", "", 1),
        ("met", "unknown", "", 1),
        ("not_judged", "not_judged", "", 0),
        ("not_judged", "not_judged", ",depression,", 1),
    ],
)
def test_it_is_not_evaluable_where_a_verdict_stayed_open(
    store: Store, resistance: str, inflammation: str, could_not_tell: str, counted_as: int
) -> None:
    record(store, resistance=resistance, inflammation=inflammation, could_not_tell=could_not_tell)
    assert only(store).having("not_evaluable") == counted_as


def test_unknown_codes_are_counted_as_entries_and_as_patients(store: Store) -> None:
    record(store, pseudonym="a", cards=(), unknown_codes={"marker_unit": 3, "drug_untold": 1})
    record(store, pseudonym="b", cards=(), unknown_codes={"marker_unit": 2})
    found = only(store)
    assert found.entries == {"marker_unit": 5, "drug_untold": 1}
    assert found.patients_with == {"marker_unit": 2, "drug_untold": 1}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 6, 29, 23, 59, 59, 999999, tzinfo=UTC), date(2026, 6, 29)),
        (datetime(2026, 6, 30, 0, 0, tzinfo=UTC), date(2026, 6, 30)),
    ],
)
def test_days_begin_at_midnight_in_utc(store: Store, at: datetime, day: date) -> None:
    record(store, decided_at=at)
    assert only(store).day == day


@pytest.mark.parametrize(("days_ago", "there"), [(30, True), (31, False), (-1, False)])
def test_only_the_days_asked_for_are_counted(store: Store, days_ago: int, there: bool) -> None:
    record(store, decided_at=NOW - timedelta(days=days_ago))
    assert bool(counted(store)) is there


def test_clients_services_and_versions_are_counted_apart(store: Store) -> None:
    record(store)
    record(store, client="south")
    record(store, service="order")
    record(store, knowledge_sha256="c" * 64, decided_at=NOW + timedelta(minutes=1))
    found = [(each.client, each.service, each.knowledge[0]) for each in counted(store)]
    assert sorted(found) == [
        ("north", "order", "b"),
        ("north", "trd-inflammation", "b"),
        ("north", "trd-inflammation", "c"),
        ("south", "trd-inflammation", "b"),
    ]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [({"client": "south"}, 1), ({"service": "order"}, 1), ({"client": "south", "service": "x"}, 0)],
)
def test_one_client_or_service_can_be_asked_for(
    store: Store, narrowed: dict[str, str], found: int
) -> None:
    record(store)
    record(store, client="south")
    record(store, service="order")
    assert len(counted(store, **narrowed)) == found


def test_a_day_knows_its_first_call(store: Store) -> None:
    record(store)
    record(store, decided_at=NOW - timedelta(hours=2))
    assert only(store).since == NOW - timedelta(hours=2)


def test_an_empty_store_has_no_days(store: Store) -> None:
    assert counted(store) == ()
