"""Planning, applying and running one cycle from the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, assert_never

import typer

from provisor.cli import cycle_reports, invocation, output, plan_documents, progress
from provisor.cli.exit_status import ExitStatus
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.job import Retries
from provisor.engine import cycle

_ROWS_SHOWN = 20
_PLANS_SHOWN = 1000

_ROW_COLUMNS = columns(
    ("kind", "Change"),
    ("state", "State"),
    ("displayName", "Name"),
    ("changes", "Attributes"),
    ("why", "Why"),
)
_CSV_COLUMNS = columns(
    *(
        (name, name)
        for name in (
            *("changeId", "kind", "objectType", "objectId", "displayName", "userPrincipalName", "reasonCode"),
            *("reason", "targetId", "matchedOn", "modifications", "attribute", "references", "state"),
            *("errorCode", "error", "warnings", "approvedBy"),
        )
    )
)


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor job`."""
    commands.command(
        "plan",
        epilog=examples(
            "provisor job plan RingCentral",
            "provisor job plan RingCentral --limit 0",
            "provisor job plan RingCentral --format json > plan.json",
            "provisor job plan RingCentral --plan 6e1970bc-2bfa-4c5d-8729-19b6e7e3da94",
        ),
    )(make_plan)
    commands.command(
        "plans", epilog=examples("provisor job plans RingCentral", "provisor job plans RingCentral -f csv")
    )(list_plans)
    commands.command("run", epilog=examples("provisor job run RingCentral"))(run)


def make_plan(
    context: typer.Context,
    application: ApplicationArgument,
    plan_id: Annotated[
        str | None,
        typer.Option(
            "--plan", metavar="ID", help="Show this stored plan instead of making one.", show_default=False
        ),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a plan of what the accounts of an application need, store it, and print it; nothing is written to them.

    Prints its id, counts, what the guard says, and its rows with old and new values and the reason of each.
    `provisor job apply` applies exactly these rows. Exit status 4: the guard holds rows of the plan, which are shown
    first; where nothing changed since a plan was held, it is that one.
    """
    with invocation.application(context, application) as (services, found):
        if plan_id is not None:
            print_plan(services, found, cycle_reports.stored(services, found, plan_id), form, limit)
            return
        with progress.of_cycle() as report:
            made = invocation.complete(
                cycle.make_plan(services, found.id, retries=Retries.ALL, progress=report)
            )
        show_made(services, found, made, form, limit)


def show_made(
    services: cycle.Services,
    application: Application,
    made: plan.Plan | None,
    form: OutputFormat,
    limit: int | None = None,
) -> None:
    """Print a plan that was just made, and leave with the exit status that goes with it."""
    print_plan(services, application, made, form, limit)
    if made is not None and made.state is plan.PlanState.HELD:
        cycle_reports.tell_held(application, made)
        raise typer.Exit(ExitStatus.HELD)


def list_plans(
    context: typer.Context,
    application: ApplicationArgument,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the plans of an application, the newest first, whatever became of them."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        plans = unit.plans.of(found.id, tuple(plan.PlanState), limit or _PLANS_SHOWN)
        documents = [plan_documents.of_plan(unit, item) for item in plans]
    output.write_listing(
        form,
        columns(
            ("id", "Plan"),
            ("state", "State"),
            ("kind", "Kind"),
            ("origin", "Asked for by"),
            ("created", "Made"),
            ("ended", "Applied"),
            ("counts", "Changes"),
        ),
        documents
        if form is not OutputFormat.TABLE
        else [{**item, "counts": cycle_reports.nonzero(item["counts"])} for item in documents],
        limit=limit,
    )


def run(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Run one cycle now: plan and apply what changed, or everybody if no cycle ran yet.

    A plan that was interrupted is finished first. Objects that failed earlier are tried again. Exit status 3: done,
    but some objects failed. Exit status 4: the guard holds changes that would take away or overwrite too much; everything
    else was applied.
    """
    with invocation.application(context, application) as (services, found):
        with progress.of_cycle() as report:
            outcome = invocation.complete(
                cycle.run(services, found.id, origin=plan.Origin.PERSON, retries=Retries.ALL, progress=report)
            )
        cycle_reports.finish(services, found, outcome, form)


def print_plan(
    services: cycle.Services,
    application: Application,
    made: plan.Plan | None,
    form: OutputFormat,
    limit: int | None,
    *,
    beside: Mapping[str, Any] | None = None,
) -> None:
    """Print a plan with its rows, what is done first and what is skipped last."""
    rows = plan_documents.rows(services.store, made.id) if made is not None else iter(())
    document = cycle_reports.current(services, made) or plan_documents.nothing_to_do()
    match form:
        case OutputFormat.JSON:
            head = {"applicationId": application.id, "application": application.name, **(beside or {})}
            output.write_json_with_rows({**document, **head}, "rows", output.first(rows, limit))
        case OutputFormat.CSV:
            output.write_csv(_CSV_COLUMNS, output.first(rows, limit))
        case OutputFormat.TABLE if made is None:
            output.print_line(
                f"Nothing to do: the accounts of {application.name!r} agree with the directory."
            )
        case OutputFormat.TABLE:
            cycle_reports.print_summary(document)
            telling = map(_table_row, _held_first(services, made))
            output.write_table(_ROW_COLUMNS, telling, limit=_ROWS_SHOWN if limit is None else limit)
        case _:
            assert_never(form)


def _held_first(services: cycle.Services, made: plan.Plan) -> Iterator[dict[str, Any]]:
    """The rows of a plan for a person, who wants to see first what waits for a decision, and last what is not done."""
    others = [state for state in plan.RowState if state is not plan.RowState.HELD]
    telling = [kind for kind in ChangeKind if kind is not ChangeKind.SKIP]
    yield from plan_documents.rows(services.store, made.id, states=[plan.RowState.HELD])
    yield from plan_documents.rows(services.store, made.id, telling, others)
    yield from plan_documents.rows(services.store, made.id, [ChangeKind.SKIP], others)


def _table_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "state": row["state"],
        "displayName": row["displayName"],
        "changes": plan_documents.told_changes([row]),
        "why": row["reason"] if row["state"] == plan.RowState.HELD else row["error"] or row["reason"],
    }
