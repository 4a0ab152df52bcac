"""Tables of what is kept for people to read: administrators' acts, incidents, and the notifications they lead to."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

audit = sa.Table(
    "audit",
    metadata,
    # administrators' acts; no foreign key, for they outlive what they are about
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("activity", sa.Text, nullable=False),
    sa.Column("application_id", sa.Text),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Index("ix_audit_at", "at", "id"),
    sa.Index("ix_audit_application", "application_id", "at"),
)

incidents = sa.Table(
    "incidents",
    metadata,
    # what went wrong with a job from when until when; at most one open of each kind
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("opened", sa.Text, nullable=False),
    sa.Column("closed", sa.Text),
    sa.Index("ix_incidents_application", "application_id", "opened"),
    sa.Index(
        "uq_incidents_open",
        "application_id",
        "kind",
        unique=True,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    ),
)

outbox = sa.Table(
    "outbox",
    metadata,
    # notifications written with what they tell of, and sent after its commit
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
    sa.Index(
        "ix_outbox_waiting",
        "next_attempt",
        sqlite_where=sa.text("sent IS NULL"),
        postgresql_where=sa.text("sent IS NULL"),
    ),
)
