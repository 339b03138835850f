"""What is watched of one decision? The same for the store and for the counters of operators."""

from collections.abc import Iterable

from cds.decision import Decision
from cds.operations.metrics import EVALUATED, FIRED, NOT_EVALUABLE, UNKNOWN_CODES

# The outcomes with a verdict behind them. Switched off has none, and of a decision that was held
# back because the evidence expired nobody can say what would have come of it.
EVALUATED_OUTCOMES = frozenset({"evaluated", "snoozed"})
# The cards that the service is there for.
FIRED_KINDS = frozenset({"evidence", "experimental_order"})
SHOWN_OF_KNOWLEDGE = 12


def short_name(knowledge_sha256: str) -> str:
    """Give the name under which a version of the knowledge is counted, and stands on cards."""
    return knowledge_sha256[:SHOWN_OF_KNOWLEDGE]


def has_fired(kinds: Iterable[str]) -> bool:
    """Whether one of these kinds of card is one that the service is there for."""
    return not FIRED_KINDS.isdisjoint(kinds)


def is_not_evaluable(resistance: str, inflammation: str, could_not_tell: str) -> bool:
    """Whether treatment resistance or the marker could not be told.

    Draft orders are not judged for either; of them any criterion that stayed open counts.
    """
    if resistance == "not_judged":
        return bool(could_not_tell)
    return resistance == "insufficient_data" or inflammation == "unknown"


def count_watched(decision: Decision) -> None:
    """Count one decision for operators, by client and version of the knowledge."""
    if decision.outcome not in EVALUATED_OUTCOMES:
        return
    knowledge = short_name(decision.knowledge_sha256)
    labels = (decision.client, decision.service, knowledge)
    EVALUATED.labels(*labels).inc()
    if has_fired(card.kind for card in decision.cards):
        FIRED.labels(*labels).inc()
    if is_not_evaluable(decision.resistance, decision.inflammation, decision.could_not_tell):
        NOT_EVALUABLE.labels(*labels).inc()
    for kind, entries in decision.unknown_codes.items():
        UNKNOWN_CODES.labels(decision.client, knowledge, kind).inc(entries)
