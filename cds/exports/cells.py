"""How is a table written as CSV, so that no spreadsheet takes a text of others for a formula?

A text that begins like a formula gets an apostrophe before it, and so does one inside a text behind
a sign that some spreadsheets split cells at. Reading it back takes exactly these apostrophes away.
Numbers that we write ourselves stay numbers: -1 is -1.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

Cell = str | int | float | None
Row = Mapping[str, Cell]

# What begins a formula, in the widths of East Asian keyboards too, and what may stand before it.
_BEGINS = re.compile(r"""(?:[^\S\t\r\n]|['"])*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]""")
_SPLITS = re.compile(r"""([,;|\t\r\n])(?=[\s'"]*[=+\-@\uff1d\uff0b\uff0d\uff20])""")
_MARKED_SPLIT = re.compile(r"""([,;|\t\r\n])'(?=[\s'"]*[=+\-@\uff1d\uff0b\uff0d\uff20])""")
_LINES_AT_ONCE = 100


def neutralise(text: str) -> str:
    """Write a text so that it is no formula in any cell."""
    inside = _SPLITS.sub(r"\1'", text)
    return f"'{inside}" if _BEGINS.match(inside) else inside


def restore(cell: str) -> str:
    """Read a text that neutralise wrote."""
    inside = cell[1:] if cell.startswith("'") and _BEGINS.match(cell[1:]) else cell
    return _MARKED_SPLIT.sub(r"\1", inside)


def write_table(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write a table as UTF-8 with a header, a bit at a time; what has no value is empty.

    Source: RFC 4180. Errors: ValueError for a row with a column that is not named.
    """
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, columns, lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({name: _write(value) for name, value in row.items()})
        if number % _LINES_AT_ONCE == 0:
            yield _take(lines)
    yield _take(lines)


def _write(value: Cell) -> Cell:
    return neutralise(value) if isinstance(value, str) else value


def _take(lines: io.StringIO) -> bytes:
    written = lines.getvalue().encode("utf-8", "replace")
    lines.seek(0)
    lines.truncate()
    return written
