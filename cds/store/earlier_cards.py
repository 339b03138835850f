"""Was a card on the same evidence shown before, and was it overridden?"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from cds.store.database import Store
from cds.store.schema import cards, decisions, feedback

_OVERRIDDEN = "overridden"
# The index of a patient's decisions is what makes this one cheap read.
_EARLIER = (
    select(func.max(decisions.c.decided_at), func.max(feedback.c.received_at))
    .select_from(decisions)
    .join(cards)
    .outerjoin(
        feedback,
        and_(
            feedback.c.card == cards.c.uuid,
            feedback.c.client == decisions.c.client,
            feedback.c.outcome == _OVERRIDDEN,
        ),
    )
    .where(
        decisions.c.client == bindparam("client"),
        decisions.c.pseudonym == bindparam("pseudonym"),
        decisions.c.service == bindparam("service"),
        decisions.c.evidence_key == bindparam("evidence_key"),
        decisions.c.id != bindparam("decision"),
        cards.c.shown,
        cards.c.kind.in_(bindparam("kinds", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SameEvidence:
    """What is looked for: one patient of one client, one service, one evidence.

    decision: the id of the one that is being made; a call delivered again is no earlier showing of
    itself.
    """

    client: str
    service: str
    pseudonym: str = field(repr=False)
    evidence_key: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The last time such a card was shown, and the last override of one; None where never."""

    shown_at: datetime | None
    overridden_at: datetime | None


class EarlierCards:
    """The cards that patients' charts have carried before."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, evidence: SameEvidence, kinds: Collection[str]) -> Earlier:
        """Look for cards of these kinds on the same evidence. Errors: StoreUnavailable."""
        values = {**asdict(evidence), "kinds": sorted(kinds)}
        with self._store.reading() as connection:
            shown_at, overridden_at = connection.execute(_EARLIER, values).one()
        return Earlier(shown_at=shown_at, overridden_at=overridden_at)
