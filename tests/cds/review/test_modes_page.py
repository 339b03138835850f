"""Can the safety officer see which modes are in force, and switch one with a reason?"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.ehr.trusted_clients import TrustedClient
from cds.modes import SERVICES, Modes
from cds.review.audit import Audit
from cds.review.layout import lay_out
from cds.review.modes_page import offer_modes
from cds.review.roles import Account, Role
from cds.store.audit import AuditLog
from cds.store.database import Store, open_store
from cds.store.migration import migrate
from cds.store.mode_switches import ModeSwitches
from cds.store.schema import audit_events
from tests.cds.pages import Page
from tests.cds.store.records import NOW

OFF_FOR_ALL = {"mode": "off", "client": "*", "service": "*", "because": "wrong drug table"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(url)
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def modes(store: Store) -> Modes:
    clients = [
        TrustedClient(name=name, issuer="i", jwks_file=Path("none"), mode=mode)
        for name, mode in (("north", "live"), ("south", "silent"))
    ]
    return Modes(store, lambda: NOW, clients)


@pytest.fixture
def web_of(modes: Modes, store: Store) -> Callable[[Role], FlaskClient]:
    """Give the page as an account of a role sees it."""

    def build(role: Role) -> FlaskClient:
        app = Flask("cds")
        routes = Blueprint("review", "cds", url_prefix="/review")
        lay_out(routes, lambda: "")

        @routes.before_request
        def sign_in() -> None:
            g.account = Account(id="a1", name="anna", role=role)

        offer_modes(routes, modes, Audit(AuditLog(store), lambda: NOW))
        app.register_blueprint(routes)
        return app.test_client()

    return build


@pytest.fixture
def web(web_of: Callable[[Role], FlaskClient]) -> FlaskClient:
    return web_of(Role.SAFETY_OFFICER)


def send(web: FlaskClient, **changes: str) -> TestResponse:
    return web.post("/review/modes", data=OFF_FOR_ALL | changes)


def audited(store: Store) -> list[dict[str, Any]]:
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(audit_events.select()).mappings()]


def switched_in(store: Store) -> list[tuple[str, str | None, str | None, str, str]]:
    return [
        (each.mode, each.client, each.service, each.switched_by, each.because)
        for each in ModeSwitches(store).history(10)
    ]


# What is shown


@pytest.mark.requirement("B6")
def test_the_mode_of_each_service_of_each_client_is_shown(web: FlaskClient) -> None:
    text = Page(web.get("/review/modes").text).text
    for service in SERVICES:
        assert f"north {service} live live the registry" in text
        assert f"south {service} silent silent the registry" in text


@pytest.mark.requirement("B7")
def test_who_switched_when_and_why_is_shown_with_the_zone(web: FlaskClient) -> None:
    send(web)
    text = Page(web.get("/review/modes").text).text
    held = "all clients, all services: anna, 2026-06-30 12:00:00 UTC , wrong drug table"
    assert f"north {SERVICES[0]} off live {held}" in text
    assert "1 2026-06-30 12:00:00 UTC anna off all clients, all services wrong drug table" in text


def test_before_anything_was_switched_the_history_says_so(web: FlaskClient) -> None:
    assert "Nothing was switched yet." in Page(web.get("/review/modes").text).text


def test_a_long_history_says_that_it_is_cut(web: FlaskClient, modes: Modes) -> None:
    for number in range(201):
        modes.switch("off", (None, None), by="anna", because=f"reason-{number}.")
    text = Page(web.get("/review/modes").text).text
    assert "only the last 200 are shown" in text
    assert "reason-200." in text
    assert "reason-0." not in text


def test_a_reason_is_text_and_never_markup(web: FlaskClient) -> None:
    send(web, because="<script>alert(1)</script>")
    answer = web.get("/review/modes")
    assert "<script" not in answer.text
    assert "<script>alert(1)</script>" in Page(answer.text).text


@pytest.mark.parametrize("changes", [None, {}, {"mode": "", "client": ""}])
def test_the_page_is_well_formed_in_every_state(
    web: FlaskClient, changes: dict[str, str] | None
) -> None:
    answer = web.get("/review/modes") if changes is None else send(web, **changes)
    page = Page(web.get(answer.location).text if answer.location else answer.text)
    assert page.faults == []
    assert page.headings.count("h1") == 1
    assert len(page.ids) == len({*page.ids})
    named = {
        part
        for _, values in page.attributes
        for name in ("aria-describedby", "aria-labelledby", "for")
        for part in (values.get(name) or "").split()
    }
    linked = {target.removeprefix("#") for target in page.targets if target.startswith("#")}
    assert named | linked <= {*page.ids}


@pytest.mark.parametrize(
    ("role", "forms"),
    [(Role.SAFETY_OFFICER, 1), (Role.LEAD, 0), (Role.AUDITOR, 0), (Role.ADMIN, 0)],
)
def test_the_form_is_shown_to_who_may_switch(
    web_of: Callable[[Role], FlaskClient], role: Role, forms: int
) -> None:
    page = Page(web_of(role).get("/review/modes").text)
    actions = [values.get("action") for values in page.having("form")]
    assert actions.count("/review/modes") == forms


# What is switched


@pytest.mark.requirement("B7")
@pytest.mark.parametrize(
    ("chosen", "client", "service"),
    [
        ({}, None, None),
        ({"client": "north"}, "north", None),
        ({"service": SERVICES[1]}, None, SERVICES[1]),
        ({"client": "south", "service": "evaluate"}, "south", "evaluate"),
    ],
)
def test_what_was_chosen_is_switched_by_who_is_signed_in(
    web: FlaskClient,
    store: Store,
    chosen: dict[str, str],
    client: str | None,
    service: str | None,
) -> None:
    assert send(web, **chosen).status_code == 303
    assert switched_in(store) == [("off", client, service, "anna", "wrong drug table")]


@pytest.mark.requirement("B7")
def test_a_switch_is_audited(web: FlaskClient, store: Store) -> None:
    send(web, client="north")
    (event,) = audited(store)
    assert (event["account"], event["action"], event["outcome"], event["details"]) == (
        "a1",
        "switch_mode",
        "done",
        {"switch": 1, "mode": "off", "client": "north", "service": "*"},
    )


def test_after_a_switch_the_page_says_what_was_switched(web: FlaskClient) -> None:
    shown = web.get(send(web, client="north").location)
    assert "Switched to off: north, all services." in Page(shown.text).text


def test_after_a_switch_the_page_says_what_something_else_holds_lower(web: FlaskClient) -> None:
    send(web, service="evaluate")
    shown = web.get(send(web, mode="live", client="south").location)
    text = Page(shown.text).text
    assert "see what in the table below. south, evaluate: off" in text
    assert "south, trd" not in text


@pytest.mark.parametrize("number", ["99", "x", ""])
def test_the_page_says_nothing_of_a_switch_there_never_was(web: FlaskClient, number: str) -> None:
    shown = web.get("/review/modes", query_string={"switched": number})
    assert (shown.status_code, "Switched to" in shown.text) == (200, False)


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"mode": ""}, ["Choose a mode"]),
        ({"mode": "paused"}, ["Choose a mode"]),
        ({"client": ""}, ["Choose a client, or all clients"]),
        ({"service": ""}, ["Choose a service, or all services"]),
        ({"because": " "}, ["Say why"]),
        ({"mode": "", "because": ""}, ["Choose a mode", "Say why"]),
        ({"client": "east"}, ["Client: this client is not known; known are north, south"]),
        ({"because": "x" * 501}, ["Why: must have at most 500 characters"]),
    ],
)
def test_what_cannot_be_switched_is_told_and_changes_nothing(
    web: FlaskClient, store: Store, changes: dict[str, str], sentences: list[str]
) -> None:
    answer = send(web, **changes)
    text = Page(answer.text).text
    assert answer.status_code == 400
    assert text.startswith("Error: Modes")
    assert [each for each in sentences if each not in text] == []
    assert (switched_in(store), audited(store)) == ([], [])


def test_a_form_that_is_wrong_keeps_what_was_chosen(web: FlaskClient) -> None:
    page = Page(send(web, client="north", because="").text)
    selected = {values["value"] for values in page.having("option") if "selected" in values}
    assert selected == {"north", "*"}
    assert [values["value"] for values in page.having("input") if "checked" in values] == ["off"]


def test_an_empty_form_chooses_nothing_for_the_reader(web: FlaskClient) -> None:
    page = Page(web.get("/review/modes").text)
    assert [values for values in page.having("option") if "selected" in values] == []
    assert [values for values in page.having("input") if "checked" in values] == []
