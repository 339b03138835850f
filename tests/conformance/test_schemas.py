"""Do our schemas allow what we send and refuse what nobody may send?"""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cds.answer import tell_assessment
from cds.app import create_app
from cds.errors import ServiceError
from cds.hooks.card import CARD_EXTENSION
from cds.hooks.cards import CardWriter
from cds.settings import Settings
from rules.assessment import assess
from rules.facts import Facts
from rules.findings import CardKind, InflammationStatus, ResistanceStatus, ResultLabel, TrialGrade
from rules.knowledge import load_knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.cds.charts import hook_request
from tests.cds.test_order_hooks import SIGN, order, request_of
from tests.conformance.schemas import NAMES, faults_of, schema
from tests.rules.patients import RAISED_TWICE, RESISTANT
from tests.rules.random_facts import PIECES, numbered, records

# No fixtures: what a failing example prints would drown in them.
KNOWLEDGE = load_knowledge()
WRITER = CardWriter(KNOWLEDGE, Settings(), uuid4, lambda: NOW)
DECISION = "3f1f2c1e-6a55-4a0e-9d6d-0f3f6b7a9f10"
Json = dict[str, Any]
Change = Callable[[Json], object]

THOROUGH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# Half of the records are near a card, so that cards are tried and not only their absence.
NEAR_A_CARD = PIECES.map(lambda pieces: numbered([*RESISTANT, *RAISED_TWICE, *pieces[:3]]))


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app = create_app(Settings(), knowledge=KNOWLEDGE, today=lambda: AS_OF, now=lambda: NOW)
    return app.test_client()


@pytest.fixture(scope="module")
def answer(client: FlaskClient) -> Json:
    response = client.post("/cds-services/trd-inflammation-patient-view", json=hook_request())
    return dict(response.get_json())


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_of_2020_12_and_is_served_as_it_is(name: str, client: FlaskClient) -> None:
    Draft202012Validator.check_schema(schema(name))
    with client.get(f"/static/schemas/{name}.json") as response:
        assert json.loads(response.data) == schema(name)


@pytest.mark.requirement("A4", "I@75", "I@92", "I@93", "I@94", "I@95", "I@96", "cds-resp-1",
                         "cds-resp-2", "cds-resp-3", "cds-resp-4", "cds-resp-5", "cds-resp-6",
                         "cds-resp-7")  # fmt: skip
@THOROUGH
@given(records() | records(NEAR_A_CARD))
def test_whatever_the_record_every_card_list_keeps_the_schema(facts: Facts) -> None:
    cards = WRITER.write_cards(assess(facts, AS_OF, KNOWLEDGE), DECISION)
    sent = json.loads(json.dumps({"cards": [card.to_wire() for card in cards]}))
    assert faults_of("service-response", sent) == []


@THOROUGH
@given(records() | records(NEAR_A_CARD))
def test_whatever_the_record_the_assessment_keeps_the_schema(facts: Facts) -> None:
    told = tell_assessment(assess(facts, AS_OF, KNOWLEDGE))
    assert faults_of("evaluate-response", {"assessment": told, "cards": []}) == []


def test_a_card_on_a_draft_order_keeps_the_schema(client: FlaskClient) -> None:
    answer = client.post(f"/cds-services/trd-inflammation-{SIGN}", json=request_of(SIGN, order()))
    assert answer.get_json()["cards"]
    assert faults_of("service-response", answer.get_json()) == []


def test_the_schemas_know_every_word_of_the_findings() -> None:
    members = schema("evaluate-response")["$defs"]["assessment"]["properties"]
    resistance = members["treatmentResistance"]["properties"]
    inflammation = members["inflammation"]["properties"]
    extension = schema("card")["properties"]["extension"]["properties"]
    origin = extension[CARD_EXTENSION]["properties"]
    assert {
        ResistanceStatus: resistance["status"]["enum"],
        TrialGrade: resistance["trials"]["items"]["properties"]["grade"]["enum"],
        InflammationStatus: inflammation["status"]["enum"],
        ResultLabel: inflammation["results"]["items"]["properties"]["label"]["enum"],
        CardKind: origin["kind"]["enum"],
    } == {
        words: [each.value for each in words]
        for words in (ResistanceStatus, TrialGrade, InflammationStatus, ResultLabel, CardKind)
    }


def test_the_schema_of_a_refusal_knows_every_code() -> None:
    issue = schema("operation-outcome")["properties"]["issue"]["items"]["properties"]
    assert set(issue["code"]["enum"]) == {each.code for each in _leaves(ServiceError)}


def _leaves(kind: type[ServiceError]) -> list[type[ServiceError]]:
    known = [kind] if hasattr(kind, "code") else []
    return known + [leaf for each in kind.__subclasses__() for leaf in _leaves(each)]


# What a schema refuses


def put(path: str, value: Any, card: Json) -> None:
    """Set a member of a card; the path has a number where there is a list."""
    *way, last = (int(part) if part.isdigit() else part for part in path.split("/"))
    place: Any = card
    for part in way:
        place = place[part]
    place[last] = value


def drop(path: str, card: Json) -> None:
    *way, last = path.split("/")
    for part in way:
        card = card[int(part)] if part.isdigit() else card[part]
    del card[last]


SPOILT: dict[str, Change] = {
    "a summary of 140 characters": partial(put, "summary", "x" * 140),
    "an empty summary": partial(put, "summary", ""),
    "a summary of two lines": partial(put, "summary", "one\ntwo"),
    "a summary that is an object": partial(put, "summary", {"text": "x"}),
    "HTML in the detail": partial(put, "detail", "<b>bold</b>"),
    "a link in the detail": partial(put, "detail", "[x](https://example.org)"),
    "another indicator": partial(put, "indicator", "warning"),
    "no indicator": partial(drop, "indicator"),
    "no uuid": partial(drop, "uuid"),
    "a uuid that is none": partial(put, "uuid", "card-1"),
    "no source": partial(drop, "source"),
    "an empty source label": partial(put, "source/label", ""),
    "a relative source address": partial(put, "source/url", "/evidence"),
    "a topic with a hyphen": partial(put, "source/topic/code", "trd-evidence"),
    "a topic of 101 signs": partial(put, "source/topic/code", "x" * 101),
    "a topic without system": partial(drop, "source/topic/system"),
    "suggestions": partial(put, "suggestions", [{"label": "Order it", "uuid": "s"}]),
    "empty suggestions": partial(put, "suggestions", []),
    "a selection behaviour": partial(put, "selectionBehavior", "any"),
    "an override reason without display": partial(drop, "overrideReasons/0/display"),
    "an override reason without system": partial(drop, "overrideReasons/0/system"),
    "no override reasons": partial(put, "overrideReasons", []),
    "links that are null": partial(put, "links", None),
    "empty links": partial(put, "links", []),
    "a link for an app": partial(put, "links/0/type", "smart"),
    "a context for an app": partial(put, "links/0/appContext", "{}"),
    "a link that starts by itself": partial(put, "links/0/autolaunchable", True),
    "a link without label": partial(drop, "links/0/label"),
    "a link to nowhere": partial(put, "links/0/url", "javascript:alert(1)"),
    "a FHIR extension": partial(put, "extension", [{"url": "https://example.org"}]),
    "a member nobody knows": partial(put, "severity", "high"),
}


@pytest.mark.requirement("CARD-17", "I@141", "I@142", "I@144", "I@146", "I@147", "I@214", "I@215",
                         "RESP-4", "I@217", "I@218", "I@219")  # fmt: skip
@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_card_is_refused(name: str, answer: Json) -> None:
    spoilt = deepcopy(answer)
    SPOILT[name](spoilt["cards"][0])
    assert faults_of("service-response", spoilt) != []


@pytest.mark.parametrize(
    "spoilt", [{}, {"cards": None}, [], {"cards": [None]}, {"cards": [], "systemActions": []}]
)
def test_a_spoilt_answer_is_refused(spoilt: Any) -> None:
    assert faults_of("service-response", spoilt) != []


def test_an_answer_of_today_is_allowed(answer: Json) -> None:
    assert len(answer["cards"]) == 1
    assert faults_of("service-response", answer) == []


@pytest.mark.parametrize("member", ["hook", "description", "id", "prefetch"])
@pytest.mark.parametrize("value", [None, "", {}, []])
def test_a_spoilt_discovery_is_refused(member: str, value: Any, client: FlaskClient) -> None:
    document = client.get("/cds-services").get_json()
    document["services"][0][member] = value
    assert faults_of("discovery", document) != []


# What comes in

REASON = {"code": "x", "system": "http://example.org"}
STANDARD = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "1985-04-12T23:20:50.52Z"}
SUGGESTED = {"acceptedSuggestions": [{"id": "s"}]}


@pytest.mark.requirement("cds-fb-1", "cds-fb-2", "cds-fb-3")
@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"outcome": "accepted"} | SUGGESTED, True),
        ({"overrideReason": {"reason": REASON}}, True),
        ({"overrideReason": {"userComment": "no"}}, True),
        ({"overrideReason": {"reason": REASON, "userComment": "no"}}, True),
        ({"outcome": "ignored"}, False),
        ({"outcome": "accepted"}, False),
        ({"overrideReason": {}}, False),
        ({"outcomeTimestamp": "today"}, False),
        ({"card": 5}, False),
    ],
    ids=str,
)
def test_the_schema_of_feedback_keeps_the_invariants(change: Json, allowed: bool) -> None:
    body = {"feedback": [STANDARD | change]}
    assert (faults_of("feedback-request", body) == []) is allowed


@given(
    st.lists(
        st.fixed_dictionaries(
            {"card": st.text(min_size=1, max_size=50), "outcome": st.just("overridden")},
            optional={"overrideReason": st.just({"reason": REASON}), "extension": st.just({})},
        ).map(lambda entry: STANDARD | entry),
        max_size=5,
    )
)
@settings(max_examples=25, deadline=None)
def test_feedback_that_keeps_the_schema_is_never_refused(
    client: FlaskClient, entries: list[Json]
) -> None:
    body = {"feedback": entries}
    assert faults_of("feedback-request", body) == []
    response = client.post("/cds-services/trd-inflammation-patient-view/feedback", json=body)
    assert (response.status_code, response.get_json()) == (200, {})
