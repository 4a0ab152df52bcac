"""`provisor job undo`: a plan that takes back what a cycle did."""

from __future__ import annotations

from typing import Annotated

import typer

from provisor.cli import cycle_reports, invocation, job_cycles, object_documents, output
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat
from provisor.core.changes import Reason
from provisor.engine import undoing


def register(commands: typer.Typer) -> None:
    """Add this command to `provisor job`."""
    commands.command(
        "undo",
        epilog=examples(
            "provisor job undo RingCentral --cycle 6e1970bc-2bfa-4c5d-8729-19b6e7e3da94",
            "provisor job undo RingCentral --cycle 6e1970bc-2bfa-4c5d-8729-19b6e7e3da94 --object zoe.durand@example.com",
        ),
    )(undo)


def undo(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    cycle_id: Annotated[
        str,
        typer.Option(
            "--cycle",
            metavar="ID",
            help="The cycle, by the id of its plan; `job plans` and `log` show it.",
            show_default=False,
        ),
    ],
    objects: Annotated[
        list[str] | None,
        typer.Option(
            "--object",
            metavar="NAME",
            help="Only what was done to this user or group, by id, userPrincipalName or group name; may be given several "
            "times.",
            show_default=False,
        ),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a plan that takes back what a cycle did, store it, and print it; nothing is written to any account.

    Accounts the cycle created are deleted, those it found and linked are unlinked, attributes, managers and members
    become what they were, disabled accounts are enabled. A deleted account cannot be brought back, and an account that
    was changed again since is left alone: those rows say so. `provisor job apply` applies the plan. Nothing of it is
    done anew until the object changes, or until an initial cycle looks at everybody.
    """
    with invocation.application(context, application) as (services, found):
        undone = cycle_reports.stored(services, found, cycle_id)
        with services.store.read() as unit:
            chosen = frozenset(object_documents.find(unit, name).id for name in objects or ())
        made = undoing.make(services, found, undone, objects=chosen or None, actor=invocation.actor())
        comes_back = {
            "nextCycle": sorted(made.next_cycle),
            "nextInitialCycle": sorted(made.next_initial_cycle),
        }
        job_cycles.print_plan(services, found, made.plan, form, limit, beside={"comesBack": comes_back})
        with services.store.read() as unit:
            totals = unit.plans.totals(made.plan.id)
    refused = sum(count for _, _, reason, _, count in totals if reason is Reason.CANNOT_BE_UNDONE)
    if refused:
        output.note(f"{refused} changes cannot be taken back; their rows say why.")
    _tell_returns(made)
    name = cycle_reports.quoted(found.name)
    output.note(f"Apply it with `provisor job apply {name} --plan {made.plan.id}`.")


def _tell_returns(made: undoing.Undo) -> None:
    soon, later = len(made.next_cycle), len(made.next_initial_cycle)
    if soon:
        output.note(
            f"The next cycle looks at {soon} of these objects anyway, and does again what the directory says: mend the "
            "cause first."
        )
    if later:
        output.note(
            f"{later} of these objects stay as this plan leaves them until they change, or until the next initial cycle."
        )
