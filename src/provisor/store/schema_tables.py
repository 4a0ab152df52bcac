"""Tables of schemas that are not in force: earlier versions, and drafts."""

from __future__ import annotations

import sqlalchemy as sa

from provisor.store import record_tables

versions = sa.Table(
    "schema_versions",
    record_tables.metadata,
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("saved", sa.Text),  # neither is known of a version from before this table
    sa.Column("author", sa.Text),
    sa.Column("document", sa.Text, nullable=False),
)

drafts = sa.Table(
    "schema_drafts",
    record_tables.metadata,
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("author", sa.Text, primary_key=True),
    sa.Column("base", sa.Text, nullable=False),  # digest of the saved document it began from
    sa.Column("document", sa.Text, nullable=False),
)
