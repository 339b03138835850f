"""Does the server start as it should, or not at all?"""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from cds import server, wsgi
from cds.cli import main
from cds.date_shift import day_of_evaluation
from cds.server import GunicornServer
from tests.cds.assessments import AS_OF

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000")])
def test_it_listens_where_it_is_told_and_works_with_threads(host: str, bind: str) -> None:
    settings = GunicornServer(Flask("test"), host, 8000).cfg
    assert settings.bind == [bind]
    assert settings.worker_class_str == "gthread"
    assert settings.accesslog is None


def test_a_bad_setting_ends_the_process_before_a_worker_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRD_CDS_PROFILE", "production")
    with pytest.raises(SystemExit) as caught:
        wsgi.build()
    assert caught.value.code == 4
    assert capsys.readouterr().err.startswith("trd-cds: TRD_CDS_PUBLIC_URL")


def test_the_knowledge_of_a_site_that_cannot_be_read_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "trd.toml").write_text("[trd.no_such_key]\nvalue = 1\n")
    monkeypatch.setenv("TRD_CDS_SITE_KNOWLEDGE", str(tmp_path))
    result = CliRunner().invoke(main, ["serve"])
    assert (result.exit_code, "trd.toml" in result.stderr) == (2, True)


@pytest.fixture
def shown_at_start(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(server.GunicornServer, "run", lambda _: None)
    return CliRunner().invoke(main, ["serve", "--port", "8123"]).stdout


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
