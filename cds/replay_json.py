"""How is a replay told to a program? One JSON object a line, the counts in the last one."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from cds.decision import Decision
from cds.replay_comparison import Change, Comparison
from cds.replay_report import Tally, tell_time

_NOT_REPLAYABLE = "not_replayable"


class AsJson:
    """Tells a replay to programs, in lines."""

    def of_decision(self, comparison: Comparison, words: Iterable[str]) -> Iterator[str]:
        """Tell of one decision; words: the lines of its cards that changed."""
        decision = comparison.decision
        yield _written(
            {
                **_identity(decision),
                "change": comparison.change.value,
                "cardsBefore": comparison.cards_before,
                "cardsAfter": comparison.cards_after,
                "moved": comparison.moved,
                "madeBy": _named(decision.knowledge_version, decision.knowledge_sha256),
                "explainedBy": comparison.explained_by,
                "changedWords": tuple(words),
            }
        )

    def of_refused(self, decision: Decision, because: str) -> Iterator[str]:
        """Tell why one decision cannot be replayed."""
        yield _written({**_identity(decision), "change": _NOT_REPLAYABLE, "because": because})

    def of_all(self, tally: Tally) -> Iterator[str]:
        """Tell the counts."""
        yield _written(
            {
                "summary": {
                    "knowledge": _named(tally.knowledge.version, tally.knowledge.sha256),
                    "decisions": tally.decisions,
                    "replayed": tally.replayed,
                    "changes": {change.value: tally.changes[change] for change in Change},
                    "notReplayable": tally.not_replayable,
                    "madeBy": [
                        {**_named(version, sha256), "decisions": number}
                        for (version, sha256), number in tally.made_by.items()
                    ],
                    "explainedBy": tally.explained_by,
                    "unexplained": tally.unexplained,
                }
            }
        )


def _identity(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "decidedAt": tell_time(decision.decided_at),
        "client": decision.client,
        "service": decision.service,
    }


def _named(version: str, sha256: str) -> dict[str, str]:
    return {"version": version, "sha256": sha256}


def _written(value: object) -> str:
    return msgspec.json.encode(value).decode()
