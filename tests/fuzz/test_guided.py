"""Does a short coverage-guided run find nothing, and would it tell if it found something?"""

import json
from pathlib import Path

import pytest

from tests.fuzz.__main__ import ATHERIS, main, report
from tests.fuzz.routes import TARGETS, Case, read_case
from tests.fuzz.seeds import seeds

LOG = """\
INFO: Running with entropic power schedule (0xFF, 100).
#80\tpulse  cov: 2400 ft: 4800 corp: 70/400Kb lim: 65536 exec/s: 60 rss: 95Mb
#500\tDONE   cov: 2507 ft: 5095 corp: 89/681Kb lim: 65536 exec/s: 62 rss: 96Mb
stat::number_of_executed_units: 500
stat::new_units_added:          78
stat::peak_rss_mb:              96
"""


@pytest.mark.skipif(not ATHERIS.is_dir(), reason="atheris is not there for this Python or system")
def test_a_short_guided_run_finds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--runs", "400", "--folder", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    # The seeds are run as well, and how many of them come first depends on how fast they are.
    executions = int(told.split("executions")[1].split()[0])
    assert executions >= 400, told
    assert "broken promises  0" in told


def test_a_run_that_finds_nothing_is_reported_with_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "slowest.json").write_text(json.dumps({"target": "hook"}), "utf-8")
    assert report(0, LOG, tmp_path) == 0
    told = capsys.readouterr().out
    assert "executions       500" in told
    assert "2507 branches and lines, 5095 features" in told
    assert "89 cases, 78 of them new" in told
    assert "peak memory      96 MiB" in told


@pytest.mark.parametrize("name", ["0123456789ab.why", "timeout-1f", "oom-1f", "crash-1f"])
def test_a_finding_is_told_and_fails_the_run(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("evaluate: status 500\n", "utf-8")
    assert report(0, LOG, tmp_path) == 1
    assert ("evaluate: status 500" if name.endswith("why") else name) in capsys.readouterr().out


def test_a_run_that_did_not_start_fails_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(1, "ModuleNotFoundError: No module named 'atheris'", tmp_path) == 1
    assert "No module named 'atheris'" in capsys.readouterr().out


def test_the_run_starts_from_every_target() -> None:
    assert {case.target for _, case in seeds()} == set(TARGETS)


def test_a_case_is_read_as_it_was_written() -> None:
    case = Case("hook", b'{"a":\n1}\xff')
    assert read_case(case.as_text()) == case
    assert read_case(b"nowhere\n{}") is None
