"""How does a database get its tables, or those of this version? One process migrates at a time."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from cds.store.database import engine_of, name_of, read_store_url, sqlite_file
from cds.store.errors import StoreUnavailable, UnusableStoreError
from cds.store.sqlite import use_write_ahead_log

_FILES = Path(__file__).parent / "migrations"
_WAIT_S = 60.0
# Any number will do, if no other program takes the same one for its advisory lock.
LOCK = int.from_bytes(b"trd-cds", "big")
_PRIVATE = 0o600


def migrate(url: str, wait_s: float = _WAIT_S) -> None:
    """Bring the database to the schema of this version, all of it or nothing.

    A SQLite file and its folder are made where missing. Where another process migrates this waits
    for it, and then finds nothing left to do.

    Errors: UnusableStoreError for a bad address or a database of a newer version; StoreUnavailable.
    """
    parsed = read_store_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            _migrate_file(url, sqlite_file(parsed), wait_s)
        else:
            _upgrade(url, _take_turns, wait_s)
    except DBAPIError as error:
        raise StoreUnavailable(name_of(error)) from None
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(type(error).__name__) from None
    except CommandError:
        raise UnusableStoreError(
            "the store was made by another, probably newer version of this service"
        ) from None


def migration_scripts() -> ScriptDirectory:
    """Give the packaged migrations."""
    return ScriptDirectory.from_config(_config())


def _migrate_file(url: str, file: Path, wait_s: float) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file.with_name(f"{file.name}.migrating")):
        _make_file(file)
        # Refused inside a transaction, so it comes before.
        if not use_write_ahead_log(file, wait_s):
            raise UnusableStoreError("the store lies where SQLite can keep no write-ahead log")
        _upgrade(url, lambda _: None, wait_s)


def _make_file(file: Path) -> None:
    """Make the file, readable by us alone, and never open one that is there.

    Closing it would drop the locks that this process holds on it through SQLite, and the next
    program that closes the database would remove the write-ahead log the service writes to.
    Source: https://www.sqlite.org/howtocorrupt.html, section 2.2.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE))


def _take_turns(connection: Connection) -> None:
    """Wait for another process that migrates; the lock ends with the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _upgrade(url: str, lock: Callable[[Connection], None], wait_s: float) -> None:
    engine = engine_of(url, wait_s, 1)
    config = _config()
    try:
        with engine.begin() as connection:
            lock(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FILES).replace("%", "%%"))
    return config


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a file alone. It is left behind: two could hold it if one of them removed it."""
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, _PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
