"""Which codes do the shipped lists hold, and which did they hold when somebody last looked?

    .venv/bin/python -m tests.repository.code_lists

writes the pins anew. Do it for a change that is meant, and let a clinician see the difference.
"""

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from rules.knowledge.loading import PACKAGED

PINS = Path(__file__).with_name("code_lists.toml")
# What makes a row of each drug table: its codes and words, and what they stand for.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "antidepressants": ("row", "name", "atc", "rxcui_ingredient"),
    "augmenters": ("name", "atc", "rxcui_ingredient", "role"),
    "antidepressant_products": ("rxcui", "drug", "dose_row", "strength_mg", "with_augmenter"),
    "augmenter_products": ("rxcui", "drug", "role", "dose_row", "strength_mg"),
    "confounder_products": ("rxcui", "drug", "roles"),
    "atc": ("prefix", "drug", "roles", "dose_row"),
    "names": ("words", "drug", "roles", "dose_row"),
    "other_uses": ("drug", "value_set", "where", "effect"),
    "experimental": ("match", "name", "fires", "labelled", "labelled_acute"),
}
# Tables of parameters that hold codes, units or words, with the members that do.
TABLES: Mapping[str, tuple[str, ...]] = {
    "markers": ("codes", "mass_units", "molar_units", "usual_units", "aliases", "words"),
    "scales": ("*",),
    "answers": ("*",),
    "exclusion_words": ("*",),
}
# What is said of an entry, and is no part of it.
SAID = frozenset(
    {"alternatives", "display", "meaning", "references", "review", "source", "unit", "verification"}
)


def read_lists(knowledge: Path = PACKAGED) -> dict[str, frozenset[str]]:
    """Give the entries of every list by its name, such as "value_sets/ect"."""
    lists = {}
    for file in sorted((knowledge / "value_sets").glob("*.json")):
        lists[f"value_sets/{file.stem}"] = frozenset(_of_value_set(file))
    for file in sorted((knowledge / "drugs").glob("*.csv")):
        lists[f"drugs/{file.stem}"] = frozenset(_of_drugs(file))
    for name, members in TABLES.items():
        content = tomllib.loads((knowledge / "parameters" / f"{name}.toml").read_text("utf-8"))
        for member in content if members == ("*",) else members:
            lists[f"parameters/{name}/{member}"] = frozenset(_leaves(content[member]))
    return lists


def _of_value_set(file: Path) -> Iterator[str]:
    compose = json.loads(file.read_text(encoding="utf-8")).get("compose", {})
    for part, groups in compose.items():
        for group in groups:
            for concept in group.get("concept", ()):
                yield f"{part} {group['system']} {concept['code']}"
            for each in group.get("filter", ()):
                yield f"{part} {group['system']} {each['property']} {each['op']} {each['value']}"


def _of_drugs(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield "|".join(row[column] for column in COLUMNS[file.stem])


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """Give each value with the names that lead to it, without what is only said of it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in SAID:
                yield from _leaves(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield f"{path} = {value}"


def pin(entries: frozenset[str]) -> dict[str, int | str]:
    """Give what is kept of a list: how many entries, and a digest over all of them."""
    return {
        "entries": len(entries),
        "sha256": sha256("\n".join(sorted(entries)).encode()).hexdigest(),
    }


def pins() -> dict[str, dict[str, int | str]]:
    """Give the pinned lists."""
    return tomllib.loads(PINS.read_text(encoding="utf-8"))


def differences(knowledge: Path = PACKAGED) -> list[str]:
    """Say of each list that is not as it was pinned how it differs, in one sentence."""
    now = {name: pin(entries) for name, entries in read_lists(knowledge).items()}
    pinned = pins()
    found = []
    for name in sorted(now.keys() | pinned.keys()):
        before, after = pinned.get(name), now.get(name)
        if before is None or after is None:
            found.append(f"{name} is {'not pinned' if before is None else 'gone'}")
        elif before != after:
            found.append(f"{name} held {before['entries']} entries and holds {after['entries']}")
    return found


def main() -> None:
    lines = [
        "# The code lists as they were when somebody last looked, written by",
        "# python -m tests.repository.code_lists. A list that lost a code turns a test red.",
    ]
    for name, entries in read_lists().items():
        pinned = pin(entries)
        told = f'entries = {pinned["entries"]}\nsha256 = "{pinned["sha256"]}"'
        lines.append(f'\n["{name}"]\n{told}')
    PINS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
