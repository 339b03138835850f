"""Does a vignette sent as FHIR over HTTP get the same answer as its facts do in the rules?"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from cds.answer import tell_assessment
from cds.app import create_app
from cds.hooks.cards import CardWriter
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.assessments import NOW
from tests.support.as_bundle import bundle_of, patient_id
from tests.support.hook_request import ENDPOINT, hook_request_of, required_keys_unread
from tests.support.verdict import assess_vignette, knowledge_of_site
from tests.support.vignette import Vignette, vignette_named, vignettes

ALL = vignettes()
WITH_CARD_OR_NOT = [
    vignette
    for vignette in ALL
    if vignette.id.startswith("C") or vignette.expect.card_says or vignette.expect.card_never_says
]
# What reading adds on the way from FHIR: what the reader left out or could not read.
TOLD_BY_THE_READER = {"gaps", "notUsed"}

NewClient = Callable[[Vignette], FlaskClient]


@pytest.fixture(scope="module")
def new_client(knowledge: Knowledge) -> NewClient:
    """A client of the vignette's site; sites that changed nothing share one service."""
    built: dict[str, FlaskClient] = {}

    def build(vignette: Vignette) -> FlaskClient:
        site = f"{vignette.as_of} {dict(vignette.parameters)} {dict(vignette.codes)}"
        if site not in built:
            known = knowledge_of_site(vignette, knowledge)
            app = create_app(
                Settings(), knowledge=known, today=lambda: vignette.as_of, now=lambda: NOW
            )
            built[site] = app.test_client()
        return built[site]

    return build


def evaluate(client: FlaskClient, vignette: Vignette, **query: str) -> dict[str, Any]:
    if vignette.unread:
        query["notObtained"] = ",".join(vignette.unread)
    response = client.post("/evaluate", json=bundle_of(vignette), query_string=query)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def kinds_of(cards: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(card["extension"]["com.trd-inflammation-cds.card"]["kind"] for card in cards)


def text_of(cards: list[dict[str, Any]]) -> str:
    return "\n".join(f"{card['summary']}\n{card['detail']}" for card in cards)


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_the_bundle_gets_the_answer_its_facts_get(
    vignette: Vignette, knowledge: Knowledge, new_client: NewClient
) -> None:
    over_http = evaluate(new_client(vignette), vignette)["assessment"]
    by_rules = tell_assessment(assess_vignette(vignette, knowledge))
    judged = by_rules.keys() - TOLD_BY_THE_READER
    assert {name: over_http.get(name) for name in judged} == {n: by_rules[n] for n in judged}


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_what_the_rules_leave_out_is_named_over_http_too(
    vignette: Vignette, knowledge: Knowledge, new_client: NewClient
) -> None:
    over_http = evaluate(new_client(vignette), vignette)["assessment"]
    by_rules = tell_assessment(assess_vignette(vignette, knowledge))
    named = {entry["source"] for entry in over_http.get("notUsed", [])}
    assert {entry["source"] for entry in by_rules.get("notUsed", [])} <= named


@pytest.mark.parametrize("vignette", [v for v in ALL if v.unread], ids=lambda v: v.id)
def test_a_type_the_caller_could_not_read_is_a_named_gap(
    vignette: Vignette, new_client: NewClient
) -> None:
    gaps = evaluate(new_client(vignette), vignette)["assessment"]["gaps"]
    told = str([gap["what"] for gap in gaps]).lower()
    assert [name for name in vignette.unread if name.lower() not in told] == []


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_a_bundle_gets_the_claimed_cards(vignette: Vignette, new_client: NewClient) -> None:
    cards = evaluate(new_client(vignette), vignette)["cards"]
    assert kinds_of(cards) == vignette.expect.cards


@pytest.mark.parametrize("vignette", WITH_CARD_OR_NOT, ids=lambda v: v.id)
def test_a_card_reads_the_same_whether_facts_or_fhir_led_to_it(
    vignette: Vignette, knowledge: Knowledge, new_client: NewClient
) -> None:
    known = knowledge_of_site(vignette, knowledge)
    writer = CardWriter(known, Settings(), uuid4, lambda: NOW)
    by_rules = writer.write_cards(assess_vignette(vignette, knowledge), decision="any")
    over_http = evaluate(new_client(vignette), vignette)["cards"]
    assert text_of(over_http) == "\n".join(f"{card.summary}\n{card.detail}" for card in by_rules)


@pytest.mark.parametrize("vignette", WITH_CARD_OR_NOT, ids=lambda v: v.id)
def test_a_card_says_what_is_claimed_and_nothing_that_must_not_be_said(
    vignette: Vignette, new_client: NewClient
) -> None:
    text = text_of(evaluate(new_client(vignette), vignette)["cards"])
    assert [words for words in vignette.expect.card_says if words not in text] == [], text
    lowered = text.lower()
    banned = [words for words in vignette.expect.card_never_says if words.lower() in lowered]
    assert banned == [], text


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_a_hook_call_gets_the_claimed_cards_or_names_what_it_needs(
    vignette: Vignette, knowledge: Knowledge, new_client: NewClient
) -> None:
    response = new_client(vignette).post(ENDPOINT, json=hook_request_of(vignette, knowledge))
    needed = required_keys_unread(vignette, knowledge)
    if needed:
        assert response.status_code == 412
        assert [key for key in needed if key not in response.text] == []
    else:
        assert response.status_code == 200, response.text
        assert kinds_of(response.get_json()["cards"]) == vignette.expect.cards


def test_the_day_of_the_bundle_gives_way_to_the_day_that_is_asked_for(
    new_client: NewClient,
) -> None:
    vignette = vignette_named("M23a")
    answer = evaluate(new_client(vignette), vignette, asOf="2026-07-01")["assessment"]
    assert (answer["asOf"], answer["inflammation"]["status"]) == ("2026-07-01", "stale")


def test_a_vignette_is_found_in_a_bundle_with_two_patients(new_client: NewClient) -> None:
    chosen, other = vignette_named("C01"), vignette_named("T18")
    both = bundle_of(chosen)
    both["entry"] += bundle_of(other)["entry"][:1]
    response = new_client(chosen).post(
        "/evaluate", json=both, query_string={"patient": patient_id(chosen)}
    )
    assert kinds_of(response.get_json()["cards"]) == ("evidence",)


def test_a_hook_call_is_evaluated_on_the_day_of_the_service(knowledge: Knowledge) -> None:
    app = create_app(Settings(), knowledge=knowledge, today=lambda: date(2027, 6, 30))
    request = hook_request_of(vignette_named("C01"), knowledge)
    assert app.test_client().post(ENDPOINT, json=request).get_json() == {"cards": []}
