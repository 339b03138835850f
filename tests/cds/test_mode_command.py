"""Can an operator switch modes, and read what is in force, from the command line?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cds.cli import main
from cds.modes import SERVICES

SAID = ("--by", "anna", "--because", "a test")
REGISTRY = """
[client.north]
issuer = "https://north.example"
jwks_file = "keys.json"
mode = "live"

[client.south]
issuer = "https://south.example"
jwks_file = "keys.json"
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("mode", *arguments), catch_exceptions=False)


def switch(*arguments: str) -> Result:
    return run("set", *arguments, *SAID)


def in_force() -> dict[str, set[str]]:
    """Give the modes in force of each client, over all its services."""
    modes: dict[str, set[str]] = {}
    for each in json.loads(run("show", "--json").output)["modes"]:
        modes.setdefault(each["client"], set()).add(each["mode"])
    return modes


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a deployment with two clients, whose store was made."""
    (tmp_path / "keys.json").write_text("{}")
    registry = tmp_path / "clients.toml"
    registry.write_text(REGISTRY)
    monkeypatch.setenv("TRD_CDS_TRUSTED_CLIENTS", str(registry))
    monkeypatch.setenv("TRD_CDS_STORE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    return registry


@pytest.mark.parametrize("arguments", [(), ("show",), ("set",), ("history",)])
def test_every_command_explains_itself(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.requirement("B6")
def test_a_new_client_is_silent_until_it_is_switched() -> None:
    assert in_force() == {"north": {"live"}, "south": {"silent"}}
    assert switch("live", "--client", "south").exit_code == 0
    assert in_force() == {"north": {"live"}, "south": {"live"}}


@pytest.mark.requirement("B7")
def test_the_kill_switch_stops_every_client_until_it_is_lifted() -> None:
    assert switch("off", "--all").exit_code == 0
    assert in_force() == {"north": {"off"}, "south": {"off"}}
    assert switch("live", "--all").exit_code == 0
    assert in_force() == {"north": {"live"}, "south": {"silent"}}


@pytest.mark.requirement("B7")
def test_the_kill_switch_works_while_the_registry_cannot_be_read(registry: Path) -> None:
    whole = registry.read_text()
    registry.write_text(whole + "[client.half")
    result = switch("off", "--all")
    registry.write_text(whole)
    assert (result.exit_code, in_force()) == (0, {"north": {"off"}, "south": {"off"}})


@pytest.mark.requirement("B7")
def test_one_service_of_one_client_is_switched_alone() -> None:
    switch("off", "--client", "north", "--service", SERVICES[0])
    assert in_force() == {"north": {"off", "live"}, "south": {"silent"}}


@pytest.mark.requirement("B7")
def test_a_service_is_switched_for_all_clients() -> None:
    for service in SERVICES:
        switch("off", "--service", service)
    assert in_force() == {"north": {"off"}, "south": {"off"}}


@pytest.mark.requirement("B7")
def test_who_when_and_why_are_told() -> None:
    switched = json.loads(switch("off", "--all", "--json").output)["switched"]
    (kept,) = json.loads(run("history", "--json").output)["switches"]
    assert kept == switched
    assert (kept["mode"], kept["client"], kept["switchedBy"], kept["because"]) == (
        "off",
        None,
        "anna",
        "a test",
    )
    assert kept["switchedAt"].endswith("Z")


def test_the_history_in_words_has_a_line_for_each_switch_the_newest_first() -> None:
    switch("off", "--all")
    switch("live", "--client", "south", "--service", "evaluate")
    first, second = run("history").output.splitlines()
    assert first.startswith("live: south, evaluate, by anna at 20")
    assert second.startswith("off: all clients, all services, by anna at 20")
    assert second.endswith("Z, because: a test")


def test_the_table_in_words_names_what_holds_a_mode() -> None:
    switch("silent", "--client", "north")
    header, *rows = run("show").output.splitlines()
    assert header.split() == ["client", "service", "mode", "registry", "held", "by"]
    assert len(rows) == 2 * len(SERVICES)
    assert rows[0].split()[:4] == ["north", SERVICES[0], "silent", "live"]
    assert "silent: north, all services, by anna at" in rows[0]
    assert rows[-1].endswith("the registry")


def test_a_switch_that_something_else_holds_lower_says_so() -> None:
    switch("off", "--all")
    result = switch("live", "--client", "north")
    assert result.output.splitlines()[0].endswith("; in force within 5 seconds")
    assert f"but {SERVICES[0]} of north stays off: off: all clients" in result.output
    assert "south" not in result.output


def test_a_switch_that_something_else_holds_lower_says_so_in_json() -> None:
    switch("off", "--all")
    told = json.loads(switch("live", "--client", "north", "--json").output)
    assert [each["service"] for each in told["heldLower"]] == [*SERVICES]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("off", "--client", "nroth"),
            "--client: this client is not known; known are north, south",
        ),
        (
            ("off", "--service", "x"),
            f"--service: this service is not known; known are {', '.join(SERVICES)}",
        ),
        (("off",), "say --all, or --client, or --service, or these two together"),
        (("off", "--all", "--client", "north"), "say --all, or --client, or --service"),
        (("off", "--client", ""), "say --all, or --client, or --service"),
        (("paused", "--all"), "'paused' is not one of 'off', 'silent', 'live'"),
    ],
)
def test_what_cannot_be_switched_is_one_line_and_status_2(
    arguments: tuple[str, ...], told: str
) -> None:
    result = switch(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert told in result.stderr
    assert json.loads(run("history", "--json").output)["switches"] == []


@pytest.mark.requirement("B7")
@pytest.mark.parametrize(
    "said", [("--by", "anna"), ("--because", "why"), ("--by", " ", "--because", "why")]
)
def test_nothing_is_switched_without_who_and_why(said: tuple[str, ...]) -> None:
    result = run("set", "off", "--all", *said)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("arguments", [("show",), ("history",), ("set", "off", "--all", *SAID)])
def test_a_store_that_is_not_there_is_told_in_one_line(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "store.sqlite3").unlink()
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (
        2,
        "trd-cds: The store is not available (SQLITE_CANTOPEN).\n",
    )


def test_a_registry_that_cannot_be_read_is_told_in_one_line(registry: Path) -> None:
    registry.write_text("[client.half")
    result = switch("off", "--client", "north")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert str(registry) in result.stderr


def test_without_a_registry_the_demo_client_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRD_CDS_TRUSTED_CLIENTS")
    assert in_force() == {"demo": {"live"}}
