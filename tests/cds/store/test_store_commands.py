"""Can an operator look after the store from the command line, and without a patient's id in it?"""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cds import clock
from cds.store.database import open_store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.pseudonym import Pseudonyms
from cds.store_commands import STORE_COMMANDS
from tests.cds.store.records import CLIENT, SERVICE, Entry, card, decision

KEY = "k" * 32
COMMANDS = click.Group(commands=STORE_COMMANDS)


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(COMMANDS, arguments, input=stdin, catch_exceptions=False)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The settings of a deployment whose store was not made yet."""
    address = f"sqlite:///{tmp_path / 'var' / 'store.sqlite3'}"
    monkeypatch.setenv("TRD_CDS_STORE_URL", address)
    monkeypatch.setenv("TRD_CDS_PSEUDONYM_KEY", KEY)
    return address


@pytest.fixture
def kept(address: str) -> str:
    """A store with one decision of today on the patient "anna", and feedback on its card."""
    run("migrate")
    store = open_store(address)
    pseudonym = Pseudonyms(KEY.encode()).of(CLIENT, "anna")
    recorded = decision(decided_at=clock.now(), pseudonym=pseudonym, cards=(card("a"),))
    DecisionLog(store).record(recorded)
    FeedbackLog(store).add(CLIENT, SERVICE, [Entry(card="a")], clock.now())
    store.close()
    return recorded.id


@pytest.mark.parametrize("command", [each.name for each in STORE_COMMANDS])
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_migrating_makes_a_store_that_is_ready(address: str) -> None:
    assert run("migrate").output == "the store is up to date\n"
    assert open_store(address).is_ready()


def test_migrating_twice_is_no_error(address: str) -> None:
    assert [run("migrate").exit_code, run("migrate").exit_code] == [0, 0]
    assert open_store(address).is_ready()


@pytest.mark.requirement("D30")
def test_a_purge_keeps_what_is_young(kept: str) -> None:  # noqa: ARG001
    assert run("purge").output == (
        "removed: 0 decisions, 0 cards, 0 cases, 0 feedback, 0 assignments, 0 judgements, "
        "0 used tokens\n"
    )


@pytest.mark.requirement("D30")
def test_a_purge_removes_what_is_older_than_the_days_given(kept: str) -> None:  # noqa: ARG001
    removed = json.loads(run("purge", "--days", "0", "--json").output)["removed"]
    assert {kind: number for kind, number in removed.items() if number} == {
        "decisions": 1, "cards": 1, "feedback": 1
    }  # fmt: skip


@pytest.mark.requirement("D30")
def test_a_purge_can_spare_a_kind_of_record(kept: str) -> None:  # noqa: ARG001
    removed = json.loads(run("purge", "--feedback-days", "0", "--json").output)["removed"]
    assert (removed["decisions"], removed["feedback"]) == (0, 1)


@pytest.mark.requirement("D30")
@pytest.mark.parametrize("stdin", ["anna", "anna\n", "  Patient/anna \n"])
def test_a_patient_is_forgotten_by_the_id_on_standard_input(kept: str, stdin: str) -> None:  # noqa: ARG001
    result = run("forget", "--client", CLIENT, stdin=stdin)
    assert result.output == (
        "removed: 1 decisions, 1 cards, 0 cases, 1 feedback, 0 assignments, 0 judgements\n"
    )


def test_another_patient_is_not_forgotten(kept: str) -> None:  # noqa: ARG001
    told = json.loads(run("forget", "--client", CLIENT, "--json", stdin="ben").output)
    assert set(told["removed"].values()) == {0}


@pytest.mark.requirement("D30")
def test_a_patient_is_exported_as_json(kept: str) -> None:
    told = json.loads(run("export", "--client", CLIENT, stdin="anna").output)
    assert [each["id"] for each in told["decisions"]] == [kept]
    assert [each["card"] for each in told["feedback"]] == ["a"]
    assert told["judgements"] == []
    assert "anna" not in json.dumps(told)


@pytest.mark.parametrize("stdin", ["", "\n", "anna ben"])
def test_not_exactly_one_patient_is_bad_usage(kept: str, stdin: str) -> None:  # noqa: ARG001
    result = run("forget", "--client", CLIENT, stdin=stdin)
    assert (result.exit_code, result.output) == (
        2,
        "trd-cds: standard input must hold the id of one patient\n",
    )


def test_nobody_is_looked_for_without_the_key(
    kept: str,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TRD_CDS_PSEUDONYM_KEY")
    result = run("forget", "--client", CLIENT, stdin="anna")
    assert result.exit_code == 2
    assert "no pseudonym key" in result.output


@pytest.mark.parametrize(
    "command", [("purge",), ("forget", "--client", "c"), ("export", "--client", "c")]
)
def test_a_store_that_is_not_there_is_told_in_one_line(
    address: str,  # noqa: ARG001
    command: tuple[str, ...],
) -> None:
    result = run(*command, stdin="anna")
    assert (result.exit_code, result.output) == (
        2,
        "trd-cds: The store is not available (SQLITE_CANTOPEN).\n",
    )


def test_a_bad_address_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_CDS_STORE_URL", "mysql://host/database")
    assert run("migrate").output == (
        "trd-cds: the store must be sqlite:///PATH or postgresql://…\n"
    )
