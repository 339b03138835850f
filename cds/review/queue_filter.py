"""What does the address of a queue page ask for, and what of it cannot be read?

An address holds only words of ours, names of clients and ids of decisions; nothing of a patient.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cds.pages.words import INFLAMMATION, RESISTANCE
from cds.review.classes import OPEN_CRITERIA, ReviewClass
from cds.review.roles import Account, Permission
from cds.store.column_types import keepable
from cds.store.queue_filters import QueueQuestion

ME: Final = "me"
NOT_JUDGED: Final = "not_judged"
SAID: Mapping[str, str] = {"any": "With feedback", "comment": "With a comment"}
REVIEWED: Mapping[str, str] = {"no": "Still to be judged", "yes": "Judged"}
_CLASSES = frozenset(each.value for each in ReviewClass)
_RESISTANCE = frozenset({NOT_JUDGED, *(each.value for each in RESISTANCE)})
_INFLAMMATION = frozenset({NOT_JUDGED, *(each.value for each in INFLAMMATION)})
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as an address asks it.

    written: what could be read, by the names of the address, to be written into another. faults:
    the name and a sentence for what could not be read; it narrows nothing.
    """

    question: QueueQuestion
    written: Mapping[str, str]
    faults: tuple[tuple[str, str], ...] = ()


def sees_others(account: Account) -> bool:
    """Whether an account may ask what others reviewed: not whoever may be a blind reviewer only."""
    return account.may(Permission.SEE_FIGURES)


def read_question(arguments: Mapping[str, str], account: Account) -> Asked:
    """Read the filters of an address; one that cannot be read is left out and named.

    Whoever may not see figures asks only for what is theirs to judge: what others did with a case
    must stay unknown to a blind reviewer.
    """
    reading = _Reading(arguments)
    first, last = reading.day("from"), reading.day("until")
    if first and last and last < first:
        reading.faults.append(("until", "The last day lies before the first day"))
    reviewed = reading.one_of("reviewed", REVIEWED)
    question = QueueQuestion(
        review_class=reading.one_of("class", _CLASSES),
        client=reading.text("client"),
        service=reading.text("service"),
        knowledge=reading.text("knowledge"),
        first_day=first,
        last_day=last,
        resistance=reading.one_of("resistance", _RESISTANCE),
        inflammation=reading.one_of("inflammation", _INFLAMMATION),
        left_open=reading.one_of("open", OPEN_CRITERIA),
        reviewer=_reviewer(reading, account, asks_reviewed=bool(reviewed)),
        reviewed={"yes": True, "no": False}.get(reviewed),
        said=reading.one_of("said", SAID),
    )
    return Asked(question=question, written=reading.written, faults=tuple(reading.faults))


def _reviewer(reading: "_Reading", account: Account, *, asks_reviewed: bool) -> str:
    named = reading.text("reviewer")
    if sees_others(account):
        return account.id if named == ME else named
    if named and named != ME:
        del reading.written["reviewer"]
        reading.faults.append(("reviewer", "You can choose only your own cases"))
    return account.id if named == ME or asks_reviewed else ""


class _Reading:
    """Reads the arguments of one address, and keeps what was read and what could not be."""

    def __init__(self, arguments: Mapping[str, str]) -> None:
        self._arguments = arguments
        self.written: dict[str, str] = {}
        self.faults: list[tuple[str, str]] = []

    def text(self, name: str) -> str:
        text = keepable(self._arguments.get(name, "").strip()[:_LONGEST])
        if text:
            self.written[name] = text
        return text

    def one_of(self, name: str, known: Container[str]) -> str:
        text = self.text(name)
        if text and text not in known:
            self._refuse(name, "Choose one of the values in the list")
            return ""
        return text

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._refuse(name, "A day must be written as year, month, day, such as 2026-06-30")
            return None

    def _refuse(self, name: str, sentence: str) -> None:
        del self.written[name]
        self.faults.append((name, sentence))
