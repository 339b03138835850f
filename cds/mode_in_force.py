"""Which mode holds for one service of one client, and what holds it there?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from cds.ehr.trusted_clients import Mode
from cds.store.mode_switches import Scope, Switch

# From the least that is done to the most.
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeInForce:
    """The mode of one service of one client.

    registry: what the registry of trusted clients says. held_by: the switches that hold the mode
    where it is, the widest first; none means that the registry alone does.
    """

    client: str
    service: str
    mode: Mode
    registry: Mode
    held_by: tuple[Switch, ...] = ()


def find_mode(
    registry: Mode, client: str, service: str, newest: Mapping[Scope, Switch]
) -> ModeInForce:
    """Say which mode holds.

    newest: the newest switch of each scope. A switch of this client comes before the registry. A
    switch of all clients, for one service or for all, only lowers. So does a switch of the whole
    client for what was set for one of its services before: who stops a client stops all of it, and
    nobody turns a service on that somebody else turned off by name.

    A word in the store that is no mode is read as off: somebody meant to change something, and
    nobody can say that it was to show cards.
    """
    own = _own(newest.get((client, None)), newest.get((client, service)))
    caps = (newest.get((None, None)), newest.get((None, service)))
    said = [each for each in (*caps, *own) if each is not None]
    lowest = lower(*(_read(each) for each in said), *(() if own else (registry,)))
    return ModeInForce(
        client=client,
        service=service,
        mode=lowest,
        registry=registry,
        held_by=tuple(each for each in said if _read(each) == lowest),
    )


def held_lower(switch: Switch, in_force: Iterable[ModeInForce]) -> tuple[ModeInForce, ...]:
    """Give what a switch was meant for and does not reach, because something else is lower."""
    return tuple(
        each
        for each in in_force
        if switch.client in (None, each.client)
        and switch.service in (None, each.service)
        and lower(each.mode, _read(switch)) != _read(switch)
    )


def lower(*modes: Mode) -> Mode:
    """Give the mode that does the least."""
    return min(modes, key=MODES.index)


def _own(whole: Switch | None, part: Switch | None) -> tuple[Switch, ...]:
    """Give the switches of the client that count: of the whole of it, and of this service."""
    if whole and part and whole.id < part.id:
        return (part,)
    return tuple(each for each in (whole, part) if each is not None)


def _read(switch: Switch) -> Mode:
    return next((mode for mode in MODES if mode == switch.mode), "off")
