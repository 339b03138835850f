"""How much of a list does a page show?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

# A page is for reading: what goes beyond is counted here and told in full by POST /evaluate.
MAX_ROWS = 100
MAX_SOURCES = 8

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a page. empty: the sentence in its place where it has no row; "" for none."""

    key: str
    title: str
    columns: Row
    empty: str = ""
    rows: tuple[Row, ...] = ()
    left_out: int = 0


def fill(table: Table, rows: Sequence[Row]) -> Table:
    """Give the table with its first MAX_ROWS rows, and the others counted as left out."""
    beyond = max(0, len(rows) - MAX_ROWS)
    return replace(table, rows=tuple(rows[:MAX_ROWS]), left_out=table.left_out + beyond)


def list_sources(references: Sequence[str]) -> str:
    """Write the first MAX_SOURCES references, and how many more there are."""
    more = len(references) - MAX_SOURCES
    shown = ", ".join(references[:MAX_SOURCES])
    return f"{shown} and {more} more" if more > 0 else shown
