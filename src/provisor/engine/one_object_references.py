"""The references of one object: its manager, its members, and its own memberships; nobody else's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from provisor.core import mapping, plan
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.schema import SynchronizationSchema
from provisor.engine import rows
from provisor.ports.store import UnitOfWork

Ask = Callable[[str], Sequence[ObjectId]]
"""The next ids from after one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneObject:
    """Whose references; `members` narrows those of a group, `at_once` is how many a request may carry."""

    subject: DirectoryObject
    schema: SynchronizationSchema
    members: tuple[ObjectId, ...] | None
    at_once: int


def plan_for(unit: UnitOfWork, made: plan.Plan, one: OneObject) -> list[plan.PlanRow]:
    """The rows that follow the first row of a plan, which is stored already, within the caller's transaction."""
    ordinals = itertools.count(1)
    found: list[plan.PlanRow] = []

    def add(
        subject: DirectoryObject,
        kind: ChangeKind,
        attribute: str,
        references: Sequence[ObjectId],
        former: ObjectId | None = None,
    ) -> None:
        found.append(
            rows.of_reference(
                made.id,
                next(ordinals),
                subject,
                kind,
                attribute=attribute,
                references=tuple(references),
                former=former,
            )
        )

    subject = one.subject
    manager = _reference(one.schema, ObjectType.USER, mapping.MANAGER)
    if subject.object_type is ObjectType.USER and manager is not None:
        person = unit.references(made.application_id).missing_manager(made.id, subject.id)
        if person is not None:
            former = unit.references(made.application_id).managers([subject.id]).get(subject.id)
            add(subject, ChangeKind.SET_REFERENCE, manager.target, [person], former)
    if _reference(one.schema, ObjectType.GROUP, mapping.MEMBERS) is not None:
        for group, kind, members in _memberships(unit, made, one):
            add(group, kind, mapping.MEMBERS, members)
    return found


def _reference(
    schema: SynchronizationSchema, object_type: ObjectType, source: str
) -> mapping.ReferenceFlow | None:
    found = schema.mapping_of(object_type)
    return None if found is None else mapping.compile_mapping(found).reference(source)


def _memberships(
    unit: UnitOfWork, made: plan.Plan, one: OneObject
) -> Iterator[tuple[DirectoryObject, ChangeKind, Sequence[ObjectId]]]:
    references = unit.references(made.application_id)
    holding = references.groups_holding(made.id, one.subject.id)
    for group in unit.directory.many(holding) if holding else ():
        yield from _differing(unit, made, group, (one.subject.id,), one.at_once)
    present = references.is_present(made.id, one.subject.id)
    if one.subject.object_type is ObjectType.GROUP and present:
        yield from _differing(unit, made, one.subject, one.members, one.at_once)


def _differing(
    unit: UnitOfWork,
    made: plan.Plan,
    group: DirectoryObject,
    among: tuple[ObjectId, ...] | None,
    at_once: int,
) -> Iterator[tuple[DirectoryObject, ChangeKind, Sequence[ObjectId]]]:
    references = unit.references(made.application_id)
    for chunk in _chunks(lambda last: references.surplus_members(made, group.id, last, at_once, among=among)):
        yield group, ChangeKind.REMOVE_MEMBERS, chunk
    for chunk in _chunks(lambda last: references.missing_members(made, group.id, last, at_once, among=among)):
        yield group, ChangeKind.ADD_MEMBERS, chunk


def _chunks(ask: Ask) -> Iterator[Sequence[ObjectId]]:
    last = ""
    while chunk := ask(last):
        yield chunk
        last = chunk[-1]
