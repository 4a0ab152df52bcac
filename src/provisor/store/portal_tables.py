"""Who may enter the portal, and who is inside."""

from __future__ import annotations

from provisor.look.sign_in import tables
from provisor.store import record_tables

sign_in = tables.declare(record_tables.metadata, "portal_")
