"""Every table of the store, as migrations declare them.

Identifiers are text, instants are ISO 8601 text in UTC with microseconds (they sort as they read on both databases), and
documents are JSON text written by us alone. A value that is looked up case-insensitively has a column of its own that
holds it case-folded by Python: SQLite's `lower()` knows only ASCII.
"""

from __future__ import annotations

import sqlalchemy as sa

from provisor.store import portal_tables, record_tables, schema_tables, snapshot_tables

metadata = record_tables.metadata
audit, incidents, outbox = record_tables.audit, record_tables.incidents, record_tables.outbox
sign_in = portal_tables.sign_in
schema_versions, schema_drafts = schema_tables.versions, schema_tables.drafts
snapshot_resources, snapshot_keys = snapshot_tables.resources, snapshot_tables.keys

_Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")

tenant = sa.Table(
    "tenant",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("created", sa.Text, nullable=False),
)

change_counter = sa.Table(
    "change_counter",
    metadata,
    # one row; the number of the latest change. Taking numbers locks the row until commit, so numbers become visible
    # in their order and a watermark can never pass a change that is still being written
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("value", _Big, nullable=False),
    # counts everything a running service must react to, changes of the directory included
    sa.Column("signals", _Big, nullable=False),
)

change_moments = sa.Table(
    "change_moments",
    metadata,
    # when the changes up to a number were made; as long as the log is kept
    sa.Column("sequence", _Big, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
)

objects = sa.Table(
    "objects",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("object_type", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("anchor", sa.Text, nullable=False),
    sa.Column("lookup_key", sa.Text, nullable=False),  # userPrincipalName or displayName, case-folded
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("account_enabled", sa.Boolean, nullable=False),
    sa.Column("lifecycle", sa.Text, nullable=False),
    sa.Column("lifecycle_since", sa.Text, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("sequence", _Big, nullable=False),
    sa.Column("search_text", sa.Text, nullable=False, server_default=""),  # `searching.folded` of its names
    sa.UniqueConstraint("source", "object_type", "anchor", name="uq_objects_anchor"),
    sa.Index("ix_objects_sequence", "object_type", "sequence"),
    sa.Index("ix_objects_lookup", "object_type", "lookup_key"),
    # covers searches: a word that is part of one name in a hundred thousand is found without reading their attributes
    sa.Index("ix_objects_search", "object_type", "lookup_key", "id", "search_text"),
    sa.Index(
        "ix_objects_manager",
        "manager_id",
        sqlite_where=sa.text("manager_id IS NOT NULL"),
        postgresql_where=sa.text("manager_id IS NOT NULL"),
    ),
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("group_id", sa.Text, primary_key=True),
    sa.Column("member_id", sa.Text, primary_key=True),
    sa.Column("member_type", sa.Text, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("sequence", _Big, nullable=False),
    sa.Index("ix_memberships_member", "member_id"),
    sa.Index("ix_memberships_sequence", "sequence"),
    sqlite_with_rowid=False,
)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("finished", sa.Text, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
)

import_seen = sa.Table(
    "import_seen",
    metadata,
    # scratch of one import: the ids of what the source delivered, "group/member" for memberships
    sa.Column("import_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

applications = sa.Table(
    "applications",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("lookup_key", sa.Text, nullable=False, unique=True),
    sa.Column("template_id", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("schema", sa.Text, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
)

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),  # encrypted
)

assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("principal_id", sa.Text, nullable=False),
    sa.Column("principal_type", sa.Text, nullable=False),
    sa.Column("role_id", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.UniqueConstraint("application_id", "principal_id", "role_id", name="uq_assignments"),
    sa.Index("ix_assignments_principal", "principal_id"),
)

reviews = sa.Table(
    "reviews",
    metadata,
    # objects that one job must look at although they did not change themselves: assigned, unassigned, gone stale
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("object_id", sa.Text, primary_key=True),
    sa.Column("sequence", _Big, nullable=False),
    sa.Index("ix_reviews_sequence", "application_id", "sequence"),
    sqlite_with_rowid=False,
)

scope_turns = sa.Table(
    "scope_turns",
    metadata,
    # when an object must be judged again although nothing changes: a date in a scoping filter comes near
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("object_id", sa.Text, primary_key=True),
    sa.Column("due", sa.Text, nullable=False),
    sa.Index("ix_scope_turns_due", "application_id", "due"),
    sqlite_with_rowid=False,
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("schedule_state", sa.Text, nullable=False),
    sa.Column("watermark", _Big),
    sa.Column("held_plan", sa.Text),
    sa.Column("last_error", sa.Text),
    sa.Column("last_began", sa.Text),
    sa.Column("last_ended", sa.Text),
    sa.Column("last_succeeded", sa.Text),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", sa.Text),
    sa.Column("lease_epoch", sa.Integer, nullable=False),
    # documents: how the job fares beyond its last cycle (core.job_health), and its quarantine, if it is in one
    sa.Column("health", sa.Text),
    sa.Column("quarantine", sa.Text),
    sa.Column("last_reconciled", sa.Text),
    # when a person asked the service for a cycle that did not begin yet
    sa.Column("requested", sa.Text),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("from_watermark", _Big),
    sa.Column("to_watermark", _Big, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("began", sa.Text),
    sa.Column("ended", sa.Text),
    sa.Column("linked", sa.Integer, nullable=False),
    sa.Column("hold_reason", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("requests", sa.Text, nullable=False),
    # who allowed what the guard had held, and when
    sa.Column("approved_by", sa.Text),
    sa.Column("approved", sa.Text),
    # the plan whose changes this one takes back
    sa.Column("undoes", sa.Text),
    # which failed objects it takes up again: those that are due, or all
    sa.Column("retries", sa.Text, nullable=False, server_default="due"),
    # a document: which limits of the guard were passed, and since when (core.guard.Hold)
    sa.Column("hold", sa.Text),
    sa.Index("ix_plans_application", "application_id", "created"),
)

plan_rows = sa.Table(
    "plan_rows",
    metadata,
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.Text, nullable=False),
    sa.Column("phase", sa.Integer, nullable=False),
    sa.Column("lane", sa.Integer, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    sa.Column("object_type", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text),
    sa.Column("object_sequence", _Big, nullable=False),
    sa.Column("link_version", sa.Integer),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("finished", sa.Text),
    sa.Column("duration_ms", sa.Integer),
    sa.Column("error_code", sa.Text),
    sa.Column("error_message", sa.Text),
    sa.Column("warnings", sa.Text),
    # who allowed what the guard had held
    sa.Column("approved_by", sa.Text),
    sa.Index("ix_plan_rows_phase", "plan_id", "phase", "ordinal"),
    sa.Index(
        "ix_plan_rows_held",
        "application_id",
        "object_id",
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    ),
    sa.Index("ix_plan_rows_object", "object_id", "plan_id"),
    sa.Index(
        "ix_plan_rows_log",
        "application_id",
        "finished",
        sqlite_where=sa.text("finished IS NOT NULL"),
        postgresql_where=sa.text("finished IS NOT NULL"),
    ),
)

departures = sa.Table(
    "departures",
    metadata,
    # accounts that were disabled or deleted because somebody left: when the change was made, and when it was done
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("done", sa.Text, nullable=False),
    sa.Index("ix_departures_done", "application_id", "done"),
    sqlite_with_rowid=False,
)

plan_candidates = sa.Table(
    "plan_candidates",
    metadata,
    # scratch of one plan: whom an incremental plan looks at
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("object_id", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

links = sa.Table(
    "links",
    metadata,
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("object_id", sa.Text, primary_key=True),
    sa.Column("object_type", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("disabled_because", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
    # when a disabled account is deleted, where its application says so
    sa.Column("delete_due", sa.Text),
    sa.UniqueConstraint("application_id", "object_type", "target_id", name="uq_links_target"),
    sa.Index(
        "ix_links_delete_due",
        "application_id",
        "delete_due",
        sqlite_where=sa.text("delete_due IS NOT NULL"),
        postgresql_where=sa.text("delete_due IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

applied_references = sa.Table(
    "applied_references",
    metadata,
    # references the target holds because we wrote them: members of groups, a person's manager
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("object_id", sa.Text, primary_key=True),
    sa.Column("attribute", sa.Text, primary_key=True),  # "members" or "manager"
    sa.Column("referenced_id", sa.Text, primary_key=True),
    sa.Column("referenced_target_id", sa.Text, nullable=False),
    sa.Index("ix_applied_references_referenced", "application_id", "referenced_id"),
    sqlite_with_rowid=False,
)

escrows = sa.Table(
    "escrows",
    metadata,
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("object_id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("first_failed", sa.Text, nullable=False),
    sa.Column("next_attempt", sa.Text, nullable=False),
    # whether the account itself is well, and only a reference from it could not be written
    sa.Column("is_reference", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("last_failed", sa.Text, nullable=False, server_default=""),
    # when retrying ended; the object waits for a change, a restart or a person since
    sa.Column("given_up", sa.Text),
    # whether an account may have been made that nobody could look up
    sa.Column("uncertain", sa.Boolean, nullable=False, server_default=sa.false()),
    sqlite_with_rowid=False,
)

protections = sa.Table(
    "protections",
    metadata,
    # whose accounts no plan may disable or delete: "object" by directory id, "account" by the target's id
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("protected_id", sa.Text, primary_key=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

unowned_accounts = sa.Table(
    "unowned_accounts",
    metadata,
    # accounts of the target that are linked to nobody, as the last reconciliation found them
    sa.Column(
        "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("object_type", sa.Text, primary_key=True),
    sa.Column("target_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean),
    sa.Column("matches", sa.Text),  # the object of the directory that it would match, though out of scope
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("last_seen", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
