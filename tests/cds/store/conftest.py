"""Which stores is every test run against? A file of SQLite, and a database of PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds.store.database import Store, open_store
from cds.store.migration import migrate
from cds.store.schema import METADATA
from tests.support.postgresql import Cluster, private_cluster

KINDS = ("sqlite", "postgresql")
# A test that waits for nothing must not fail on a busy machine.
PATIENT_S = 30.0


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with private_cluster() as running:
        running.run("CREATE DATABASE empty")
        running.run("CREATE DATABASE migrated")
        migrate(running.url("migrated"))
        yield running


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("store") / "migrated.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that was never migrated."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.run("DROP SCHEMA public CASCADE", "empty")
    cluster.run("CREATE SCHEMA public", "empty")
    return cluster.url("empty")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that was migrated and holds nothing yet."""
    if request.param == "sqlite":
        file = tmp_path / "store.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        return f"sqlite:///{file}"
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.run(f"TRUNCATE {', '.join(METADATA.tables)}", "migrated")
    return cluster.url("migrated")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, wait_s=PATIENT_S)
    yield opened
    opened.close()
