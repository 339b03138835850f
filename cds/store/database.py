"""How is the store reached? One database for all workers, SQLite or PostgreSQL by its address."""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, Insert, Table, column, make_url, select, table
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

from cds.store.errors import StoreUnavailable, UnusableStoreError
from cds.store.postgresql import postgresql_engine
from cds.store.schema import REVISION
from cds.store.sqlite import READS_ONLY, sqlite_engine

# Read by a writer's lock: a store that can only be read is not ready.
_REVISION_OF_STORE = select(
    table("alembic_version", column("version_num")).c.version_num
).with_for_update(read=True)


class Store:
    """The database, shared by the threads of a worker. Connects when first used."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{READS_ONLY: True})
        _close_before_fork(engine)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give one transaction that writes: all of it is durable at the end, or none of it is.

        Errors: StoreUnavailable for whatever the database refuses, now or at the end.
        """
        with _told_as_unavailable(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give one transaction that reads. Errors: StoreUnavailable."""
        with _told_as_unavailable(), self._reader.begin() as connection:
            yield connection

    def insert_new(self, into: Table) -> Insert:
        """Give the insert that leaves a row alone that is there already."""
        if self._engine.dialect.name == "sqlite":
            return sqlite.insert(into).on_conflict_do_nothing()
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a tenth of the start

        return postgresql.insert(into).on_conflict_do_nothing()

    def is_ready(self) -> bool:
        """Say whether rows can be written now, into the schema this version knows."""
        try:
            with self.writing() as connection:
                return connection.scalar(_REVISION_OF_STORE) == REVISION
        except StoreUnavailable:
            return False

    def close(self) -> None:
        """Close the connections; the store can be used again."""
        self._engine.dispose()


def open_store(url: str, *, wait_s: float = 1.0, connections: int = 8) -> Store:
    """Open the store at an address such as sqlite:///var/x.sqlite3 or postgresql://host/database.

    Nothing is connected yet, and nothing is made: `migrate` makes the tables. wait_s: how long a
    call may wait for another to finish with the store. connections: one for each thread.

    Errors: UnusableStoreError for an address that is none, or a database that is not supported.
    """
    return Store(engine_of(url, wait_s, connections))


def engine_of(url: str, wait_s: float, connections: int) -> Engine:
    """Make the engine for an address. Errors: UnusableStoreError."""
    parsed = read_store_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite_engine(sqlite_file(parsed), wait_s, connections)
    return postgresql_engine(parsed, wait_s, connections)


def read_store_url(url: str) -> URL:
    """Read an address. Errors: UnusableStoreError, which never repeats it: it may hold a password.

    A database in memory is refused: each worker would have its own.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UnusableStoreError("the address of the store cannot be read") from None
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise UnusableStoreError("the store must be sqlite:///PATH or postgresql://…")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise UnusableStoreError("the store must be a file: sqlite:///PATH")
    return parsed


def sqlite_file(url: URL) -> Path:
    """Give the file of a SQLite address."""
    return Path(url.database or "").absolute()


@contextmanager
def _told_as_unavailable() -> Iterator[None]:
    try:
        yield
    except NoFreeConnectionError:
        raise StoreUnavailable("no_free_connection") from None
    except DBAPIError as error:
        raise StoreUnavailable(name_of(error)) from None


def name_of(error: DBAPIError) -> str:
    """Name what a database refused by its code, and never by its words: they repeat values."""
    cause = error.orig
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return str(code or type(cause).__name__)


def _close_before_fork(engine: Engine) -> None:
    """Leave no open connection to a worker that is forked off: it must not be shared.

    Source: https://www.sqlite.org/howtocorrupt.html, "Carrying an open database connection across
    a fork()".
    """
    held = weakref.ref(engine)

    def close() -> None:
        if (still_used := held()) is not None:
            still_used.dispose()

    os.register_at_fork(before=close)
