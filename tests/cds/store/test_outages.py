"""Is it told that the store cannot write, is nothing half written, and does it come back?"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from cds.store.database import Store, open_store
from cds.store.decisions import DecisionLog
from cds.store.errors import StoreUnavailable
from cds.store.feedback import FeedbackLog
from cds.store.migration import migrate
from tests.cds.store.conftest import PATIENT_S
from tests.cds.store.records import CLIENT, NOW, SERVICE, Entry, decision
from tests.support.postgresql import Cluster, private_cluster

SHORT_S = 0.2


@pytest.fixture
def file(tmp_path: Path, migrated_file: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "store.sqlite3"))


@pytest.fixture
def on_file(file: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{file}", wait_s=SHORT_S)
    yield store
    store.close()


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A server these tests may stop."""
    with private_cluster() as running:
        yield running


def is_kept(store: Store) -> bool:
    """Record a decision, and say whether it can be read back."""
    recorded = decision()
    DecisionLog(store).record(recorded)
    return DecisionLog(store).find(recorded.id) == recorded


def refusal(store: Store) -> str:
    with pytest.raises(StoreUnavailable) as raised:
        DecisionLog(store).record(decision())
    return raised.value.reason


@pytest.mark.requirement("E11")
def test_a_locked_file_is_told_and_used_again_once_it_is_free(on_file: Store, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert refusal(on_file) == "SQLITE_BUSY"
        assert not on_file.is_ready()
        other.execute("ROLLBACK")
    assert on_file.is_ready()
    assert is_kept(on_file)


@pytest.mark.requirement("E11")
def test_a_file_that_can_only_be_read_is_not_ready(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    # What SQLite answers on a read-only disk, also for a user whom no permission stops.
    event.listen(store._engine, "connect", lambda each, _: each.execute("PRAGMA query_only=ON"))
    assert refusal(store) == "SQLITE_READONLY"
    assert not store.is_ready()
    store.close()


@pytest.mark.requirement("E11")
def test_a_full_disk_is_told_and_nothing_is_half_written(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    is_kept(store)
    pages = [0]
    with store.reading() as connection:
        pages[0] = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
    store.close()
    # What SQLite answers when the disk has no more room.
    limit = f"PRAGMA max_page_count={pages[0]}"
    event.listen(store._engine, "connect", lambda each, _: each.execute(limit))
    big = decision(facts=b"x" * 1_000_000)
    with pytest.raises(StoreUnavailable, match="SQLITE_FULL"):
        DecisionLog(store).record(big)
    assert DecisionLog(store).find(big.id) is None
    store.close()


@pytest.mark.requirement("E12")
def test_a_file_that_goes_and_comes_back_is_used_again(on_file: Store, file: Path) -> None:
    assert is_kept(on_file)
    away = file.rename(file.with_suffix(".away"))
    assert refusal(on_file) == "SQLITE_CANTOPEN"
    assert not on_file.is_ready()
    assert not file.exists()
    away.rename(file)
    assert on_file.is_ready()
    assert is_kept(on_file)


@pytest.mark.requirement("E12")
def test_nothing_is_written_to_a_file_that_was_replaced(
    on_file: Store, file: Path, migrated_file: Path
) -> None:
    assert is_kept(on_file)
    file.unlink()
    shutil.copy(migrated_file, file)
    recorded = decision()
    DecisionLog(on_file).record(recorded)
    another = open_store(f"sqlite:///{file}")
    assert DecisionLog(another).find(recorded.id) == recorded
    another.close()


@pytest.mark.requirement("E12")
def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database\n" * 100, encoding="utf-8")
    store = open_store(f"sqlite:///{tmp_path / 'text'}")
    assert refusal(store) == "SQLITE_NOTADB"
    assert not store.is_ready()
    store.close()


@pytest.mark.requirement("E12")
def test_a_server_that_is_not_there_at_the_start_is_used_once_it_is(own_cluster: Cluster) -> None:
    store = migrated(own_cluster, "late")
    own_cluster.stop()
    assert not store.is_ready()
    own_cluster.start()
    assert store.is_ready()
    assert is_kept(store)
    store.close()


@pytest.mark.requirement("E12")
def test_a_server_that_goes_and_comes_back_is_used_again(own_cluster: Cluster) -> None:
    store = migrated(own_cluster, "restarted")
    assert is_kept(store)
    own_cluster.stop()
    refusal(store)
    assert not store.is_ready()
    own_cluster.start()
    assert store.is_ready()
    assert is_kept(store)
    store.close()


@pytest.mark.requirement("E12")
def test_no_call_is_lost_to_a_server_that_was_restarted(own_cluster: Cluster) -> None:
    store = migrated(own_cluster, "unnoticed")
    assert is_kept(store)
    own_cluster.stop()
    own_cluster.start()
    assert is_kept(store)
    store.close()


@pytest.mark.requirement("E11")
def test_a_server_that_can_only_be_read_is_not_ready(own_cluster: Cluster) -> None:
    store = migrated(own_cluster, "standby")
    own_cluster.run("ALTER DATABASE standby SET default_transaction_read_only = on")
    assert refusal(store) == "25006"
    assert not store.is_ready()
    own_cluster.run("ALTER DATABASE standby RESET default_transaction_read_only")
    store.close()
    assert store.is_ready()
    store.close()


@pytest.mark.requirement("E11")
def test_a_locked_table_is_told_and_used_again_once_it_is_free(own_cluster: Cluster) -> None:
    migrated(own_cluster, "locked").close()
    store = open_store(own_cluster.url("locked"), wait_s=SHORT_S)
    other = open_store(own_cluster.url("locked"), wait_s=PATIENT_S)
    with other.writing() as connection:
        connection.exec_driver_sql("LOCK TABLE decisions")
        assert refusal(store) in {"55P03", "57014"}
    assert is_kept(store)
    store.close()
    other.close()


def migrated(cluster: Cluster, name: str) -> Store:
    cluster.run(f"CREATE DATABASE {name}")
    migrate(cluster.url(name))
    return open_store(cluster.url(name), wait_s=PATIENT_S)


@pytest.mark.requirement("E11")
def test_more_calls_than_connections_are_told_to_come_back(url: str) -> None:
    store = open_store(url, wait_s=SHORT_S, connections=1)
    with store.reading():
        assert refusal(store) == "no_free_connection"
    assert is_kept(store)
    store.close()


@pytest.mark.requirement("D9")
def test_no_error_of_the_store_repeats_what_was_to_be_written(on_file: Store, file: Path) -> None:
    entry = Entry(card="c", user_comment="Mrs Example")
    file.unlink()
    with pytest.raises(StoreUnavailable) as raised:
        FeedbackLog(on_file).add(CLIENT, SERVICE, [entry], NOW)
    assert "Example" not in repr(raised.value) + str(raised.value)


# Opens the store before it forks, as the server does before it makes its workers.
FORKING = """
import os, sys
from cds.store.database import open_store
from cds.store.decisions import DecisionLog
from tests.cds.store.records import decision

store = open_store(sys.argv[1], wait_s=60)
before = store.is_ready() and store._engine.pool.checkedin()
pid = os.fork()
held = store._engine.pool.checkedin()
log = DecisionLog(store)
for number in range(20):
    log.record(decision(id=f"{'parent' if pid else 'child'}-{number}"))
if pid:
    os.waitpid(pid, 0)
    found = [log.find(f"{name}-{n}") for name in ("parent", "child") for n in range(20)]
    print(before, held, all(found))
    store.close()
else:
    os._exit(0)
"""


def test_a_forked_worker_shares_no_connection_with_its_parent(url: str) -> None:
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", FORKING, url], capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("1 0 True\n", "")
