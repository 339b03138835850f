"""Does every review page refuse what nobody allowed, and every form that is not ours?"""

import pytest
from gunicorn.http.errors import InvalidChunkSize, NoMoreData  # type: ignore[import-untyped]

from cds.app import create_app
from cds.http_body import FORM_TYPE
from cds.review.roles import Role
from cds.settings import Settings
from cds.store.database import Store
from rules.knowledge import Knowledge
from tests.cds.review.people_app import Service, build_service


def test_a_new_page_without_a_permission_is_for_nobody(review_store: Store) -> None:
    service = build_service(review_store)
    routes = service.app.blueprints["review"]
    service.app.add_url_rule("/review/new", "review.new", lambda: "something new")
    assert routes.name == "review"
    browser = service.signed_in("anna", Role.LEAD)
    assert browser.get("/review/new").status_code == 403


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(service: Service) -> None:
    answer = service.browser().get("/review/accounts")
    assert (answer.status_code, answer.location) == (303, "/review/sign-in")


def test_what_somebody_sends_who_is_not_signed_in_changes_nothing(service: Service) -> None:
    service.add("anna")
    answer = service.browser().post("/review/accounts/id-of-anna/disable")
    assert answer.status_code == 401
    kept = service.people.desk.accounts.by_name("anna")
    assert kept is not None
    assert kept.disabled_at is None


def test_another_role_is_told_that_it_may_not(service: Service) -> None:
    answer = service.signed_in("anna", Role.LEAD).get("/review/audit")
    assert answer.status_code == 403
    assert "Your role does not allow this." in answer.text
    assert service.audited()[-1] == ("id-of-anna", "open_page", "refused")


# Forms


def test_a_form_without_its_token_is_refused(service: Service) -> None:
    browser = service.signed_in("anna", Role.ADMIN)
    answer = browser.web.post("/review/accounts", data={"name": "bert", "role": "admin"})
    assert answer.status_code == 400
    assert "Load the page again" in answer.text
    assert "Sign out" in answer.text
    assert service.people.desk.accounts.by_name("bert") is None


def test_the_token_of_another_browser_is_refused(service: Service) -> None:
    browser = service.signed_in("anna", Role.ADMIN)
    other = service.browser().token()
    fields = {"csrf_token": other, "name": "bert", "role": "admin"}
    assert browser.web.post("/review/accounts", data=fields).status_code == 400


def test_a_token_from_before_the_sign_in_is_refused(service: Service) -> None:
    service.add("anna", Role.ADMIN)
    browser = service.browser()
    before = browser.token()
    browser.sign_in("anna")
    fields = {"csrf_token": before, "name": "bert", "role": "admin"}
    assert browser.web.post("/review/accounts", data=fields).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_a_form_sent_from_elsewhere_is_refused(
    service: Service, headers: dict[str, str], status: int
) -> None:
    browser = service.signed_in("anna", Role.ADMIN)
    fields = {"name": "bert", "role": "reviewer"}
    answer = browser.post("/review/accounts", fields, headers=headers)
    assert answer.status_code == status


class BrokenOff:
    """A form that stops before its end."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def read(self, _size: int = -1) -> bytes:
        raise self.fault


@pytest.mark.parametrize("fault", [NoMoreData(), InvalidChunkSize(b"zz"), ConnectionResetError()])
def test_a_form_that_does_not_arrive_as_a_whole_is_no_fault_of_ours(
    service: Service, fault: Exception
) -> None:
    browser = service.signed_in("anna", Role.ADMIN)
    answer = browser.web.post(
        "/review/accounts",
        headers={"Content-Type": FORM_TYPE, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": BrokenOff(fault), "wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "did not arrive as a whole" in answer.text


def test_what_client_systems_call_needs_no_token_and_sets_no_cookie(knowledge: Knowledge) -> None:
    web = create_app(Settings(), knowledge=knowledge).test_client()
    answer = web.post("/evaluate", json={"resourceType": "Bundle", "type": "collection"})
    assert "csrf" not in answer.text.lower()
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/review/nothing", "/review/decisions/a/b", "/review/sign-out"])
def test_an_address_that_leads_nowhere_is_told_on_a_page(service: Service, path: str) -> None:
    for browser in (service.browser(), service.signed_in(f"anna{len(path)}")):
        answer = browser.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "There is nothing at this address." in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


# Headers


@pytest.mark.parametrize("path", ["/review/sign-in", "/review/accounts", "/review/audit"])
def test_no_page_is_kept_framed_or_told_of(service: Service, path: str) -> None:
    headers = service.signed_in("anna", Role.ADMIN).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
