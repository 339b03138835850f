"""What does a lead ask for who draws a sample, and may it be drawn so?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cds.review.judging import Fault
from cds.review.roles import Account
from cds.review.sampling import (
    CLASSES,
    CannotDrawError,
    Draw,
    Method,
    draw_random,
    draw_stratified,
)
from cds.review.standing import may_judge_blind, may_settle
from cds.store.samples import Frame, NewSample, Team
from cds.store.utc_days import begin_of, end_of

MAX_NAME, MAX_PLAN = 100, 4_000
_MAX_SEED = 2**63 - 1  # what the database keeps
_MAX_WANTED = 10_000
_ALL = "all"
FIELDS = (
    "name", "plan", "method", "wanted", *(f"wanted-{each}" for each in CLASSES), "seed",
    "client", "service", "since", "until", "first", "second", "adjudicator",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleForm:
    """A form as it was sent, with what is wrong in it."""

    sent: Mapping[str, str]
    people: Mapping[str, Account]

    @property
    def frame(self) -> Frame:
        """Give the decisions to draw from; a day that cannot be read narrows nothing."""
        since, until = (_day(self.sent.get(name, "")) for name in ("since", "until"))
        return Frame(
            client=self.sent.get("client") or None,
            service=self.sent.get("service") or None,
            since=begin_of(since) if since else None,
            until=end_of(until) if until else None,
        )

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Say what is wrong, in the order of the form."""
        return (*self._faults_of_texts(), *self._faults_of_numbers(), *self._faults_of_team())

    @property
    def team(self) -> Team:
        """Give who judges it; only where there are no faults."""
        return Team(
            first=self.sent["first"],
            second=self.sent["second"],
            adjudicator=self.sent["adjudicator"],
        )

    def sample(self, new_seed: Callable[[], int]) -> NewSample:
        """Give the sample that is asked for; only where there are no faults.

        new_seed: makes one where the form has none, below 2 to the power of 63.
        """
        return NewSample(
            name=self.sent["name"],
            plan=self.sent["plan"],
            method=self.sent["method"],
            seed=int(self.sent["seed"]) if self.sent.get("seed") else new_seed(),
            frame=self.frame,
            wanted=self._wanted(),
        )

    def draw(self, new: NewSample, ids_by_class: Mapping[str, Sequence[str]]) -> Draw:
        """Draw it. Errors: CannotDrawError."""
        if new.method == Method.RANDOM.value:
            return draw_random(ids_by_class, new.wanted[_ALL], new.seed)
        return draw_stratified(ids_by_class, new.wanted, new.seed)

    def _wanted(self) -> dict[str, int]:
        if self.sent.get("method") == Method.RANDOM.value:
            return {_ALL: _number(self.sent.get("wanted", "")) or 0}
        numbers = {each: _number(self.sent.get(f"wanted-{each}", "")) for each in CLASSES}
        return {name: number for name, number in numbers.items() if number}

    def _faults_of_texts(self) -> tuple[Fault, ...]:
        found = []
        for name, words, most in (
            ("name", "a name", MAX_NAME),
            ("plan", "the plan: how many, why, and when you stop", MAX_PLAN),
        ):
            if not self.sent.get(name):
                found.append(Fault(field=name, sentence=f"Write {words}"))
            elif len(self.sent[name]) > most:
                found.append(
                    Fault(field=name, sentence=f"Write at most {most:,} characters as the {name}")
                )
        return tuple(found)

    def _faults_of_numbers(self) -> tuple[Fault, ...]:
        found = [
            Fault(field=name, sentence=f"Write the {words} day as year-month-day")
            for name, words in (("since", "first"), ("until", "last"))
            if self.sent.get(name) and _day(self.sent[name]) is None
        ]
        if self.sent.get("method") not in {each.value for each in Method}:
            found.append(Fault(field="method", sentence="Choose how the sample is drawn"))
        elif not self._numbers_are_read():
            found.append(
                Fault(
                    field=self._number_field,
                    sentence=f"Write how many decisions to draw, as whole numbers up to "
                    f"{_MAX_WANTED:,}",
                )
            )
        if self.sent.get("seed") and _number(self.sent["seed"], most=_MAX_SEED) is None:
            found.append(Fault(field="seed", sentence="Write the seed as a whole number"))
        return tuple(found)

    @property
    def _number_field(self) -> str:
        is_random = self.sent.get("method") == Method.RANDOM.value
        return "wanted" if is_random else f"wanted-{CLASSES[0]}"

    def _numbers_are_read(self) -> bool:
        is_random = self.sent.get("method") == Method.RANDOM.value
        names = ("wanted",) if is_random else tuple(f"wanted-{each}" for each in CLASSES)
        written = [self.sent[name] for name in names if self.sent.get(name)]
        numbers = [_number(each) for each in written]
        return None not in numbers and any(numbers)

    def _faults_of_team(self) -> tuple[Fault, ...]:
        chosen = {name: self.people.get(self.sent.get(name, "")) for name in _TEAM}
        found = [
            Fault(field=name, sentence=f"Choose the {words}")
            for name, (words, may) in _TEAM.items()
            if (account := chosen[name]) is None or not may(account)
        ]
        ids = [account.id for account in chosen.values() if account is not None]
        if not found and len(set(ids)) < len(ids):
            found.append(Fault(field="second", sentence="Choose three different people"))
        return tuple(found)


_TEAM: Mapping[str, tuple[str, Callable[[Account], bool]]] = {
    "first": ("first reviewer", may_judge_blind),
    "second": ("second reviewer", may_judge_blind),
    "adjudicator": ("adjudicator", may_settle),
}


def explain(error: CannotDrawError) -> Fault:
    """Say at the field of the method why nothing could be drawn."""
    sentence = str(error)
    return Fault(field="method", sentence=sentence[:1].upper() + sentence[1:])


def _number(text: str, *, most: int = _MAX_WANTED) -> int | None:
    """Read a whole number of 0 to the most there may be; None for anything else."""
    if not text.isascii() or not text.isdigit():
        return None
    number = int(text) if len(text) <= len(str(most)) else most + 1
    return number if number <= most else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
