"""Can an administrator keep the accounts, with every change written down?"""

import re

import pytest

from cds.review.roles import Role
from cds.store.accounts import KeptAccount
from cds.store.audit import AuditLog
from cds.store.errors import StoreUnavailable
from tests.cds.pages import Page
from tests.cds.review.people_app import Browser, Service


@pytest.fixture
def admin(service: Service) -> Browser:
    return service.signed_in("root", Role.ADMIN)


def kept(service: Service, name: str) -> KeptAccount:
    found = service.people.desk.accounts.by_name(name)
    assert found is not None
    return found


def test_a_new_account_comes_with_a_link_that_signs_in(service: Service, admin: Browser) -> None:
    answer = admin.post("/review/accounts", {"name": "Bert", "role": "lead"})
    found = re.search(r"http://localhost(/review/sign-in/link/[\w-]+)", answer.text)
    assert found is not None
    token = found[1].rpartition("/")[2]
    assert service.browser().post("/review/sign-in/link", {"token": token}).status_code == 303
    assert kept(service, "bert").role is Role.LEAD


@pytest.mark.parametrize("name", ["", "a b", "<b>", "x" * 81, "-x", "root", "ROOT"])
def test_a_name_that_cannot_be_is_refused(service: Service, admin: Browser, name: str) -> None:
    answer = admin.post("/review/accounts", {"name": name, "role": "lead"})
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert [each.name for each in service.people.desk.accounts.everyone()] == ["root"]


def test_a_role_that_is_none_is_refused(service: Service, admin: Browser) -> None:
    answer = admin.post("/review/accounts", {"name": "bert", "role": "chief"})
    assert answer.status_code == 400
    assert service.people.desk.accounts.by_name("bert") is None


def test_a_role_can_be_changed(service: Service, admin: Browser) -> None:
    service.add("bert")
    admin.post("/review/accounts/id-of-bert/role", {"role": "auditor"})
    assert kept(service, "bert").role is Role.AUDITOR


def test_an_account_can_be_disabled_and_enabled(service: Service, admin: Browser) -> None:
    service.add("bert")
    admin.post("/review/accounts/id-of-bert/disable")
    assert service.browser().sign_in("bert").status_code == 403
    admin.post("/review/accounts/id-of-bert/enable")
    assert service.browser().sign_in("bert").status_code == 303


@pytest.mark.parametrize("what", ["role", "disable"])
def test_nobody_changes_their_own_account(service: Service, admin: Browser, what: str) -> None:
    answer = admin.post(f"/review/accounts/id-of-root/{what}", {"role": "lead"})
    assert answer.status_code == 400
    assert (kept(service, "root").role, kept(service, "root").disabled_at) == (Role.ADMIN, None)


@pytest.mark.parametrize("what", ["role", "disable", "enable", "link"])
def test_an_account_that_is_not_there_is_not_found(admin: Browser, what: str) -> None:
    assert admin.post(f"/review/accounts/nobody/{what}", {"role": "lead"}).status_code in {400, 404}


def test_every_change_is_written_down(service: Service, admin: Browser) -> None:
    service.add("bert")
    admin.post("/review/accounts", {"name": "carl", "role": "lead"})
    admin.post("/review/accounts/id-of-bert/role", {"role": "auditor"})
    admin.post("/review/accounts/id-of-bert/link")
    admin.post("/review/accounts/id-of-bert/disable")
    admin.post("/review/accounts/id-of-bert/enable")
    actions = [action for _, action, _ in service.audited(account="id-of-root")]
    assert actions == [
        "sign_in",
        "add_account",
        "make_link",
        "change_role",
        "make_link",
        "disable_account",
        "enable_account",
    ]


def test_a_change_that_cannot_be_written_down_is_not_made(
    service: Service, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("SQLITE_FULL")

    service.add("bert")
    monkeypatch.setattr(AuditLog, "add", fail)
    answer = admin.post("/review/accounts/id-of-bert/disable")
    assert answer.status_code == 503
    assert "it is not certain that what you sent was saved" in answer.text
    assert kept(service, "bert").disabled_at is None


def test_the_page_is_well_formed_in_every_state(service: Service, admin: Browser) -> None:
    service.add("bert")
    service.add("carl")
    service.people.desk.accounts.disable("id-of-carl", service.clock())
    pages = (
        admin.get("/review/accounts"),
        admin.get("/review/accounts?changed=id-of-bert"),
        admin.post("/review/accounts/id-of-bert/link"),
        admin.post("/review/accounts/id-of-carl/link"),
        admin.post("/review/accounts", {"name": "a b", "role": "lead"}),
        admin.get("/review/password"),
        admin.get("/review/sign-in"),
        service.browser().sign_in("bert", "wrong"),
        service.browser().get("/review/sign-in/link/x"),
        service.browser().post("/review/sign-in/link"),
    )
    for answer in pages:
        page = Page(answer.text)
        assert page.faults == []
        assert page.headings.count("h1") == 1
        assert len(page.ids) == len(set(page.ids))
