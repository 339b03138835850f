"""Does the server start as it should, or not at all?"""

import shlex
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from cds import serve_command, server, wsgi
from cds.cli import main
from cds.date_shift import day_of_evaluation
from cds.gunicorn_worker import QuietWorker
from cds.report_text import write_start
from cds.server import GunicornServer
from tests.cds.assessments import AS_OF

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000")])
def test_it_listens_where_it_is_told_and_works_with_threads(host: str, bind: str) -> None:
    settings = GunicornServer(Flask("test"), host, 8000).cfg
    assert settings.bind == [bind]
    assert issubclass(settings.worker_class, QuietWorker)
    assert settings.accesslog is None


def test_a_bad_setting_ends_the_process_before_a_worker_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRD_CDS_PROFILE", "production")
    with pytest.raises(SystemExit) as caught:
        wsgi.build()
    assert caught.value.code == 4
    assert capsys.readouterr().err.startswith("trd-cds: TRD_CDS_PUBLIC_URL")


@pytest.mark.requirement("E16")
def test_the_knowledge_of_a_site_that_cannot_be_read_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "trd.toml").write_text("[trd.no_such_key]\nvalue = 1\n")
    monkeypatch.setenv("TRD_CDS_SITE_KNOWLEDGE", str(tmp_path))
    result = CliRunner().invoke(main, ["serve"])
    assert (result.exit_code, "trd.toml" in result.stderr) == (2, True)


@pytest.fixture
def not_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without a socket: another process of this machine may have the port."""
    monkeypatch.setattr(serve_command, "check_address", lambda _host, _port: None)
    monkeypatch.setattr(server.GunicornServer, "run", lambda _: None)


@pytest.fixture
def shown_at_start(not_listening: None) -> str:  # noqa: ARG001 - used for what it does
    return CliRunner().invoke(main, ["serve", "--port", "8123"]).stdout


@pytest.mark.usefixtures("not_listening")
@pytest.mark.parametrize(
    ("host", "base"),
    [("0.0.0.0", "http://127.0.0.1:8000"), ("::", "http://[::1]:8000")],  # noqa: S104
)
def test_a_service_on_every_address_is_shown_at_one_that_can_be_called(
    host: str, base: str
) -> None:
    shown = CliRunner().invoke(main, ["serve", "--host", host]).stdout
    assert shown.startswith(f"Listening on {base} until Ctrl-C.")


def test_an_address_that_is_taken_is_one_line_and_status_2_and_no_start_text() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--port", port])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"trd-cds: cannot listen on 127.0.0.1:{port}: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["203.0.113.1", "not..a.name"])
def test_an_address_that_is_not_of_this_machine_is_one_line_and_status_2(host: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--host", host])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"cannot listen on {host}:8000: " in result.stderr


def test_the_start_shows_commands_for_this_address(shown_at_start: str) -> None:
    assert "http://127.0.0.1:8123/evaluate" in shown_at_start
    assert "http://127.0.0.1:8123/cds-services/trd-inflammation-patient-view" in shown_at_start


def test_every_file_the_start_names_is_in_the_repository(shown_at_start: str) -> None:
    words = shlex.split(shown_at_start, comments=True)
    named = [word.lstrip("@") for word in words if word.lstrip("@").startswith("fixtures/")]
    assert len(named) == 4
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("name", ["evidence-card", "safety-card", "marker-note"])
def test_an_example_call_can_be_moved_to_another_day(name: str) -> None:
    path = ROOT / "fixtures" / "requests" / f"{name}.json"
    result = CliRunner().invoke(main, ["move-dates", "--to", AS_OF.isoformat(), str(path)])
    assert day_of_evaluation(result.stdout) == AS_OF


def test_where_calls_are_signed_no_unsigned_command_is_shown() -> None:
    told = write_start("http://127.0.0.1:8000", "https://cds.example", signed=True)
    assert told.startswith("Listening on http://127.0.0.1:8000 until Ctrl-C; clients call https://")
    assert "curl" not in told
