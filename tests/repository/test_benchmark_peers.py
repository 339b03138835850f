"""Do floors and peers judge the same rule, from pinned packages that the project does not need?"""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from benchmarks import installations
from benchmarks.contestants import CQL, Contestant, Place
from benchmarks.installations import PEERS, NotInstalledError
from benchmarks.peers.rule import DIAGNOSES, MARKERS, RAISED_MG_PER_L, fires_on_dicts
from benchmarks.processes import cpu_seconds_of, usage_of
from benchmarks.servers import NotRunningError, serve
from tests.repository.tree import name_of, project, read

PINNED = re.compile(r"^[\w.-]+==[\w.]+( ; .+)?$")
REQUIREMENTS = sorted(PEERS.glob("*.txt"))


def condition(code: str) -> dict[str, object]:
    return {"resourceType": "Condition", "code": {"coding": [{"code": code}]}}


def crp(value: float | None) -> dict[str, object]:
    result: dict[str, object] = {
        "resourceType": "Observation",
        "code": {"coding": [{"code": "1988-5"}]},
    }
    return result if value is None else {**result, "valueQuantity": {"value": value}}


@pytest.mark.parametrize(
    ("resources", "fires"),
    [
        ([condition("F33.1"), crp(3)], True),
        ([condition("F33.1"), crp(2.9)], False),
        ([condition("F33.1"), crp(None)], False),
        ([condition("I10"), crp(3)], False),
        ([crp(3)], False),
        ([{"resourceType": "Condition"}, {"resourceType": "Patient"}], False),
    ],
)
def test_the_trivial_rule_asks_for_a_diagnosis_and_a_raised_result(
    resources: list[dict[str, object]], fires: bool
) -> None:
    assert fires_on_dicts(resources) is fires


def test_the_rule_in_elm_has_the_same_codes_and_threshold() -> None:
    text = (PEERS / "trivial_rule.elm.json").read_text(encoding="utf-8")
    codes = {each["id"] for each in json.loads(text)["library"]["codes"]["def"]}
    assert codes == DIAGNOSES | MARKERS
    assert f'"value": "{RAISED_MG_PER_L}.0"' in text


@pytest.mark.parametrize("file", REQUIREMENTS, ids=name_of)
def test_every_package_of_a_peer_is_pinned(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not PINNED.match(line)] == []


def test_the_node_packages_are_locked_and_name_no_other_source() -> None:
    wanted = json.loads(read("benchmarks/peers/package.json"))["dependencies"]
    locked = json.loads(read("benchmarks/peers/package-lock.json"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_no_peer_is_a_dependency_of_the_project() -> None:
    needed = json.dumps([project()["project"]["dependencies"], project()["dependency-groups"]])
    for peer in ("healthchain", "orjson", "matplotlib"):
        assert peer not in needed


def test_what_the_benchmark_installs_is_ignored_by_git() -> None:
    assert ".bench/" in read(".gitignore").splitlines()


def test_make_bench_runs_the_benchmark_and_can_be_quick() -> None:
    assert "$(BIN)/python -m benchmarks $(if $(QUICK),--quick)" in read("Makefile")


def test_a_peer_that_cannot_be_installed_is_left_out_with_the_reason() -> None:
    def start(_place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
        raise NotInstalledError("no such package")

    peer = Contestant(CQL, "/", start)
    with pytest.raises(NotRunningError, match="no such package"), serve(peer, 1, b"{}"):
        pass


def test_a_server_that_ends_at_once_did_not_start() -> None:
    def start(_place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
        return (sys.executable, "-c", "raise SystemExit('no such file')"), {}

    peer = Contestant(CQL, "/", start)
    with pytest.raises(NotRunningError, match="did not start: no such file"), serve(peer, 1, b"{}"):
        pass


def test_without_node_the_reason_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(NotInstalledError, match=r"Node\.js"):
        installations.node_modules()


def test_a_failed_installation_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "uv").write_text(
        "#!/bin/sh\necho first >&2\necho no network >&2\nexit 1\n", "utf-8"
    )
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setattr(installations, "UV", tmp_path / "uv")
    monkeypatch.setattr(installations, "BENCH", tmp_path / "bench")
    with pytest.raises(NotInstalledError, match=r"^uv could not install it: no network$"):
        installations.python_with("healthchain")


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="this system has no /proc")
def test_a_process_has_used_time_and_memory() -> None:
    sum(n * n for n in range(2_000_000))
    usage = usage_of(os.getpid())
    assert cpu_seconds_of(os.getpid()) > 0
    assert usage.peak >= usage.resident > 1_000_000
