"""How is a PostgreSQL database opened, so that no call waits long for it and none is lost?"""

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from cds.store.errors import UnusableStoreError
from cds.store.schema import read_json, write_json

_SECOND_MS = 1000
_CONNECT_S = 2  # libpq counts in whole seconds and takes one for two


def postgresql_engine(url: URL, wait_s: float, connections: int) -> Engine:
    """Make the engine. wait_s: for a lock, for a statement and for a free connection.

    Errors: UnusableStoreError where the driver is not installed.
    """
    wait_ms = int(wait_s * _SECOND_MS)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": _CONNECT_S, "tcp_user_timeout": wait_ms},
            pool_size=connections,
            max_overflow=0,
            pool_timeout=wait_s,
            pool_pre_ping=True,  # a server that came back is used without a call lost
            hide_parameters=True,
            json_serializer=write_json,
            json_deserializer=read_json,
        )
    except ModuleNotFoundError:
        raise UnusableStoreError(
            "PostgreSQL needs the driver psycopg: install trd-cds[postgresql]"
        ) from None

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _set_session(connection, wait_ms)

    event.listen(engine, "connect", prepare)
    return engine


def _set_session(connection: DBAPIConnection, wait_ms: int) -> None:
    cursor = connection.cursor()
    # A server may be set up to answer before it wrote; feedback is acknowledged, so ours waits.
    cursor.execute("SET synchronous_commit = on")
    cursor.execute(f"SET lock_timeout = {wait_ms}")
    cursor.execute(f"SET statement_timeout = {wait_ms}")
    cursor.close()
    connection.commit()
