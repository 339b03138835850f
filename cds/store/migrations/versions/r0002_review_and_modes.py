"""What does the second version add? Modes at run time, monitoring, and review by clinicians."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _add_to_decisions()
    _make_mode_switches()
    _make_accounts()
    _make_sign_in_tries()
    _make_audit_events()
    _make_samples()
    _make_judgements()


def _add_to_decisions() -> None:
    added = (
        sa.Column("review_class", sa.Text(), nullable=False, server_default="unclassified"),
        sa.Column("could_not_tell", sa.Text(), nullable=False, server_default=""),
        sa.Column("evidence_key", sa.Text()),
        sa.Column("unknown_codes", sa.JSON(), nullable=False, server_default="{}"),
    )
    for column in added:
        op.add_column("decisions", column)
    op.create_index(
        "decisions_review_class_decided_at", "decisions", ["review_class", "decided_at"]
    )


def _number() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts only this one up
    return sa.Column("id", kind, sa.Identity(always=False), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _make_mode_switches() -> None:
    op.create_table(
        "mode_switches",
        _number(),
        _time("switched_at"),
        _text("switched_by"),
        _text("because"),
        _text("client", nullable=True),
        _text("service", nullable=True),
        _text("mode"),
        sa.PrimaryKeyConstraint("id", name="mode_switches_pkey"),
    )


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        _text("id"),
        _text("name"),
        _text("role"),
        _text("password_hash", nullable=True),
        _text("subject", nullable=True),
        _time("created_at"),
        _time("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="accounts_pkey"),
        sa.UniqueConstraint("name", name="accounts_name_key"),
        sa.UniqueConstraint("subject", name="accounts_subject_key"),
    )
    op.create_table(
        "sign_ins",
        _text("token"),
        _text("account"),
        _time("began_at"),
        _time("seen_at"),
        _time("until"),
        sa.PrimaryKeyConstraint("token", name="sign_ins_pkey"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="sign_ins_account_fkey"),
    )
    op.create_index("sign_ins_account", "sign_ins", ["account"])
    op.create_index("sign_ins_until", "sign_ins", ["until"])
    op.create_table(
        "sign_in_links",
        _text("token"),
        _text("account"),
        _time("until"),
        _time("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token", name="sign_in_links_pkey"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="sign_in_links_account_fkey"),
    )
    op.create_index("sign_in_links_account", "sign_in_links", ["account"])


def _make_sign_in_tries() -> None:
    op.create_table(
        "sign_in_tries",
        _text("whose"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _time("last_at"),
        _time("until"),
        sa.PrimaryKeyConstraint("whose", name="sign_in_tries_pkey"),
    )
    op.create_index("sign_in_tries_last_at", "sign_in_tries", ["last_at"])


def _make_audit_events() -> None:
    op.create_table(
        "audit_events",
        _number(),
        _time("at"),
        _text("account", nullable=True),
        _text("action"),
        _text("outcome"),
        _text("decision", nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_events_pkey"),
    )
    op.create_index("audit_events_at", "audit_events", ["at"])
    op.create_index("audit_events_decision", "audit_events", ["decision"])


def _make_samples() -> None:
    op.create_table(
        "samples",
        _text("id"),
        _text("name"),
        _time("drawn_at"),
        _text("drawn_by"),
        _text("method"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="samples_pkey"),
        sa.UniqueConstraint("name", name="samples_name_key"),
    )
    op.create_table(
        "assignments",
        _text("id"),
        _text("sample"),
        _text("decision"),
        _text("stratum"),
        _text("place"),
        _text("account"),
        _time("assigned_at"),
        sa.PrimaryKeyConstraint("id", name="assignments_pkey"),
        sa.ForeignKeyConstraint(["sample"], ["samples.id"], name="assignments_sample_fkey"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="assignments_decision_fkey"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="assignments_account_fkey"),
        sa.UniqueConstraint(
            "sample", "decision", "place", name="assignments_sample_decision_place_key"
        ),
        sa.UniqueConstraint(
            "sample", "decision", "account", name="assignments_sample_decision_account_key"
        ),
    )
    op.create_index("assignments_decision", "assignments", ["decision"])
    op.create_index("assignments_account", "assignments", ["account"])


def _make_judgements() -> None:
    op.create_table(
        "judgements",
        _number(),
        _text("assignment"),
        _time("saved_at"),
        sa.Column("submitted", sa.Boolean(), nullable=False),
        sa.Column("judgement", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="judgements_pkey"),
        sa.ForeignKeyConstraint(
            ["assignment"], ["assignments.id"], name="judgements_assignment_fkey"
        ),
    )
    op.create_index("judgements_assignment", "judgements", ["assignment"])
