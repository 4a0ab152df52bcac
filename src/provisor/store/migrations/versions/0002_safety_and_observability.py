"""Quarantine, held rows' approvals, protections, delayed deletions, audit, incidents and their notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def application(*, key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "application_id",
        sa.Text,
        sa.ForeignKey("applications.id", ondelete="CASCADE"),
        primary_key=key,
        nullable=False,
    )


def upgrade() -> None:
    for name in ("health", "quarantine", "last_reconciled"):
        op.add_column("jobs", sa.Column(name, sa.Text))
    for name in ("approved_by", "approved", "undoes", "hold"):
        op.add_column("plans", sa.Column(name, sa.Text))
    op.add_column("plans", sa.Column("retries", sa.Text, nullable=False, server_default="due"))
    op.add_column("plan_rows", sa.Column("approved_by", sa.Text))
    held = sa.text("state = 'held'")
    op.create_index(
        "ix_plan_rows_held",
        "plan_rows",
        ["application_id", "object_id"],
        sqlite_where=held,
        postgresql_where=held,
    )
    op.add_column("links", sa.Column("delete_due", sa.Text))
    due = sa.text("delete_due IS NOT NULL")
    op.create_index(
        "ix_links_delete_due",
        "links",
        ["application_id", "delete_due"],
        sqlite_where=due,
        postgresql_where=due,
    )
    op.add_column("escrows", sa.Column("is_reference", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("escrows", sa.Column("last_failed", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE escrows SET last_failed = first_failed")
    op.add_column("escrows", sa.Column("given_up", sa.Text))
    op.add_column("escrows", sa.Column("uncertain", sa.Boolean, nullable=False, server_default=sa.false()))
    _create_accounts_tables()
    _create_records()


def _create_accounts_tables() -> None:
    op.create_table(
        "protections",
        application(key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("protected_id", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unowned_accounts",
        application(key=True),
        sa.Column("object_type", sa.Text, primary_key=True),
        sa.Column("target_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean),
        sa.Column("matches", sa.Text),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("last_seen", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scope_turns",
        application(key=True),
        sa.Column("object_id", sa.Text, primary_key=True),
        sa.Column("due", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_scope_turns_due", "scope_turns", ["application_id", "due"])


def _create_records() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("activity", sa.Text, nullable=False),
        sa.Column("application_id", sa.Text),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
    )
    op.create_index("ix_audit_at", "audit", ["at", "id"])
    op.create_index("ix_audit_application", "audit", ["application_id", "at"])
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text, primary_key=True),
        application(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("closed", sa.Text),
    )
    op.create_index("ix_incidents_application", "incidents", ["application_id", "opened"])
    still_open = sa.text("closed IS NULL")
    op.create_index(
        "uq_incidents_open",
        "incidents",
        ["application_id", "kind"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("application_id", sa.Text),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt", sa.Text, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("sent", sa.Text),
    )
    waiting = sa.text("sent IS NULL")
    op.create_index(
        "ix_outbox_waiting", "outbox", ["next_attempt"], sqlite_where=waiting, postgresql_where=waiting
    )
