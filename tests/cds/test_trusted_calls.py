"""Does a trusted client get its cards, from its prefetch and its FHIR server, and nobody else?"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cds.operations.request_log import LOGGER
from cds.store.database import open_store
from cds.store.decisions import DecisionLog
from cds.store.schema import cards as card_rows
from cds.store.schema import decisions
from rules.knowledge import Knowledge
from tests.cds.charts import hook_request, searchset
from tests.cds.trusted import (
    BASE,
    ENDPOINT,
    FEEDBACK,
    LIVE,
    PAGE,
    QUIET,
    Trusting,
    again,
    copy_of,
    stranger,
    trusting,
    with_access,
    without,
)
from tests.support.fhir_stand_in import StandIn, after, bundle, fhir_stand_in, raw, resource

Row = dict[str, Any]


@pytest.fixture
def server() -> Iterator[StandIn]:
    with fhir_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path, server: StandIn) -> Iterator[Trusting]:
    with trusting(knowledge, tmp_path, server) as running:
        yield running


def rows(folder: Path, table: Any = decisions) -> list[Row]:
    store = open_store(f"sqlite:///{folder / 'store.sqlite3'}")
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(table.select()).mappings()]


def text_of(response: Any) -> str:
    return str(response.get_json()["issue"][0]["details"]["text"])


# Who may call


@pytest.mark.requirement("DISC-15")
def test_discovery_is_open(service: Trusting) -> None:
    assert service.web.get("/cds-services").status_code == 200


@pytest.mark.requirement("A1", "SEC-2")
def test_two_clients_in_two_modes_get_different_answers_to_one_body(service: Trusting) -> None:
    body = hook_request()
    assert len(service.cards(body, LIVE)) == 1
    assert service.cards(again(body), QUIET) == []


@pytest.mark.requirement("SEC-2", "SEC-8", "D1", "D5", "I@176", "I@177")
@pytest.mark.parametrize("path", [ENDPOINT, FEEDBACK, "/evaluate", "/cds-services/unknown"])
def test_every_refusal_to_a_stranger_is_the_same(service: Trusting, path: str) -> None:
    token = LIVE.header(BASE + path)
    service.web.post(path, json={}, headers={"Authorization": token})
    answers = [
        service.post(path, hook_request(), None),
        service.post(path, hook_request(), None, Authorization="Bearer x.y.z"),
        service.post(path, hook_request(), None, Authorization=token),
        service.post(path, hook_request(), stranger(LIVE)),
    ]
    assert {each.status_code for each in answers} == {401}
    assert {each.headers["WWW-Authenticate"] for each in answers} == {"Bearer"}
    bodies = [each.get_json() for each in answers]
    for body in bodies:
        del body["issue"][0]["diagnostics"]  # the correlation id
    assert all(body == bodies[0] for body in bodies)
    assert text_of(answers[0]) == "The call is not authenticated."


def test_a_token_for_one_address_is_none_for_another(service: Trusting) -> None:
    token = LIVE.header(BASE + ENDPOINT)
    response = service.web.post(FEEDBACK, json={}, headers={"Authorization": token})
    assert response.status_code == 401


@pytest.mark.requirement("REQ-3", "D8")
@pytest.mark.parametrize("asks", [True, False])
def test_a_fhir_server_that_was_not_agreed_is_refused(
    service: Trusting, server: StandIn, asks: bool
) -> None:
    body = with_access(hook_request(), server) if asks else hook_request()
    response = service.post(ENDPOINT, {**body, "fhirServer": "https://evil.example/fhir"})
    assert response.status_code == 403
    assert server.asked == []


@pytest.mark.requirement("REQ-3")
def test_a_client_without_agreed_servers_sends_its_own_in_vain(
    service: Trusting, server: StandIn
) -> None:
    body = without(with_access(hook_request(), server), "markers")
    assert service.post(ENDPOINT, body, QUIET).status_code == 412
    assert server.asked == []


# From the client's FHIR server


@pytest.mark.requirement("FHIR-4", "PFR-1", "I@34", "I@60", "I@61")
def test_what_the_prefetch_leaves_out_is_fetched(service: Trusting, server: StandIn) -> None:
    body = hook_request()
    whole = service.cards(body)
    server.answer("Patient/pat-1", resource(body["prefetch"]["patient"]))
    for key, path in (
        ("conditions", "Condition"),
        ("dispenses", "MedicationDispense"),
        ("medications", "MedicationRequest"),
    ):
        server.answer(path, resource(body["prefetch"].get(key) or searchset()))
    observations = [
        entry["resource"]
        for key in ("markers", "scores")
        for entry in body["prefetch"][key]["entry"]
    ]
    server.answer("Observation", bundle(*observations))
    fetched = service.cards(with_access({**again(body), "prefetch": {}}, server))
    assert [card["summary"] for card in fetched] == [card["summary"] for card in whole]
    assert {each.authorization for each in server.asked} == {"Bearer fhir-token"}


@pytest.mark.requirement("FHIR-5", "E6")
def test_the_page_a_client_sent_is_followed_by_the_others(
    service: Trusting, server: StandIn
) -> None:
    body = copy_of(hook_request())
    entries = body["prefetch"]["markers"]["entry"]
    assert len(entries) > 1
    body["prefetch"]["markers"] |= {
        "entry": entries[:1],
        "link": [{"relation": "next", "url": f"{server.base}/Observation?page=2"}],
    }
    server.answer("Observation", bundle(*(each["resource"] for each in entries[1:])))
    whole = service.cards(hook_request())
    followed = service.cards(with_access(again(body), server))
    assert [card["summary"] for card in followed] == [card["summary"] for card in whole]


@pytest.mark.requirement("E3")
def test_a_medication_that_is_only_named_is_fetched(service: Trusting, server: StandIn) -> None:
    body = copy_of(hook_request())
    (first, *_) = [each["resource"] for each in body["prefetch"]["dispenses"]["entry"]]
    concept = first.pop("medicationCodeableConcept")
    first["medicationReference"] = {"reference": "Medication/m1"}
    for entry in body["prefetch"]["dispenses"]["entry"][1:]:
        if entry["resource"]["medicationCodeableConcept"] == concept:
            del entry["resource"]["medicationCodeableConcept"]
            entry["resource"]["medicationReference"] = {"reference": "Medication/m1"}
    whole = service.cards(hook_request())
    server.answer(
        "Medication/m1", resource({"resourceType": "Medication", "id": "m1", "code": concept})
    )
    fetched = service.cards(with_access(again(body), server))
    assert "/fhir/Medication/m1" in server.targets()
    assert [card["summary"] for card in fetched] == [card["summary"] for card in whole]


@pytest.mark.requirement("E1", "E2", "E5", "PFR-1", "RESP-5")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (after(3, raw(200, b"{}")), "timeout"),
        (raw(403, b"{}"), "security"),
        (raw(500, b"{}"), "incomplete"),
        (raw(200, b"<html>", "text/html"), "incomplete"),
    ],
    ids=["slow", "refused", "fault", "no FHIR"],
)
def test_required_data_that_cannot_be_had_is_412(
    service: Trusting, server: StandIn, answer: Any, code: str
) -> None:
    server.answer("Observation", answer)
    response = service.post(ENDPOINT, with_access(without(hook_request(), "markers"), server))
    assert response.status_code == 412
    (issue,) = response.get_json()["issue"]
    assert (issue["code"], issue["expression"]) == (code, ["prefetch.markers"])
    assert "cards" not in response.get_json()


@pytest.mark.requirement("PFR-1")
def test_optional_data_that_cannot_be_had_leaves_a_gap(service: Trusting, server: StandIn) -> None:
    server.answer("MedicationDispense", raw(500, b"{}"))
    body = with_access(without(hook_request(), "dispenses"), server)
    assert service.post(ENDPOINT, body).status_code == 200


@pytest.mark.requirement("E6")
def test_pages_of_required_data_that_cannot_all_be_had_are_412(
    service: Trusting, server: StandIn
) -> None:
    server.answer("Observation", bundle(following="http://evil.example/page2"))
    body = with_access(without(hook_request(), "markers"), server)
    assert service.post(ENDPOINT, body).status_code == 412


@pytest.mark.requirement("PFR-2", "D20", "E7")
def test_another_patient_from_the_server_is_refused(service: Trusting, server: StandIn) -> None:
    foreign = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/somebody-else"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]},
    }
    server.answer("Observation", bundle(foreign))
    body = with_access(without(hook_request(), "markers"), server)
    assert service.post(ENDPOINT, body).status_code == 422


def test_a_patient_id_cannot_change_the_address(service: Trusting, server: StandIn) -> None:
    body = with_access({**hook_request(), "prefetch": {}}, server)
    body["context"] = {**body["context"], "patientId": "../admin?x=1&y#z"}
    service.post(ENDPOINT, body)
    assert "/fhir/Patient/..%2Fadmin%3Fx%3D1%26y%23z" in server.targets()
    assert not [each for each in server.targets() if "admin?" in each]


@pytest.mark.requirement("FHIR-3", "D9")
def test_no_token_is_stored_or_logged(
    service: Trusting, server: StandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    LOGGER.propagate = True
    body = with_access(without(hook_request(), "markers"), server, "canary-of-a-token")
    service.post(ENDPOINT, body)
    service.cards(with_access(hook_request(), server, "canary-of-a-token"))
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if "store" in file.name)
    assert b"canary-of-a-token" not in kept
    assert "canary-of-a-token" not in caplog.text
    assert "canary-of-a-token" not in service.web.get("/metrics").text


@pytest.mark.requirement("REQ-4", "cds-r-1")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"fhirServer": None}, "fhirServer"),
        ({"fhirAuthorization": []}, "fhirAuthorization"),
        ({"fhirAuthorization": {}}, "fhirAuthorization"),
        ({"fhirAuthorization": {"access_token": 7}}, "fhirAuthorization"),
        ({"fhirAuthorization": {"access_token": "a\r\nX: y"}}, "fhirAuthorization"),
        ({"fhirAuthorization": {"access_token": ""}}, "fhirAuthorization"),
    ],
)
def test_access_that_is_no_access_is_refused(
    service: Trusting, server: StandIn, change: dict[str, Any], named: str
) -> None:
    response = service.post(ENDPOINT, with_access(hook_request(), server) | change)
    assert response.status_code == 400
    assert response.get_json()["issue"][0]["expression"] == [named]


# What is written down


@pytest.mark.requirement("B6", "RESP-9")
def test_a_silent_decision_is_recorded_with_the_card_that_was_not_shown(
    service: Trusting, tmp_path: Path
) -> None:
    service.cards(hook_request(), QUIET)
    (row,) = rows(tmp_path)
    assert (row["client"], row["mode"], row["shown"], row["resistance"]) == (
        "quiet",
        "silent",
        False,
        "met",
    )
    assert [each["kind"] for each in rows(tmp_path, card_rows)] == ["evidence"]


@pytest.mark.requirement("RESP-9", "B6")
def test_a_client_that_is_off_is_not_evaluated_and_that_is_recorded(
    knowledge: Knowledge, tmp_path: Path, server: StandIn
) -> None:
    with trusting(knowledge, tmp_path, server, mode="off") as service:
        assert service.cards(hook_request(), QUIET) == []
    (row,) = rows(tmp_path)
    assert (row["outcome"], row["resistance"]) == ("switched_off", "not_judged")


@pytest.mark.requirement("D9")
def test_a_patient_is_kept_under_a_pseudonym_alone(service: Trusting, tmp_path: Path) -> None:
    body = hook_request()
    service.cards(body)
    (row,) = rows(tmp_path)
    assert body["context"]["patientId"] not in json.dumps(row, default=str)


@pytest.mark.requirement("E22")
def test_a_call_delivered_twice_is_one_decision_and_another_body_is_another(
    service: Trusting, tmp_path: Path
) -> None:
    body = hook_request()
    first, second = service.cards(body), service.cards(body)
    assert first[0]["detail"] == second[0]["detail"]
    assert first[0]["uuid"] != second[0]["uuid"]
    assert len(rows(tmp_path)) == 1
    service.cards({**body, "extension": {"org.example": {"a": 1}}})
    assert len(rows(tmp_path)) == 2


@pytest.mark.requirement("E11", "E12")
def test_what_cannot_be_written_down_is_not_answered(service: Trusting, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").unlink()
    (tmp_path / "store.sqlite3").mkdir()
    response = service.post(ENDPOINT, hook_request())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert service.web.get("/readyz").status_code == 503


def test_a_service_that_is_ready_says_so(service: Trusting) -> None:
    assert service.web.get("/readyz").get_json()["status"] == "ready"


# Feedback


def feedback_on(card: str, outcome: str = "overridden") -> dict[str, Any]:
    return {
        "feedback": [{"card": card, "outcome": outcome, "outcomeTimestamp": "2026-06-30T12:00:00Z"}]
    }


@pytest.mark.requirement("FB-6", "FB-7", "FB-8", "A3", "I@148", "I@82")
def test_feedback_is_kept_with_its_card_and_once(service: Trusting, tmp_path: Path) -> None:
    (card,) = service.cards(hook_request())
    for _ in range(2):
        response = service.post(FEEDBACK, feedback_on(card["uuid"]))
        assert (response.status_code, response.get_json()) == (200, {})
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    found = DecisionLog(store).of_card(card["uuid"])
    assert found is not None
    assert found.client == "live"


@pytest.mark.requirement("D21", "E19")
def test_feedback_on_a_card_of_somebody_else_gets_the_same_answer(service: Trusting) -> None:
    (card,) = service.cards(hook_request())
    mine = service.post(FEEDBACK, feedback_on(card["uuid"]), LIVE)
    foreign = service.post(FEEDBACK, feedback_on(card["uuid"]), QUIET)
    unknown = service.post(FEEDBACK, feedback_on("no-such-card"), QUIET)
    assert {each.status_code for each in (mine, foreign, unknown)} == {200}
    assert mine.get_data() == foreign.get_data() == unknown.get_data()


@pytest.mark.requirement("FB-6")
def test_malformed_feedback_is_named(service: Trusting) -> None:
    response = service.post(FEEDBACK, feedback_on("card", "ignored"))
    assert response.status_code == 400
    assert response.get_json()["issue"][0]["expression"] == ["feedback[0].outcome"]


def test_feedback_for_a_service_that_is_not_there_is_404(service: Trusting) -> None:
    path = "/cds-services/other/feedback"
    assert service.post(path, feedback_on("card")).status_code == 404


# Web pages


@pytest.mark.requirement("CORS-1", "CORS-2", "CORS-3", "I@208")
@pytest.mark.parametrize("path", ["/cds-services", ENDPOINT, FEEDBACK])
def test_a_preflight_is_answered_without_a_token(service: Trusting, path: str) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    response = service.web.options(path, headers=asked)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    assert {"authorization", "content-type"} <= set(allowed.replace(" ", "").split(","))
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.requirement("CORS-4")
def test_errors_carry_the_headers_too(service: Trusting) -> None:
    answers = [
        service.post(ENDPOINT, hook_request(), None, Origin=PAGE),
        service.post(ENDPOINT, without(hook_request(), "markers"), Origin=PAGE),
        service.post(ENDPOINT, {}, Origin=PAGE),
        service.post(ENDPOINT, hook_request(), Origin=PAGE),
    ]
    assert [each.status_code for each in answers] == [401, 412, 400, 200]
    assert {each.headers["Access-Control-Allow-Origin"] for each in answers} == {PAGE}
    assert all("Origin" in each.headers["Vary"] for each in answers)


@pytest.mark.requirement("CORS-2", "D23")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{PAGE}0", "http://localhost"])
def test_a_foreign_page_gets_nothing(service: Trusting, origin: str) -> None:
    for response in (
        service.web.get("/cds-services", headers={"Origin": origin}),
        service.post(ENDPOINT, hook_request(), Origin=origin),
    ):
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.requirement("CORS-5", "D23")
def test_the_page_of_one_client_is_not_that_of_another(service: Trusting) -> None:
    assert service.post(ENDPOINT, hook_request(), QUIET, Origin=PAGE).status_code == 403


# How often


@pytest.mark.requirement("D22")
def test_a_client_that_calls_too_often_is_told_when_to_come_back(
    knowledge: Knowledge, tmp_path: Path, server: StandIn
) -> None:
    with trusting(knowledge, tmp_path, server, more="rate = 0.5") as service:
        service.cards(hook_request(), QUIET)
        response = service.post(ENDPOINT, hook_request(), QUIET)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "2")


@pytest.mark.requirement("D6")
def test_an_old_token_is_refused(service: Trusting) -> None:
    old = replace(LIVE, now=LIVE.now - timedelta(minutes=10))
    assert service.post(ENDPOINT, hook_request(), old).status_code == 401


@pytest.mark.requirement("PFR-5")
def test_a_client_may_have_keys_of_its_own(
    knowledge: Knowledge, tmp_path: Path, server: StandIn
) -> None:
    alias = 'prefetch_alias = {markers = "item3"}'
    with trusting(knowledge, tmp_path, server, mode="live", more=alias) as service:
        body = copy_of(hook_request())
        body["prefetch"]["item3"] = body["prefetch"].pop("markers")
        assert len(service.cards(body, QUIET)) == 1


@pytest.mark.requirement("A6", "D9")
def test_what_happened_is_counted_without_a_patient(service: Trusting) -> None:
    body = hook_request()
    service.cards(body)
    told = service.web.get("/metrics").text
    assert 'trd_cds_decisions_total{client="live"' in told
    assert body["context"]["patientId"] not in told
