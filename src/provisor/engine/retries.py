"""Trying failed objects again because a person says so (Entra has nothing like it but provisioning on demand)."""

from __future__ import annotations

from collections.abc import Sequence

from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.identifiers import ApplicationId, ObjectId
from provisor.engine import auditing
from provisor.ports.clock import Clock
from provisor.ports.store import Store


def now(
    store: Store,
    application_id: ApplicationId,
    ids: Sequence[ObjectId] | None,
    clock: Clock,
    *,
    by: Actor = SYSTEM,
) -> int:
    """Make these objects, or all in escrow, due at once, given-up ones included; returns how many there were."""
    with store.write() as unit:
        auditing.note_command(unit, by, Activity.RETRY, application_id, after={"objects": list(ids or ())})
        return unit.escrows(application_id).retry(ids, clock.now())
