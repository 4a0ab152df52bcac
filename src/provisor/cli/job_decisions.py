"""Applying a stored plan, and deciding about what the guard held of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from provisor.cli import cycle_reports, invocation, output, progress
from provisor.cli.manual import ApplicationArgument, FormatOption, examples
from provisor.cli.output import OutputFormat
from provisor.core import guard, plan
from provisor.core.changes import ChangeKind, Reason
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.identifiers import ObjectId
from provisor.core.objects import ObjectType
from provisor.engine import applications, cycle, decisions
from provisor.ports.store import UnitOfWork

_APPLICABLE = (plan.PlanState.READY, plan.PlanState.HELD, plan.PlanState.APPLYING)
_HELD_KINDS = sorted({kind for limit in guard.Limit for kind in limit.kinds})

_PlanOption = Annotated[
    str,
    typer.Option("--plan", metavar="ID", help="The plan, as `job plan` printed it.", show_default=False),
]
_ObjectsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--object",
        metavar="NAME",
        help="Only what is held of this object: a userPrincipalName, a group's name, or an id. May be given several "
        "times, as --kind and --reason.",
        show_default=False,
    ),
]
_KindsOption = Annotated[
    list[ChangeKind] | None,
    typer.Option(
        "--kind",
        help=f"Only what is held of this kind: {', '.join(_HELD_KINDS)}.",
        metavar="KIND",
        show_default=False,
    ),
]
_ReasonsOption = Annotated[
    list[Reason] | None,
    typer.Option(
        "--reason",
        metavar="REASON",
        help="Only what is held for this reason, for example softDeleted or notAssigned.",
        show_default=False,
    ),
]


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor job`."""
    one = "--plan 6e1970bc-2bfa-4c5d-8729-19b6e7e3da94"
    commands.command(
        "apply",
        epilog=examples(
            f"provisor job apply RingCentral {one}",
            f"provisor job apply RingCentral {one} --object zoe.durand@example.com",
            f"provisor job apply RingCentral {one} --kind disable --reason softDeleted",
        ),
    )(apply_plan)
    commands.command(
        "drop",
        epilog=examples(
            f"provisor job drop RingCentral {one}",
            f"provisor job drop RingCentral {one} --kind delete",
        ),
    )(drop)


def apply_plan(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    plan_id: _PlanOption,
    objects: _ObjectsOption = None,
    kinds: _KindsOption = None,
    reasons: _ReasonsOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Apply a stored plan, with what the guard held of it: exactly its rows.

    With --object, --kind or --reason only those held rows are allowed, and the rest stays held. A row whose object or
    account changed since is not applied; the next cycle plans it anew. A plan that was interrupted goes on where it
    stopped.
    """
    with invocation.application(context, application) as (services, found):
        made = cycle_reports.stored(services, found, plan_id)
        with services.store.read() as unit:
            if made.state not in _APPLICABLE:
                raise InvalidInputError(_too_late(unit, made))
            selection = _selection(unit, objects, kinds, reasons)
        with progress.of_cycle() as report:
            outcome = invocation.complete(
                cycle.apply_plan(
                    services, found.id, made, progress=report, selection=selection, by=invocation.actor()
                )
            )
        cycle_reports.finish(services, found, outcome, form)


def force(context: typer.Context, application: str, form: OutputFormat) -> None:
    """Apply everything that is held of an application (Graph: restart with `ForceDeletes`)."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        held = unit.jobs.get(found.id, found.settings.interval_seconds).held_plan
    if held is None:
        raise InvalidInputError(f"Nothing of {found.name!r} is held, so there is nothing to force.")
    apply_plan(context=context, application=application, plan_id=held, form=form)


def drop(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    plan_id: _PlanOption,
    objects: _ObjectsOption = None,
    kinds: _KindsOption = None,
    reasons: _ReasonsOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Decide against what the guard held of a plan: nothing of it is written.

    The accounts stay as they are until their objects are looked at again: when they change in the directory, in a cycle
    that looks at everybody, or after a restart of the job.
    """
    with invocation.application(context, application) as (services, found):
        made = cycle_reports.stored(services, found, plan_id)
        with services.store.read() as unit:
            selection = _selection(unit, objects, kinds, reasons)
        count = decisions.drop(
            services.store, found, made, selection=selection, by=invocation.actor(), clock=services.clock
        )
        document = {"dropped": count, "plan": cycle_reports.current(services, made)}
    left = _left(document)
    output.write_report(
        form,
        document,
        f"Dropped {count} held changes; {left} are still held. The accounts stay as they are until their objects change "
        "again, or a cycle looks at everybody.",
    )


def _left(document: dict[str, Any]) -> int:
    return int(document["plan"]["states"][plan.RowState.HELD.value]) if document["plan"] else 0


def _too_late(unit: UnitOfWork, made: plan.Plan) -> str:
    held = unit.plans.of(made.application_id, [plan.PlanState.HELD], 1)
    instead = (
        f"what is held now is in the plan {held[0].id}" if held else "make a new one with `provisor job plan`"
    )
    return f"The plan {made.id} is {made.state.value} and cannot be applied any more; {instead}."


def _selection(
    unit: UnitOfWork,
    objects: list[str] | None,
    kinds: list[ChangeKind] | None,
    reasons: list[Reason] | None,
) -> plan.Selection:
    return plan.Selection(
        objects=tuple(_object(unit, name) for name in objects or ()),
        kinds=tuple(kinds or ()),
        reasons=tuple(reasons or ()),
    )


def _object(unit: UnitOfWork, name: str) -> ObjectId:
    for object_type in (ObjectType.USER, ObjectType.GROUP):
        try:
            return applications.principal(unit, object_type, name).id
        except NotFoundError:
            continue
    raise NotFoundError(f"The directory has no user or group {name!r}.")
