"""How does the table of experimental drugs read on paper?"""

import csv
from collections.abc import Mapping
from pathlib import Path

from rules.knowledge.experimental_uses import Fires
from rules.knowledge.model import Knowledge
from rules.plain_words import listed
from tools.specification.markdown import NOTHING, certainty, plain, table
from tools.specification.words import words_of

_FILE = Path(__file__).parents[2] / "rules" / "drugs" / "experimental.csv"
_FIRES = {
    Fires.UNLESS_LABELLED: "unless a labelled indication is known",
    Fires.DEPRESSION_IS_THE_REASON: "only where depression is the whole reason on the draft",
}


def experimental_table(knowledge: Knowledge) -> str:
    """Give each experimental drug: when a draft of it is answered, why, and what was studied."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = [_row(each, knowledge) for each in csv.DictReader(lines)]
    head = ("Drug", "A card is due", "Why", "Labelled indications", "Studies", "Source")
    return table(head, rows)


def _row(row: Mapping[str, str], knowledge: Knowledge) -> tuple[str, ...]:
    names = {study.key: study.name for study in knowledge.evidence.studies}
    lists = [f"`{name}`" for name in (row["labelled"] + " " + row["labelled_acute"]).split()]
    drug = f"any other {words_of(row['name'])}" if row["match"] == "role" else row["name"]
    sure = certainty(row["verification"], pending=bool(row["review"]))
    return (
        plain(drug),
        _FIRES[Fires(row["fires"])],
        plain(row["why"]),
        listed(lists) or NOTHING,
        plain(listed([names[key] for key in row["studies"].split()])),
        f"{plain(row['source'].replace('interfaces.md', 'the specification'))}; {sure}",
    )
