"""How do the dose table, the augmenters and the other uses of drugs read on paper?"""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from rules.knowledge.model import Knowledge
from rules.plain_words import listed, number
from tools.specification.markdown import NOTHING, certainty, plain, table
from tools.specification.parameters import SpecificationError

_DRUGS = Path(__file__).parents[2] / "rules" / "drugs"
_COUNTS = {
    "yes": "",
    "supporting": "supporting treatment only, by sessions",
    "never": "never counts",
}
_EFFECTS = {
    "remove": "the course does not count",
    "unclear": "the course is uncertain (a gap)",
    "counts": "the course counts where depression is coded as present too, and the card says so",
    "needs_reason": "the course counts only where this is the recorded reason",
}
_NAMES = {
    "not_counted": "not counted",
    ">=": "at least ",
}
_LOOKED_FOR = {
    "reason": "reason on the order",
    "diagnosis": "active diagnosis of the patient, no depression reason on the order",
    "either": "reason on the order, or active diagnosis of the patient",
}


def _rows(name: str) -> list[dict[str, str]]:
    with (_DRUGS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _origin(row: Mapping[str, str]) -> str:
    sure = certainty(row["verification"], pending=bool(row["review"]))
    return f"{plain(_in_words(row['source']))}; {sure}"


def _in_words(remark: str) -> str:
    """Give a remark of a table without the names of grades and settings."""
    for name, words in _NAMES.items():
        remark = remark.replace(name, words)
    return remark


def dose_table() -> str:
    """Give every antidepressant with a floor; doses in mg a day."""
    rows = [row for row in _rows("antidepressants.csv") if row["minimum_mg"]]
    head = ("Drug", "Adequate from", "Not settled", "Strict", "Error above", "Source")
    return table(
        head,
        (
            (
                f"{plain(row['row'])} ({plain(row['drug_class'])})",
                f"**{row['minimum_mg']}**",
                _not_settled(row),
                row["strict_mg"] or NOTHING,
                row["max_plausible_mg"] or NOTHING,
                _origin(row),
            )
            for row in rows
        ),
    )


def _not_settled(row: Mapping[str, str]) -> str:
    """Give the band below the floor on which sources disagree, in one line of a narrow column."""
    if not row["grey_low_mg"]:
        return NOTHING
    words = f"{row['grey_low_mg']} to below {row['minimum_mg']}"
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def drugs_without_floor() -> str:
    """Give the drugs that never count, or count as supporting treatment only."""
    rows = (row for row in _rows("antidepressants.csv") if not row["minimum_mg"])
    cells = ((plain(row["row"]), _COUNTS[row["counts_as_trial"]], _origin(row)) for row in rows)
    return table(("Drug", "How it counts", "Source"), cells)


def equivalence_groups() -> str:
    """Name the drugs of which only one counts."""
    groups: dict[str, list[str]] = {}
    for row in _rows("antidepressants.csv"):
        names = groups.setdefault(row["equivalence_group"], [])
        if row["name"] not in names:
            names.append(row["name"])
    return "; ".join(listed(names) for names in groups.values() if len(names) > 1)


def augmenter_table() -> str:
    head = ("Drug", "Least daily dose", "Counts", "Not counted when", "Source")
    return table(
        head,
        (
            (
                plain(row["name"]),
                _augmenter_dose(row),
                "supports" if row["role"] == "supporting" else "listed only",
                plain(row["not_counted_when"]) or NOTHING,
                _origin(row),
            )
            for row in _rows("augmenters.csv")
        ),
    )


def _augmenter_dose(row: Mapping[str, str]) -> str:
    if row["minimum_per_day"]:
        return f"**{_mass(Decimal(row['minimum_per_day']), row['unit'])}**"
    return plain(_in_words(row["grey"])) or NOTHING


def _mass(amount: Decimal, unit: str) -> str:
    """Give an amount the way it is prescribed: 25 µg, and not 0.025 mg."""
    if unit == "mg" and amount < Decimal("0.1"):
        return f"{number(amount * 1000)} µg"
    return f"{number(amount)} {unit}"


def other_uses_table(knowledge: Knowledge) -> str:
    """Give the uses of antidepressants and augmenters that are not depression, by use."""
    grouped: dict[tuple[str, str, str, str], list[str]] = {}
    for row in _rows("other_uses.csv"):
        key = (row["value_set"], row["where"], row["effect"], _origin(row))
        grouped.setdefault(key, []).append(row["drug"])
    rows = (
        (
            f"{plain(_title(knowledge, name))} (`{name}`)",
            listed(drugs),
            f"{_LOOKED_FOR[where]}: {_EFFECTS[effect]}",
            sure,
        )
        for (name, where, effect, sure), drugs in grouped.items()
    )
    return table(("Other use", "Drugs", "Where it is looked for, and what follows", "Source"), rows)


def _title(knowledge: Knowledge, value_set: str) -> str:
    if value_set not in knowledge.value_sets:
        raise SpecificationError(f"other_uses.csv names the value set {value_set}: there is none")
    return knowledge.value_sets[value_set].title


def awaiting_signature(files: Iterable[str]) -> tuple[int, int]:
    """Count the rows of drug tables that await a signature, and all of them."""
    rows = [row for file in files for row in _rows(file)]
    return sum(bool(row["review"]) for row in rows), len(rows)
