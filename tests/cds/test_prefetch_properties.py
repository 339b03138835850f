"""Does it matter how a client lays the same resources out? It must not."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.knowledge import load_knowledge
from tests.support.hook_request import ENDPOINT, hook_request_of
from tests.support.vignette import vignette_named

KNOWLEDGE = load_knowledge()
CHARTS = {name: hook_request_of(vignette_named(name), KNOWLEDGE) for name in ("C01", "C02", "C07")}
UNRELATED: list[dict[str, Any]] = [
    {"resourceType": "Claim", "id": "claim", "status": "active"},
    {"resourceType": "Observation", "id": "height", "status": "final", "valueString": "tall",
     "code": {"coding": [{"system": "http://loinc.org", "code": "8302-2"}]}},
    {"resourceType": "MedicationRequest", "id": "metformin", "status": "active", "intent": "order",
     "medicationCodeableConcept": {"coding": [
         {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "860975"}]}},
    {"resourceType": "Condition", "id": "hay-fever",
     "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J30.1"}]}},
]  # fmt: skip


def said(client: FlaskClient, call: dict[str, Any]) -> list[dict[str, Any]]:
    """The cards without what is fresh in every answer: their ids and the decision's."""
    answer = client.post(ENDPOINT, data=json.dumps(call), content_type="application/json")
    assert answer.status_code == 200, answer.text
    cards: list[dict[str, Any]] = answer.get_json()["cards"]
    return [{key: card[key] for key in ("summary", "detail", "links", "source")
             if key in card} for card in cards]  # fmt: skip


def bundle(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


@pytest.mark.parametrize("name", CHARTS)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_splitting_observations_over_two_keys_changes_nothing(
    client: FlaskClient, name: str, chance: Random
) -> None:
    call = deepcopy(CHARTS[name])
    keys = ("markers", "scores")
    entries = [entry for key in keys for entry in call["prefetch"][key].get("entry", [])]
    chance.shuffle(entries)
    cut = chance.randrange(len(entries) + 1)
    call["prefetch"] |= {"markers": bundle(entries[:cut]), "scores": bundle(entries[cut:])}
    assert said(client, call) == said(client, CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_keys_and_entries_changes_nothing(
    client: FlaskClient, name: str, chance: Random
) -> None:
    call = deepcopy(CHARTS[name])
    for value in call["prefetch"].values():
        chance.shuffle(value.get("entry", []))
    keys = list(call["prefetch"])
    chance.shuffle(keys)
    call["prefetch"] = {key: call["prefetch"][key] for key in keys}
    assert said(client, call) == said(client, CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("resource", UNRELATED, ids=lambda each: each["id"])
def test_an_unrelated_resource_changes_nothing(
    client: FlaskClient, name: str, resource: dict[str, Any]
) -> None:
    call = deepcopy(CHARTS[name])
    key = {"Observation": "scores", "MedicationRequest": "medications", "Condition": "conditions"}
    owner = {"reference": f"Patient/{call['context']['patientId']}"}
    value = call["prefetch"][key.get(resource["resourceType"], "conditions")]
    value.setdefault("entry", []).append({"resource": {**resource, "subject": owner}})
    if "total" in value:
        value["total"] += 1
    assert said(client, call) == said(client, CHARTS[name])
