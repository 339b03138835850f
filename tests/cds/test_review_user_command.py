"""Can an operator keep the accounts of reviewers from a shell?"""

import json
import re
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cds.review.passwords import Passwords
from cds.review_user_command import review_user_command
from cds.store.accounts import Accounts
from cds.store.audit import AuditLog, AuditQuestion
from cds.store.database import open_store
from cds.store.migration import migrate

PASSWORD = "a long walk by the river"  # noqa: S105 - of accounts that live for a test


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(address)
    monkeypatch.setenv("TRD_CDS_STORE_URL", address)
    return address


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(review_user_command, words, input=typed)


def rows() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("list", "--json").stdout)
    return found


def test_a_new_account_comes_with_a_link() -> None:
    answer = run("add", "Anna", "--role", "lead")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/review/sign-in/link/[\w-]{43}\n", answer.stdout)
    assert rows() == [{"name": "anna", "role": "lead", "with": "a link", "state": "in use"}]


def test_the_list_is_told_in_lines_too() -> None:
    run("add", "anna", "--role", "safety_officer")
    assert run("list").stdout == "anna: safety_officer, signs in with a link, in use\n"


def test_a_password_is_read_from_standard_input(url: str) -> None:
    run("add", "anna", "--role", "lead")
    answer = run("password", "anna", typed=f"{PASSWORD}\n")
    assert answer.exit_code == 0
    with closing(open_store(url)) as store:
        kept = Accounts(store).by_name("anna")
    assert kept is not None
    assert Passwords().is_right(PASSWORD, kept.password_hash)


def test_at_a_terminal_a_password_is_asked_for_twice_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    run("add", "anna", "--role", "lead")
    asked = []

    def prompt(text: str, **options: object) -> str:
        asked.append((text, options))
        return PASSWORD

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("cds.review_user_command.click.prompt", prompt)
    review_user_command.main(["password", "anna"], standalone_mode=False)
    assert asked == [("Password", {"hide_input": True, "confirmation_prompt": True})]


def test_no_command_takes_a_password_as_a_word() -> None:
    assert run("password", "anna", PASSWORD).exit_code == 2
    names = {each.name for each in review_user_command.commands["password"].params}
    assert names == {"name"}


def test_role_and_state_can_be_changed() -> None:
    run("add", "anna", "--role", "lead")
    run("role", "anna", "auditor")
    run("disable", "anna")
    assert rows() == [{"name": "anna", "role": "auditor", "with": "a link", "state": "disabled"}]
    run("enable", "anna")
    assert rows()[0]["state"] == "in use"


def test_a_new_link_can_be_had() -> None:
    run("add", "anna", "--role", "lead")
    first, second = run("link", "anna").stdout, run("link", "anna").stdout
    assert first != second
    assert "/review/sign-in/link/" in second


@pytest.mark.parametrize(
    "words",
    [
        ("add", "a b", "--role", "lead"),
        ("add", "anna", "--role", "lead"),
        ("role", "nobody", "lead"),
        ("disable", "nobody"),
        ("enable", "nobody"),
        ("link", "nobody"),
        ("password", "nobody"),
        ("password", "anna"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(words: tuple[str, ...]) -> None:
    run("add", "anna", "--role", "lead")
    answer = run(*words, typed="short\n")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("trd-cds: ")
    assert answer.stderr.count("\n") == 1


def test_a_store_that_was_not_migrated_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_CDS_STORE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    answer = run("list")
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)


def test_every_change_is_written_down_as_made_on_the_command_line(url: str) -> None:
    run("add", "anna", "--role", "lead")
    run("role", "anna", "auditor")
    run("password", "anna", typed=f"{PASSWORD}\n")
    run("disable", "anna")
    run("enable", "anna")
    with closing(open_store(url)) as store:
        events = AuditLog(store).find(AuditQuestion())[::-1]
    assert [each.event.action for each in events] == [
        "add_account",
        "make_link",
        "change_role",
        "set_password",
        "disable_account",
        "enable_account",
    ]
    assert {each.event.details["by"] for each in events} == {"command line"}
    assert PASSWORD not in repr(events)
