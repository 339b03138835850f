"""What do order-select and order-sign get, and when are they refused?"""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from werkzeug.test import TestResponse

from cds.hooks.cards import CardWriter
from cds.hooks.order_cards import OrderCardWriter
from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Completeness, Drug, Facts, Incomplete
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from tests.cds.assessments import AS_OF, NOW
from tests.cds.charts import (
    ABSENT,
    CONDITIONS,
    ICD_10_CM,
    OUTCOME,
    PATIENT,
    RXNORM,
    SCORES,
    bundle,
    concept,
    condition,
    observation,
    searchset,
)
from tests.cds.conftest import Lint
from tests.rules.random_facts import records
from tests.support.build import TOCILIZUMAB as TOCILIZUMAB_DRUG
from tests.support.build import diagnosis, phq9_item9
from tests.support.build_drafts import CELECOXIB, DEPRESSED, INFLIXIMAB, draft, judged
from tests.support.variants import with_parameters
from tests.support.write_fixtures import ORDER_REQUESTS

SELECT, SIGN = "order-select", "order-sign"
TOCILIZUMAB, INFLIXIMAB_CODE, SERTRALINE = "612865", "191831", "312941"
RHEUMATOID = concept(ICD_10_CM, "M05.9")
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "requests"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cdshooks"

Json = dict[str, Any]


def order(identity: str = "o1", product: str = TOCILIZUMAB, **members: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/pat-1"},
        "medicationCodeableConcept": concept(RXNORM, product),
    } | members


def request_of(hook: str, *drafts: Json, context: Json | None = None, **prefetch: Any) -> Json:
    """Give a call about these drafts; ABSENT takes a member of context or prefetch out."""
    stated: Json = {
        "userId": "Practitioner/p",
        "patientId": "pat-1",
        "draftOrders": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": each} for each in drafts],
        },
    }
    if hook == SELECT:
        stated["selections"] = [f"{each['resourceType']}/{each['id']}" for each in drafts]
    values = {
        "patient": PATIENT,
        "conditions": searchset(*CONDITIONS),
        "scores": searchset(*SCORES),
    }
    return {
        "hook": hook,
        "hookInstance": str(uuid4()),
        "context": {k: v for k, v in (stated | (context or {})).items() if v is not ABSENT},
        "prefetch": {k: v for k, v in (values | prefetch).items() if v is not ABSENT},
    }


def call(client: FlaskClient, body: Json) -> TestResponse:
    return client.post(f"/cds-services/trd-inflammation-{body['hook']}", json=body)


def cards(client: FlaskClient, body: Json) -> list[Json]:
    response = call(client, body)
    assert response.status_code == 200, response.text
    return list(response.get_json()["cards"])


def refused(client: FlaskClient, body: Json) -> tuple[int, str]:
    response = call(client, body)
    return response.status_code, response.get_json()["issue"][0]["details"]["text"]


# What earns a card


@pytest.mark.requirement("CTX-5", "RESP-1", "CARD-2", "CARD-4")
@pytest.mark.parametrize("hook", [SELECT, SIGN])
def test_a_draft_of_an_experimental_drug_earns_one_informational_card(
    hook: str, client: FlaskClient
) -> None:
    (card,) = cards(client, request_of(hook, order()))
    assert card["summary"] == (
        "Draft entry of tocilizumab: no labelled indication found in the data received; its use "
        "for depression is experimental."
    )
    assert card["indicator"] == "info"
    assert card["extension"]["com.trd-inflammation-cds.card"]["kind"] == "experimental_order"


@pytest.mark.requirement("CARD-6", "RESP-3")
def test_the_card_offers_no_action(client: FlaskClient) -> None:
    answer = call(client, request_of(SIGN, order())).get_json()
    assert set(answer) == {"cards"}
    assert {"suggestions", "selectionBehavior"} & set(answer["cards"][0]) == set()


@pytest.mark.requirement("RESP-2")
@pytest.mark.parametrize(
    "body",
    [
        request_of(SIGN, order(reasonCode=[RHEUMATOID])),
        request_of(SIGN, order(), conditions=searchset(*CONDITIONS, condition("M05.9", "ra"))),
        request_of(SIGN, order(), conditions=searchset()),
        request_of(SIGN, order(), conditions=None),
        request_of(SIGN, order(product=SERTRALINE)),
        request_of(SIGN, order(status="cancelled")),
        request_of(SIGN, order(doNotPerform=True)),
        request_of(SIGN, order(reasonCode=[{"text": "RA"}])),
        request_of(SIGN, order(), patient=PATIENT | {"birthDate": "2012-01-01"}),
        request_of(SIGN, order(), patient=PATIENT | {"deceasedBoolean": True}),
        request_of(SIGN),
        request_of(SELECT, order(), context={"selections": []}),
    ],
    ids=[
        "labelled on the order", "labelled in the record", "no diagnosis", "null", "another drug",
        "cancelled", "not to be given", "reason in words", "a minor", "died", "no draft",
        "nothing selected",
    ],
)  # fmt: skip
def test_nothing_is_said(body: Json, client: FlaskClient) -> None:
    assert cards(client, body) == []


def test_a_condition_of_the_prefetch_is_found_as_the_reason(client: FlaskClient) -> None:
    written = order(reasonReference=[{"reference": "Condition/c1"}])
    (card,) = cards(client, request_of(SIGN, written))
    assert "depression is a reason on the draft entry" in card["detail"]


@pytest.mark.requirement("CTX-5")
@pytest.mark.parametrize(
    ("selections", "count"),
    [
        (["MedicationRequest/o1"], 1),
        (["o1"], 1),
        (["MedicationRequest/o2"], 0),
        (["MedicationRequest/o2", "ServiceRequest/x"], 0),
        (["MedicationRequest/o1", "MedicationRequest/o2"], 1),
    ],
)
def test_only_what_is_selected_is_judged(
    selections: list[str], count: int, client: FlaskClient
) -> None:
    drafts = (order(), order("o2", SERTRALINE))
    body = request_of(SELECT, *drafts, context={"selections": selections})
    assert len(cards(client, body)) == count


def test_order_sign_judges_every_draft_and_reads_no_selections(client: FlaskClient) -> None:
    drafts = (order("o2", SERTRALINE), order())
    body = request_of(SIGN, *drafts, context={"selections": ["MedicationRequest/o2"]})
    assert len(cards(client, body)) == 1


def test_an_optional_score_that_was_not_obtained_is_named(client: FlaskClient) -> None:
    (card,) = cards(client, request_of(SIGN, order(), scores=ABSENT))
    assert "the prefetch scores was not obtained" in card["detail"]


# What is refused


@pytest.mark.requirement("CTX-5", "REQ-5")
@pytest.mark.parametrize(
    ("hook", "context", "named"),
    [
        (SIGN, {"draftOrders": ABSENT}, "context.draftOrders"),
        (SIGN, {"draftOrders": None}, "context.draftOrders"),
        (SIGN, {"draftOrders": []}, "context.draftOrders"),
        (SIGN, {"draftOrders": "Zebedee"}, "context.draftOrders"),
        (SIGN, {"draftOrders": order()}, "context.draftOrders"),
        (SIGN, {"patientId": ABSENT}, "context.patientId"),
        (SIGN, {"userId": ABSENT}, "context.userId"),
        (SELECT, {"draftOrders": ABSENT}, "context.draftOrders"),
        (SELECT, {"selections": ABSENT}, "context.selections"),
        (SELECT, {"selections": None}, "context.selections"),
        (SELECT, {"selections": "MedicationRequest/o1"}, "context.selections"),
        (SELECT, {"selections": [5]}, "context.selections"),
        (SELECT, {"selections": [""]}, "context.selections"),
        (SELECT, {"selections": ["x" * 2001]}, "context.selections"),
        (SELECT, {"selections": ["MedicationRequest/zebedee"]}, "context.selections"),
    ],
)
def test_a_missing_or_mistyped_member_of_the_context_is_named(
    hook: str, context: Json, named: str, client: FlaskClient
) -> None:
    status, words = refused(client, request_of(hook, order(), context=context))
    assert (status, named in words) == (400, True)
    assert "zebedee" not in words.lower()


@pytest.mark.requirement("REQ-1")
def test_each_service_answers_its_own_hook_only(client: FlaskClient) -> None:
    body = request_of(SIGN, order())
    response = client.post("/cds-services/trd-inflammation-order-select", json=body)
    assert response.status_code == 400


@pytest.mark.requirement("PFR-2", "D20")
@pytest.mark.parametrize("hook", [SELECT, SIGN])
def test_the_draft_of_another_patient_is_refused(hook: str, client: FlaskClient) -> None:
    other = order("o2", subject={"reference": "Patient/pat-2"})
    status, words = refused(client, request_of(hook, order(), other))
    assert (status, "MedicationRequest/o2 belongs to another patient" in words) == (422, True)


@pytest.mark.requirement("PFR-1", "PFR-6", "RESP-5")
@pytest.mark.parametrize("key", ["patient", "conditions"])
@pytest.mark.parametrize("state", [ABSENT, OUTCOME], ids=["absent", "outcome"])
def test_a_required_key_that_was_not_obtained_is_a_412(
    key: str, state: object, client: FlaskClient
) -> None:
    response = call(client, request_of(SIGN, order(), **{key: state}))
    issue = response.get_json()["issue"][0]
    assert (response.status_code, issue["expression"]) == (412, [f"prefetch.{key}"])


@pytest.mark.requirement("D13")
def test_more_drafts_than_are_read_are_too_many(client: FlaskClient) -> None:
    drafts = {"resourceType": "Bundle", "entry": [{}] * 20_001}
    assert refused(client, request_of(SIGN, context={"draftOrders": drafts}))[0] == 413


def test_drafts_and_record_together_may_be_too_many(client: FlaskClient) -> None:
    many = [condition(identity=f"c{number}") for number in range(10_001)]
    drafts = {"resourceType": "Bundle", "entry": [{"resource": each} for each in many]}
    body = request_of(SIGN, context={"draftOrders": drafts}, conditions=searchset(*many))
    assert refused(client, body)[0] == 413


def test_drafts_of_stu3_are_read_beside_a_record_of_r4(client: FlaskClient) -> None:
    written = order(
        medicationCodeableConcept=ABSENT,
        medicationReference={"reference": "#m"},
        contained=[
            {
                "resourceType": "Medication",
                "id": "m",
                "ingredient": [{"itemCodeableConcept": concept(RXNORM, TOCILIZUMAB)}],
            }
        ],
        dosageInstruction=[{"doseQuantity": {"value": 1, "code": "{pill}"}}],
        context={"reference": "Encounter/e"},
    )
    written = {name: value for name, value in written.items() if value is not ABSENT}
    assert len(cards(client, request_of(SIGN, written))) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real requests are not beside this checkout")
def test_the_drafts_of_real_requests_are_read(client: FlaskClient) -> None:
    answers = []
    for file in sorted(SHARED.glob("*.json")):
        sent = json.loads(file.read_text(encoding="utf-8"))
        context = sent.get("context") or {} if isinstance(sent, dict) else {}
        if not isinstance(context.get("draftOrders"), dict) or sent["hook"] not in {SELECT, SIGN}:
            continue
        patient = PATIENT | {"id": context["patientId"].removeprefix("Patient/")}
        body = request_of(
            sent["hook"],
            context=context | {"userId": "Practitioner/p"},
            patient=patient,
            conditions=None,
            scores=None,
        )
        answers.append((file.name, call(client, body).status_code))
    assert len(answers) >= 9
    # One test kit writes drafts for another patient than the one it names.
    other = "davinci-crd-test-kit--order_sign_hook_request.json"
    assert [each for each in answers if each[1] != 200] == [(other, 422)]


# The words of the card


@pytest.fixture(scope="module")
def writer(knowledge: Knowledge, card_writer: CardWriter) -> OrderCardWriter:
    return OrderCardWriter(knowledge, card_writer, lambda: NOW)


def written_card(writer: OrderCardWriter, knowledge: Knowledge, *pieces: Any) -> Json:
    (card,) = writer.write_cards(judged(knowledge, *pieces), "decision")
    return card.to_wire()


def experimental_drugs(knowledge: Knowledge) -> list[Drug]:
    tables = knowledge.drugs.by_code, knowledge.drugs.by_family, knowledge.drugs.by_word
    known = {each.name: each for table in tables for entry in table.values() for each in entry}
    return [
        each for each in known.values() if any(u.is_of(each) for u in knowledge.experimental_uses)
    ]


SIGNALS = (phq9_item9(2, "2026-06-20"), diagnosis("R45.851", recorded="2026-06-20"))
MISSING = Incomplete(
    resource_type="Condition", completeness=Completeness.PARTLY_READ, because="one without a code"
)
EVERY_CARD = {
    "no reason": (DEPRESSED, draft()),
    "depression as the reason": (DEPRESSED, draft(reason="F33.1")),
    "a reason that is not labelled": (DEPRESSED, draft(reason="R79.82")),
    "known from words": (DEPRESSED, draft(drug_from_text=True)),
    "a common drug": (DEPRESSED, draft(CELECOXIB, reason="F33.1")),
    "two drugs": (DEPRESSED, draft(), draft(INFLIXIMAB)),
    "two drafts of one drug": (DEPRESSED, draft(), draft()),
    "a suicide signal": (DEPRESSED, *SIGNALS, draft()),
    "a diagnosis unread": (DEPRESSED, MISSING, draft()),
    "no depression but the reason": (draft(reason="F33.1"),),
}


@pytest.fixture(params=EVERY_CARD.values(), ids=EVERY_CARD.keys())
def card(request: pytest.FixtureRequest, writer: OrderCardWriter, knowledge: Knowledge) -> Json:
    return written_card(writer, knowledge, *request.param)


def test_no_card_holds_a_banned_phrase(card: Json, lint: Lint) -> None:
    assert lint(f"{card['summary']}\n{card['detail']}") == []


@pytest.mark.requirement("CARD-2", "CARD-19")
def test_every_summary_says_experimental_and_fits(card: Json) -> None:
    assert len(card["summary"]) < 140
    assert "experimental" in card["summary"]


@pytest.mark.requirement("CARD-3")
def test_every_detail_renders_without_html_links_or_images(card: Json) -> None:
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(card["detail"])
    assert not any(tag in page for tag in ("<a", "<img", "<h1", "<code", "<ol", "<pre"))


@pytest.mark.parametrize(
    "said",
    [
        "This card describes experimental research. It does not recommend any treatment.",
        "is not approved for depression and should not be started for depression outside",
        "follow your local crisis pathway",
        "**Risks**",
        "Assessed as of 2026-06-30 with rule trd-default",
        "the evidence ledger linked on this card",
    ],
)
def test_every_card_says_what_is_safe(said: str, card: Json) -> None:
    assert said in card["detail"]


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ((DEPRESSED, draft()), True),
        ((DEPRESSED, draft(), draft(CELECOXIB, reason="F33.1")), True),
        ((DEPRESSED, draft(CELECOXIB, reason="F33.1")), False),
    ],
    ids=["a drug with a labelled indication", "beside a common one", "a common drug alone"],
)
def test_a_card_says_how_labelled_indications_are_looked_for_where_they_are(
    pieces: tuple[Any, ...], said: bool, writer: OrderCardWriter, knowledge: Knowledge
) -> None:
    detail = written_card(writer, knowledge, *pieces)["detail"]
    assert ("Labelled indications are looked for by code" in detail) is said
    assert ("**Missing or uncertain**" in detail) is said
    assert ("labelled indication" in detail) is said


def test_no_card_holds_a_dose(card: Json) -> None:
    text = f"{card['summary']} {card['detail']}".replace("mg/L", "")
    assert not any(word in text for word in (" mg", "mg/kg", "every 4 weeks", "8 mg"))


def test_every_experimental_drug_has_a_summary_that_fits(
    writer: OrderCardWriter, knowledge: Knowledge, lint: Lint
) -> None:
    drugs = experimental_drugs(knowledge)
    written = [written_card(writer, knowledge, draft(each, reason="F33.1")) for each in drugs]
    texts = [f"{each['summary']}\n{each['detail']}" for each in written]
    assert len(drugs) >= 10
    assert [found for text in texts for found in lint(text)] == []


def test_several_drugs_share_a_summary_and_are_named_one_by_one(
    writer: OrderCardWriter, knowledge: Knowledge
) -> None:
    card = written_card(writer, knowledge, *EVERY_CARD["two drugs"])
    assert card["summary"].startswith("Several draft entries: ")
    for name in ("Tocilizumab is not approved", "Infliximab is not approved", "Raison 2013"):
        assert name in card["detail"]


def test_the_risk_told_is_that_of_the_drug(writer: OrderCardWriter, knowledge: Knowledge) -> None:
    tocilizumab = written_card(writer, knowledge, DEPRESSED, draft(TOCILIZUMAB_DRUG))["detail"]
    infliximab = written_card(writer, knowledge, DEPRESSED, draft(INFLIXIMAB))["detail"]
    assert "boxed warning for serious infections" in tocilizumab
    assert "can make serious infections more likely" in infliximab


def test_a_suicide_signal_comes_first_and_leaves_the_research_out(
    writer: OrderCardWriter, knowledge: Knowledge
) -> None:
    detail = written_card(writer, knowledge, *EVERY_CARD["a suicide signal"])["detail"]
    assert detail.index("**Safety**") < detail.index("**Why shown**")
    assert "A recent PHQ-9 item 9 answer of 2 (2026-06-20) is in the record." in detail
    assert "A same-day clinical suicide-risk assessment is advised" in detail
    assert "What research found" not in detail


def test_without_a_signal_nothing_is_said_about_one(
    writer: OrderCardWriter, knowledge: Knowledge
) -> None:
    detail = written_card(writer, knowledge, DEPRESSED, draft())["detail"]
    assert "**Safety**" not in detail
    assert "**What research found**" in detail


def test_what_could_not_be_read_is_named(writer: OrderCardWriter, knowledge: Knowledge) -> None:
    detail = written_card(writer, knowledge, *EVERY_CARD["a diagnosis unread"])["detail"]
    assert "Diagnoses may be missing (one without a code)" in detail


def test_a_site_that_asks_for_it_is_told_what_is_missing(
    writer: OrderCardWriter, knowledge: Knowledge, lint: Lint
) -> None:
    site = with_parameters(knowledge, {"cards.data_gap_card": True})
    card = written_card(writer, site, DEPRESSED, draft(reason_unread=True))
    assert card["extension"]["com.trd-inflammation-cds.card"]["kind"] == "data_gap"
    assert "a reason that cannot be compared" in card["detail"]
    assert "experimental" in card["summary"]
    assert lint(f"{card['summary']}\n{card['detail']}") == []


@pytest.mark.parametrize(
    "unread",
    [
        {"resourceType": "MedicationOrder", "id": "x", "patient": {"reference": "Patient/pat-1"}},
        order("x", medicationReference={"reference": "Medication/x"}, reasonCode="Zebedee"),
        order("x", modifierExtension=[{"url": "https://ehr.example/not"}]),
    ],
    ids=["DSTU2", "not FHIR", "modified"],
)
def test_a_draft_that_could_not_be_read_is_named_beside_one_that_could(
    unread: Json, client: FlaskClient, lint: Lint
) -> None:
    (card,) = cards(client, request_of(SIGN, order(), unread))
    assert "- Draft entry: " in card["detail"]
    assert lint(f"{card['summary']}\n{card['detail']}") == []


def test_a_posted_bundle_with_a_draft_earns_no_card_on_it(client: FlaskClient) -> None:
    posted = bundle(PATIENT, *CONDITIONS, order())
    answer = client.post("/evaluate?validate=false", json=posted).get_json()
    assert answer["cards"] == []


def test_words_of_the_record_reach_no_card(client: FlaskClient) -> None:
    written = order(
        medicationCodeableConcept={"text": "tocilizumab Zebedee"}, note=[{"text": "Zebedee"}]
    )
    (card,) = cards(client, request_of(SIGN, written))
    assert "Zebedee" not in json.dumps(card)


def test_a_recent_item_of_the_prefetch_is_a_signal(client: FlaskClient) -> None:
    item = observation("i9", "44260-8", 2, "{score}", "2026-06-20")
    (card,) = cards(client, request_of(SIGN, order(), scores=searchset(*SCORES, item)))
    assert "**Safety**" in card["detail"]


def test_infliximab_is_found_by_its_code(client: FlaskClient) -> None:
    (card,) = cards(client, request_of(SIGN, order(product=INFLIXIMAB_CODE)))
    assert "infliximab" in card["summary"]


@given(record=records(), written=st.sampled_from([draft(), draft(reason="F33.1")]))
@settings(max_examples=100, deadline=None)
def test_no_card_of_any_record_holds_a_banned_phrase(
    writer: OrderCardWriter, knowledge: Knowledge, lint: Lint, record: Facts, written: DraftOrder
) -> None:
    site = with_parameters(knowledge, {"cards.data_gap_card": True})
    assessed = assess_orders(OrderFacts(record=record, drafts=(written,)), AS_OF, site)
    texts = [f"{each.summary}\n{each.detail}" for each in writer.write_cards(assessed, "decision")]
    assert [found for text in texts for found in lint(text)] == []


# The examples that stand in fixtures/requests

EXAMPLES = {
    "order-select-experimental-drug": ["Draft entry of tocilizumab"],
    "order-sign-experimental-drug": ["Draft entry of tocilizumab"],
    "order-sign-suicide-signal": ["Draft entry of tocilizumab"],
    "order-sign-labelled-indication": [],
}


@pytest.mark.parametrize(("name", "summaries"), EXAMPLES.items(), ids=EXAMPLES)
def test_an_example_gets_the_answer_it_is_named_for(
    name: str, summaries: list[str], client: FlaskClient
) -> None:
    body = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    assert [each["summary"].partition(":")[0] for each in cards(client, body)] == summaries


def test_every_kind_of_answer_to_a_draft_has_an_example() -> None:
    assert set(EXAMPLES) == set(ORDER_REQUESTS)


def test_the_example_with_a_suicide_signal_begins_with_it(client: FlaskClient) -> None:
    file = FIXTURES / "order-sign-suicide-signal.json"
    (card,) = cards(client, json.loads(file.read_text(encoding="utf-8")))
    assert "**Safety**" in card["detail"]
