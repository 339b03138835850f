"""Does a call leave what the monitor reads: in the store, and among the counters?"""

import json

from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from cds.monitoring.measures import short_name
from rules.knowledge import Knowledge
from tests.cds.charts import PATIENT, condition, observation

CHART = [
    PATIENT,
    condition(),
    observation("c1", "30522-7", 4.1, "furlong", "2026-06-01"),
    observation("c2", "30522-7", 4.2, "furlong", "2026-06-20"),
]
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": each} for each in CHART],
}


def unknown_units(knowledge: Knowledge) -> float:
    labels = {"knowledge": short_name(knowledge.sha256), "kind": "marker_unit"}
    samples = (
        sample
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == "trd_cds_unknown_codes_total"
    )
    return sum(each.value for each in samples if labels.items() <= each.labels.items())


def test_unknown_codes_of_a_call_are_counted(client: FlaskClient, knowledge: Knowledge) -> None:
    before = unknown_units(knowledge)
    answer = client.post(
        "/evaluate", data=json.dumps(BUNDLE), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200
    assert unknown_units(knowledge) - before == 2
