"""What is kept of one patient, and how is it forgotten? Found by the pseudonym alone."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import and_, select

from cds.decision import Decision
from cds.store.database import Store
from cds.store.decisions import read_decisions
from cds.store.feedback import KeptFeedback, read_feedback
from cds.store.judged_cases import KeptJudgement, read_judgements
from cds.store.removal import AT_ONCE, remove_decisions
from cds.store.schema import cards, decisions, feedback

KINDS = ("decisions", "cards", "cases", "feedback", "assignments", "judgements")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRecord:
    """All that is kept of one patient of one client, the oldest first."""

    decisions: tuple[Decision, ...]
    feedback: tuple[KeptFeedback, ...]
    judgements: tuple[KeptJudgement, ...]


class PatientRecords:
    """What is kept, by patient. The same person at two clients is two patients."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, client: str, pseudonym: str) -> PatientRecord:
        """Give all that is kept of a patient. Errors: StoreUnavailable."""
        is_theirs = and_(decisions.c.client == client, decisions.c.pseudonym == pseudonym)
        their_cards = select(cards.c.uuid).join(decisions).where(is_theirs)
        is_on_them = and_(feedback.c.client == client, feedback.c.card.in_(their_cards))
        with self._store.reading() as connection:
            return PatientRecord(
                decisions=read_decisions(connection, is_theirs),
                feedback=read_feedback(connection, is_on_them),
                judgements=read_judgements(connection, is_theirs),
            )

    def forget(self, client: str, pseudonym: str) -> dict[str, int]:
        """Remove all that is kept of a patient, or nothing; count the rows of each kind.

        Feedback that named a card nobody knows belongs to no patient; it goes with its age.

        Errors: StoreUnavailable.
        """
        theirs = (
            select(decisions.c.id)
            .where(decisions.c.client == client, decisions.c.pseudonym == pseudonym)
            .limit(AT_ONCE)
        )
        counts: Counter[str] = Counter()
        with self._store.writing() as connection:
            while ids := connection.scalars(theirs).all():
                counts += remove_decisions(connection, ids)
        return {kind: counts[kind] for kind in KINDS}
