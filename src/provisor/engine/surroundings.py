"""What the store knows around rows that are about to be carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from provisor.core import links, mapping, plan, protection
from provisor.core.changes import ChangeKind, Reason
from provisor.core.identifiers import ApplicationId, ObjectId, TargetId
from provisor.core.objects import ObjectType
from provisor.engine.row_outcomes import Surroundings
from provisor.ports.store import Store, UnitOfWork

_MEMBERS = (ChangeKind.ADD_MEMBERS, ChangeKind.REMOVE_MEMBERS)


class SurroundingsReader:
    """Reads links, accounts and memberships for pages of rows of one application."""

    def __init__(self, store: Store, application_id: ApplicationId) -> None:
        self._store = store
        self._application_id = application_id

    def around(self, page: Sequence[plan.ClaimedRow]) -> Sequence[Surroundings]:
        """The surroundings of each row, in order."""
        removing = [
            item.row for item in page if protection.takes_away(item.row.kind, item.row.details.changed)
        ]
        if not removing and not any(item.row.phase is plan.Phase.REFERENCES for item in page):
            return [Surroundings(link=item.link) for item in page]
        with self._store.read() as unit:
            protected = unit.protections(self._application_id).of(
                [(row.object_id, row.target_id) for row in removing]
            )
            return [
                replace(self._one(unit, item.row, item.link), protected=item.row.object_id in protected)
                for item in page
            ]

    def owner_of(self, row: plan.PlanRow, target_id: TargetId) -> ObjectId | None:
        """Whose account a target id is."""
        with self._store.read() as unit:
            return unit.links(self._application_id).owners(row.object_type, [target_id]).get(target_id)

    def _taking_back(self, unit: UnitOfWork, row: plan.PlanRow, link: links.Link | None) -> Surroundings:
        """What an undo goes by: what the target holds because we wrote it, and not what the directory says."""
        details, references = row.details, unit.references(self._application_id)
        found = unit.links(self._application_id).of(details.references)
        accounts = {item: found[item].target_id for item in found}
        if row.kind is ChangeKind.SET_REFERENCE:
            held = references.managers([row.object_id]).get(row.object_id)
            return Surroundings(link=link, accounts=accounts, unchanged=held == details.former_reference)
        applied = references.applied(row.object_id, mapping.MEMBERS, details.references)
        if row.kind is ChangeKind.REMOVE_MEMBERS:
            return Surroundings(link=link, accounts=applied)
        return Surroundings(
            link=link, accounts=accounts, current_members=frozenset(details.references) - applied.keys()
        )

    def _one(self, unit: UnitOfWork, row: plan.PlanRow, link: links.Link | None) -> Surroundings:
        if row.phase is not plan.Phase.REFERENCES:
            return Surroundings(link=link)
        if row.reason is Reason.UNDONE:
            return self._taking_back(unit, row, link)
        references = row.details.references
        if row.kind is ChangeKind.REMOVE_MEMBERS:
            accounts = unit.references(self._application_id).applied(row.object_id, "members", references)
        else:
            found = unit.links(self._application_id).of(references)
            accounts = {item: found[item].target_id for item in references if item in found}
        members = (
            unit.references(self._application_id).live_members(row.object_id, references)
            if row.object_type is ObjectType.GROUP and row.kind in _MEMBERS
            else frozenset()
        )
        return Surroundings(link=link, accounts=accounts, current_members=members)
