"""Which regular expressions are in a module, and may one of them try for ever?

Python's engine tries again wherever a text can be cut into rounds in several ways. That is so where
an unbounded repetition stands inside another, and no sign marks where a round ends.
"""

import ast
from collections.abc import Iterator
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

FUNCTIONS = frozenset({"compile", "fullmatch", "match", "search", "sub", "split", "findall"})
MANY = 100  # so often counts as without bound
REPEATS = frozenset({names.MAX_REPEAT, names.MIN_REPEAT})
SIGNS = frozenset(range(0x180))
CATEGORIES = {
    names.CATEGORY_DIGIT: str.isdecimal,
    names.CATEGORY_SPACE: str.isspace,
    names.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
}
OPPOSITES = {
    names.CATEGORY_NOT_DIGIT: names.CATEGORY_DIGIT,
    names.CATEGORY_NOT_SPACE: names.CATEGORY_SPACE,
    names.CATEGORY_NOT_WORD: names.CATEGORY_WORD,
}


def expressions_in(source: str) -> Iterator[str]:
    """Give every literal expression of a module: what re is given, and pattern=… of a model."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        wanted = [keyword.value for keyword in node.keywords if keyword.arg == "pattern"]
        if called.startswith("re.") and called[3:] in FUNCTIONS:
            wanted += node.args[:1]
        for each in wanted:
            if isinstance(each, ast.Constant) and isinstance(each.value, str | bytes):
                yield each.value if isinstance(each.value, str) else each.value.decode("latin-1")


def may_try_for_ever(expression: str) -> bool:
    return _is_nested(parser.parse(expression), inside=False)


def _is_nested(sequence: Any, *, inside: bool) -> bool:
    for part in sequence:
        unbounded = _is_unbounded(part)
        if inside and unbounded:
            return True
        for below in _below(part):
            loose = unbounded and not _has_border(below)
            if _is_nested(below, inside=inside or loose):
                return True
    return False


def _is_unbounded(part: Any) -> bool:
    operation, value = part
    return operation in REPEATS and value[1] >= MANY and value[1] != value[0]


def _has_border(sequence: Any) -> bool:
    """Whether each round begins or ends with a sign that stands nowhere else in it."""
    parts = list(sequence)
    single = {names.LITERAL, names.NOT_LITERAL, names.IN}
    for border, others in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])):
        if border and border[0][0] in single and not _signs(border) & _signs(others):
            return True
    return False


def _below(part: Any) -> list[Any]:
    """Give the sequences one level below a part."""
    operation, value = part
    if operation in REPEATS or operation is names.POSSESSIVE_REPEAT:
        return [value[2]]
    if operation is names.SUBPATTERN:
        return [value[3]]
    if operation is names.BRANCH:
        return list(value[1])
    if operation is names.ATOMIC_GROUP:
        return [value]
    return []


def _signs(sequence: Any) -> frozenset[int]:
    """Give the signs that a sequence may take, of the first few hundred there are."""
    found: frozenset[int] = frozenset()
    for operation, value in sequence:
        if operation is names.IN:
            found |= _signs_of_class(value)
        elif operation is names.LITERAL:
            found |= {value}
        elif operation is names.NOT_LITERAL:
            found |= SIGNS - {value}
        elif operation is names.ANY:
            found |= SIGNS
        for below in _below((operation, value)):
            found |= _signs(below)
    return found


def _signs_of_class(items: Any) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for operation, value in items:
        if operation is names.LITERAL:
            found |= {value}
        elif operation is names.RANGE:
            found |= frozenset(range(value[0], value[1] + 1))
        elif operation is names.CATEGORY:
            found |= _signs_of_category(value)
    negated = bool(items) and items[0][0] is names.NEGATE
    return SIGNS - found if negated else found


def _signs_of_category(category: Any) -> frozenset[int]:
    if category in OPPOSITES:
        return SIGNS - _signs_of_category(OPPOSITES[category])
    holds = CATEGORIES[category]
    return frozenset(each for each in SIGNS if holds(chr(each)))
