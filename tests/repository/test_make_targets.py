"""Do the commands that texts, CI and hooks name exist, and do they do the same?"""

import re
from pathlib import Path

import pytest

from tests.repository.tree import name_of, read, repository_files

RULE = re.compile(r"^([a-z]+):([^#\n=]*)(?:## (.+))?$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|`|&& )make((?: [a-z]+)+)", re.MULTILINE)
PAGES = repository_files("*.md")


def targets() -> dict[str, tuple[str, str]]:
    """Give each target of the Makefile with its prerequisites and its line of help."""
    return {name: (needs.strip(), text) for name, needs, text in RULE.findall(read("Makefile"))}


def named_targets(text: str) -> set[str]:
    """Give the targets that a text names in its code spans and code blocks."""
    code = "\n".join(CODE.findall(text))
    return {name for names in COMMAND.findall(code) for name in names.split()}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_only_targets_that_exist(page: Path) -> None:
    assert named_targets(page.read_text(encoding="utf-8")) - set(targets()) == set()


def test_every_target_is_phony_and_explained() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(targets())
    assert [name for name, (_, text) in targets().items() if not text] == []


def test_make_test_is_make_check_and_runs_every_kind_of_check() -> None:
    assert targets()["test"][0] == "check"
    assert targets()["check"][0].split() == ["lint", "types", "imports", "pytest"]


def test_ci_runs_make_test_and_nothing_else() -> None:
    assert re.findall(r"\bmake\b.*", read(".ci/run").split("set -euo pipefail")[1]) == ["make test"]


def test_commit_hooks_only_call_make_targets() -> None:
    entries = re.findall(r"^ +entry: (.+)$", read(".pre-commit-config.yaml"), re.MULTILINE)
    assert entries
    assert all(each.startswith("make ") for each in entries)
    assert {name for each in entries for name in each.split()[1:]} <= set(targets())


def test_a_planted_unknown_target_is_found() -> None:
    planted = "Type `make deploy`.\n\n```sh\nmake test run # both\n```\nThey\nmake tea."
    assert named_targets(planted) == {"deploy", "test", "run"}
