"""Is the hazard log whole, and does everything that it and the safety case rest on run and pass?"""

import ast
import copy
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.repository.tree import ROOT, read, repository_files
from tests.support.vignette import Vignette, vignettes
from tests.support.what_ran import WhatRan
from tools.hazards import DRAFT, LOG, HazardLogError, load_hazards, read_hazards
from tools.write_hazard_log import DOCUMENT, render_hazards

HAZARDS = load_hazards().hazards
VIGNETTES = {each.id: each for each in vignettes()}
PAGES = repository_files("docs/safety/*.md")
# A test that a page names; a page may leave out the parameters.
NAMED = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")
# The hazards that the specification asks for, in its order.
SEEDED = 24
RULES = "tests/rules/test_vignettes.py"
SERVICE = "tests/cds/test_vignettes_over_http.py"


@cache
def functions_of(file: str) -> frozenset[str]:
    """Give the names of the test functions of a file; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def is_missing(name: str) -> bool:
    file, separator, test = name.partition("::")
    if not separator:
        return name not in VIGNETTES
    return test.partition("[")[0] not in functions_of(file)


def shown_by(name: str) -> set[str]:
    """Give the tests that a name stands for: itself, or those that hold a vignette's claims."""
    return shown_by_vignette(VIGNETTES[name]) if name in VIGNETTES else {name}


def shown_by_vignette(vignette: Vignette) -> set[str]:
    tests = {
        f"{RULES}::test_exactly_the_claimed_cards_are_due",
        f"{SERVICE}::test_a_bundle_gets_the_claimed_cards",
        f"{SERVICE}::test_the_bundle_gets_the_answer_its_facts_get",
    }
    if vignette.expect.resistance:
        tests.add(f"{RULES}::test_treatment_resistance_is_as_claimed")
    if vignette.expect.inflammation:
        tests.add(f"{RULES}::test_the_marker_is_read_as_claimed")
    return {f"{test}[{vignette.id}]" for test in tests}


def named_on_pages() -> set[str]:
    return {name for page in PAGES for name in NAMED.findall(page.read_text(encoding="utf-8"))}


def every_name() -> set[str]:
    return {name for hazard in HAZARDS for name in hazard.test_ids} | named_on_pages()


@pytest.fixture
def data() -> dict[str, Any]:
    """The log as a file, for a test to spoil."""
    return copy.deepcopy(tomllib.loads(LOG.read_text(encoding="utf-8")))


def test_the_document_is_current() -> None:
    current = render_hazards(load_hazards(), {each.id: each.title for each in vignettes()})
    assert DOCUMENT.read_text(encoding="utf-8") == current, "run `make docs`"


def test_no_hazard_of_the_specification_is_missing() -> None:
    assert [each.id for each in HAZARDS[:SEEDED]] == [f"H{n}" for n in range(1, SEEDED + 1)]


def test_every_hazard_is_a_draft_until_somebody_agrees() -> None:
    """Whoever agrees changes this test too, and so shows the change to a second person."""
    assert {each.status for each in HAZARDS} == {DRAFT}


@pytest.mark.parametrize("name", sorted(every_name()))
def test_a_named_test_exists(name: str) -> None:
    assert not is_missing(name)


@pytest.mark.runs_last
def test_every_named_test_ran_and_passed(what_ran: WhatRan, request: pytest.FixtureRequest) -> None:
    if not what_ran.whole:
        pytest.skip("only a run of the whole suite can show that nothing was left out")
    behind = {test for name in every_name() for test in shown_by(name)} - {request.node.nodeid}
    assert what_ran.faults_of(sorted(behind)) == {}


def test_a_planted_name_of_a_test_that_is_not_there_is_found() -> None:
    assert is_missing("tests/repository/test_hazard_log.py::test_of_tomorrow")
    assert is_missing("tests/repository/test_gone.py::test_the_document_is_current")
    assert is_missing("T99")


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("initial_risk", 1, "H1: the matrix gives the risks 3 and 2"),
        ("residual_likelihood", 5, "H1: the matrix gives the risks"),
        ("owner", "nobody", "H1: no role is called 'nobody'"),
        ("id", "H3", "without a gap"),
        ("status", "fine", "status"),
        ("severity", 6, "severity"),
        ("test_ids", ["tests/rules/test_safety.py"], "H1: test_ids must name tests"),
        ("test_ids", ["T01", "T01"], "H1: test_ids must name tests, each once"),
        ("test_ids", [], "test_ids"),
        ("harm", "no sentence", "harm"),
    ],
)
def test_a_spoilt_hazard_is_named(
    data: dict[str, Any], member: str, value: object, told: str
) -> None:
    data["hazards"][0][member] = value
    with pytest.raises(HazardLogError, match=re.escape(told)):
        read_hazards(data)


def test_controls_cannot_make_a_hazard_worse(data: dict[str, Any]) -> None:
    data["hazards"][0].update(residual_severity=5, residual_likelihood=1, residual_risk=3)
    with pytest.raises(HazardLogError, match="H1: controls cannot make it worse"):
        read_hazards(data)


def test_a_control_that_is_not_in_force_is_listed_as_open(data: dict[str, Any]) -> None:
    data["hazards"][0]["controls"]["process"] = ["Open: Somebody looks.", "Somebody looked."]
    text = render_hazards(read_hazards(data), {each.id: each.title for each in vignettes()})
    assert "| [H1](#h1) | Somebody looks. |" in text
    assert "- *Process*, **open**: Somebody looks.\n- *Process*: Somebody looked.\n" in text


def test_every_hazard_has_its_place_in_the_safety_case() -> None:
    case = read("docs/safety/safety-case.md")
    named = set(re.findall(r"\[(H\d+)\]\(hazard-log\.md#h\d+\)", case))
    assert named == {each.id for each in HAZARDS}


SUITE = """
import pytest
pytest_plugins = "tests.support.what_ran"

@pytest.mark.runs_last
def test_asks(what_ran):
    print("FAULTS", what_ran.whole, what_ran.faults_of([
        f"test_planted.py::{name}" for name in
        ("test_good", "test_cases", "test_case[1]", "test_skipped", "test_expected", "test_gone",
         "test_broken_after")
    ]))

@pytest.mark.parametrize("number", [1, 2])
def test_cases(number):
    if number == 2:
        pytest.skip("this case only")

def test_good():
    pass

def test_skipped():
    pytest.skip("never here")

@pytest.mark.xfail
def test_expected():
    raise AssertionError

@pytest.fixture
def breaks():
    yield
    raise AssertionError

def test_broken_after(breaks):
    pass
"""
FAULTS = {
    "test_case[1]": "did not run",
    "test_skipped": "was skipped",
    "test_expected": "was skipped",
    "test_gone": "did not run",
    "test_broken_after": "failed",
}


def told_by_a_run(folder: Path, *arguments: str) -> str:
    """Run a small suite with the plugin, and give what its last test saw."""
    (folder / "test_planted.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = .\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", *arguments]
    run = subprocess.run(  # noqa: S603 - this interpreter, and words of our own
        command,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    return run.stdout.partition("FAULTS ")[2].partition("\n")[0]


def test_what_did_not_run_or_did_not_pass_is_told_by_a_whole_run(tmp_path: Path) -> None:
    faults = {f"test_planted.py::{name}": fault for name, fault in FAULTS.items()}
    assert told_by_a_run(tmp_path) == f"True {faults}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "asks or good"),
        ("test_planted.py",),
        ("test_planted.py::test_asks",),
        ("--deselect", "test_planted.py::test_good"),
        ("--ignore", "elsewhere"),
    ],
    ids=" ".join,
)
def test_a_run_that_leaves_something_out_is_not_the_whole(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert told_by_a_run(tmp_path, *arguments).startswith("False ")
