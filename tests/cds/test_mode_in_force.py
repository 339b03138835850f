"""Which mode holds, for every scope that can be switched and every order of switching?"""

from datetime import UTC, datetime
from itertools import permutations, product

import pytest

from cds.ehr.trusted_clients import Mode
from cds.mode_in_force import MODES, ModeInForce, find_mode, held_lower
from cds.store.mode_switches import Scope, Switch

HERE, SERVICE = "north", "patient-view"
EVERYTHING: Scope = (None, None)
SERVICE_OF_ALL: Scope = (None, SERVICE)
CLIENT: Scope = (HERE, None)
SERVICE_OF_CLIENT: Scope = (HERE, SERVICE)
SCOPES = (EVERYTHING, SERVICE_OF_ALL, CLIENT, SERVICE_OF_CLIENT)
Said = tuple[Scope, str]


def after(registry: Mode, *said: Said) -> ModeInForce:
    """Say what is in force after these switches, in this order."""
    newest: dict[Scope, Switch] = {}
    for number, (scope, mode) in enumerate(said, start=1):
        newest[scope] = Switch(
            id=number,
            switched_at=datetime(2026, 6, 30, tzinfo=UTC),
            switched_by="anna",
            because="a test",
            client=scope[0],
            service=scope[1],
            mode=mode,
        )
    return find_mode(registry, HERE, SERVICE, newest)


TABLE: list[tuple[str, Mode, tuple[Said, ...], Mode]] = [
    ("nothing was switched: off", "off", (), "off"),
    ("nothing was switched: silent", "silent", (), "silent"),
    ("nothing was switched: live", "live", (), "live"),
    ("a client is raised above the registry", "silent", ((CLIENT, "live"),), "live"),
    ("a client is lowered below the registry", "live", ((CLIENT, "off"),), "off"),
    ("one service is raised", "silent", ((SERVICE_OF_CLIENT, "live"),), "live"),
    ("one service is lowered", "live", ((SERVICE_OF_CLIENT, "silent"),), "silent"),
    ("all clients only lower: off", "live", ((EVERYTHING, "off"),), "off"),
    ("all clients only lower: silent", "live", ((EVERYTHING, "silent"),), "silent"),
    ("all clients never raise", "silent", ((EVERYTHING, "live"),), "silent"),
    ("all clients never raise what is off", "off", ((EVERYTHING, "live"),), "off"),
    ("a service of all clients lowers", "live", ((SERVICE_OF_ALL, "off"),), "off"),
    ("a service of all clients never raises", "silent", ((SERVICE_OF_ALL, "live"),), "silent"),
    (
        "a client cannot be raised above what holds for all",
        "silent",
        ((EVERYTHING, "off"), (CLIENT, "live"), (SERVICE_OF_CLIENT, "live")),
        "off",
    ),
    (
        "all clients on again: what the client had",
        "silent",
        ((CLIENT, "live"), (EVERYTHING, "off"), (EVERYTHING, "live")),
        "live",
    ),
    (
        "all clients on again: what the registry says",
        "silent",
        ((EVERYTHING, "off"), (EVERYTHING, "live")),
        "silent",
    ),
    (
        "the lower of two caps holds",
        "live",
        ((EVERYTHING, "silent"), (SERVICE_OF_ALL, "off")),
        "off",
    ),
    (
        "the newest switch of a client wins",
        "silent",
        ((CLIENT, "off"), (CLIENT, "live"), (CLIENT, "silent")),
        "silent",
    ),
    (
        "one service, switched after its client, has its own mode",
        "silent",
        ((CLIENT, "off"), (SERVICE_OF_CLIENT, "live")),
        "live",
    ),
    (
        "a whole client that is stopped stops a service that was on by name",
        "silent",
        ((SERVICE_OF_CLIENT, "live"), (CLIENT, "off")),
        "off",
    ),
    (
        "a whole client that is raised leaves a service off that was off by name",
        "silent",
        ((SERVICE_OF_CLIENT, "off"), (CLIENT, "live")),
        "off",
    ),
    (
        "a client stopped and raised again: its service as before",
        "silent",
        ((SERVICE_OF_CLIENT, "live"), (CLIENT, "off"), (CLIENT, "live")),
        "live",
    ),
    ("another client is not meant", "live", ((("south", None), "off"),), "live"),
    ("another service is not meant", "live", (((HERE, "order-sign"), "off"),), "live"),
    ("another service of all is not meant", "live", (((None, "order-sign"), "off"),), "live"),
    ("a word that is no mode is read as off", "live", ((CLIENT, "paused"),), "off"),
]


@pytest.mark.requirement("B6", "B7")
@pytest.mark.parametrize(
    ("registry", "said", "expected"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_mode_in_force(registry: Mode, said: tuple[Said, ...], expected: Mode) -> None:
    assert after(registry, *said).mode == expected


EVERY_ORDER = [
    (registry, said)
    for registry in MODES
    for scopes in permutations(SCOPES, 3)
    for modes in product(MODES, repeat=3)
    for said in [tuple(zip(scopes, modes, strict=True))]
]


def index(mode: str) -> int:
    return [*MODES].index(mode)  # type: ignore[arg-type]


@pytest.mark.requirement("B7")
@pytest.mark.parametrize("scope", SCOPES)
def test_off_stops_at_once_whatever_was_switched_before(scope: Scope) -> None:
    running = [
        (registry, said)
        for registry, said in EVERY_ORDER
        if after(registry, *said, (scope, "off")).mode != "off"
    ]
    assert running == []


def test_what_holds_for_all_clients_never_raises_anything() -> None:
    raised = [
        (registry, said, cap)
        for registry, said in EVERY_ORDER
        for cap in (EVERYTHING, SERVICE_OF_ALL)
        if cap not in dict(said)
        for mode in MODES
        if index(after(registry, *said, (cap, mode)).mode) > index(after(registry, *said).mode)
    ]
    assert raised == []


def test_only_a_switch_of_this_client_shows_more_than_the_registry() -> None:
    raised = [
        (registry, said)
        for registry, said in EVERY_ORDER
        if index(after(registry, *said).mode) > index(registry)
        and not {CLIENT, SERVICE_OF_CLIENT} & dict(said).keys()
    ]
    assert raised == []


def test_it_is_told_which_switches_hold_the_mode() -> None:
    held = after("live", (CLIENT, "silent"), (EVERYTHING, "off"), (SERVICE_OF_ALL, "off"))
    assert [each.scope for each in held.held_by] == [EVERYTHING, SERVICE_OF_ALL]


def test_a_cap_that_changes_nothing_holds_nothing() -> None:
    assert after("silent", (EVERYTHING, "live")).held_by == ()


def test_what_the_registry_says_stays_told() -> None:
    assert after("live", (CLIENT, "off")).registry == "live"


def test_a_switch_that_is_reached_is_held_lower_by_nothing() -> None:
    held = after("live", (CLIENT, "silent"))
    assert held_lower(held.held_by[0], [held]) == ()
