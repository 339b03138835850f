"""Which tables does the first version have? Decisions, their cards and facts, feedback, tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _make_decisions()
    _make_cards()
    _make_cases()
    _make_feedback()
    _make_used_tokens()


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("hook_instance", sa.Text()),
        sa.Column("request_key", sa.Text()),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("knowledge_version", sa.Text(), nullable=False),
        sa.Column("knowledge_sha256", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("resistance", sa.Text(), nullable=False),
        sa.Column("inflammation", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="decisions_pkey"),
    )
    op.create_index("decisions_client_pseudonym", "decisions", ["client", "pseudonym"])
    op.create_index("decisions_decided_at", "decisions", ["decided_at"])


def _make_cards() -> None:
    op.create_table(
        "cards",
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text()),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="cards_pkey"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="cards_decision_fkey"),
    )
    op.create_index("cards_decision", "cards", ["decision"])


def _make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("decision", name="cases_pkey"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="cases_decision_fkey"),
    )


def _make_feedback() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts only this one up
    op.create_table(
        "feedback",
        sa.Column("id", number, sa.Identity(always=False), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("accepted_suggestions", sa.JSON(), nullable=False),
        sa.Column("reason_code", sa.Text()),
        sa.Column("reason_system", sa.Text()),
        sa.Column("reason_display", sa.Text()),
        sa.Column("user_comment", sa.Text()),
        sa.Column("outcome_at", sa.DateTime(timezone=True)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="feedback_pkey"),
        sa.UniqueConstraint("digest", name="feedback_digest_key"),
    )
    op.create_index("feedback_card", "feedback", ["card"], postgresql_using="hash")
    op.create_index("feedback_received_at", "feedback", ["received_at"])


def _make_used_tokens() -> None:
    op.create_table(
        "used_tokens",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="used_tokens_pkey"),
    )
    op.create_index("used_tokens_until", "used_tokens", ["until"])
