"""Is every switch kept as it was said, in the order it was said?"""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from cds.store.database import Store
from cds.store.mode_switches import ModeSwitches, Scope
from cds.store.retention import DaysKept, Retention
from cds.store.schema import mode_switches
from tests.cds.store.records import NOW

EVERYTHING: Scope = (None, None)
SCOPES: tuple[Scope, ...] = (EVERYTHING, ("north", None), (None, "view"), ("north", "view"))


@pytest.fixture
def switches(store: Store) -> ModeSwitches:
    return ModeSwitches(store)


@pytest.mark.requirement("B7")
@pytest.mark.parametrize("scope", SCOPES)
def test_who_when_and_why_are_kept(switches: ModeSwitches, scope: Scope) -> None:
    added = switches.add("off", scope, "anna", "wrong table: 3 µg, ≥2", NOW)
    (kept,) = switches.history(10)
    assert kept == added
    assert (kept.mode, kept.scope, kept.switched_by, kept.because, kept.switched_at) == (
        "off",
        scope,
        "anna",
        "wrong table: 3 µg, ≥2",
        NOW,
    )


def test_the_newest_of_each_scope_is_given(switches: ModeSwitches) -> None:
    for mode in ("off", "live", "silent"):
        for scope in SCOPES:
            switches.add(mode, scope, "anna", mode, NOW)
    newest = switches.newest()
    assert {scope: switch.mode for scope, switch in newest.items()} == dict.fromkeys(
        SCOPES, "silent"
    )


def test_a_clock_that_is_behind_does_not_make_a_switch_older(switches: ModeSwitches) -> None:
    switches.add("live", EVERYTHING, "anna", "by the clock of one host", NOW)
    switches.add("off", EVERYTHING, "ben", "by that of another", NOW - timedelta(hours=1))
    assert switches.newest()[EVERYTHING].mode == "off"


@pytest.mark.requirement("B7")
def test_a_later_switch_changes_no_earlier_one(switches: ModeSwitches) -> None:
    first = switches.add("off", EVERYTHING, "anna", "stop", NOW)
    second = switches.add("live", EVERYTHING, "ben", "go on", NOW)
    assert switches.history(10) == (second, first)


def test_a_purge_leaves_the_history(switches: ModeSwitches, store: Store) -> None:
    kept = switches.add("off", EVERYTHING, "anna", "stop", NOW)
    Retention(store).purge(NOW + timedelta(days=4000), DaysKept.all_alike(0))
    assert switches.history(10) == (kept,)


def test_the_history_is_cut_at_its_old_end(switches: ModeSwitches) -> None:
    for number in range(5):
        switches.add("off", EVERYTHING, "anna", str(number), NOW)
    assert [each.because for each in switches.history(2)] == ["4", "3"]


def test_nothing_was_switched_in_a_new_store(switches: ModeSwitches) -> None:
    assert (switches.newest(), switches.history(10)) == ({}, ())


def test_a_row_that_somebody_wrote_by_hand_is_read(switches: ModeSwitches, store: Store) -> None:
    row = {"switched_at": NOW, "switched_by": "", "because": "", "mode": "OFF"}
    with store.writing() as connection:
        connection.execute(insert(mode_switches), row)
    assert switches.newest()[EVERYTHING].mode == "OFF"
