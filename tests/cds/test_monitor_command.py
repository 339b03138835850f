"""Does `trd-cds monitor` tell the figures, the alarms, and no more than that?"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cds import clock
from cds.decision import CardRecord, Decision
from cds.monitor_command import monitor_command
from cds.store.database import Store, open_store
from cds.store.migration import migrate
from tests.cds.monitoring.traffic import CLIENT, SERVICE, write
from tests.cds.store.records import NOW, decision

PATIENTS = 60
DAYS = 30


def run(*arguments: str) -> Result:
    return CliRunner().invoke(monitor_command, arguments, catch_exceptions=False)


def days_of_traffic(fired_today: int) -> Iterator[Decision]:
    """A month with a card due for six of sixty patients each day, and today for so many."""
    for ago in range(DAYS):
        fired = 6 if ago else fired_today
        for number in range(PATIENTS):
            kinds = ("evidence",) if number < fired else ()
            yield decision(
                id=f"{ago}-{number}",
                decided_at=NOW - timedelta(days=ago),
                client=CLIENT,
                service=SERVICE,
                pseudonym=f"hidden-{number}",
                cards=tuple(CardRecord(uuid=f"{ago}-{number}", kind=kind) for kind in kinds),
                unknown_codes={} if number else {"marker_unit": 2},
            )


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    address = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    monkeypatch.setenv("TRD_CDS_STORE_URL", address)
    monkeypatch.setattr(clock, "today", NOW.date)
    migrate(address)
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def usual(store: Store) -> None:
    write(store, days_of_traffic(fired_today=6))


@pytest.fixture
def broken(store: Store) -> None:
    write(store, days_of_traffic(fired_today=30))


def test_it_explains_itself() -> None:
    assert "Say whether the service still does what it did." in run("--help").output


@pytest.mark.usefixtures("usual")
def test_a_table_tells_each_version_with_n_and_interval() -> None:
    output = run("--days", "2").output
    assert f"{CLIENT}, {SERVICE}, " in output
    assert "12 of 120 (10 %, 95 % interval 6 to 17 %)" in output
    assert "patients with a marker in an unknown unit: 2 of 120" in output
    assert "no alarm\n" in output


@pytest.mark.usefixtures("usual")
def test_it_says_what_the_figures_do_not_say() -> None:
    assert "They say nothing of how well it does for patients." in run().output


@pytest.mark.usefixtures("broken")
def test_an_alarm_is_told_in_plain_words() -> None:
    (line,) = [each for each in run().output.splitlines() if each.startswith("alarm:")]
    assert "more patients with a card due than usual: 30 of 60" in line


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("arguments", "status"), [((), 0), (("--fail-on-alarm",), 1)])
def test_an_alarm_fails_only_where_that_is_asked_for(
    arguments: tuple[str, ...], status: int
) -> None:
    assert run(*arguments).exit_code == status


@pytest.mark.usefixtures("usual")
def test_without_an_alarm_nothing_fails() -> None:
    assert run("--fail-on-alarm").exit_code == 0


@pytest.mark.usefixtures("broken")
def test_json_tells_the_same() -> None:
    told = json.loads(run("--json", "--days", "1").output)
    (service,), (alarm,) = told["services"], told["alarms"]
    assert (service["client"], service["knowledge"]) == (CLIENT, "b" * 12)
    assert service["fired"]["count"] == 30
    assert service["unknownCodes"][0]["entries"] == 2
    assert (alarm["sign"], alarm["measure"]) == ("rose", "fired")
    assert told["notJudged"] == []


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("option", [("--client", "south"), ("--service", "order")])
def test_another_client_or_service_has_no_part_in_it(option: tuple[str, str]) -> None:
    result = run(*option, "--fail-on-alarm")
    assert result.exit_code == 0
    assert result.output.startswith("no decisions from ")


def test_a_client_without_a_baseline_is_named(store: Store) -> None:
    write(store, (each for each in days_of_traffic(6) if each.id.startswith("0-")))
    output = run().output
    assert f"not judged: {CLIENT}, {SERVICE}: too few days before to compare with" in output


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_no_pseudonym_and_no_decision_is_told(arguments: tuple[str, ...]) -> None:
    output = run(*arguments).output
    assert "hidden" not in output
    assert "instance-1" not in output


def test_a_store_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_CDS_STORE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    result = run()
    assert result.exit_code == 2
    assert result.stderr.startswith("trd-cds: ")
