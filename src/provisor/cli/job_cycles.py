"""Planning, applying and running one cycle from the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, assert_never

import typer

from provisor.cli import invocation, output, plan_documents, progress
from provisor.cli.exit_status import ExitStatus
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.job import Retries
from provisor.engine import cycle

_ROWS_SHOWN = 20
_PLANS_SHOWN = 1000

_APPLICABLE = (plan.PlanState.READY, plan.PlanState.HELD, plan.PlanState.APPLYING)

_ROW_COLUMNS = columns(
    ("kind", "Change"),
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
            *("errorCode", "error", "warnings"),
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
    commands.command(
        "apply",
        epilog=examples("provisor job apply RingCentral --plan 6e1970bc-2bfa-4c5d-8729-19b6e7e3da94"),
    )(apply_plan)
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
    `provisor job apply` applies exactly these rows. Exit status 4: the plan would take away so many accounts that it is
    held until it is applied by its id.
    """
    with invocation.application(context, application) as (services, found):
        if plan_id is not None:
            print_plan(services, found, stored(services, found, plan_id), form, limit)
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
        _tell_held(application, made)
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
        else [{**item, "counts": _nonzero(item["counts"])} for item in documents],
        limit=limit,
    )


def apply_plan(
    context: typer.Context,
    application: ApplicationArgument,
    plan_id: Annotated[
        str,
        typer.Option("--plan", metavar="ID", help="The plan, as `job plan` printed it.", show_default=False),
    ],
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Apply a stored plan, held ones included: exactly its rows.

    A row whose object or account changed since is not applied; the next cycle plans it anew. A plan that was
    interrupted goes on where it stopped.
    """
    with invocation.application(context, application) as (services, found):
        made = stored(services, found, plan_id)
        if made.state not in _APPLICABLE:
            raise InvalidInputError(
                f"The plan {made.id} is {made.state.value} and cannot be applied any more; make a new one with "
                "`provisor job plan`."
            )
        with progress.of_cycle() as report:
            outcome = invocation.complete(
                cycle.apply_plan(services, found.id, made, progress=report, by=invocation.actor())
            )
        finish(services, found, outcome, form)


def run(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Run one cycle now: plan and apply what changed, or everybody if no cycle ran yet.

    A plan that was interrupted is finished first. Objects that failed earlier are tried again. Exit status 3: done,
    but some objects failed. Exit status 4: the plan would take away too many accounts, and nothing of it was applied.
    """
    with invocation.application(context, application) as (services, found):
        with progress.of_cycle() as report:
            outcome = invocation.complete(
                cycle.run(services, found.id, origin=plan.Origin.PERSON, retries=Retries.ALL, progress=report)
            )
        finish(services, found, outcome, form)


def finish(
    services: cycle.Services, application: Application, outcome: cycle.CycleOutcome, form: OutputFormat
) -> None:
    """Print what became of a cycle, and leave with its exit status."""
    failures = outcome.failures if isinstance(outcome, cycle.Applied) else 0
    made = None if isinstance(outcome, cycle.NothingToDo) else outcome.plan
    document = {
        "result": _result(outcome),
        "applicationId": application.id,
        "application": application.name,
        "failures": failures,
        "plan": _current(services, made),
    }
    output.write_record(form, document, lambda: _print_outcome(application, document))
    match outcome:
        case cycle.NothingToDo():
            return
        case cycle.Held(held):
            _tell_held(application, held)
            raise typer.Exit(ExitStatus.HELD)
        case cycle.Paused():
            output.note("The job was paused before the end; `provisor job start` lets it go on.")
            raise typer.Exit(ExitStatus.FAILED)
        case cycle.Applied(failures=0):
            return
        case cycle.Applied():
            output.note(
                f"{failures} objects failed: `provisor log {quoted(application.name)} --status failure` tells why."
            )
            raise typer.Exit(ExitStatus.DONE_WITH_FAILURES)
        case _:
            assert_never(outcome)


def _result(outcome: cycle.CycleOutcome) -> str:
    match outcome:
        case cycle.NothingToDo():
            return "nothingToDo"
        case cycle.Held():
            return "held"
        case cycle.Applied():
            return "applied"
        case cycle.Paused():
            return "paused"
        case _:
            assert_never(outcome)


def _current(services: cycle.Services, made: plan.Plan | None) -> dict[str, Any] | None:
    """A plan with the states its rows have now."""
    if made is None:
        return None
    with services.store.read() as unit:
        return plan_documents.of_plan(unit, unit.plans.get(made.id) or made)


def stored(services: cycle.Services, application: Application, plan_id: str) -> plan.Plan:
    """The application's plan with this id. Raises `NotFoundError`."""
    with services.store.read() as unit:
        found = unit.plans.get(plan_id.strip().lower())
    if found is None or found.application_id != application.id:
        raise NotFoundError(
            f"{application.name!r} has no plan {plan_id!r}; `provisor job plans {quoted(application.name)}` lists its "
            "plans."
        )
    return found


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
    document = _current(services, made) or plan_documents.nothing_to_do()
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
            _print_summary(document)
            telling = map(_table_row, _skips_last(services, made))
            output.write_table(_ROW_COLUMNS, telling, limit=_ROWS_SHOWN if limit is None else limit)
        case _:
            assert_never(form)


def _skips_last(services: cycle.Services, made: plan.Plan) -> Iterator[dict[str, Any]]:
    """The rows of a plan for a person, who wants to see first what will be done."""
    telling = [kind for kind in ChangeKind if kind is not ChangeKind.SKIP]
    yield from plan_documents.rows(services.store, made.id, telling)
    yield from plan_documents.rows(services.store, made.id, [ChangeKind.SKIP])


def _print_outcome(application: Application, document: Mapping[str, Any]) -> None:
    match document["result"]:
        case "nothingToDo":
            output.print_line(f"Nothing to do: nothing that concerns {application.name!r} has changed.")
        case _:
            _print_summary(document["plan"])


def _print_summary(document: Mapping[str, Any]) -> None:
    guard = document["guard"]
    verdict = guard["reason"] or f"passes: {guard['disables']} disabled, {guard['deletes']} deleted"
    output.write_facts(
        [
            ("Plan", document["id"]),
            ("State", document["state"]),
            ("Cycle", document["kind"]),
            ("Guard", verdict),
            ("Changes", _nonzero(document["counts"])),
        ]
    )
    output.write_table(
        columns(
            ("objectType", "Object"),
            ("kind", "Change"),
            ("reason", "Reason"),
            ("state", "State"),
            ("count", "Rows"),
        ),
        document["totals"],
    )


def _table_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "displayName": row["displayName"],
        "changes": plan_documents.told_changes([row]),
        "why": row["error"] or row["reason"],
    }


def _nonzero(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _tell_held(application: Application, held: plan.Plan) -> None:
    name = quoted(application.name)
    output.note(
        f"Held: {held.hold_reason} Nothing of it was applied. Look at it with `provisor job plan {name} --plan {held.id}`; "
        f"apply it with `provisor job apply {name} --plan {held.id}`."
    )


def quoted(name: str) -> str:
    """A name as it can be typed into a shell."""
    return shlex.quote(name)
