"""What did we decide about a patient, for whom, on which grounds? One call, as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

Outcome = Literal["evaluated", "switched_off", "evidence_expired", "snoozed"]

# The place of our decision ids among all name-based UUIDs.
_DECISIONS = UUID("5f6d3f0e-8f0b-4c1e-9d27-6a3b1f0c2d41")
# The members of an answer that name resources of the client's server, in all its parts.
_REFERENCES = frozenset({"source", "sources"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecord:
    """One card of a decision. uuid: under which feedback on it comes back.

    shown: False where it was kept back although the others of its decision were sent.
    """

    uuid: str
    kind: str
    summary: str | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of the service. Whose it is, only the keyed pseudonym tells.

    decided_at: aware. service: the id of the hook service, or "evaluate". request_key: the same for
    the same call delivered again; None where a call cannot be told from another. resistance,
    inflammation: statuses. answer: the assessment as it was told, {} where nothing was evaluated.
    shown: the cards were sent, rather than only recorded. review_class: where it stands in the
    reviewers' queue. could_not_tell: the criteria that stayed open, each between commas.
    evidence_key: the same for the same patient with the same evidence; None where no card was due.
    unknown_codes: how many codes of each kind no table knows. facts: the JSON of the facts, kept
    for review and replay where the client agreed to it.
    """

    id: str
    decided_at: datetime
    client: str
    service: str
    hook_instance: str | None
    request_key: str | None
    pseudonym: str
    as_of: date
    mode: str
    outcome: Outcome
    knowledge_version: str
    knowledge_sha256: str
    rule_version: str
    resistance: str
    inflammation: str
    answer: Mapping[str, object]
    cards: tuple[CardRecord, ...]
    shown: bool
    review_class: str = "unclassified"
    could_not_tell: str = ""
    evidence_key: str | None = None
    unknown_codes: Mapping[str, int] = field(default_factory=dict)
    facts: bytes | None = None


def decision_id_of(request_key: str) -> str:
    """Give the id of the decision on a call: a call delivered twice is one decision."""
    return str(uuid5(_DECISIONS, request_key))


def leave_out_references(answer: object) -> object:
    """Give an answer without the ids of the client's resources, which the log must not hold.

    Source: the decision log keeps findings with numbers, dates and codes, and no FHIR ids; they
    are part of the facts, which are kept apart.
    """
    if type(answer) is str:  # as most of an answer is
        return answer
    if isinstance(answer, Mapping):
        kept = ((name, value) for name, value in answer.items() if name not in _REFERENCES)
        return {name: leave_out_references(value) for name, value in kept}
    if isinstance(answer, list | tuple):
        return [leave_out_references(item) for item in answer]
    return answer
