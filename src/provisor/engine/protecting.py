"""Protecting accounts: no plan disables or deletes them, however it was decided and whoever allowed it."""

from __future__ import annotations

from provisor.core import protection
from provisor.core.application import Application
from provisor.core.audit import SYSTEM, Actor
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import ObjectType
from provisor.core.protection import ProtectedKind
from provisor.engine import auditing
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork


def protect(
    store: Store,
    application: Application,
    kind: ProtectedKind,
    protected_id: str,
    *,
    note: str,
    clock: Clock,
    by: Actor = SYSTEM,
) -> protection.Protection:
    """Keep an account from now on, by its object in the directory or by its own id.

    The next cycle looks at it again, so that a removal that was planned or held already is planned anew. Raises
    `InvalidInputError` without a note.
    """
    if not note.strip():
        raise InvalidInputError("Say in a note why the account is protected, for whoever comes upon it.")
    item = protection.Protection(kind=kind, protected_id=protected_id, note=note.strip(), created=clock.now())
    with store.write() as unit:
        unit.protections(application.id).add(item)
        auditing.note_protection(
            unit,
            by,
            application,
            _name(unit, kind, protected_id),
            after={"kind": kind.value, "note": item.note},
        )
        _look_again(unit, application, item.kind, item.protected_id)
    return item


def unprotect(
    store: Store, application: Application, kind: ProtectedKind, protected_id: str, *, by: Actor = SYSTEM
) -> None:
    """End a protection; the next cycle does what the directory says. Raises `NotFoundError` where there is none."""
    with store.write() as unit:
        if not unit.protections(application.id).remove(kind, protected_id):
            raise NotFoundError(f"{application.name!r} has no such protection: {protected_id}.")
        auditing.note_protection(
            unit, by, application, _name(unit, kind, protected_id), before={"kind": kind.value}
        )
        _look_again(unit, application, kind, protected_id)


def _name(unit: UnitOfWork, kind: ProtectedKind, protected_id: str) -> str:
    subject = unit.directory.get(ObjectId(protected_id)) if kind is ProtectedKind.OBJECT else None
    return protected_id if subject is None else subject.display_name


def _look_again(unit: UnitOfWork, application: Application, kind: ProtectedKind, protected_id: str) -> None:
    unit.applications.review(application.id, _concerned(unit, application, kind, protected_id))


def _concerned(
    unit: UnitOfWork, application: Application, kind: ProtectedKind, protected_id: str
) -> list[ObjectId]:
    """Whose account is meant."""
    if kind is ProtectedKind.OBJECT:
        return [ObjectId(protected_id)]
    links = unit.links(application.id)
    return [
        owner
        for object_type in (ObjectType.USER, ObjectType.GROUP)
        for owner in links.owners(object_type, [TargetId(protected_id)]).values()
    ]
