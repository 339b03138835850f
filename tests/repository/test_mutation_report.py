"""Does the report on mutants count what was run, and does it explain each survivor or say so?"""

import json
from pathlib import Path

import pytest

from tools.write_mutation_report import (
    Mutant,
    Reason,
    head_of,
    mutants_at,
    read_mutants,
    read_reasons,
    render,
)

SOURCE = """\
def x_judge__mutmut_orig(days):
    return days <= 28

def x_judge__mutmut_1(days):
    return days < 28

def x_judge__mutmut_2(days):
    return None

def xǁSpanǁdays__mutmut_orig(self):
    return 1

def xǁSpanǁdays__mutmut_1(self):
    return 2
"""
SURVIVOR = Mutant("trials", "trials.judge", "survived", "return days <= 28 → return days < 28")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Give what mutmut leaves behind for one module."""
    (tmp_path / "rules").mkdir()
    codes = {
        "rules.trials.x_judge__mutmut_1": 0,
        "rules.trials.x_judge__mutmut_2": 0,
        "rules.trials.xǁSpanǁdays__mutmut_1": 1,
    }
    (tmp_path / "rules" / "trials.py").write_text(SOURCE, "utf-8")
    meta = json.dumps({"exit_code_by_key": codes})
    (tmp_path / "rules" / "trials.py.meta").write_text(meta, "utf-8")
    return tmp_path


def test_each_mutant_is_read_with_its_outcome_and_a_survivor_with_its_change(
    results: Path,
) -> None:
    assert read_mutants(results, {"trials": {"x_judge__mutmut_2"}}) == [
        SURVIVOR,
        Mutant("trials", "trials.judge", "refused by types"),
        Mutant("trials", "trials.Span.days", "killed by tests"),
    ]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, "survived"),
        (33, "survived"),
        (1, "killed by tests"),
        (36, "killed by tests"),
        (None, "not run"),
        (2, "not run"),
        (34, "not run"),
    ],
)
def test_what_was_not_surely_run_is_never_counted_as_killed(
    code: int | None, outcome: str, results: Path
) -> None:
    codes = {"exit_code_by_key": {"rules.trials.x_judge__mutmut_1": code}}
    (results / "rules" / "trials.py.meta").write_text(json.dumps(codes), "utf-8")
    assert [each.outcome for each in read_mutants(results, {})] == [outcome]


def test_an_error_of_the_type_checker_refuses_the_mutant_it_lies_in(results: Path) -> None:
    found = mutants_at(results, [("rules/trials.py", 8), ("rules/trials.py", 3)])
    assert found == {"trials": {"x_judge__mutmut_2"}}


def test_the_figures_and_the_survivors_are_told() -> None:
    killed = [Mutant("trials", "trials.days", "killed by tests")] * 2
    others = [Mutant("units", "units.to", each) for each in ("refused by types", "not run")]
    text = render([SURVIVOR, *killed, *others], {}, "head\n")
    assert "Of 4 mutants that were run the tests kill 2 (50.0%)" in text
    assert "| `trials` | 3 | 2 | 0 | 1 | 0 |\n| `units` | 2 | 0 | 1 | 0 | 1 |" in text
    assert "| **all** | 5 | 2 | 1 | 1 | 1 |" in text
    assert "### not explained yet (1)\n\n- `trials.judge`\n  - ``return days <= 28" in text


def test_a_reason_explains_the_survivor_it_names() -> None:
    toml = '[[equivalent]]\nfunction = "trials.judge"\nwhy = "never 28"\nchanges = [\n'
    reasons = read_reasons(f'{toml}"{SURVIVOR.change}",\n]\n')
    assert reasons == {("trials.judge", SURVIVOR.change): Reason("equivalent", "never 28")}
    assert "### equivalent (1)\n\n- `trials.judge`: never 28" in render([SURVIVOR], reasons, "")


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ({}, "**Not covered by these figures:** nothing. **Tests that were left out:** nothing."),
        (
            {
                "do_not_mutate": ["rules/a/*"],
                "pytest_add_cli_args_test_selection": [
                    "tests/rules",
                    "--ignore=tests/rules/test_slow.py",
                    "--ignore-glob=tests/rules/test_points_*",
                ],
            },
            "**Not covered by these figures:** `rules/a/*`. **Tests that were left out:** "
            "`tests/rules/test_slow.py`, `tests/rules/test_points_*`.",
        ),
    ],
)
def test_the_document_says_what_its_figures_leave_out(
    config: dict[str, list[str]], line: str
) -> None:
    assert line in head_of("2026-11-23", "abc1234", config)
