"""How is text written into a Markdown document that people print and sign?"""

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\|<*`])")
NOTHING = "-"  # an empty cell, so that it is not taken for a forgotten one
SIGNATURE = "☐ agree ☐ disagree · Name: ____________________ · Date: ______________"


def sign(what: str, *roles: str) -> str:
    """Give a line to sign for each role, and one to write what is wrong."""
    lines = [f"**{what}, {role.lower()}**\\\n{SIGNATURE}" for role in roles]
    return "\n\n".join([*lines, f"Remarks: {'_' * 60}"])


def plain(text: str) -> str:
    """Give text as it stands, so that none of its signs becomes markup."""
    return _MARKUP.sub(r"\\\1", text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; the cells are Markdown already, so plain text in them must be escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def code(text: str) -> str:
    return f"`{text}`"


def certainty(verification: str, *, pending: bool) -> str:
    """Give how sure a value is, and whether it waits for a signature."""
    return f"*{verification}*, **awaits a signature**" if pending else f"*{verification}*"
