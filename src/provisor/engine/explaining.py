"""Reading what is needed to explain how an object stands with an application; the target is not asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from provisor.core import (
    assignments,
    attribute_explanation,
    deciding,
    schema,
)
from provisor.core.application import Application
from provisor.core.assignments import DEFAULT_ACCESS, Grant, RoleReach
from provisor.core.errors import InvalidInputError
from provisor.core.explanation import Obstacle, Standing
from provisor.core.explanation_advice import Way
from provisor.core.explanation_filters import filter_groups
from provisor.core.identifiers import ObjectId, PlanId, RoleId
from provisor.core.job import Job, ScheduleState
from provisor.core.links import LinkQuery
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.plan import RowState
from provisor.core.provisioning_log import LogQuery, LogRecord
from provisor.engine import cases
from provisor.engine.services import Services
from provisor.ports.store import UnitOfWork

_LOG_READ = 50
"""How many log entries of an object are looked through for the last change of an attribute."""


def standing(services: Services, application: Application, subject: DirectoryObject) -> Standing:
    """Everything there is to know about an object and an application."""
    case, object_mapping = _case(services, application, subject)
    with services.store.read() as unit:
        links = unit.links(application.id).listing(LinkQuery(object_id=subject.id), limit=1)
        log = _log(unit, application, subject, 1)
        job = unit.jobs.get(application.id, application.settings.interval_seconds)
        return Standing(
            application=application,
            case=case,
            subject_name=subject.display_name,
            kind=subject.object_type,
            source=subject.source,
            lifecycle=subject.lifecycle,
            enabled=subject.account_enabled,
            ways=_ways(unit, application, subject, application.settings.role_reach),
            nested=_ways(unit, application, subject, RoleReach.EFFECTIVE),
            assigned_groups=_assigned_groups(unit, application, subject),
            filters=() if case is None else filter_groups(object_mapping, case.verdict),
            link=links[0] if links else None,
            escrow=unit.escrows(application.id).of([subject.id]).get(subject.id),
            held=_held(log),
            awaited=job.watermark is None or subject.sequence > job.watermark,
            newest=log[0] if log else None,
            obstacle=next(_obstacles(application, job), None),
        )


def attribute(
    services: Services, application: Application, subject: DirectoryObject, name: str
) -> list[attribute_explanation.AttributeExplanation]:
    """Where an attribute of the object's account comes from. Raises `NotFoundError` naming those there are."""
    case, object_mapping = _case(services, application, subject)
    if case is None or object_mapping is None:
        raise InvalidInputError(
            f"{application.name!r} provisions no {subject.object_type.value} objects, so there are no attributes."
        )
    with services.store.read() as unit:
        log = _log(unit, application, subject, _LOG_READ)
    return attribute_explanation.explain(case, object_mapping, name, log)


def _case(
    services: Services, application: Application, subject: DirectoryObject
) -> tuple[deciding.Case | None, schema.ObjectMapping | None]:
    with services.store.read() as unit:
        document = schema.parse(unit.applications.schema(application.id))
    object_mapping = document.mapping_of(subject.object_type)
    if object_mapping is None:
        return None, None
    return cases.case_of(services, application, document, subject), object_mapping


def _log(
    unit: UnitOfWork, application: Application, subject: DirectoryObject, limit: int
) -> Sequence[LogRecord]:
    return unit.log(application.id).entries(LogQuery(identity=subject.id), limit=limit)


def _held(log: Sequence[LogRecord]) -> PlanId | None:
    held = [record.main.row.plan_id for record in log if record.main.state is RowState.HELD]
    return held[0] if held else None


# -- roles -------------------------------------------------------------------


def _ways(
    unit: UnitOfWork, application: Application, subject: DirectoryObject, reach: RoleReach
) -> tuple[Way, ...]:
    grants = unit.candidates(application.id).grants([subject.id], reach).get(subject.id, ())
    return tuple(_way(unit, application, subject, grant) for grant in sorted(grants, key=_direct_first))


def _direct_first(grant: Grant) -> tuple[bool, str]:
    return grant.via is not None, str(grant.role_id)


def _way(unit: UnitOfWork, application: Application, subject: DirectoryObject, grant: Grant) -> Way:
    names = {role.id: role.value for role in application.roles}
    return Way(
        role="Default Access" if grant.role_id == DEFAULT_ACCESS else names.get(grant.role_id, grant.role_id),
        provisions=_provisions(application, grant.role_id),
        path=() if grant.via is None else _path(unit, subject.id, grant.via),
    )


def _provisions(application: Application, role_id: RoleId) -> bool:
    entitled = assignments.entitlement([Grant(role_id)], application.roles)
    return isinstance(entitled, assignments.Entitled)


def _path(unit: UnitOfWork, member: ObjectId, assigned: ObjectId) -> tuple[str, ...]:
    """The shortest chain of groups from the assigned one down to one that the object is a direct member of."""
    waiting: deque[tuple[ObjectId, tuple[str, ...]]] = deque([(member, ())])
    seen = {member}
    while waiting:
        current, below = waiting.popleft()
        for group, name in unit.directory.groups_of(current):
            if group in seen:
                continue
            seen.add(group)
            path = (name, *below)
            if group == assigned:
                return path
            waiting.append((group, path))
    return (str(assigned),)


def _assigned_groups(unit: UnitOfWork, application: Application, subject: DirectoryObject) -> tuple[str, ...]:
    """Groups whose members are entitled, with their roles."""
    if subject.object_type is not ObjectType.USER:
        return ()
    names: Mapping[str, str] = {role.id: role.value for role in application.roles}
    return tuple(
        f"{item.principal_display_name} (assigned with {names.get(item.role_id, 'Default Access')})"
        for item in unit.applications.assignments(application.id)
        if item.principal_type is ObjectType.GROUP and _provisions(application, item.role_id)
    )


# -- the job -----------------------------------------------------------------


def _obstacles(application: Application, job: Job) -> Iterator[Obstacle]:
    """Why no cycle runs, the most stubborn reason first."""
    name = application.name
    if not application.tenant_url or not application.has_secret_token:
        yield Obstacle(
            told=f"{name} has no admin credentials yet",
            remedy="enter tenant URL and secret token with `provisor app credentials`",
        )
    match job.schedule_state:
        case ScheduleState.PAUSED:
            yield Obstacle(told=f"the job of {name} is paused", remedy="`provisor job start`")
        case ScheduleState.DISABLED:
            yield Obstacle(
                told=f"the job of {name} was not started",
                remedy="`provisor job start`, or one cycle with `provisor job run`",
            )
        case ScheduleState.ACTIVE:
            pass
        case _:
            assert_never(job.schedule_state)
    found = job.quarantine
    if found is not None:
        due = "" if found.next_attempt is None else f", next attempt {found.next_attempt:%Y-%m-%d %H:%M} UTC"
        yield Obstacle(
            told=f"the job of {name} is in quarantine ({found.reason.value}{due}): {found.message}",
            remedy="mend the cause, then `provisor job start`, or `provisor job on-demand` for one object",
        )
