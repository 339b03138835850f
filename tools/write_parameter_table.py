"""Which parameters does the rule use, and why those? Writes docs/parameters.md."""

import sys
from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from rules.knowledge import KnowledgeError, load_knowledge
from rules.knowledge.parameters import ParameterEntry

DOCUMENT = Path(__file__).parent.parent / "docs" / "parameters.md"

_HEAD = """\
# Parameters

Written by `make docs` from `rules/parameters/*.toml`; edit those files, not this one. A test
fails when the two differ.

*Verification* says how sure the value is: `primary` (read in the named source), `secondary` (read
in a report about it), `computed`, `recalled` (not checked), `judgement` (a decision of this
project). *Pending* waits for the signature of a clinician; see
[who signs parameters](adr/0008-who-signs-parameters.md).
"""
_COLUMNS = "| key | value | unit | meaning | source | verification | alternatives |"


def render_parameters(parameters: Mapping[str, ParameterEntry]) -> str:
    """Give the document: one table for each TOML table, in the order of the files."""
    tables = groupby(parameters.items(), key=lambda item: item[0].partition(".")[0])
    return _HEAD + "".join(_render_table(name, list(rows)) for name, rows in tables)


def _render_table(name: str, rows: list[tuple[str, ParameterEntry]]) -> str:
    head = [f"\n## {name}\n", _COLUMNS, "|---" * _COLUMNS.count(" | ") + "|---|"]
    return "\n".join([*head, *(_render_row(key, entry) for key, entry in rows)]) + "\n"


def _render_row(key: str, entry: ParameterEntry) -> str:
    pending = ", pending" if entry.review else ""
    cells = (
        f"`{key.partition('.')[2]}`",
        _render_value(entry.value),
        entry.unit,
        entry.meaning,
        entry.source,
        entry.verification + pending,
        entry.alternatives,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _render_value(value: bool | int | Decimal | str | tuple[str, ...]) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return ", ".join(f"`{part}`" for part in value)
        case str():
            return f"`{value}`" if value else "(empty)"
        case _:
            return str(value)


def main() -> None:
    try:
        parameters = load_knowledge().parameters
    except KnowledgeError as error:
        sys.exit(f"docs: {error}")
    DOCUMENT.write_text(render_parameters(parameters), encoding="utf-8")


if __name__ == "__main__":
    main()
