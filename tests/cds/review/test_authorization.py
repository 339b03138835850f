"""Who may do what? A table written by hand, tried with every page, every role, and signed out."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from cds.app import create_app
from cds.review.permissions import ASKED
from cds.review.roles import Account, Role
from cds.settings import Settings
from cds.store.accounts import Accounts
from cds.store.database import open_store
from cds.store.migration import migrate
from cds.store.sign_ins import SignIns
from rules.knowledge import Knowledge
from tests.cds.review.people_app import Browser
from tests.cds.store.records import NOW

# Endpoint to roles. "nobody": who is not signed in may, too.
ALL = "reviewer lead safety_officer auditor admin"
OPEN = f"nobody {ALL}"
MAY = {
    "show_home": ALL,
    "show_sign_in": OPEN,
    "show_nothing": OPEN,
    "sign_in": OPEN,
    "show_link": OPEN,
    "use_link": OPEN,
    "ask_provider": OPEN,
    "come_back": OPEN,
    "sign_out": ALL,
    "show_password": ALL,
    "change_password": ALL,
    "show_accounts": "admin",
    "add_account": "admin",
    "change_role": "admin",
    "disable_account": "admin",
    "enable_account": "admin",
    "make_link": "admin",
    "show_audit": "safety_officer auditor",
    "export_audit": "safety_officer auditor",
    "show_queue": "reviewer lead safety_officer",
    "show_case": "reviewer lead safety_officer",
    "show_my_cases": "reviewer lead",
    "show_judge": "reviewer lead",
    "judge": "reviewer lead",
    "show_adjudication": "lead",
    "adjudicate": "lead",
    "show_samples": "lead",
    "show_new_sample": "lead",
    "draw_sample": "lead",
    "show_sample": "lead",
    "show_figures": "lead safety_officer auditor",
    "show_silent_report": "lead safety_officer auditor",
    "show_exports": "lead",
    "export": "lead",
    "show_modes": "lead safety_officer auditor admin",
    "switch_mode": "safety_officer",
}
NOBODY = "nobody"
WHO = (NOBODY, *ALL.split())
ZERO = "00000000-0000-0000-0000-000000000000"
PROVIDER = {"issuer": "https://id.example", "client_id": "us", "roles": {"trd-admin": "admin"}}


REFUSED = {401, 403}
SENT_AWAY = 303


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole service, whose review pages only say that somebody was let in."""

    app: Flask
    tokens: dict[str, str]
    places: dict[str, tuple[str, str]]

    def ask(self, endpoint: str, who: str) -> str:
        """Say what becomes of a call: let in, refused, or sent to the sign-in page."""
        method, address = self.places[endpoint]
        browser = Browser(self.app.test_client())
        fields = {"csrf_token": browser.token()} if method == "POST" else None
        if who != NOBODY:
            browser.web.set_cookie("trd-cds-review", self.tokens[who])
        answer = browser.web.open(address, method=method, data=fields)
        if answer.status_code in REFUSED:
            return "refused"
        if answer.status_code == SENT_AWAY and answer.location == "/review/sign-in":
            return "refused"
        return answer.text


@pytest.fixture(scope="module")
def whole(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    url = f"sqlite:///{tmp_path_factory.mktemp('whole') / 'store.sqlite3'}"
    migrate(url)
    settings = Settings(store_url=url, public_url="http://localhost", openid=PROVIDER)
    app = create_app(settings, knowledge=knowledge, now=lambda: NOW)
    store = open_store(url)
    tokens = {}
    for role in Role:
        account = Account(id=role.value, name=role.value, role=role)
        Accounts(store).add(account, NOW)
        tokens[role.value] = SignIns(store).begin(account.id, NOW)
    places = _places(app)
    for endpoint in places:
        if endpoint != "show_sign_in":  # it tells the token of a form
            app.view_functions[f"review.{endpoint}"] = lambda **_: "let in"
    yield Whole(app, tokens, places)
    store.close()


def _places(app: Flask) -> dict[str, tuple[str, str]]:
    """Give a method and an address for every endpoint of the review pages."""
    found = {}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("review."):
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, ZERO), method)
            found[rule.endpoint.removeprefix("review.")] = (method, address)
    return found


def test_every_page_stands_in_the_table_and_in_no_other(whole: Whole) -> None:
    assert set(whole.places) == set(MAY)


def test_what_pages_ask_for_names_no_page_that_is_not_there(whole: Whole) -> None:
    assert {name.removeprefix("review.") for name in ASKED} == set(whole.places)


@pytest.mark.requirement("C12", "D18")
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("endpoint", [name for name in MAY if name != "show_sign_in"])
def test_a_role_may_do_what_the_table_says_and_nothing_else(
    whole: Whole, endpoint: str, who: str
) -> None:
    expected = "let in" if who in MAY[endpoint].split() else "refused"
    assert whole.ask(endpoint, who) == expected


@pytest.mark.parametrize("who", WHO)
def test_the_sign_in_page_is_for_everybody(whole: Whole, who: str) -> None:
    assert "<h1>Sign in</h1>" in whole.ask("show_sign_in", who)


@pytest.mark.requirement("C12")
@pytest.mark.parametrize("who", WHO)
def test_a_page_that_nobody_thought_of_is_refused_to_everybody(whole: Whole, who: str) -> None:
    whole.places["thought_of_by_nobody"] = ("GET", "/review/accounts")
    asked = dict(ASKED)
    del asked["review.show_accounts"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cds.review.permissions.ASKED", asked)
        assert whole.ask("thought_of_by_nobody", who) == "refused"
