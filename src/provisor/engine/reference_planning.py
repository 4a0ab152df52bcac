"""The second pass of a plan: memberships and managers, once the accounts they point to are planned.

Only what changed is written: members to add and members to remove, in pieces a target accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from provisor.core import mapping, plan
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.engine import holding, rows
from provisor.ports.store import Store, UnitOfWork
from provisor.ports.target import Target

_PAGE = 200


class Draft(Protocol):
    """What this pass needs of a plan in the making."""

    plan: plan.Plan
    mappings: dict[ObjectType, mapping.CompiledMapping]
    tally: holding.Tally

    def next_ordinal(self) -> int:
        """The place of the next row."""
        ...


class ReferencePlanner:
    """Appends reference rows to a plan."""

    def __init__(self, store: Store, target: Target) -> None:
        self._store = store
        self._chunk = target.max_members_per_request

    def plan(self, draft: Draft) -> None:
        """Add the rows for members of groups and for managers."""
        groups = draft.mappings.get(ObjectType.GROUP)
        if groups is not None and groups.reference(mapping.MEMBERS) is not None:
            self._plan_members(draft)
        users = draft.mappings.get(ObjectType.USER)
        manager = users.reference(mapping.MANAGER) if users is not None else None
        if manager is not None:
            self._plan_managers(draft, manager.target)

    def _plan_members(self, draft: Draft) -> None:
        made, last = draft.plan, ""
        while True:
            with self._store.read() as unit:
                references = unit.references(made.application_id)
                groups = references.groups(made.id, made.from_watermark, made.to_watermark, last, _PAGE)
                subjects = {item.id: item for item in unit.directory.many(groups)} if groups else {}
            for group in groups:
                self._plan_group(draft, subjects[group])
            if not groups:
                return
            last = groups[-1]

    def _plan_group(self, draft: Draft, group: DirectoryObject) -> None:
        application_id, made = draft.plan.application_id, draft.plan

        def surplus(unit: UnitOfWork, last: str) -> Sequence[ObjectId]:
            return unit.references(application_id).surplus_members(made, group.id, last, self._chunk)

        def missing(unit: UnitOfWork, last: str) -> Sequence[ObjectId]:
            return unit.references(application_id).missing_members(made, group.id, last, self._chunk)

        for kind, ask in ((ChangeKind.REMOVE_MEMBERS, surplus), (ChangeKind.ADD_MEMBERS, missing)):
            for chunk in self._chunks(ask):
                self._add(
                    draft,
                    group,
                    kind,
                    attribute=mapping.MEMBERS,
                    references=tuple(chunk),
                )

    def _chunks(self, ask: Callable[[UnitOfWork, str], Sequence[ObjectId]]) -> Iterator[Sequence[ObjectId]]:
        last = ""
        while True:
            with self._store.read() as unit:
                chunk = ask(unit, last)
            if not chunk:
                return
            yield chunk
            last = chunk[-1]

    def _plan_managers(self, draft: Draft, attribute: str) -> None:
        made, last = draft.plan, ""
        while True:
            with self._store.read() as unit:
                pairs = unit.references(made.application_id).missing_managers(
                    made.id, everybody=made.from_watermark is None, last=last, limit=_PAGE
                )
                former = unit.references(made.application_id).managers([pair[0] for pair in pairs])
                people = {item.id: item for item in unit.directory.many([pair[0] for pair in pairs])}
            for person, manager in pairs:
                self._add(
                    draft,
                    people[person],
                    ChangeKind.SET_REFERENCE,
                    attribute=attribute,
                    references=(manager,),
                    former=former.get(person),
                )
            if not pairs:
                return
            last = pairs[-1][0]

    def _add(
        self,
        draft: Draft,
        subject: DirectoryObject,
        kind: ChangeKind,
        *,
        attribute: str,
        references: tuple[ObjectId, ...],
        former: ObjectId | None = None,
    ) -> None:
        made = draft.plan
        row = rows.of_reference(
            made.id,
            draft.next_ordinal(),
            subject,
            kind,
            attribute=attribute,
            references=references,
            former=former,
        )
        draft.tally.note([row])
        with self._store.write() as unit:
            unit.plans.add_rows(made.application_id, [row])
