"""Scratch of one plan: what a listing of the target showed."""

from __future__ import annotations

import sqlalchemy as sa

from provisor.store import record_tables

resources = sa.Table(
    "snapshot_resources",
    record_tables.metadata,
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("object_type", sa.Text, primary_key=True),
    sa.Column("target_id", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)

keys = sa.Table(
    "snapshot_keys",
    record_tables.metadata,
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("object_type", sa.Text, primary_key=True),
    sa.Column("attribute", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),  # case-folded
    sa.Column("target_id", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)
