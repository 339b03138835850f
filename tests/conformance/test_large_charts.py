"""Is a chart of the largest size that is read answered as a small one?"""

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.cds.charts import as_bytes, hook_request, observation, prefetch, searchset

ENDPOINT = "/cds-services/trd-inflammation-patient-view"
MANY, FOUR_MEGABYTES = 19_900, 4_000_000
WEIGHT = "29463-7"


@pytest.fixture
def client(knowledge: Knowledge) -> FlaskClient:
    app = create_app(Settings(), knowledge=knowledge, today=lambda: AS_OF, now=lambda: NOW)
    return app.test_client()


@pytest.mark.requirement("F4", "D10")
def test_twenty_thousand_resources_change_no_word_of_the_card(client: FlaskClient) -> None:
    scores = prefetch()["scores"]["entry"]
    weights = [observation(f"w{number}", WEIGHT, 70, "kg", "2026-01-01") for number in range(MANY)]
    full = prefetch(scores=searchset(*(each["resource"] for each in scores), *weights))
    body = as_bytes(hook_request(prefetch=full))
    assert len(body) > FOUR_MEGABYTES
    large = client.post(ENDPOINT, data=body, content_type="application/json")
    small = client.post(ENDPOINT, json=hook_request())
    (seen,), (expected,) = large.get_json()["cards"], small.get_json()["cards"]
    assert (seen["summary"], seen["detail"]) == (expected["summary"], expected["detail"])
