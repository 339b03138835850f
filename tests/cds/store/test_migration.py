"""Does every database come to the tables of this version, also when several migrate at once?"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from cds.store.database import engine_of, open_store
from cds.store.decisions import DecisionLog
from cds.store.errors import StoreUnavailable, UnusableStoreError
from cds.store.migration import LOCK, migrate, migration_scripts
from cds.store.schema import METADATA, REVISION
from tests.cds.store.records import decision

MIGRATE = "import sys; from cds.store.migration import migrate; migrate(sys.argv[1])"
AT_ONCE = 3


def differences(url: str) -> Sequence[object]:
    engine = engine_of(url, 30, 1)
    try:
        with engine.connect() as connection:
            return list(compare_metadata(MigrationContext.configure(connection), METADATA))
    finally:
        engine.dispose()


def test_the_schema_of_the_code_is_the_schema_of_the_migrations(url: str) -> None:
    assert differences(url) == []


def test_a_planted_difference_is_found(url: str) -> None:
    store = open_store(url, wait_s=30)
    try:
        with store.writing() as connection:
            connection.execute(text("ALTER TABLE used_tokens ADD COLUMN extra TEXT"))
        assert len(differences(url)) == 1
    finally:
        with store.writing() as connection:
            connection.execute(text("ALTER TABLE used_tokens DROP COLUMN extra"))
        store.close()


def test_the_code_works_on_the_newest_migration() -> None:
    assert migration_scripts().get_heads() == [REVISION]


def test_a_store_that_was_never_migrated_is_not_ready(empty_url: str) -> None:
    store = open_store(empty_url)
    assert not store.is_ready()
    migrate(empty_url)
    assert store.is_ready()
    store.close()


def test_migrating_again_keeps_what_is_there(url: str) -> None:
    store = open_store(url, wait_s=30)
    recorded = decision()
    DecisionLog(store).record(recorded)
    migrate(url)
    assert DecisionLog(store).find(recorded.id) == recorded
    store.close()


@pytest.mark.requirement("E15")
def test_of_several_that_migrate_at_once_none_fails(empty_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, empty_url]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(AT_ONCE)]  # noqa: S603
    assert [run.communicate()[1] for run in runs] == [b""] * AT_ONCE
    assert [run.returncode for run in runs] == [0] * AT_ONCE
    store = open_store(empty_url, wait_s=30)
    assert store.is_ready()
    store.close()


@contextmanager
def another_migrates(url: str) -> Iterator[None]:
    """Hold what a process holds while it migrates."""
    if url.startswith("sqlite"):
        with Path(f"{url.removeprefix('sqlite:///')}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield


@pytest.mark.requirement("E15")
def test_one_that_migrates_waits_for_the_other(empty_url: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        with another_migrates(empty_url):
            second = pool.submit(migrate, empty_url)
            with pytest.raises(FutureTimeoutError):
                second.result(timeout=0.5)
        second.result()


def test_a_store_of_a_newer_version_is_neither_ready_nor_changed(url: str) -> None:
    store = open_store(url, wait_s=30)
    try:
        set_revision(url, "9999")
        assert not store.is_ready()
        with pytest.raises(UnusableStoreError, match="newer version"):
            migrate(url)
    finally:
        set_revision(url, REVISION)
        store.close()


def set_revision(url: str, revision: str) -> None:
    store = open_store(url, wait_s=30)
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    store.close()


def test_a_migration_that_fails_leaves_no_table_behind(empty_url: str) -> None:
    store = open_store(empty_url, wait_s=30)
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).touch()
    with store.writing() as connection:
        connection.execute(text("CREATE TABLE used_tokens (in_the_way INTEGER)"))
    with pytest.raises(StoreUnavailable):
        migrate(empty_url)
    for table in ("decisions", "alembic_version"):
        with pytest.raises(StoreUnavailable), store.reading() as connection:
            connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
    store.close()


def test_the_folder_and_a_private_file_are_made_on_demand(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "100 %?#.sqlite3"
    migrate(f"sqlite:///{file}".replace("?", "%3F").replace("#", "%23"))
    made = next(each for each in file.parent.iterdir() if each.suffix == ".sqlite3")
    assert made.stat().st_mode & 0o777 == 0o600


def test_a_file_keeps_a_write_ahead_log_from_its_migration_on(migrated_file: Path) -> None:
    # Bytes 18 and 19 of the header, 2 for a write-ahead log: https://www.sqlite.org/fileformat.html
    assert migrated_file.read_bytes()[18:20] == b"\x02\x02"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="Error"):
        migrate(f"sqlite:///{tmp_path}/file/store.sqlite3")
