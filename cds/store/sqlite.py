"""How is one SQLite file shared by several workers, and how is it noticed that it has gone?

Every transaction that writes begins with the lock for writing: one that reads first and asks for
the lock later is refused at once when another wrote in between, however long it would have waited.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Pool, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from cds.store.schema import read_json, write_json

# FULL: a commit is on the disk before it returns, also if the power fails. secure_delete: what was
# purged or forgotten is overwritten, not only unlinked.
_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
READS_ONLY = "trd_reads_only"


def sqlite_engine(path: Path, wait_s: float, connections: int) -> Engine:
    """Make the engine of a file that is there; it is never made anew while the service runs.

    wait_s: how long a transaction waits for another to end, or for a free connection.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(path, wait_s),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=wait_s,
        hide_parameters=True,
        json_serializer=write_json,
        json_deserializer=read_json,
    )
    event.listen(engine, "begin", _begin)
    _notice_another_file(engine.pool, path)
    return engine


def use_write_ahead_log(path: Path, wait_s: float) -> bool:
    """Let readers and one writer work at once. The file remembers it; False where it cannot.

    Errors: sqlite3.Error.
    """
    with closing(sqlite3.connect(path, timeout=wait_s)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    return str(mode) == "wal"


def _connect(path: Path, wait_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=wait_s,
        isolation_level=None,  # begin is said below
        check_same_thread=False,
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(READS_ONLY)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _notice_another_file(pool: Pool, path: Path) -> None:
    """Connect anew when the file was removed or replaced; else its rows would go to nowhere."""

    def remember(_: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = _identity(path)

    def compare(_: DBAPIConnection, entry: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
        if entry.info["file"] != _identity(path):
            raise DisconnectionError("the file is another one")

    event.listen(pool, "connect", remember)
    event.listen(pool, "checkout", compare)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - three times as quick, and asked at every call
    except OSError:
        return None
    return status.st_dev, status.st_ino
