"""What do the tests in a browser share? One browser, and a store that was migrated once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cds.store.migration import migrate
from tests.browser.running import Service, running_service
from tests.support.chromium import running_browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="package")
def migrated_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "store.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def service(tmp_path: Path, migrated_store: Path) -> Iterator[Service]:
    with running_service(tmp_path, migrated_store) as running:
        yield running
