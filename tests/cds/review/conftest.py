"""What do the tests of the review pages share? A store of SQLite, and a service on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds.store.database import Store, open_store
from cds.store.migration import migrate
from tests.cds.review.people_app import Service, build_service


@pytest.fixture(scope="session")
def migrated_review_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("review") / "migrated.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def review_store(migrated_review_file: Path, tmp_path: Path) -> Iterator[Store]:
    file = tmp_path / "review.sqlite3"
    shutil.copy(migrated_review_file, file)
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture
def service(review_store: Store) -> Service:
    return build_service(review_store)
