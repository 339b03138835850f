"""How is feedback on cards written down, so that what was acknowledged is never lost or doubled?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from cds.store.column_types import keepable
from cds.store.database import Store
from cds.store.schema import cards, decisions, feedback, write_json

# Whether a card is known is asked and not kept: feedback that came before its card finds it later.
_SAID = ("card", "outcome", "reason_code", "reason_system", "reason_display", "user_comment")
_KNOWN_CARDS = (
    select(cards.c.uuid)
    .join(decisions)
    .where(
        cards.c.uuid.in_(bindparam("cards", expanding=True)),
        decisions.c.client == bindparam("client"),
    )
)


class FeedbackEntry(Protocol):
    """One entry as a client sent it. user_comment is for the store alone, never for a log."""

    @property
    def card(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def accepted_suggestions(self) -> Sequence[str]: ...
    @property
    def reason_code(self) -> str | None: ...
    @property
    def reason_system(self) -> str | None: ...
    @property
    def reason_display(self) -> str | None: ...
    @property
    def user_comment(self) -> str | None: ...
    @property
    def outcome_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What became of a batch.

    stored: entries that are new. repeated: entries that were there already, or came twice in the
    batch. unknown: entries on a card that this client was not given, or that is no longer kept;
    each of them is also among the stored or the repeated.
    """

    stored: int
    repeated: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeedback:
    """One entry as it is kept."""

    client: str
    service: str
    card: str
    outcome: str
    accepted_suggestions: tuple[str, ...]
    reason_code: str | None
    reason_system: str | None
    reason_display: str | None
    user_comment: str | None = field(repr=False)
    outcome_at: datetime | None
    received_at: datetime


_KEPT = tuple(feedback.c[name] for name in KeptFeedback.__dataclass_fields__)


class FeedbackLog:
    """The feedback of all clients."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._insert = store.insert_new(feedback).returning(feedback.c.digest)

    def add(
        self, client: str, service: str, entries: Sequence[FeedbackEntry], received_at: datetime
    ) -> Counted:
        """Write a batch down, all of it, durably before this returns, or nothing.

        The same entry of the same client and service again is not written twice. A card that
        nobody knows is no error: it may be purged, or its row not be written yet.

        Errors: StoreUnavailable; the batch can be sent again.
        """
        if not entries:
            return Counted(stored=0, repeated=0, unknown=0)
        rows = [_row(client, service, entry, received_at) for entry in entries]
        named = {str(row["card"]) for row in rows}
        with self._store.writing() as connection:
            stored = len(connection.execute(self._insert, rows).all())
            known = set(
                connection.scalars(_KNOWN_CARDS, {"cards": sorted(named), "client": client})
            )
        return Counted(
            stored=stored,
            repeated=len(rows) - stored,
            unknown=sum(row["card"] not in known for row in rows),
        )

    def of_card(self, client: str, card: str) -> tuple[KeptFeedback, ...]:
        """Give what a client said of a card, in the order received. Errors: StoreUnavailable."""
        condition = and_(feedback.c.client == client, feedback.c.card == card)
        with self._store.reading() as connection:
            return read_feedback(connection, condition)


def read_feedback(
    connection: Connection, condition: ColumnElement[bool]
) -> tuple[KeptFeedback, ...]:
    """Read the feedback that meets a condition, in the order received."""
    rows = connection.execute(select(*_KEPT).where(condition).order_by(feedback.c.id)).mappings()
    return tuple(
        KeptFeedback(**{**row, "accepted_suggestions": tuple(row["accepted_suggestions"])})
        for row in rows
    )


def _row(
    client: str, service: str, entry: FeedbackEntry, received_at: datetime
) -> dict[str, object]:
    said: dict[str, object] = {name: _keepable(getattr(entry, name)) for name in _SAID}
    said["accepted_suggestions"] = [keepable(each) for each in entry.accepted_suggestions]
    moment = entry.outcome_at and entry.outcome_at.astimezone(UTC)
    digest = sha256(write_json([client, service, moment, said]).encode()).hexdigest()
    own = {"client": client, "service": service, "outcome_at": moment}
    return said | own | {"received_at": received_at, "digest": digest}


def _keepable(text: str | None) -> str | None:
    return None if text is None else keepable(text)
