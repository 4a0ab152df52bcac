"""Users and groups that the directory keeps itself: made, changed, deleted and restored by administrators.

Those of every other source are changed there and imported; they are refused here.
"""

from __future__ import annotations

from provisor.core import audit, identifiers
from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, ImportedObject, Lifecycle, ObjectType, Value
from provisor.engine import auditing, built_in_rules
from provisor.engine.built_in_rules import SOURCE, Details, Problem, RefusedError
from provisor.engine.services import Services
from provisor.ports.store import UnitOfWork


def create(
    services: Services, object_type: ObjectType, details: Details, *, by: Actor = SYSTEM
) -> DirectoryObject:
    """A new user or group.

    :raises RefusedError: where what was entered is unusable.
    """
    anchor = services.new_id()
    with services.store.write() as unit:
        object_id = unit.imports.object_id(SOURCE, object_type, anchor)
        item = ImportedObject(
            object_type=object_type,
            anchor=anchor,
            attributes={"objectId": anchor, **built_in_rules.entered(unit, object_type, object_id, details)},
            manager=built_in_rules.manager(unit, object_id, details.manager),
        )
        made = _save(services, unit, item)
        auditing.note_directory(unit, by, _ADDED[object_type], made, before={}, after=_document(unit, made))
        return made


def edit(
    services: Services,
    object_id: ObjectId,
    details: Details,
    *,
    seen: identifiers.Sequence,
    by: Actor = SYSTEM,
) -> DirectoryObject:
    """Give an object other attributes.

    :param seen: the change the administrator saw the object after, so that nobody overwrites what they did not see.
    :raises RefusedError: where what was entered is unusable, or the object was changed since.
    """
    with services.store.write() as unit:
        item = built_in_rules.active(unit, object_id)
        if item.sequence != seen:
            raise RefusedError(Problem.CHANGED_MEANWHILE)
        entered = built_in_rules.entered(unit, item.object_type, item.id, details)
        kept = {name: value for name, value in item.attributes.items() if name not in details.attributes}
        return _update(
            services,
            unit,
            item,
            ImportedObject(
                object_type=item.object_type,
                anchor=item.anchor,
                attributes={**kept, **entered},
                account_enabled=item.account_enabled,
                manager=built_in_rules.manager(unit, item.id, details.manager),
            ),
            activity=_UPDATED[item.object_type],
            by=by,
        )


def allow_sign_in(services: Services, object_id: ObjectId, *, by: Actor = SYSTEM) -> DirectoryObject:
    """Let a user sign in again; applications enable the account."""
    return _set_sign_in(services, object_id, enabled=True, by=by)


def block_sign_in(services: Services, object_id: ObjectId, *, by: Actor = SYSTEM) -> DirectoryObject:
    """Keep a user from signing in; applications disable the account."""
    return _set_sign_in(services, object_id, enabled=False, by=by)


def delete(services: Services, object_id: ObjectId, *, by: Actor = SYSTEM) -> DirectoryObject:
    """Delete an object so that it can be restored."""
    with services.store.write() as unit:
        item = built_in_rules.active(unit, object_id)
        return _turn(services, unit, item, Lifecycle.SOFT_DELETED, activity=_DELETED[item.object_type], by=by)


def restore(services: Services, object_id: ObjectId, *, by: Actor = SYSTEM) -> DirectoryObject:
    """Bring a deleted object back as it was.

    :raises RefusedError: where another user has its userPrincipalName by now.
    """
    with services.store.write() as unit:
        item = built_in_rules.deleted(unit, object_id)
        name = item.attributes.get("userPrincipalName")
        if item.object_type is ObjectType.USER and isinstance(name, str):
            built_in_rules.refuse_taken(unit, item.id, name)
        return _turn(services, unit, item, Lifecycle.ACTIVE, activity=_RESTORED[item.object_type], by=by)


def delete_for_good(services: Services, object_id: ObjectId, *, by: Actor = SYSTEM) -> DirectoryObject:
    """Turn a deleted object into a tombstone; nothing brings it back."""
    with services.store.write() as unit:
        item = built_in_rules.deleted(unit, object_id)
        return _turn(services, unit, item, Lifecycle.HARD_DELETED, activity=_REMOVED[item.object_type], by=by)


_ADDED = {ObjectType.USER: Activity.ADD_USER, ObjectType.GROUP: Activity.ADD_GROUP}
_UPDATED = {ObjectType.USER: Activity.UPDATE_USER, ObjectType.GROUP: Activity.UPDATE_GROUP}
_DELETED = {ObjectType.USER: Activity.DELETE_USER, ObjectType.GROUP: Activity.DELETE_GROUP}
_RESTORED = {ObjectType.USER: Activity.RESTORE_USER, ObjectType.GROUP: Activity.RESTORE_GROUP}
_REMOVED = {ObjectType.USER: Activity.HARD_DELETE_USER, ObjectType.GROUP: Activity.HARD_DELETE_GROUP}


def _set_sign_in(services: Services, object_id: ObjectId, *, enabled: bool, by: Actor) -> DirectoryObject:
    with services.store.write() as unit:
        item = built_in_rules.active(unit, object_id)
        manager = unit.directory.get(item.manager_id) if item.manager_id else None
        wanted = ImportedObject(
            object_type=item.object_type,
            anchor=item.anchor,
            attributes=item.attributes,
            account_enabled=enabled,
            manager=manager.anchor if manager else None,
        )
        activity = Activity.ENABLE_ACCOUNT if enabled else Activity.DISABLE_ACCOUNT
        return _update(services, unit, item, wanted, activity=activity, by=by)


def _update(
    services: Services,
    unit: UnitOfWork,
    item: DirectoryObject,
    wanted: ImportedObject,
    *,
    activity: Activity,
    by: Actor,
) -> DirectoryObject:
    """Save an object that is there already; what changes nothing is not written down."""
    old = _document(unit, item)
    saved = _save(services, unit, wanted)
    before, after = audit.differences(old, _document(unit, saved))
    if before or after:
        auditing.note_directory(unit, by, activity, saved, before=before, after=after)
    return saved


def _save(services: Services, unit: UnitOfWork, item: ImportedObject) -> DirectoryObject:
    now = services.clock.now()
    unit.directory.save(SOURCE, [item], now)
    unit.directory.date_changes(now)
    return built_in_rules.known(unit, unit.imports.object_id(SOURCE, item.object_type, item.anchor))


def _turn(
    services: Services,
    unit: UnitOfWork,
    item: DirectoryObject,
    lifecycle: Lifecycle,
    *,
    activity: Activity,
    by: Actor,
) -> DirectoryObject:
    now = services.clock.now()
    unit.directory.set_lifecycle([item.id], lifecycle, now)
    unit.directory.date_changes(now)
    auditing.note_directory(
        unit,
        by,
        activity,
        item,
        before={"lifecycle": item.lifecycle.value},
        after={"lifecycle": lifecycle.value},
    )
    return item


def _document(unit: UnitOfWork, item: DirectoryObject) -> dict[str, Value]:
    """An object as the audit log tells it."""
    manager = unit.directory.get(item.manager_id) if item.manager_id else None
    told: dict[str, Value] = {**item.attributes, "accountEnabled": item.account_enabled}
    return {**told, "manager": manager.display_name} if manager else told
