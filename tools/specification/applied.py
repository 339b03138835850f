"""Which parameters and value sets does the service apply, and which stand there unused?

A number that a reader signs and nothing reads would be a false promise, so the document says which
these are. What counts is the source itself: an attribute of that name, or the name as a string.
"""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Names every parameter, whether or not it is applied; what it reads itself is applied.
_DECLARES = ROOT / "rules" / "knowledge" / "parameters.py"
_DATA = (
    "rules/drugs/experimental.csv",
    "rules/drugs/other_uses.csv",
    "rules/parameters/scales.toml",
)


@cache
def names_in_use() -> frozenset[str]:
    """Give every attribute, string and template word of the service, and the names in its data."""
    names: set[str] = set()
    for folder in ("rules", "cds"):
        for module in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(module.read_text(encoding="utf-8"))
            names |= _read_by_methods(tree) if module == _DECLARES else _names(tree)
    for template in sorted((ROOT / "cds").rglob("*.j2")):
        names |= set(re.findall(r"\w+", template.read_text(encoding="utf-8")))
    for file in _DATA:
        names |= set(re.findall(r"[\w-]+", (ROOT / file).read_text(encoding="utf-8")))
    return frozenset(names)


def _names(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _read_by_methods(tree: ast.AST) -> set[str]:
    """Give what the tables of parameters read of themselves to answer, their checks left out."""
    methods = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    answering = [each for each in methods if not each.name.startswith("_")]
    return {
        node.attr
        for method in answering
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
    }


def is_applied(name: str) -> bool:
    """Say whether the service reads a parameter ("table.key") or a value set."""
    return name.rpartition(".")[2] in names_in_use()
