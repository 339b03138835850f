"""Can somebody change their own password, and nobody else's?"""

import pytest

from cds.review.roles import Role
from tests.cds.review.people_app import PASSWORD, Browser, Service

NEW = "an orange boat at noon"


def change(browser: Browser, **fields: str) -> int:
    typed = {"old": PASSWORD, "new": NEW, "again": NEW} | fields
    return browser.post("/review/password", typed).status_code


def test_the_new_password_holds_and_the_old_does_not(service: Service) -> None:
    assert change(service.signed_in("anna")) == 303
    assert service.browser().sign_in("anna", NEW).status_code == 303
    assert service.browser().sign_in("anna", PASSWORD).status_code == 403


def test_one_stays_signed_in_oneself_and_no_other_browser_does(service: Service) -> None:
    browser = service.signed_in("anna", Role.AUDITOR)
    other = service.browser()
    other.sign_in("anna")
    change(browser)
    assert browser.get("/review/audit").status_code == 200
    assert other.get("/review/audit").status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"old": "wrong"},
        {"new": "short", "again": "short"},
        {"new": "aaaaaaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaaaaaa"},
        {"new": "my name is anna, hello", "again": "my name is anna, hello"},
        {"new": "x y z " * 60, "again": "x y z " * 60},
        {"again": "something else entirely"},
    ],
    ids=["old", "short", "one letter", "name", "long", "not twice the same"],
)
def test_what_is_wrong_changes_nothing_and_is_written_down(
    service: Service, fields: dict[str, str]
) -> None:
    assert change(service.signed_in("anna"), **fields) == 400
    assert service.browser().sign_in("anna").status_code == 303
    assert service.audited(action="change_password") == [
        ("id-of-anna", "change_password", "refused")
    ]


def test_the_old_password_cannot_be_guessed_here_for_long(service: Service) -> None:
    browser = service.signed_in("anna")
    for _ in range(5):
        change(browser, old="wrong")
    assert change(browser) == 400


def test_no_typed_password_is_sent_back(service: Service) -> None:
    browser = service.signed_in("anna")
    answer = browser.post("/review/password", {"old": "wrong one", "new": NEW, "again": NEW})
    assert NEW not in answer.text
    assert "wrong one" not in answer.text
