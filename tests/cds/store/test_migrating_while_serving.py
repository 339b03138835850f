"""Does a migration beside a serving store leave its write-ahead log alone?"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cds.store.database import open_store
from cds.store.migration import migrate
from cds.store.used_tokens import UsedTokens

NOW = datetime(2026, 6, 30, tzinfo=UTC)
# What any other program does that looks into the store: open it, read, and close it.
LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT 1 FROM used_tokens").fetchall()
connection.close()
"""


@pytest.mark.requirement("E12", "E15")
def test_what_is_written_after_a_migration_is_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    url = f"sqlite:///{file}"
    migrate(url)
    store = open_store(url)
    tokens = UsedTokens(store, lambda: NOW)
    assert tokens.claim("issuer", "before", NOW)
    migrate(url)
    look = [sys.executable, "-c", LOOK, str(file)]
    subprocess.run(look, check=True)  # noqa: S603 - our own program
    assert file.with_name(f"{file.name}-wal").exists()
    assert tokens.claim("issuer", "after", NOW)
    store.close()
    again = UsedTokens(open_store(url), lambda: NOW)
    assert not again.claim("issuer", "after", NOW)
