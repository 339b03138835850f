"""How often does the monitor alarm where nothing is broken, and how soon where something is?

    .venv/bin/python -m tests.cds.monitoring.simulation 1000

Each run is one client: three weeks of baseline, then thirty days, drawn from the shipped patients.
Real traffic holds more than such a draw: weekdays, seasons, the same patients again.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from cds.decision import Decision
from cds.monitoring.alarms import Alarm, find_alarms
from cds.monitoring.counts import FIRED, DayCounts
from cds.monitoring.parameters import ChartParameters, load_chart_parameters
from cds.store.daily_counts import DailyCounts
from cds.store.database import Store, open_store
from cds.store.migration import migrate
from rules.knowledge import load_knowledge
from tests.cds.monitoring.breaks import BREAKS
from tests.cds.monitoring.traffic import (
    CLIENT,
    SERVICE,
    days_from,
    decide_fixtures,
    usual_weights,
    write,
)
from tests.support.knowledge_copy import copy_knowledge

BASELINE_DAYS, JUDGED_DAYS = 21, 30
FIRST = date(2026, 5, 4)
JUDGED_FROM = FIRST + timedelta(days=BASELINE_DAYS)
BASELINE, JUDGED = days_from(FIRST, BASELINE_DAYS), days_from(JUDGED_FROM, JUDGED_DAYS)
# How many patients in 10,000 have an entry of each kind anyway; the fixtures have none.
UNKNOWN: Mapping[str, int] = {
    "drug_not_listed": 6_000,
    "drug_in_words": 200,
    "drug_untold": 50,
    "marker_unit": 30,
    "marker_in_words": 10,
    "scale_in_words": 3,
}
OF_SO_MANY = 10_000
# How much more or less often a patient with a card due comes on one day than on another, where
# days differ; in truth nobody knows before a client was watched.
UNREST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What patients there are under one knowledge: each set of measures with its weight."""

    knowledge: str
    measures: tuple[frozenset[str], ...]
    weights: tuple[float, ...]


def mix_of(store: Store, decided: Sequence[Decision], weights: Sequence[int]) -> Mix:
    """Let the store itself say what it counts of each fixture: as the only patient of a client."""
    write(
        store,
        (replace(each, client=str(number), pseudonym="p") for number, each in enumerate(decided)),
    )
    day = decided[0].decided_at.date()
    counted = DailyCounts(store).read(day, day)
    found: Counter[frozenset[str]] = Counter()
    for each in counted:
        found[frozenset(each.patients_with)] += weights[int(each.client)]
    return Mix(
        knowledge=counted[0].knowledge,
        measures=tuple(found),
        weights=tuple(found.values()),
    )


def draw_days(
    mixes: Sequence[Mix], seed: int, patients_a_day: int, unrest: float = 0
) -> tuple[DayCounts, ...]:
    """Draw the days of one run. mixes: that of the baseline, and that of the judged days."""
    draw = Random(seed)  # noqa: S311 - a draw and no secret
    before, after = mixes
    return tuple(
        _draw_day(_of_a_day(mix, draw, unrest), draw, day, patients_a_day)
        for mix, days in ((before, BASELINE), (after, JUDGED))
        for day in days
    )


def _of_a_day(mix: Mix, draw: Random, unrest: float) -> Mix:
    """Let patients with a card due come more or less often on one day."""
    often = draw.uniform(1 - unrest, 1 + unrest)
    weights = (
        weight * often if FIRED in measures else weight
        for measures, weight in zip(mix.measures, mix.weights, strict=True)
    )
    return replace(mix, weights=tuple(weights))


def _draw_day(mix: Mix, draw: Random, day: date, patients_a_day: int) -> DayCounts:
    patients = patients_a_day + draw.randint(-patients_a_day // 10, patients_a_day // 10)
    counts: Counter[str] = Counter()
    for measures in draw.choices(mix.measures, mix.weights, k=patients):
        counts.update(measures)
    for kind, often in UNKNOWN.items():
        others = patients - counts[kind]
        counts[kind] += sum(draw.randrange(OF_SO_MANY) < often for _ in range(others))
    return DayCounts(
        client=CLIENT,
        service=SERVICE,
        knowledge=mix.knowledge,
        day=day,
        since=datetime(day.year, day.month, day.day, tzinfo=UTC),
        calls=patients,
        evaluations=patients,
        patients=patients,
        patients_with=counts,
        entries={},
    )


def alarms_in(days: Sequence[DayCounts], chart: ChartParameters) -> tuple[Alarm, ...]:
    return find_alarms(days, JUDGED_FROM, JUDGED[-1], chart)


def main(runs: int) -> None:
    """Write the three tables of docs/monitoring.md."""
    shipped = load_chart_parameters()
    with tempfile.TemporaryDirectory() as folder:
        usual, broken = _mixes(Path(folder))
    for unrest in (0, UNREST):
        _tell("patients a day", "sigma limit", "runs with an alarm", "days with an alarm")
        for patients_a_day in (60, 250, 2_000):
            histories = [
                draw_days((usual, usual), seed, patients_a_day, unrest) for seed in range(runs)
            ]
            for limit in (3.0, shipped.sigma_limit, 4.0):
                chart = shipped.model_copy(update={"sigma_limit": limit})
                found = [alarms_in(days, chart) for days in histories]
                in_runs = sum(bool(each) for each in found)
                in_days = sum(len({alarm.day for alarm in each}) for each in found)
                told = (f"{in_runs:,} of {runs:,}", f"{in_days:,} of {runs * JUDGED_DAYS:,}")
                _tell(f"{patients_a_day:,}", str(limit), *told)
    _tell("what broke", "patients a day", "found on the first day", "within seven days")
    for name, mix in broken.items():
        for patients_a_day in (60, 250):
            waits = [_wait((usual, mix), seed, patients_a_day, shipped) for seed in range(runs)]
            within = sum(each <= 7 for each in waits)
            told = (f"{waits.count(1):,} of {runs:,}", f"{within:,} of {runs:,}")
            _tell(name, str(patients_a_day), *told)


def _tell(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201 - this is a command


def _wait(mixes: Sequence[Mix], seed: int, patients_a_day: int, chart: ChartParameters) -> int:
    """Give the day of the first alarm, 1 for the first day after the edit."""
    found = alarms_in(draw_days(mixes, seed, patients_a_day), chart)
    first = min((alarm.day for alarm in found), default=date.max)
    return (first - JUDGED_FROM).days + 1


def _mixes(folder: Path) -> tuple[Mix, dict[str, Mix]]:
    decided = decide_fixtures(load_knowledge())
    weights = usual_weights(decided)
    usual = _mix(folder / "usual.sqlite3", decided, weights)
    broken = {}
    for number, (name, spoil) in enumerate(BREAKS.items()):
        files = copy_knowledge(folder / str(number))
        spoil(files)
        spoilt = decide_fixtures(load_knowledge(files))
        broken[name] = _mix(folder / f"{number}.sqlite3", spoilt, weights)
    return usual, broken


def _mix(file: Path, decided: Sequence[Decision], weights: Sequence[int]) -> Mix:
    address = f"sqlite:///{file}"
    migrate(address)
    store = open_store(address)
    try:
        return mix_of(store, decided, weights)
    finally:
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
