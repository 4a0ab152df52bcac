"""Putting a job into quarantine and letting it out, with an entry in the audit log (Entra: activity *Quarantine*)."""

from __future__ import annotations

from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.identifiers import ApplicationId
from provisor.core.quarantine import Quarantine
from provisor.engine import auditing
from provisor.ports.store import UnitOfWork


def keep(
    unit: UnitOfWork, application_id: ApplicationId, found: Quarantine | None, *, by: Actor = SYSTEM
) -> None:
    """Keep the quarantine in force, None for none; one that only goes on with the same reason is no news."""
    before = unit.jobs.get(application_id, 0).quarantine
    unit.jobs.save_quarantine(application_id, found)
    was, is_now = _told(before), _told(found)
    if was["reason"] != is_now["reason"]:
        auditing.note_command(unit, by, Activity.QUARANTINE, application_id, before=was, after=is_now)


def _told(found: Quarantine | None) -> dict[str, str | None]:
    """Without the message: it may name somebody, and the audit log is kept for long."""
    return {
        "reason": None if found is None else found.reason.value,
        "code": None if found is None else found.code,
    }
