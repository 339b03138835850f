"""Can a text make an expression of ours try for ever?"""

from pathlib import Path

import pytest

from tests.conformance.expressions import expressions_in, may_try_for_ever
from tests.repository.tree import name_of, repository_files

MODULES = repository_files("cds/*.py", "rules/*.py")


@pytest.mark.requirement("D14")
@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_expression_may_try_for_ever(module: Path) -> None:
    found = expressions_in(module.read_text(encoding="utf-8"))
    assert [each for each in found if may_try_for_ever(each)] == []


@pytest.mark.parametrize(
    "planted",
    ["(a+)+$", "(a*)*b", "((?:a|b+)*)+c", r"(\s*\w*)*!", "(ba*b?)*", "([ab]b*)*c", r"(?:\w+,?)+$"],
)
def test_a_planted_expression_that_may_try_for_ever_is_found(planted: str) -> None:
    assert may_try_for_ever(planted)


@pytest.mark.parametrize(
    "harmless",
    [r"\d+(\.\d+)?", "a+b+", r"(?:,\d+)*", "[a-z]{1,64}(-x)*", r"\w+(?:['-][^\W_]+)*"],
)
def test_what_ends_at_once_is_left_alone(harmless: str) -> None:
    assert not may_try_for_ever(harmless)


def test_expressions_are_found() -> None:
    source = 'X = re.compile(r"a+")\nY = Field(pattern="^b$")\nre.sub(b"c", b"", d)\n'
    assert list(expressions_in(source)) == ["a+", "^b$", "c"]
    total = sum(len(list(expressions_in(path.read_text("utf-8")))) for path in MODULES)
    assert total > 20
