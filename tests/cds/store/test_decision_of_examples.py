"""Does the decision log name no resource of any example patient?"""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds.decision import leave_out_references

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "fixtures" / "patients").glob("*.json"))


@pytest.mark.requirement("D9")
def test_no_id_of_an_example_patient_is_left_in_what_is_kept(client: FlaskClient) -> None:
    named = {file.name: names_of_resources(client, file.read_bytes()) for file in EXAMPLES}
    assert len(named) > 100
    assert {name: found for name, found in named.items() if found} == {}


def names_of_resources(client: FlaskClient, bundle: bytes) -> list[str]:
    answer = client.post("/evaluate", data=bundle, content_type="application/json").get_json()
    kept = json.dumps(leave_out_references(answer["assessment"]))
    ids = (entry["resource"]["id"] for entry in json.loads(bundle)["entry"])
    return [each for each in ids if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", kept)]
