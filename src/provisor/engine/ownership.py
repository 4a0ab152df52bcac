"""After a target was listed in full: which of its accounts nobody of the directory is linked to."""

from __future__ import annotations

from datetime import datetime

from provisor.core import objects, plan, unowned
from provisor.ports.store import UnitOfWork

_PAGE = 500


def note_unowned(unit: UnitOfWork, made: plan.Plan, now: datetime) -> None:
    """Keep the accounts that are linked to nobody, as the plan's listing shows them, and forget those of before."""
    accounts = unit.unowned(made.application_id)
    snapshot = unit.snapshot(made.id)
    for object_type in objects.ObjectType:
        last = ""
        while page := accounts.candidates(made.id, object_type, last, _PAGE):
            documents = snapshot.documents(object_type, page)
            matches = accounts.matches(made.id, page)
            accounts.save(
                [
                    unowned.described(object_type, target_id, documents[target_id], matches.get(target_id))
                    for target_id in page
                ],
                now,
            )
            last = page[-1]
    accounts.forget_older(now)
