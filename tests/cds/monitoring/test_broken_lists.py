"""Is a broken code list found within seven days, and nothing found where nothing is broken?

The traffic is made of synthetic patients: these figures test the software and nothing else.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from cds.decision import Decision
from cds.monitor_command import monitor
from cds.monitoring.alarms import Alarm, Sign
from cds.monitoring.measures import short_name
from cds.monitoring.parameters import ChartParameters
from cds.store.daily_counts import DailyCounts
from cds.store.database import Store, open_store
from rules.knowledge import load_knowledge
from tests.cds.monitoring.breaks import BREAKS
from tests.cds.monitoring.conftest import PATIENT_S
from tests.cds.monitoring.traffic import Traffic, days_from, usual_weights, write_days
from tests.cds.monitoring.traffic import decide_fixtures as decide
from tests.support.knowledge_copy import copy_knowledge

SEED = 8
PATIENTS_A_DAY = 250
BASELINE = days_from(date(2026, 5, 4), 21)
BROKEN = days_from(date(2026, 5, 25), 7)
UNBROKEN = days_from(date(2026, 5, 25), 30)


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{file}", wait_s=PATIENT_S)
    yield store
    store.close()


@pytest.fixture(scope="session")
def after_three_weeks(
    empty_file: Path, decided: tuple[Decision, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A store after three weeks of usual traffic."""
    file = tmp_path_factory.mktemp("usual") / "usual.sqlite3"
    shutil.copy(empty_file, file)
    traffic = Traffic(SEED, PATIENTS_A_DAY, usual_weights(decided))
    with opened(file) as store:
        write_days(store, traffic, BASELINE, decided)
    return file


def alarms_of(store: Store, days: list[date], chart: ChartParameters) -> tuple[Alarm, ...]:
    return monitor(DailyCounts(store), (days[0], days[-1]), chart).alarms


def test_the_traffic_is_all_written_down(after_three_weeks: Path) -> None:
    with opened(after_three_weeks) as store:
        days = DailyCounts(store).read(BASELINE[0], BROKEN[-1])
    assert [each.day for each in days] == BASELINE
    assert all(225 <= each.patients <= 275 for each in days)


@pytest.mark.requirement("B10")
@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_list_alarms_within_seven_days(
    broken: str,
    after_three_weeks: Path,
    decided: tuple[Decision, ...],
    chart: ChartParameters,
    tmp_path: Path,
) -> None:
    files = copy_knowledge(tmp_path / "knowledge")
    BREAKS[broken](files)
    knowledge = load_knowledge(files)
    traffic = Traffic(SEED + 1, PATIENTS_A_DAY, usual_weights(decided))
    with opened(Path(shutil.copy(after_three_weeks, tmp_path))) as store:
        write_days(store, traffic, BROKEN, decide(knowledge))
        found = alarms_of(store, BROKEN, chart)
    by_broken = [each for each in found if each.knowledge == short_name(knowledge.sha256)]
    assert by_broken
    assert min(each.day for each in by_broken) - BROKEN[0] < timedelta(days=7)


@pytest.mark.requirement("B10")
def test_thirty_unbroken_days_are_quiet(
    after_three_weeks: Path, decided: tuple[Decision, ...], chart: ChartParameters, tmp_path: Path
) -> None:
    traffic = Traffic(SEED + 1, PATIENTS_A_DAY, usual_weights(decided))
    with opened(Path(shutil.copy(after_three_weeks, tmp_path))) as store:
        write_days(store, traffic, UNBROKEN, decided)
        assert alarms_of(store, UNBROKEN, chart) == ()


def test_a_new_version_that_changes_nothing_is_quiet(
    after_three_weeks: Path, decided: tuple[Decision, ...], chart: ChartParameters, tmp_path: Path
) -> None:
    files = copy_knowledge(tmp_path / "knowledge")
    with (files / "parameters" / "rule.toml").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    traffic = Traffic(SEED + 1, PATIENTS_A_DAY, usual_weights(decided))
    with opened(Path(shutil.copy(after_three_weeks, tmp_path))) as store:
        write_days(store, traffic, UNBROKEN, decide(load_knowledge(files)))
        assert alarms_of(store, UNBROKEN, chart) == ()


def test_a_service_that_goes_silent_is_found(
    after_three_weeks: Path, chart: ChartParameters, tmp_path: Path
) -> None:
    with opened(Path(shutil.copy(after_three_weeks, tmp_path))) as store:
        found = alarms_of(store, BROKEN, chart)
    assert [each.sign for each in found] == [Sign.NO_CALLS]
