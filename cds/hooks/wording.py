"""Is the text that cards are written from the text that was put down for approval, and by whom?

The record stands in approved_wording.toml. A test fails where the text changed and the record did
not; `python -m tools.record_wording` puts a change down, and takes every approval back.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ConfigDict, Field

RECORD = "approved_wording.toml"
# Whatever reaches a card as words: sentences, ledger, references, exclusions and what may not be
# said; what stands on every card; and the templates that put them in order.
_COVERED = (
    ("rules", "evidence", ".toml"),
    ("cds", "hooks", "cards.toml"),
    ("cds", "templates/cards", ".j2"),
)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WordingChange(_Entry):
    """One change of the text. sha256: of the whole text after it."""

    date: date
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    what: str = Field(min_length=1)


class WordingApproval(_Entry):
    """One signature under one state of the text."""

    role: str = Field(min_length=1)
    by: str = Field(min_length=1)
    date: date
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class WordingRecord(_Entry):
    """needed: the roles that must sign, each a person of its own."""

    needed: tuple[str, ...] = Field(min_length=2)
    changes: tuple[WordingChange, ...] = Field(min_length=1)
    approvals: tuple[WordingApproval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The text as shipped, beside its record. awaits: the roles that have not signed this text."""

    sha256: str
    recorded: bool
    awaits: tuple[str, ...]
    record: WordingRecord

    @property
    def status(self) -> str:
        """Say in a few words how far the approval of this text is."""
        if not self.recorded:
            return "draft: the text differs from the one that was put down for approval"
        if self.awaits:
            return (
                f"draft: awaiting approval by {' and '.join(f'a {role}' for role in self.awaits)}"
            )
        return "approved"

    @property
    def approved_on(self) -> date | None:
        """The day of the last signature that was needed; None while one is missing."""
        if not self.recorded or self.awaits:
            return None
        return max(each.date for each in self.record.approvals if each.sha256 == self.sha256)


def read_wording() -> Wording:
    """Read the record, and hold the shipped text against it.

    Errors: pydantic's ValidationError for a record that is none.
    """
    text = files("cds").joinpath("hooks", RECORD).read_text(encoding="utf-8")
    return judge_record(WordingRecord.model_validate(tomllib.loads(text)), wording_sha256())


def judge_record(record: WordingRecord, sha256: str) -> Wording:
    """Say which of the needed roles have signed the text of this digest, each by another person."""
    signed = [each for each in record.approvals if each.sha256 == sha256]
    people = {each.role: each.by for each in signed}
    alone = len(set(people.values())) == len(people)
    return Wording(
        sha256=sha256,
        recorded=record.changes[-1].sha256 == sha256,
        awaits=tuple(role for role in record.needed if role not in people or not alone),
        record=record,
    )


def wording_sha256() -> str:
    """Give the SHA-256 over names, lengths and bytes of every file a card takes its words from."""
    total = hashlib.sha256()
    for name, content in _texts():
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _texts() -> Iterator[tuple[str, bytes]]:
    for package, folder, ending in _COVERED:
        directory: Traversable = files(package).joinpath(folder)
        for file in sorted(directory.iterdir(), key=lambda each: each.name):
            if file.name.endswith(ending) and not file.name.startswith("."):
                yield f"{package}/{folder}/{file.name}", file.read_bytes()
