"""Does the whole run of an integrator's first day end well, on both databases?"""

from pathlib import Path

import pytest

from tests.integration_run import run
from tests.support.postgresql import private_cluster


@pytest.mark.requirement("A1", "D5", "E6", "FB-6", "PFR-1")
def test_the_run_ends_well_on_sqlite(tmp_path: Path) -> None:
    lines: list[str] = []
    run(f"sqlite:///{tmp_path / 'store.sqlite3'}", lines.append)
    assert len(lines) == 12


@pytest.mark.requirement("A1", "D5", "E6", "FB-6", "PFR-1")
def test_the_run_ends_well_on_postgresql() -> None:
    lines: list[str] = []
    with private_cluster() as cluster:
        run(cluster.url(), lines.append)
    assert len(lines) == 12
