"""What does a patient-view call get, and when is it refused?"""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.hooks.catalogue import PATIENT_VIEW
from tests.cds.charts import (
    ABSENT,
    CONDITIONS,
    DISPENSES,
    MARKERS,
    OUTCOME,
    PATIENT,
    SCORES,
    condition,
    hook_request,
    prefetch,
    searchset,
)

REQUIRED = ["patient", "conditions", "medications", "markers"]
OPTIONAL = ["scores", "dispenses", "statements", "administrations", "questionnaires", "procedures"]


def call(client: FlaskClient, body: Any) -> TestResponse:
    return client.post(f"/cds-services/{PATIENT_VIEW}", json=body)


def cards(client: FlaskClient, body: Any) -> list[dict[str, Any]]:
    response = call(client, body)
    assert response.status_code == 200, response.text
    return list(response.get_json()["cards"])


def refused(client: FlaskClient, body: Any) -> tuple[int, str]:
    response = call(client, body)
    return response.status_code, response.get_json()["issue"][0]["details"]["text"]


@pytest.mark.requirement("RESP-1", "I@74", "I@16", "I@28")
def test_a_full_prefetch_earns_one_evidence_card(client: FlaskClient) -> None:
    (card,) = cards(client, hook_request())
    assert "experimental" in card["summary"]


@pytest.mark.requirement("RESP-2", "I@77", "GEN-2")
def test_nothing_to_say_is_an_empty_list_and_nothing_else(client: FlaskClient) -> None:
    response = call(client, hook_request(prefetch=prefetch(markers=searchset())))
    assert (response.status_code, response.get_json()) == (200, {"cards": []})


@pytest.mark.requirement("A8")
def test_a_hook_call_and_a_posted_bundle_get_the_same_words(client: FlaskClient) -> None:
    record = [PATIENT, *CONDITIONS, *DISPENSES, *SCORES, *MARKERS]
    posted = client.post("/evaluate", json=searchset(*record)).get_json()["cards"]
    called = cards(client, hook_request())
    assert [card["summary"] for card in called] == [card["summary"] for card in posted]


# The envelope


@pytest.mark.requirement("REQ-1", "REQ-2", "REQ-5", "CTX-1")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hook": None}, "hook"),
        ({"hook": "order-sign"}, "patient-view"),
        ({"hook": 5}, "hook"),
        ({"hook": ""}, "hook"),
        ({"hookInstance": None}, "hookInstance"),
        ({"hookInstance": 5}, "hookInstance"),
        ({"hookInstance": "Zebedee"}, "hookInstance"),
        ({"context": None}, "context"),
        ({"context": []}, "context"),
        ({"context": {}}, "context.userId"),
        ({"context": {"userId": "Practitioner/p"}}, "context.patientId"),
        ({"context": {"userId": 5, "patientId": "pat-1"}}, "context.userId"),
        ({"context": {"userId": "Practitioner/p", "patientId": ["pat-1"]}}, "context.patientId"),
        ({"context": {"userId": "Practitioner/p", "patientId": "Patient/"}}, "context.patientId"),
        ({"prefetch": []}, "prefetch"),
        ({"prefetch": prefetch(conditions=5)}, "prefetch.conditions"),
        ({"prefetch": prefetch(conditions=[])}, "prefetch.conditions"),
        ({"prefetch": prefetch(conditions={"Zebedee": 1})}, "prefetch.conditions"),
        ({"fhirServer": 5}, "fhirServer"),
        ({"fhirAuthorization": "Zebedee"}, "fhirAuthorization"),
        ({"fhirAuthorization": {"access_token": "Zebedee"}}, "fhirServer"),
    ],
)
def test_a_missing_or_mistyped_member_is_named(
    change: dict[str, Any], named: str, client: FlaskClient
) -> None:
    status, words = refused(client, hook_request(**change))
    assert (status, named in words) == (400, True)
    assert "Zebedee" not in words


@pytest.mark.requirement("GEN-4", "GEN-5", "CTX-2", "CTX-3", "REQ-7", "SEC-5")
@pytest.mark.parametrize(
    "change",
    [
        {"extension": {"com.epic.cdshooks.request.cds-hooks-specification-version": 1.1}},
        {"unknown": {"a": [1]}},
        {"hookInstance": "D1577C69-DFBE-44AD-BA6D-3E05E953B2EA"},
        {"context": {"userId": "PractitionerRole/r", "patientId": "Patient/pat-1"}},
        {"context": {"userId": "Patient/pat-1", "patientId": "pat-1", "encounterId": "e", "x": 1}},
        {"fhirServer": "https://fhir.example/r4"},
        {"fhirServer": "https://fhir.example", "fhirAuthorization": {"access_token": "t"}},
    ],
    ids=str,
)
def test_what_clients_add_is_accepted(change: dict[str, Any], client: FlaskClient) -> None:
    assert len(cards(client, hook_request(**change))) == 1


# The four states of a prefetch key


@pytest.mark.requirement("PFR-1", "PFR-4", "PFR-6", "RESP-5", "I@52", "I@54")
@pytest.mark.parametrize("key", REQUIRED)
@pytest.mark.parametrize(
    "state", [ABSENT, OUTCOME, searchset(OUTCOME)], ids=["absent", "outcome", "outcome entry"]
)
def test_a_required_key_that_was_not_obtained_is_a_412_that_names_it(
    key: str, state: object, client: FlaskClient
) -> None:
    response = call(client, hook_request(prefetch=prefetch(**{key: state})))
    issue = response.get_json()["issue"][0]
    assert (response.status_code, issue["code"]) == (412, "incomplete")
    assert issue["expression"] == [f"prefetch.{key}"]


@pytest.mark.requirement("REQ-6")
def test_a_request_without_prefetch_names_every_required_key(client: FlaskClient) -> None:
    status, words = refused(client, hook_request(prefetch=None))
    assert (status, ", ".join(REQUIRED) in words) == (412, True)


@pytest.mark.requirement("PFR-3")
@pytest.mark.parametrize("key", ["conditions", "medications", "markers"])
@pytest.mark.parametrize(
    "empty",
    [None, searchset(), {"resourceType": "Bundle"}, {"resourceType": "Bundle", "total": 0}],
    ids=["null", "no entries", "bare", "total 0"],
)
def test_an_empty_required_key_is_no_data_and_no_error(
    key: str, empty: object, client: FlaskClient
) -> None:
    assert call(client, hook_request(prefetch=prefetch(**{key: empty}))).status_code == 200


@pytest.mark.parametrize("key", OPTIONAL)
@pytest.mark.parametrize("state", [ABSENT, OUTCOME, None], ids=["absent", "outcome", "null"])
def test_an_optional_key_never_refuses_a_call(key: str, state: object, client: FlaskClient) -> None:
    assert call(client, hook_request(prefetch=prefetch(**{key: state}))).status_code == 200


@pytest.mark.parametrize("key", ["statements", "administrations", "procedures"])
def test_an_optional_key_that_was_not_obtained_is_named_on_the_card(
    key: str, client: FlaskClient
) -> None:
    (card,) = cards(client, hook_request(prefetch=prefetch(**{key: ABSENT})))
    assert f"the prefetch {key} was not obtained" in card["detail"]


def test_an_optional_key_that_was_empty_is_not_named_as_missing(client: FlaskClient) -> None:
    (card,) = cards(client, hook_request(prefetch=prefetch(statements=None)))
    assert "was not obtained" not in card["detail"]


def test_a_key_with_content_of_another_type_is_not_an_answer(client: FlaskClient) -> None:
    wrong = prefetch(conditions=searchset(*MARKERS))
    assert refused(client, hook_request(prefetch=wrong))[0] == 412


@pytest.mark.requirement("FHIR-5")
def test_one_page_of_several_is_named_as_incomplete(client: FlaskClient) -> None:
    paged = searchset(*DISPENSES) | {"link": [{"relation": "next", "url": "https://x.example/2"}]}
    (card,) = cards(client, hook_request(prefetch=prefetch(dispenses=paged)))
    assert "a further page was not read" in card["detail"]


# Keys of the client's own


@pytest.mark.requirement("PFR-5")
def test_renamed_keys_are_bound_by_type_and_codes(client: FlaskClient) -> None:
    ours = prefetch(medications=searchset(), statements=ABSENT)
    renamed = {
        "item1": ours.pop("patient"),
        "item2": ours.pop("conditions"),
        "item3": ours.pop("markers"),
        "item4": ours.pop("scores"),
        "item5": ours.pop("dispenses"),
    }
    assert len(cards(client, hook_request(prefetch=ours | renamed))) == 1


def test_observations_under_another_name_are_markers_only_by_their_codes(
    client: FlaskClient,
) -> None:
    renamed = prefetch(markers=ABSENT, scores=ABSENT) | {"Observation": searchset(*SCORES)}
    status, words = refused(client, hook_request(prefetch=renamed))
    assert (status, "markers" in words) == (412, True)


@pytest.mark.requirement("PFR-5")
@pytest.mark.parametrize(
    "value",
    [None, searchset(), OUTCOME, 5, "x", [], {"a": 1}, {"resourceType": "Bundle", "entry": 5}],
)
def test_an_unknown_key_without_content_binds_to_nothing(
    value: object, client: FlaskClient
) -> None:
    renamed = prefetch(conditions=ABSENT) | {"Condition": value}
    assert refused(client, hook_request(prefetch=renamed))[0] == 412


def test_an_unknown_key_that_nobody_asked_for_is_ignored(client: FlaskClient) -> None:
    coverage = {"resourceType": "Coverage", "beneficiary": {"reference": "Patient/somebody"}}
    extra = prefetch() | {"coverage": searchset(coverage)}
    assert len(cards(client, hook_request(prefetch=extra))) == 1


# Whose data it is


@pytest.mark.requirement("PFR-2", "D20")
@pytest.mark.parametrize(
    "values",
    [
        prefetch(patient=PATIENT | {"id": "pat-2"}),
        prefetch(conditions=searchset(*CONDITIONS, condition(patient="pat-2"))),
    ],
    ids=["another Patient", "another patient's Condition"],
)
def test_data_of_another_patient_is_refused(values: dict[str, Any], client: FlaskClient) -> None:
    status, words = refused(client, hook_request(prefetch=values))
    assert (status, "belongs to another patient" in words) == (422, True)


def test_a_patient_read_that_found_nobody_is_refused(client: FlaskClient) -> None:
    assert refused(client, hook_request(prefetch=prefetch(patient=None)))[0] == 422


def test_an_older_version_of_fhir_is_refused_by_name(client: FlaskClient) -> None:
    old = [condition(identity=f"c{number}") | {"clinicalStatus": "active"} for number in range(3)]
    status, words = refused(client, hook_request(prefetch=prefetch(conditions=searchset(*old))))
    assert (status, "FHIR STU3" in words) == (422, True)


def page(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", **members}


NOTHING_READABLE = [
    page(entry=[{"fullUrl": "https://ehr.example/Observation/1"}]),
    page(entry=[None]),
    page(entry=[{"resource": {"id": "x"}}]),
    page(entry=[{"resource": {"resourceType": "observation"}}]),
    page(entry=[{"resource": {"resourceType": "Observatoin"}}]),
    page(total=50),
    {"resourceType": "Bundle", "total": 50},
    page(link=[{"relation": "next", "url": "https://ehr.example/2"}]),
    page(type="batch-response", entry=[{"response": {"status": "404"}}]),
    searchset(searchset(OUTCOME)),
]


@pytest.mark.requirement("PFR-1", "PFR-6", "RESP-9")
@pytest.mark.parametrize("key", ["conditions", "medications", "markers"])
@pytest.mark.parametrize("value", NOTHING_READABLE, ids=range(len(NOTHING_READABLE)))
def test_required_data_of_which_nothing_came_is_not_an_empty_result(
    key: str, value: Any, client: FlaskClient
) -> None:
    status, text = refused(client, hook_request(prefetch=prefetch(**{key: value})))
    assert (status, key in text) == (412, True)


@pytest.mark.requirement("PFR-3")
@pytest.mark.parametrize("value", [None, page(), page(entry=[]), page(total=0)])
def test_an_empty_result_of_every_form_is_an_answer(value: Any, client: FlaskClient) -> None:
    assert cards(client, hook_request(prefetch=prefetch(markers=value))) == []


def test_a_patient_without_an_id_cannot_be_matched(client: FlaskClient) -> None:
    nameless = {name: value for name, value in PATIENT.items() if name != "id"}
    status, text = refused(client, hook_request(prefetch=prefetch(patient=nameless)))
    assert (status, "no Patient with an id" in text) == (422, True)


@pytest.mark.requirement("D13")
def test_a_prefetch_value_with_more_entries_than_are_read_is_too_large(client: FlaskClient) -> None:
    body = hook_request(prefetch=prefetch(markers=page(entry=[{}] * 20_001)))
    assert refused(client, body)[0] == 413
