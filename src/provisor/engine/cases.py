"""One object as a cycle would see it: its case, and the plan that would be made of it alone."""

from __future__ import annotations

from typing import NoReturn, cast

from provisor.core import deciding, plan, schema
from provisor.core.application import Application
from provisor.core.identifiers import PlanId
from provisor.core.job import CycleKind, Retries
from provisor.core.objects import DirectoryObject
from provisor.core.requests import RequestCounts
from provisor.engine.plan_request import PlanRequest
from provisor.engine.planning import Planner
from provisor.engine.services import Services
from provisor.ports.target import Target


def new_plan(services: Services, application: Application) -> plan.Plan:
    """A plan of one object that a person asked for, not stored; it covers no change of the directory."""
    with services.store.read() as unit:
        sequence, linked = unit.directory.sequence(), unit.links(application.id).count()
    return plan.Plan(
        id=PlanId(services.new_id()),
        application_id=application.id,
        kind=CycleKind.INCREMENTAL,
        origin=plan.Origin.ON_DEMAND,
        state=plan.PlanState.PLANNING,
        schema_version=application.schema_version,
        from_watermark=sequence,
        to_watermark=sequence,
        created=services.clock.now(),
        began=None,
        ended=None,
        linked=linked,
        hold_reason=None,
        error=None,
        requests=RequestCounts(),
        retries=Retries.ALL,
    )


def request(application: Application, document: schema.SynchronizationSchema) -> PlanRequest:
    """What is asked for when one object is provisioned on demand: to look at it, whether or not it changed."""
    return PlanRequest(
        application=application,
        schema=document,
        origin=plan.Origin.ON_DEMAND,
        after=None,
        retries=Retries.ALL,
    )


def planner(services: Services, target: Target) -> Planner:
    """Who judges one object."""
    return Planner(
        store=services.store,
        target=target,
        clock=services.clock,
        new_id=services.new_id,
        progress=lambda *_: None,
    )


def case_of(
    services: Services,
    application: Application,
    document: schema.SynchronizationSchema,
    subject: DirectoryObject,
) -> deciding.Case:
    """Everything known of an object without asking the target, as a cycle that looks at it would know it."""
    unasked = cast("Target", _Unasked())
    made = new_plan(services, application)
    return planner(services, unasked).case(request(application, document), made, subject)


class _Unasked:
    """A target that nobody may ask anything."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"the target was to be asked for {name}, although nothing needs it")
