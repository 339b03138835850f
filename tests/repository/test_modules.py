"""Is every module small, and does it open with its question?"""

import ast
from pathlib import Path

import pytest

from tests.repository.tree import name_of, repository_files

MODULE_LINES = 250
FUNCTION_LINES = 40
JUDGING = ("judge_", "count_", "merge_")

ALL_MODULES = repository_files("*.py")
PRODUCT_MODULES = repository_files("cds/*.py", "rules/*.py", "tools/*.py", "benchmarks/*.py")
# Joining spans of days is arithmetic: it judges nothing.
RULES = [file for file in repository_files("rules/*.py") if file.name != "clinical_time.py"]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions_of(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS)]


def long_parts(source: str) -> list[str]:
    lines = source.count("\n")
    found = [f"module: {lines} lines"] if lines > MODULE_LINES else []
    for function in functions_of(source):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            found.append(f"{function.name}: {length} lines")
    return found


def unexplained_judgements(source: str) -> list[str]:
    """Name the judging functions whose docstring lacks the source or the unknown input."""
    found = []
    for function in functions_of(source):
        text = " ".join((ast.get_docstring(function) or "").split())
        if function.name.startswith(JUDGING) and not (
            "Source:" in text and "unknown input:" in text.lower()
        ):
            found.append(function.name)
    return found


@pytest.mark.parametrize("module", ALL_MODULES, ids=name_of)
def test_every_module_opens_with_a_docstring(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", PRODUCT_MODULES, ids=name_of)
def test_modules_and_functions_stay_within_the_budget(module: Path) -> None:
    assert long_parts(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", RULES, ids=name_of)
def test_every_judgement_names_its_source_and_what_unknown_input_yields(module: Path) -> None:
    assert unexplained_judgements(module.read_text(encoding="utf-8")) == []


def test_the_budget_counts_a_planted_long_function() -> None:
    planted = "def long():\n" + "    x = 1\n" * FUNCTION_LINES
    assert long_parts(planted) == [f"long: {FUNCTION_LINES + 1} lines"]


def test_a_planted_judgement_without_source_is_named() -> None:
    planted = 'def judge_x():\n    """Judge x. Unknown input: cannot tell."""\n'
    assert unexplained_judgements(planted) == ["judge_x"]
