"""How is a replay of many decisions counted and told? Nothing is held but the counts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cds.decision import Decision
from cds.replay_comparison import Change, Comparison
from rules.knowledge import Knowledge
from rules.plain_words import counted

UNEXPLAINED = "nothing explains it"


@dataclass(slots=True)
class Tally:
    """The counts of one replay.

    changes: decisions by what became of them. not_replayable: decisions by the reason. made_by:
    replayed decisions by the version and hash of the knowledge that made them. explained_by: those
    that differ, by each thing that is another now.
    """

    knowledge: Knowledge
    changes: Counter[Change] = field(default_factory=Counter)
    not_replayable: Counter[str] = field(default_factory=Counter)
    made_by: Counter[tuple[str, str]] = field(default_factory=Counter)
    explained_by: Counter[str] = field(default_factory=Counter)
    unexplained: int = 0

    @property
    def replayed(self) -> int:
        return self.changes.total()

    @property
    def decisions(self) -> int:
        return self.replayed + self.not_replayable.total()

    @property
    def all_unchanged(self) -> bool:
        """Whether all that was replayed came out as it was. Nothing replayed shows nothing."""
        return 0 < self.replayed == self.changes[Change.UNCHANGED]

    def add(self, comparison: Comparison) -> None:
        """Count a decision that was replayed."""
        decision = comparison.decision
        self.changes[comparison.change] += 1
        self.made_by[decision.knowledge_version, decision.knowledge_sha256] += 1
        self.explained_by.update(comparison.explained_by)
        self.unexplained += comparison.is_unexplained


class InWords:
    """Tells a replay to people, in lines."""

    def of_decision(self, comparison: Comparison, words: Iterable[str]) -> Iterator[str]:
        """Tell of one decision; words: the lines of its cards that changed."""
        told = [f"{in_words(comparison.change)}{_cards(comparison)}"]
        told += [
            f"{each.what} {each.before or 'none'} → {each.after or 'none'}"
            for each in comparison.moved
        ]
        if comparison.change is not Change.UNCHANGED:
            told.append(f"because: {', '.join(comparison.explained_by) or UNEXPLAINED}")
        yield f"{_head(comparison.decision)}: {'; '.join(told)}"
        yield from (f"  {line}" for line in words)

    def of_refused(self, decision: Decision, because: str) -> Iterator[str]:
        """Tell why one decision cannot be replayed."""
        yield f"{_head(decision)}: not replayable: {because}"

    def of_all(self, tally: Tally) -> Iterator[str]:
        """Tell the counts."""
        known = tally.knowledge
        meant = counted(tally.decisions, "decision", "decisions")
        yield f"{tally.replayed} of {meant} replayed under {_named(known.version, known.sha256)}"
        yield from (f"  {in_words(change)}: {tally.changes[change]}" for change in Change)
        yield f"  not replayable: {tally.not_replayable.total()}"
        yield from (f"    {why}: {number}" for why, number in tally.not_replayable.most_common())
        for (version, sha256), number in tally.made_by.items():
            if sha256 != known.sha256:
                yield f"made by another knowledge, {_named(version, sha256)}: {number}"
        yield from (f"explained by {why}: {n}" for why, n in tally.explained_by.most_common())
        yield f"unexplained: {tally.unexplained}"


def in_words(change: Change) -> str:
    """Write what became of a decision as people read it."""
    return change.value.replace("_", " ")


def tell_time(moment: datetime) -> str:
    """Write a moment to the second, in UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _head(decision: Decision) -> str:
    return f"{tell_time(decision.decided_at)} {decision.id} {decision.client} {decision.service}"


def _named(version: str, sha256: str) -> str:
    return f"knowledge {version} ({sha256})"


def _cards(comparison: Comparison) -> str:
    before, after = ", ".join(comparison.cards_before), ", ".join(comparison.cards_after)
    if before == after:
        return f" ({before})" if before else ""
    return f" ({before or 'no card'} → {after or 'no card'})"
