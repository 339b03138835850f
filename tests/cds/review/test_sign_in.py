"""Can somebody sign in with the right password, and nobody with another one?"""

import json
import logging

import pytest
from argon2 import PasswordHasher

from cds.review.passwords import Passwords
from cds.review.roles import Role
from cds.store.database import Store
from tests.cds.review.people_app import PASSWORD, QUICK, Service, build_service

COOKIE = "trd-cds-review"


def test_the_right_password_leads_to_the_first_page(service: Service) -> None:
    service.add("anna", Role.ADMIN)
    answer = service.browser().sign_in("anna")
    assert (answer.status_code, answer.location) == (303, "/review/accounts")


def test_one_lands_where_one_wanted_to_go(service: Service) -> None:
    service.add("anna", Role.AUDITOR)
    browser = service.browser()
    away = browser.get("/review/audit?action=sign_in")
    assert (away.status_code, away.location) == (303, "/review/sign-in")
    assert browser.sign_in("anna").location == "/review/audit?action=sign_in"


def test_an_address_too_long_to_be_remembered_leads_to_the_first_page(service: Service) -> None:
    service.add("anna", Role.AUDITOR)
    browser = service.browser()
    browser.get(f"/review/audit?decision={'x' * 5000}")
    assert browser.sign_in("anna").location == "/review/audit"


def test_a_name_is_known_however_it_is_typed(service: Service) -> None:
    service.add("anna")
    assert service.browser().sign_in("  Anna ").status_code == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "wrong"), ("nobody", PASSWORD), ("", ""), ("anna", ""), ("a\0nna", "\ud800")],
)
def test_what_does_not_go_together_is_refused(service: Service, name: str, password: str) -> None:
    service.add("anna")
    browser = service.browser()
    assert browser.sign_in(name, password.encode("utf-8", "surrogatepass")).status_code == 403
    assert COOKIE not in browser.cookies()


def test_the_answer_is_the_same_for_a_name_that_nobody_has(service: Service) -> None:
    service.add("anna")
    known = service.browser().sign_in("anna", "wrong").text
    unknown = service.browser().sign_in("nobody", "wrong").text
    assert _without_tokens(known) == _without_tokens(unknown)


def test_a_name_that_nobody_has_costs_a_hash_as_well() -> None:
    class Counting(PasswordHasher):
        compared = 0

        def verify(self, *given: object) -> bool:
            self.compared += 1
            return super().verify(*given)  # type: ignore[arg-type]

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    assert not Passwords(hasher).is_right("a password", None)
    assert hasher.compared == 1


def test_a_password_is_kept_as_argon2id_with_the_parameters_of_the_library() -> None:
    kept = Passwords().hash(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert not PasswordHasher().check_needs_rehash(kept)


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(service: Service) -> None:
    account = service.add("anna")
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    service.people.desk.accounts.set_password(account.id, old)
    service.browser().sign_in("anna")
    kept = service.people.desk.accounts.by_id(account.id)
    assert kept is not None
    assert not QUICK.is_old(kept.password_hash or "")


def test_a_disabled_account_cannot_sign_in(service: Service) -> None:
    account = service.add("anna")
    service.people.desk.accounts.disable(account.id, service.clock())
    assert service.browser().sign_in("anna").status_code == 403


def test_who_signs_in_and_who_fails_is_written_down(service: Service) -> None:
    service.add("anna")
    browser = service.browser()
    browser.sign_in("anna", "wrong")
    browser.sign_in("nobody", "wrong")
    browser.sign_in("anna")
    browser.post("/review/sign-out")
    assert service.audited() == [
        ("id-of-anna", "sign_in", "refused"),
        (None, "sign_in", "refused"),
        ("id-of-anna", "sign_in", "done"),
        ("id-of-anna", "sign_out", "done"),
    ]


def test_neither_name_nor_password_nor_token_stands_in_the_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        browser = service.signed_in("anna")
        browser.sign_in("nobody", "a wrong password")
    token = browser.cookies()[COOKIE]
    told = " ".join(record.getMessage() for record in caplog.records)
    lines = [json.loads(each.message) for each in caplog.records if each.name == "cds.requests"]
    assert {line["route"] for line in lines} == {"/review/sign-in"}
    assert not [word for word in ("anna", "nobody", PASSWORD, "wrong", token) if word in told]


# Tries


def test_after_some_wrong_passwords_one_has_to_wait(service: Service) -> None:
    service.add("anna")
    browser = service.browser()
    answers = [browser.sign_in("anna", "wrong").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_even_the_right_password_has_to_wait_then(service: Service) -> None:
    service.add("anna")
    browser = service.browser()
    for _ in range(5):
        browser.sign_in("anna", "wrong")
    answer = browser.sign_in("anna")
    assert answer.status_code == 429
    service.clock.pass_by(seconds=int(answer.headers["Retry-After"]))
    assert browser.sign_in("anna").status_code == 303


def test_a_name_that_nobody_has_makes_wait_as_well(service: Service) -> None:
    browser = service.browser()
    answers = [browser.sign_in("nobody", "wrong").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_many_names_from_one_address_make_it_wait(service: Service) -> None:
    browser = service.browser()
    answers = [browser.sign_in(f"name-{n}", "wrong").status_code for n in range(51)]
    assert answers == [403] * 50 + [429]


def test_tries_from_elsewhere_count_for_the_same_name(service: Service) -> None:
    service.add("anna")
    for n in range(5):
        service.browser().sign_in("anna", "wrong", environ_base={"REMOTE_ADDR": f"10.0.0.{n}"})
    answer = service.browser().sign_in("anna", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.status_code == 429


def test_the_right_password_takes_the_wrong_ones_back(service: Service) -> None:
    service.add("anna")
    browser = service.browser()
    for _ in range(3):
        for _ in range(4):
            browser.sign_in("anna", "wrong")
        assert browser.sign_in("anna").status_code == 303


# Staying signed in


def test_each_sign_in_has_another_token(service: Service) -> None:
    browser = service.signed_in("anna", Role.AUDITOR)
    first = browser.cookies()[COOKIE]
    browser.sign_in("anna")
    assert browser.cookies()[COOKIE] != first
    browser.web.set_cookie(COOKIE, first)
    assert browser.get("/review/audit").status_code == 303


def test_a_token_that_was_planted_is_not_taken_over(service: Service) -> None:
    service.add("anna")
    browser = service.browser()
    browser.web.set_cookie(COOKIE, "planted")
    browser.sign_in("anna")
    assert browser.cookies()[COOKIE] != "planted"


def test_signing_out_ends_it_in_the_store_too(service: Service) -> None:
    browser = service.signed_in("anna", Role.AUDITOR)
    token = browser.cookies()[COOKIE]
    assert browser.post("/review/sign-out").location == "/review/sign-in"
    assert COOKIE not in browser.cookies()
    browser.web.set_cookie(COOKIE, token)
    assert browser.get("/review/audit").status_code == 303


def test_a_browser_that_was_left_is_signed_out(service: Service) -> None:
    browser = service.signed_in("anna", Role.AUDITOR)
    service.clock.pass_by(minutes=59)
    assert browser.get("/review/audit").status_code == 200
    service.clock.pass_by(minutes=61)
    assert browser.get("/review/audit").status_code == 303


def test_nobody_stays_signed_in_for_longer_than_half_a_day(service: Service) -> None:
    browser = service.signed_in("anna", Role.AUDITOR)
    statuses = []
    for _ in range(24):
        service.clock.pass_by(minutes=30)
        statuses.append(browser.get("/review/audit").status_code)
    assert statuses == [200] * 23 + [303]


@pytest.mark.parametrize(
    "change",
    [
        lambda desk, account: desk.disable(account),
        lambda desk, account: desk.change_role(account, Role.REVIEWER),
        lambda desk, account: desk.set_password(account, "another long walk home"),
    ],
    ids=["disabled", "role changed", "password set"],
)
def test_what_is_taken_from_an_account_ends_its_sign_ins_at_once(
    service: Service, change: object
) -> None:
    browser = service.signed_in("anna", Role.AUDITOR)
    account = service.people.desk.accounts.by_name("anna")
    assert account is not None
    assert callable(change)
    change(service.people.desk, account.account)
    assert browser.get("/review/audit").status_code == 303


def test_the_store_holds_no_token(service: Service, review_store: Store) -> None:
    browser = service.signed_in("anna")
    with review_store.reading() as connection:
        kept = connection.exec_driver_sql("select * from sign_ins").all()
    assert len(kept) == 1
    assert browser.cookies()[COOKIE] not in repr(kept)


def test_the_cookie_is_for_http_and_this_site_alone(service: Service) -> None:
    service.add("anna")
    cookies = service.browser().sign_in("anna").headers.getlist("Set-Cookie")
    (cookie,) = [each for each in cookies if each.startswith(f"{COOKIE}=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_on_https_every_cookie_belongs_to_the_host_alone(review_store: Store) -> None:
    service = build_service(review_store, public_url="https://localhost")
    service.add("anna")
    web = service.app.test_client()
    page = web.get("/review/sign-in", base_url="https://localhost")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = web.post(
        "/review/sign-in",
        data={"csrf_token": token, "name": "anna", "password": PASSWORD},
        base_url="https://localhost",
    )
    assert answer.status_code == 303
    cookies = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert {each.split("=")[0] for each in cookies} == {
        "__Host-trd-cds-review",
        "__Host-trd-cds-forms",
    }
    for cookie in cookies:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def _without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrf_token" not in line)
