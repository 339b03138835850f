"""Does a link sign somebody in once, and only by its button?"""

import logging
import re
from pathlib import Path

import pytest

from cds.review.account_desk import AccountFaultError
from cds.review.demo_people import DEMO_ACCOUNTS, make_demo_links, tell_demo_links
from cds.review.forms import form_key
from cds.review.roles import Account, Role
from cds.settings import Settings, SettingsError
from cds.store.migration import migrate
from cds.store.pseudonym import key_file_of, open_pseudonyms
from tests.cds.review.people_app import Browser, Service
from tests.cds.store.records import NOW


def make_link(service: Service, name: str, role: Role = Role.ADMIN) -> str:
    """Give the path of a link for a new account without a password."""
    account = Account(id=f"id-of-{name}", name=name, role=role)
    service.people.desk.accounts.add(account, service.clock())
    return again(service, name)


def again(service: Service, name: str) -> str:
    kept = service.people.desk.accounts.by_name(name)
    assert kept is not None
    return service.people.desk.make_link(kept).removeprefix("http://localhost")


def press(browser: Browser, link: str) -> int:
    """Open a link and press its button."""
    assert browser.get(link).status_code == 200
    token = link.rpartition("/")[2]
    return browser.post("/review/sign-in/link", {"token": token}).status_code


def test_its_button_signs_in(service: Service) -> None:
    link = make_link(service, "anna")
    browser = service.browser()
    assert press(browser, link) == 303
    assert browser.get("/review/accounts").status_code == 200


def test_it_works_once(service: Service) -> None:
    link = make_link(service, "anna")
    assert [press(service.browser(), link) for _ in range(2)] == [303, 403]


def test_looking_at_it_does_not_use_it_up(service: Service) -> None:
    link = make_link(service, "anna")
    for _ in range(3):
        service.browser().get(link)
        service.browser().web.head(link)
    assert press(service.browser(), link) == 303


def test_its_page_does_not_tell_whose_it_is_nor_whether_it_works(service: Service) -> None:
    link = make_link(service, "anna")
    real, invented = (service.browser().get(each).text for each in (link, f"{link[:-4]}AAAA"))
    assert "anna" not in real
    assert len(real) == len(invented)


def test_it_is_too_old_after_a_day(service: Service) -> None:
    link = make_link(service, "anna")
    service.clock.pass_by(hours=24)
    assert press(service.browser(), link) == 403


def test_a_newer_one_voids_it(service: Service) -> None:
    old = make_link(service, "anna")
    again(service, "anna")
    assert press(service.browser(), old) == 403


def test_one_of_an_account_that_was_disabled_since_is_void(service: Service) -> None:
    link = make_link(service, "anna")
    service.people.desk.accounts.disable("id-of-anna", service.clock())
    assert press(service.browser(), link) == 403


def test_none_is_made_for_a_disabled_account(service: Service) -> None:
    make_link(service, "anna")
    service.people.desk.accounts.disable("id-of-anna", service.clock())
    with pytest.raises(AccountFaultError):
        again(service, "anna")


def test_neither_its_page_nor_its_use_puts_it_in_the_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    link = make_link(service, "anna")
    with caplog.at_level(logging.DEBUG):
        press(service.browser(), link)
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "/review/sign-in/link/<token>" in told
    assert link.rpartition("/")[2] not in told


def test_its_use_and_its_failure_are_written_down(service: Service) -> None:
    link = make_link(service, "anna")
    press(service.browser(), link)
    press(service.browser(), link)
    assert service.audited(action="sign_in") == [
        ("id-of-anna", "sign_in", "done"),
        (None, "sign_in", "refused"),
    ]


def test_after_it_one_chooses_a_first_password(service: Service) -> None:
    browser = service.browser()
    press(browser, make_link(service, "anna"))
    new = "an orange boat at noon"
    assert browser.post("/review/password", {"new": new, "again": new}).status_code == 303
    assert service.browser().sign_in("anna", new).status_code == 303


# Demo


def test_the_demo_has_two_who_judge_one_who_settles_and_one_who_switches(service: Service) -> None:
    links = make_demo_links(service.people)
    assert [(each.name, each.role) for each in links] == list(DEMO_ACCOUNTS)
    assert links[0].role is Role.LEAD
    assert [each.role for each in links].count(Role.REVIEWER) == 2


def test_each_demo_link_signs_in_once_within_an_hour(service: Service) -> None:
    links = [each.url.removeprefix("http://localhost") for each in make_demo_links(service.people)]
    assert [press(service.browser(), link) for link in links] == [303] * 4
    again_and_late = make_demo_links(service.people)[0].url.removeprefix("http://localhost")
    service.clock.pass_by(hours=1)
    assert press(service.browser(), again_and_late) == 403


def test_another_start_makes_no_second_demo_account(service: Service) -> None:
    make_demo_links(service.people)
    make_demo_links(service.people)
    assert len(service.people.desk.accounts.everyone()) == len(DEMO_ACCOUNTS)


def test_a_demo_account_that_was_disabled_gets_no_link(service: Service) -> None:
    make_demo_links(service.people)
    lead = service.people.desk.accounts.by_name("demo-lead")
    assert lead is not None
    service.people.desk.disable(lead.account)
    assert "demo-lead" not in [each.name for each in make_demo_links(service.people)]


def test_the_start_tells_a_link_for_each_demo_account(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(url)
    told = tell_demo_links(Settings(store_url=url), lambda: NOW)
    named = re.findall(
        r"^  ([\w-]+) +http://127\.0\.0\.1:8000/review/sign-in/link/[\w-]{43}$", told, re.M
    )
    assert named == [name for name, _ in DEMO_ACCOUNTS]


def test_the_start_goes_on_where_the_store_is_not_there_yet(tmp_path: Path) -> None:
    settings = Settings(store_url=f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert "trd-cds migrate" in tell_demo_links(settings, lambda: NOW)


@pytest.mark.parametrize("given", ["k" * 32, None])
def test_the_forms_have_one_secret_for_all_workers(tmp_path: Path, given: str | None) -> None:
    settings = Settings(store_url=f"sqlite:///{tmp_path / 'store.sqlite3'}", session_key=given)
    assert form_key(settings) == form_key(settings)
    assert len(form_key(settings)) >= 32


def test_the_secret_of_the_forms_is_not_that_of_the_pseudonyms(tmp_path: Path) -> None:
    settings = Settings(store_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")
    open_pseudonyms(None, key_file_of(settings.store_url))
    form_key(settings)
    keys = {file.read_bytes() for file in tmp_path.glob("*.key")}
    modes = {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.key")}
    assert (len(keys), modes) == (2, {0o600})


def test_a_secret_that_cannot_be_kept_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings = Settings(store_url=f"sqlite:///{tmp_path / 'file' / 'store.sqlite3'}")
    with pytest.raises(SettingsError, match="TRD_CDS_SESSION_KEY"):
        form_key(settings)
