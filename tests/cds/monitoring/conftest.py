"""What do the tests of the monitor share? The shipped numbers of the charts, an empty store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds.decision import Decision
from cds.monitoring.parameters import ChartParameters, load_chart_parameters
from cds.store.database import Store, open_store
from cds.store.migration import migrate
from rules.knowledge import Knowledge
from tests.cds.monitoring.traffic import decide_fixtures

PATIENT_S = 30.0


@pytest.fixture(scope="session")
def chart() -> ChartParameters:
    return load_chart_parameters()


@pytest.fixture(scope="session")
def decided(knowledge: Knowledge) -> tuple[Decision, ...]:
    """Every shipped patient, decided under the shipped knowledge."""
    return decide_fixtures(knowledge)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("monitored") / "empty.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def store(empty_file: Path, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{shutil.copy(empty_file, tmp_path)}", wait_s=PATIENT_S)
    yield opened
    opened.close()
