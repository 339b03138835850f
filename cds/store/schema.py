"""Which tables are there? A change here needs a file in migrations/versions beside it."""

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from cds.store.column_types import ForeignText, UtcTime

# The newest file of migrations/versions. The service works on this schema and no other.
REVISION = "0001"

METADATA = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

# Every call that was decided. Nothing here names a patient but the keyed pseudonym.
decisions = Table(
    "decisions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("decided_at", UtcTime, nullable=False, index=True),
    Column("client", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("hook_instance", ForeignText),
    Column("request_key", Text),
    Column("pseudonym", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("mode", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("knowledge_version", Text, nullable=False),
    Column("knowledge_sha256", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("resistance", Text, nullable=False),
    Column("inflammation", Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("shown", Boolean, nullable=False),
    Index(None, "client", "pseudonym"),
)

# shown is told for each card: a call delivered again after the mode was changed shows its own.
cards = Table(
    "cards",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("decision", ForeignKey(decisions.c.id), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("summary", Text),
    Column("shown", Boolean, nullable=False),
)

# The facts of a decision, for review and replay: only of clients that agreed to it.
cases = Table(
    "cases",
    METADATA,
    Column("decision", ForeignKey(decisions.c.id), primary_key=True),
    Column("facts", LargeBinary, nullable=False),
)

# card is no foreign key: feedback may come before its card is seen here, or for a card of nobody.
# Whether a card is known is asked when feedback is read, so feedback that came first finds its
# card. The index is a hash because the id of a card may have any length.
feedback = Table(
    "feedback",
    METADATA,
    Column(
        "id",
        BigInteger().with_variant(Integer, "sqlite"),
        Identity(always=False),
        primary_key=True,
    ),
    Column("client", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("card", ForeignText, nullable=False),
    Column("outcome", ForeignText, nullable=False),
    Column("accepted_suggestions", JSON, nullable=False),
    Column("reason_code", ForeignText),
    Column("reason_system", ForeignText),
    Column("reason_display", ForeignText),
    Column("user_comment", ForeignText),
    Column("outcome_at", UtcTime),
    Column("received_at", UtcTime, nullable=False, index=True),
    Column("digest", Text, nullable=False, unique=True),
    Index("feedback_card", "card", postgresql_using="hash"),
)

# token: a digest of issuer and token id, which may be long and are nobody's business afterwards.
used_tokens = Table(
    "used_tokens",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("until", UtcTime, nullable=False, index=True),
)


def write_json(value: object) -> str:
    """Write a JSON column."""
    return msgspec.json.encode(value).decode()


def read_json(text: str | bytes) -> object:
    """Read a JSON column."""
    return msgspec.json.decode(text)
