"""May somebody try another password now? After some wrong ones each further try waits longer.

Counted for the name that was typed, whether or not there is such an account, and for where the try
came from; for all workers together.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from cds.store.database import Store
from cds.store.schema import sign_in_tries

_FORGOTTEN = timedelta(hours=1)  # after the last try
_FIRST_WAIT_S = 2
_NONE = timedelta(0)
_AT_ONCE = 1000

# A bounded piece of work, and rows that another worker has in hand are left to it.
_FORGOTTEN_ROWS = (
    select(sign_in_tries.c.whose)
    .where(sign_in_tries.c.last_at < bindparam("since"))
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_REMOVE_FORGOTTEN = delete(sign_in_tries).where(sign_in_tries.c.whose.in_(_FORGOTTEN_ROWS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many tries are free, and how long the wait gets that doubles with each one after them."""

    free: int
    longest_wait: timedelta


# The address may be that of a proxy in front of everybody, so that one who tries for long must not
# keep all others out for long.
BY_NAME = Limit(free=5, longest_wait=timedelta(minutes=15))
BY_ADDRESS = Limit(free=50, longest_wait=timedelta(minutes=1))


class SignInTries:
    """Counts tries. key: makes what was typed unreadable.

    Every method: Errors: StoreUnavailable.
    """

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._key = key
        self._insert = store.insert_new(sign_in_tries)

    def claim(self, name: str, address: str, now: datetime) -> timedelta:
        """Take a try before a password is looked at, and give zero; or say how long to wait.

        Of tries made at the same time each is counted, so that many at once gain nothing.
        """
        with self._store.writing() as connection:
            locked = [
                (self._lock(connection, whose, now), limit)
                for whose, limit in self._counted(name, address)
            ]
            wait: timedelta = max(row.until - now for row, _ in locked)
            if wait > _NONE:
                return wait
            for row, limit in locked:
                _count(connection, row, limit, now)
            connection.execute(_REMOVE_FORGOTTEN, {"since": now - _FORGOTTEN})
        return _NONE

    def forgive(self, name: str, address: str, now: datetime) -> None:
        """Take back the tries of somebody whose password was right: all by name, one by address."""
        (by_address, _), (by_name, _) = self._counted(name, address)
        with self._store.writing() as connection:
            for whose, left in ((by_address, sign_in_tries.c.tries - 1), (by_name, 0)):
                connection.execute(
                    update(sign_in_tries)
                    .where(sign_in_tries.c.whose == whose, sign_in_tries.c.tries > 0)
                    .values(tries=left, until=now)
                )

    def _counted(self, name: str, address: str) -> tuple[tuple[str, Limit], tuple[str, Limit]]:
        """Give what is counted, always in this order, so that no two wait for each other."""
        return (
            (self._digest(b"address", address), BY_ADDRESS),
            (self._digest(b"name", name), BY_NAME),
        )

    def _lock(self, connection: Connection, whose: str, now: datetime) -> Row[Any]:
        new = {"whose": whose, "tries": 0, "last_at": now, "until": now}
        query = select(sign_in_tries).where(sign_in_tries.c.whose == whose).with_for_update()
        while True:
            connection.execute(self._insert, new)
            # Gone again where another worker had just forgotten it.
            if (row := connection.execute(query).first()) is not None:
                return row

    def _digest(self, kind: bytes, text: str) -> str:
        written = text.encode("utf-8", "surrogatepass")
        return hmac.new(self._key, b"%b:%b" % (kind, written), sha256).hexdigest()


def _count(connection: Connection, row: Row[Any], limit: Limit, now: datetime) -> None:
    tries = 1 if row.last_at < now - _FORGOTTEN else row.tries + 1
    values = {"tries": tries, "last_at": now, "until": now + _wait(tries - limit.free, limit)}
    connection.execute(update(sign_in_tries).where(sign_in_tries.c.whose == row.whose), values)


def _wait(over: int, limit: Limit) -> timedelta:
    """Give how long to wait after a try; over: how many tries it is beyond the free ones."""
    if over < 0:
        return _NONE
    return min(timedelta(seconds=_FIRST_WAIT_S << min(over, 16)), limit.longest_wait)
