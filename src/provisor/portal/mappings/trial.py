"""Trying a mapping out on somebody: the value that would flow, and what every part of its expression gave."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from provisor.core import assignments, expressions, flows, mapping
from provisor.core.application import Application
from provisor.core.attribute_mapping import AttributeMapping
from provisor.core.changes import Written
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.searching import DirectoryQuery
from provisor.ports.store import UnitOfWork

MOST_FOUND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a mapping gives for somebody.

    `step` is what each part of the expression gave, None where there is no expression. `outcome` tells a value from
    what does not flow; `from_default` says that the value is the default value. Of a mapping that refers to another
    object, `is_reference` says so: its value is only known once that object has an account.
    """

    subject: DirectoryObject
    step: expressions.Step | None
    outcome: expressions.Outcome
    value: Written = None
    from_default: bool = False
    is_reference: bool = False
    problem: str = ""


def found(unit: UnitOfWork, kind: ObjectType, text: str) -> Sequence[DirectoryObject]:
    """Whom a search finds; nobody where nothing was typed."""
    if not text.strip():
        return ()
    return unit.search.page(DirectoryQuery(object_type=kind, text=text), limit=MOST_FOUND)[0]


def subject(unit: UnitOfWork, kind: ObjectType, object_id: str) -> DirectoryObject | None:
    """The object of this id, if it is of this type."""
    item = unit.directory.get(ObjectId(object_id)) if object_id else None
    return item if item is not None and item.object_type is kind else None


def run(
    unit: UnitOfWork, application: Application, item: AttributeMapping, on: DirectoryObject, now: datetime
) -> Trial:
    """The mapping, evaluated for somebody as they are stored; nothing is written."""
    grants = unit.candidates(application.id).grants([on.id], application.settings.role_reach)
    entitled = assignments.entitlement(grants.get(on.id, ()), application.roles)
    view = mapping.source_attributes(
        on,
        soft_deleted=not on.active,
        roles=entitled.roles if isinstance(entitled, assignments.Entitled) else (),
        circumstances=expressions.Circumstances(
            now=now, seed=secrets.token_hex(), default_domain=application.settings.default_domain
        ),
    )
    step = expressions.trace(item.expression.tree, view) if item.expression else None
    if item.reference_source is not None:
        return Trial(subject=on, step=None, outcome=expressions.Outcome.VALUE, is_reference=True)
    flow = flows.compiled(item, application.roles)
    try:
        value = flows.value_of(flow, view)
    except flows.ObjectIgnored:
        return Trial(subject=on, step=step, outcome=expressions.Outcome.SKIPPED)
    except flows.MappingError as error:
        return Trial(subject=on, step=step, outcome=expressions.Outcome.FAILED, problem=str(error))
    if isinstance(value, flows.Dropped):
        return Trial(subject=on, step=step, outcome=expressions.Outcome.DROPPED)
    return Trial(
        subject=on,
        step=step,
        outcome=expressions.Outcome.VALUE,
        value=flow.default if value is None else value,
        from_default=value is None and flow.default is not None,
    )
