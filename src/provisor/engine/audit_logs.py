"""Reading the audit log from end to end, in short transactions."""

from __future__ import annotations

from collections.abc import Iterator

from provisor.core import audit
from provisor.ports.store import Store

_PAGE = 200


def entries(store: Store, query: audit.AuditQuery) -> Iterator[audit.AuditEntry]:
    """Every entry that fits, the newest first; read page by page while they are taken."""
    before = None
    while True:
        with store.read() as unit:
            page = unit.audit.entries(query, before=before, limit=_PAGE)
        yield from page
        if not page:
            return
        before = page[-1].position
