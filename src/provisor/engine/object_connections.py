"""Links set and ended by hand (Graph: object connections)."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator

from provisor.core import errors
from provisor.core.application import Application
from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from provisor.core.identifiers import TargetId
from provisor.core.job import ScheduleState
from provisor.core.links import Link, LinkOrigin, LinkState
from provisor.core.objects import DirectoryObject
from provisor.engine import auditing, configuration, cycle, lease
from provisor.ports.store import UnitOfWork


class Present(enum.Enum):
    """What becomes of a link that the object has already."""

    KEPT = enum.auto()
    REPLACED = enum.auto()


async def link(
    services: cycle.Services,
    application: Application,
    subject: DirectoryObject,
    target_id: TargetId,
    present: Present,
    *,
    by: Actor = SYSTEM,
) -> Link:
    """Tie an object to an account that is there, and that nobody else has; neither of them is written.

    The next cycle looks at the object and brings the account in line. Raises `NotFoundError` where the application has
    no such account, `AlreadyExistsError` where either has a link already, `JobBusyError` while a cycle runs.
    """
    with _job_held(services, application) as held:
        await _check_account(services, application, subject, target_id)
        made = Link(
            object_id=subject.id,
            object_type=subject.object_type,
            target_id=target_id,
            state=LinkState.ACTIVE,
            disabled_because=None,
            version=0,
            origin=LinkOrigin.BY_HAND,
        )
        with services.store.write() as unit:
            held.prolong(unit)
            before = _make_room(unit, application, subject, target_id, present)
            unit.links(application.id).save([made], services.clock.now())
            _note(unit, by, application, subject, before=before, after=made)
            unit.applications.review(application.id, [subject.id])
        return made


def unlink(
    services: cycle.Services, application: Application, subject: DirectoryObject, *, by: Actor = SYSTEM
) -> Link:
    """End an object's link; neither object nor account is touched, and the next cycle matches anew.

    Source: Graph, object connections: only while the job is paused or was never started. Raises `InvalidInputError`
    otherwise, and `NotFoundError` where there is no link.
    """
    with services.store.read() as unit:
        state = unit.jobs.schedule_state(application.id)
    if state is ScheduleState.ACTIVE:
        raise InvalidInputError(
            f"The job of {application.name!r} is started, and its next cycle would link {subject.display_name!r} again "
            "at once; pause it first with `provisor job pause`."
        )
    with _job_held(services, application) as held, services.store.write() as unit:
        held.prolong(unit)
        links = unit.links(application.id)
        ended = links.of([subject.id]).get(subject.id)
        if ended is None:
            raise NotFoundError(f"{subject.display_name!r} is linked to no account of {application.name!r}.")
        links.remove([subject.id])
        _note(unit, by, application, subject, before=ended, after=None)
        unit.applications.review(application.id, [subject.id])
        return ended


def _note(
    unit: UnitOfWork,
    by: Actor,
    application: Application,
    subject: DirectoryObject,
    *,
    before: Link | None,
    after: Link | None,
) -> None:
    auditing.note(
        unit,
        by,
        Activity.UPDATE_LINKS,
        application,
        subject=subject.display_name,
        before=None if before is None else {"targetAnchor": before.target_id},
        after=None if after is None else {"targetAnchor": after.target_id},
    )


@contextlib.contextmanager
def _job_held(services: cycle.Services, application: Application) -> Iterator[lease.Lease]:
    """Keep cycles out while links change under them."""
    held = lease.take(services.store, services.clock, application.id, services.process)
    try:
        yield held
    finally:
        with services.store.write() as unit:
            held.release(unit)


async def _check_account(
    services: cycle.Services, application: Application, subject: DirectoryObject, target_id: TargetId
) -> None:
    configured, _, token = configuration.configured(services.store, application.id)
    target = services.open_target(configured, token)
    try:
        await target.read(subject.object_type, target_id)
    except errors.ResourceGoneError as error:
        raise NotFoundError(
            f"{application.name!r} has no {subject.object_type.value.lower()} with the id {target_id!r}; nothing was "
            "linked."
        ) from error
    finally:
        await services.release_target(target)


def _make_room(
    unit: UnitOfWork,
    application: Application,
    subject: DirectoryObject,
    target_id: TargetId,
    present: Present,
) -> Link | None:
    """End the link that is to be replaced, and return it. Raises `AlreadyExistsError` where another one stands in the way."""
    links = unit.links(application.id)
    owner = links.owners(subject.object_type, [target_id]).get(target_id)
    if owner is not None:
        known = unit.directory.get(owner)
        raise AlreadyExistsError(
            f"The account {target_id} is linked to {known.display_name if known else owner!r} already; nothing was "
            "changed. End that link first with `provisor job unlink`."
        )
    found = links.of([subject.id]).get(subject.id)
    if found is None:
        return None
    if present is Present.KEPT:
        raise AlreadyExistsError(
            f"{subject.display_name!r} is linked to the account {found.target_id} already; nothing was changed. Give "
            "--replace to link them to another one."
        )
    links.remove([subject.id])
    return found
