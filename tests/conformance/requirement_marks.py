"""Which requirements are there, and which tests and reasons speak of them?"""

import ast
import csv
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parent
LIST = HERE / "requirements.csv"
REASONS = HERE / "reasons.toml"


@cache
def requirement_levels() -> Mapping[str, str]:
    """Give the level of every requirement by its id, such as SHALL for CARD-2."""
    return read_levels(LIST)


def read_levels(path: Path) -> Mapping[str, str]:
    """Read a list of requirements: a CSV file with the columns id and level at least."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["level"] for row in csv.DictReader(file)}


@cache
def reasons() -> Mapping[str, str]:
    """Give why a requirement has no test, by its id."""
    tables = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return {identity: reason for table in tables.values() for identity, reason in table.items()}


@cache
def marked_tests() -> Mapping[str, tuple[str, ...]]:
    """Give the files whose tests are marked with an id, by the id."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("*.py")):
        name = path.relative_to(TESTS).as_posix()
        for identity in marks_in(path.read_text(encoding="utf-8")):
            found.setdefault(identity, []).append(name)
    return {identity: tuple(dict.fromkeys(names)) for identity, names in found.items()}


def marks_in(source: str) -> Iterator[str]:
    """Name the ids of every pytest.mark.requirement("ID", …) of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
            yield from (str(ast.literal_eval(argument)) for argument in node.args)


def family_of(identity: str) -> str:
    """Give what an id begins with: I@ of I@83, CARD- of CARD-2, D of D14."""
    return identity.rstrip("0123456789")
