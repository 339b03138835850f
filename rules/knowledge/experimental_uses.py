"""Which drugs are experimental for depression, and when does a draft order of one matter?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal

from pydantic import BeforeValidator

from rules.codes import ValueSet
from rules.facts import Drug
from rules.knowledge.drug_rows import ReviewedRow, Text
from rules.knowledge.drugs import DrugTable
from rules.knowledge.files import KnowledgeError, KnowledgeFile, Review, Verification, parse_csv
from rules.knowledge.value_sets import require

EXPERIMENTAL = "drugs/experimental.csv"


class Fires(Enum):
    """When a draft order of the drug is worth a card.

    UNLESS_LABELLED: unless a labelled indication stands on it or in the record.
    DEPRESSION_IS_THE_REASON: only where every reason on it is depression, for a common drug.
    """

    UNLESS_LABELLED = "unless_labelled"
    DEPRESSION_IS_THE_REASON = "depression_is_the_reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentalUse:
    """One row: a drug, or all drugs of a role, that the evidence ledger names as experimental.

    labelled, labelled_acute: value sets of the labelled indications; the acute ones explain a
    draft only while they are recent. studies: keys of the ledger. risk: key of a statement.
    """

    match: str  # "role" or "drug"
    name: str
    fires: Fires
    labelled: tuple[str, ...]
    labelled_acute: tuple[str, ...]
    studies: tuple[str, ...]
    risk: str

    @property
    def has_label(self) -> bool:
        """Whether a labelled indication is looked for at all; the table lists none for some."""
        return bool(self.labelled or self.labelled_acute)

    def is_of(self, drug: Drug) -> bool:
        """Say whether this row speaks of the drug."""
        return self.name in drug.roles if self.match == "role" else self.name == drug.name


Names = Annotated[tuple[str, ...], BeforeValidator(lambda cell: str(cell).split())]


class _ExperimentalRow(ReviewedRow):
    match: Literal["role", "drug"]
    name: Text
    fires: Fires
    labelled: Names
    labelled_acute: Names
    studies: Names
    risk: Text
    why: Text
    source: Text
    verification: Verification
    review: Review


def read_experimental_uses(
    file: KnowledgeFile,
    drugs: DrugTable,
    value_sets: Mapping[str, ValueSet],
    *,
    studies: Collection[str],
    statements: Collection[str],
) -> tuple[ExperimentalUse, ...]:
    """Read the table in its order, in which the first row that fits a drug holds.

    Errors: KnowledgeError for a bad cell, a row that stands twice, and a drug, value set, study or
    statement that does not exist.
    """
    rows = parse_csv(file, _ExperimentalRow)
    known = list(_known(drugs))
    seen: set[tuple[str, str]] = set()
    uses = []
    for row in rows:
        if (row.match, row.name) in seen:
            raise KnowledgeError(file.name, row.name, "the drug stands twice")
        seen.add((row.match, row.name))
        _check(row.studies, studies, "study", file.name)
        _check((row.risk,), statements, "statement", file.name)
        require(value_sets, (*row.labelled, *row.labelled_acute), file.name)
        use = ExperimentalUse(
            **{name: getattr(row, name) for name in ExperimentalUse.__dataclass_fields__}
        )
        if not any(use.is_of(drug) for drug in known):
            raise KnowledgeError(file.name, row.name, f"no drug table knows this {row.match}")
        uses.append(use)
    return tuple(uses)


def _known(drugs: DrugTable) -> Iterable[Drug]:
    tables = (drugs.by_code, drugs.by_family, drugs.by_word)
    return (drug for table in tables for entry in table.values() for drug in entry)


def _check(names: Iterable[str], known: Collection[str], what: str, file: str) -> None:
    for name in names:
        if name not in known:
            raise KnowledgeError(file, name, f"there is no {what} of this name")
