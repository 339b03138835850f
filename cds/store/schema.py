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
    UniqueConstraint,
)

from cds.store.column_types import ForeignText, UtcTime

# The newest file of migrations/versions. The service works on this schema and no other.
REVISION = "0002"

METADATA = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)


def _number() -> Column[int]:
    kind = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only this one up
    return Column("id", kind, Identity(always=False), primary_key=True)


# Every call that was decided. Nothing here names a patient but the keyed pseudonym.
# review_class: where it stands in the reviewers' queue. could_not_tell: the criteria that stayed
# open, each between commas. evidence_key: the same for the same patient with the same evidence.
# unknown_codes: how many codes of each kind no table knows.
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
    Column("review_class", Text, nullable=False),
    Column("could_not_tell", Text, nullable=False),
    Column("evidence_key", Text),
    Column("unknown_codes", JSON, nullable=False),
    Index(None, "client", "pseudonym"),
    Index(None, "review_class", "decided_at"),
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
    _number(),
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


# Who switched what, when and why; nothing is ever changed here, the newest row of a scope holds.
# client, service: None means all of them.
mode_switches = Table(
    "mode_switches",
    METADATA,
    _number(),
    Column("switched_at", UtcTime, nullable=False),
    Column("switched_by", ForeignText, nullable=False),
    Column("because", ForeignText, nullable=False),
    Column("client", Text),
    Column("service", Text),
    Column("mode", Text, nullable=False),
)

# Those who may look at decisions. subject: of OpenID Connect, as issuer and subject; who signs in
# that way has no password here.
accounts = Table(
    "accounts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),
    Column("subject", ForeignText, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

# A browser that is signed in. token: a digest, so that nobody who reads this can sign in with it.
sign_ins = Table(
    "sign_ins",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("account", ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("began_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False, index=True),
)

# A link that signs somebody in once. token: a digest.
sign_in_links = Table(
    "sign_in_links",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("account", ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("until", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

# Tries to sign in with a password. whose: a keyed digest of the name that was typed, or of where it
# came from. until: before that no other try is taken.
sign_in_tries = Table(
    "sign_in_tries",
    METADATA,
    Column("whose", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False, index=True),
    Column("until", UtcTime, nullable=False),
)

# Who looked at what, and who did what. decision is no foreign key: that somebody looked stays known
# after the decision is gone.
audit_events = Table(
    "audit_events",
    METADATA,
    _number(),
    Column("at", UtcTime, nullable=False, index=True),
    Column("account", ForeignText),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("decision", Text, index=True),
    Column("details", JSON, nullable=False),
)

# A draw of decisions for review. strata: for each its name, how many decisions it held and how many
# were drawn, so that figures can be weighted back.
samples = Table(
    "samples",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("drawn_at", UtcTime, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("question", JSON, nullable=False),
    Column("strata", JSON, nullable=False),
)

# Who is to judge which decision of a sample. place: first, second or adjudicator.
assignments = Table(
    "assignments",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("sample", ForeignKey(samples.c.id), nullable=False),
    Column("decision", ForeignKey(decisions.c.id), nullable=False, index=True),
    Column("stratum", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("account", ForeignKey(accounts.c.id), nullable=False, index=True),
    Column("assigned_at", UtcTime, nullable=False),
    UniqueConstraint("sample", "decision", "place"),
    UniqueConstraint("sample", "decision", "account"),
)

# What a reviewer said, the whole form each time it was saved; nothing is ever changed here, and the
# newest row of an assignment holds.
judgements = Table(
    "judgements",
    METADATA,
    _number(),
    Column("assignment", ForeignKey(assignments.c.id), nullable=False, index=True),
    Column("saved_at", UtcTime, nullable=False),
    Column("submitted", Boolean, nullable=False),
    Column("judgement", JSON, nullable=False),
)


def write_json(value: object) -> str:
    """Write a JSON column."""
    return msgspec.json.encode(value).decode()


def read_json(text: str | bytes) -> object:
    """Read a JSON column."""
    return msgspec.json.decode(text)
