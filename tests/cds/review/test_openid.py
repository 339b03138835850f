"""Does somebody whom the provider vouches for come in, with the role it gives, and nobody else?

With a provider that runs on loopback, as a library made it.
"""

import warnings
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.deprecate import AuthlibDeprecationWarning
from werkzeug.serving import BaseWSGIServer

from cds.review.roles import Role
from cds.store.database import Store
from tests.cds.review.people_app import Browser, Service, build_service

with warnings.catch_warnings():
    # It imports a module of Authlib under its older name.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from oidc_provider_mock import User, run_server_in_thread

# Of the provider, not ours.
pytestmark = pytest.mark.filterwarnings(
    "ignore::authlib.deprecate.AuthlibDeprecationWarning",
    "ignore:get_jwt_config:DeprecationWarning",
)

ROLES = {"trd-reviewers": "reviewer", "trd-safety": "safety_officer", "trd-audit": "auditor"}
PEOPLE = {
    "s-1": {"preferred_username": "Anna Berg", "groups": ["trd-audit", "staff"]},
    "s-2": {"preferred_username": "Bert", "groups": ["staff"]},
    "s-3": {"preferred_username": "Carl", "groups": ["trd-reviewers", "trd-safety"]},
    "s-4": {"preferred_username": "Anna Berg", "groups": "trd-reviewers"},
    "s-5": {"groups": ["trd-audit"], "realm": {"roles": ["trd-safety"]}},
    "s-6": {"preferred_username": "a\u202eb\0", "groups": ["trd-audit"]},
}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a provider on this machine that knows these people."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's: it speaks plain http
    users = [User(sub=sub, claims=dict(claims)) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=users) as server:
        yield _address(server)


def _address(server: BaseWSGIServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def build(store: Store, issuer: str, **agreed: object) -> Service:
    openid = {"issuer": issuer, "client_id": "trd", "roles": ROLES, **agreed}
    return build_service(store, openid=openid, openid_secret="shared with the provider")  # noqa: S106


@pytest.fixture
def known(review_store: Store, provider: str) -> Service:
    return build(review_store, provider)


def go_and_come_back(browser: Browser, subject: str) -> str:
    """Go to the provider, sign in there, and give the address it sends the browser back to."""
    away = browser.get("/review/sign-in/openid")
    assert away.status_code == 302
    back = requests.post(away.location, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert back.status_code == 302
    return back.headers["Location"].removeprefix("http://localhost")


def sign_in(browser: Browser, subject: str) -> int:
    return browser.get(go_and_come_back(browser, subject)).status_code


def test_whom_the_provider_vouches_for_comes_in_with_the_role_it_gives(known: Service) -> None:
    browser = known.browser()
    assert sign_in(browser, "s-1") == 303
    assert browser.get("/review/audit").status_code == 200
    (kept,) = known.people.desk.accounts.everyone()
    assert (kept.name, kept.role, kept.password_hash) == ("Anna Berg", Role.AUDITOR, None)


def test_the_browser_is_sent_away_with_state_nonce_and_a_code_challenge(known: Service) -> None:
    asked = parse_qs(urlsplit(known.browser().get("/review/sign-in/openid").location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["redirect_uri"] == ["http://localhost/review/sign-in/openid/back"]
    assert asked["scope"] == ["openid profile"]


def test_the_same_person_has_one_account_and_the_newest_role(known: Service, provider: str) -> None:
    sign_in(known.browser(), "s-1")
    changed = {"preferred_username": "Anna B", "groups": ["trd-safety"]}
    requests.put(f"{provider}/users/s-1", json=changed, timeout=10).raise_for_status()
    sign_in(known.browser(), "s-1")
    (kept,) = known.people.desk.accounts.everyone()
    assert (kept.name, kept.role) == ("Anna Berg", Role.SAFETY_OFFICER)
    assert known.audited(action="change_role") == [(None, "change_role", "done")]


def test_two_people_of_one_name_have_two_accounts(known: Service) -> None:
    sign_in(known.browser(), "s-1")
    sign_in(known.browser(), "s-4")
    names = [each.name for each in known.people.desk.accounts.everyone()]
    assert len(names) == 2
    assert all(name.startswith("Anna Berg") for name in names)


def test_nobody_takes_over_an_account_of_this_service_by_its_name(
    review_store: Store, provider: str
) -> None:
    service = build(review_store, provider, name_claim="sub")
    service.add("s-1", Role.ADMIN)
    browser = service.browser()
    sign_in(browser, "s-1")
    assert browser.get("/review/accounts").status_code == 403


@pytest.mark.parametrize("subject", ["s-2", "s-3", "a-stranger"])
def test_who_has_no_role_or_several_does_not_come_in(known: Service, subject: str) -> None:
    browser = known.browser()
    answer = browser.get(go_and_come_back(browser, subject))
    assert (answer.status_code, "gives you no role here" in answer.text) == (403, True)
    assert browser.get("/review/").location == "/review/sign-in"
    assert known.people.desk.accounts.everyone() == ()


def test_a_role_may_stand_deeper_in_the_claims(review_store: Store, provider: str) -> None:
    service = build(review_store, provider, role_claim="realm.roles")
    sign_in(service.browser(), "s-5")
    (kept,) = service.people.desk.accounts.everyone()
    assert (kept.name, kept.role) == ("s-5", Role.SAFETY_OFFICER)


def test_a_name_holds_nothing_that_cannot_be_seen(known: Service) -> None:
    sign_in(known.browser(), "s-6")
    assert known.people.desk.accounts.everyone()[0].name == "ab"


def test_an_account_that_was_disabled_here_does_not_come_in(known: Service) -> None:
    sign_in(known.browser(), "s-1")
    (kept,) = known.people.desk.accounts.everyone()
    known.people.desk.disable(kept.account)
    assert sign_in(known.browser(), "s-1") == 403


def test_who_denies_at_the_provider_does_not_come_in(known: Service) -> None:
    browser = known.browser()
    away = browser.get("/review/sign-in/openid").location
    back = requests.post(away, data={"action": "deny"}, allow_redirects=False, timeout=10)
    path = back.headers["Location"].removeprefix("http://localhost")
    assert browser.get(path).status_code == 403


def test_an_answer_for_another_browser_is_refused(known: Service) -> None:
    back = go_and_come_back(known.browser(), "s-1")
    assert known.browser().get(back).status_code == 403


def test_an_answer_is_taken_once(known: Service) -> None:
    browser = known.browser()
    back = go_and_come_back(browser, "s-1")
    assert [browser.get(back).status_code for _ in range(2)] == [303, 403]


def test_an_answer_with_another_state_is_refused(known: Service) -> None:
    browser = known.browser()
    back = go_and_come_back(browser, "s-1")
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert browser.get(f"/review/sign-in/openid/back?code={code}&state=other").status_code == 403


def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    review_store: Store, provider: str
) -> None:
    service = build(review_store, f"{provider}/")
    assert service.browser().get("/review/sign-in/openid").status_code == 503


def test_a_provider_that_is_away_is_told_and_tried_again(review_store: Store) -> None:
    service = build(review_store, "http://127.0.0.1:9")
    answers = [service.browser().get("/review/sign-in/openid") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "did not work" in answers[0].text


def test_who_comes_in_and_who_does_not_is_written_down(known: Service) -> None:
    sign_in(known.browser(), "s-1")
    sign_in(known.browser(), "s-2")
    (kept,) = known.people.desk.accounts.everyone()
    assert known.audited() == [
        (None, "add_account", "done"),
        (kept.id, "sign_in", "done"),
        (None, "sign_in", "refused"),
    ]


def test_there_is_no_password_for_who_signs_in_this_way(known: Service) -> None:
    browser = known.browser()
    sign_in(browser, "s-1")
    assert "There is no password to change here" in browser.get("/review/password").text
    new = "an orange boat at noon"
    assert browser.post("/review/password", {"new": new, "again": new}).status_code == 403


def test_the_sign_in_page_offers_it_only_where_it_is_agreed(
    known: Service, service: Service
) -> None:
    assert "with your organisation" in known.browser().get("/review/sign-in").text
    assert "with your organisation" not in service.browser().get("/review/sign-in").text
