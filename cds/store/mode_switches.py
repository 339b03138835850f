"""Who switched which mode, when and why? Rows are added and read; none is ever changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, insert, select

from cds.store.database import Store
from cds.store.schema import mode_switches

Scope = tuple[str | None, str | None]

_NEWEST_FIRST = select(mode_switches).order_by(mode_switches.c.id.desc())
# The numbers count up, so they tell what came later even where the clocks of two hosts differ.
_NEWEST_OF_EACH = select(mode_switches).where(
    mode_switches.c.id.in_(
        select(func.max(mode_switches.c.id)).group_by(
            mode_switches.c.client, mode_switches.c.service
        )
    )
)
_ADD = insert(mode_switches).returning(mode_switches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One switch. client, service: None means all of them. mode: the word as it was written."""

    id: int
    switched_at: datetime
    switched_by: str
    because: str
    client: str | None
    service: str | None
    mode: str

    @property
    def scope(self) -> Scope:
        """What was switched, as client and service."""
        return self.client, self.service


class ModeSwitches:
    """The switches of one deployment, shared by all its workers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, mode: str, scope: Scope, by: str, because: str, at: datetime) -> Switch:
        """Write a switch down, durably before this returns. Errors: StoreUnavailable."""
        client, service = scope
        row = {
            "switched_at": at,
            "switched_by": by,
            "because": because,
            "client": client,
            "service": service,
            "mode": mode,
        }
        with self._store.writing() as connection:
            return Switch(**connection.execute(_ADD, row).mappings().one())

    def newest(self) -> Mapping[Scope, Switch]:
        """Give the newest switch of each scope that was ever switched. Errors: StoreUnavailable."""
        return {switch.scope: switch for switch in self._read(_NEWEST_OF_EACH)}

    def history(self, at_most: int) -> tuple[Switch, ...]:
        """Give the switches, the newest first. Errors: StoreUnavailable."""
        return self._read(_NEWEST_FIRST.limit(at_most))

    def _read(self, query: Select[tuple[object, ...]]) -> tuple[Switch, ...]:
        with self._store.reading() as connection:
            return tuple(Switch(**row) for row in connection.execute(query).mappings())
