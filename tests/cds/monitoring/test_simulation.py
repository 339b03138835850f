"""Are alarms without a cause as rare as docs/monitoring.md says? On traffic that was drawn."""

import re
from pathlib import Path

import pytest

from cds.decision import Decision
from cds.monitoring.parameters import ChartParameters
from cds.store.database import Store
from tests.cds.monitoring.simulation import Mix, alarms_in, draw_days, mix_of
from tests.cds.monitoring.traffic import usual_weights

DOCUMENT = Path(__file__).parents[3] / "docs" / "monitoring.md"
RUNS = 40
PATIENTS_A_DAY = 250


@pytest.fixture
def mix(store: Store, decided: tuple[Decision, ...]) -> Mix:
    return mix_of(store, decided, usual_weights(decided))


def test_the_draw_is_of_what_the_store_counts(mix: Mix) -> None:
    weight = {part: 0 for measures in mix.measures for part in measures}
    for measures, often in zip(mix.measures, mix.weights, strict=True):
        for part in measures:
            weight[part] += often
    assert weight.keys() == {"fired", "not_evaluable", "out_of_scope"}
    assert 0.03 < weight["fired"] / sum(mix.weights) < 0.04


def test_few_unbroken_months_hold_an_alarm(mix: Mix, chart: ChartParameters) -> None:
    histories = (draw_days((mix, mix), seed, PATIENTS_A_DAY) for seed in range(RUNS))
    assert sum(bool(alarms_in(days, chart)) for days in histories) <= 3


def test_the_document_states_the_shipped_limit(chart: ChartParameters) -> None:
    row = re.escape(f"| {PATIENTS_A_DAY} | {chart.sigma_limit} |")
    assert re.search(rf"^{row}", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
