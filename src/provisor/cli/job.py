"""`provisor job`: start, pause and restart the job of an application, and see how it fares."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Annotated, Protocol

import typer

from provisor.cli import (
    invocation,
    job_cycles,
    job_decisions,
    job_documents,
    job_escrows,
    job_links,
    job_on_demand,
    job_preview,
    job_reconcile,
    job_status_table,
    job_undo,
    moments,
    output,
)
from provisor.cli.manual import ApplicationArgument, FormatOption, command_group, examples
from provisor.cli.output import OutputFormat
from provisor.core import job as job_model
from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ApplicationId
from provisor.engine import commands as engine_commands
from provisor.ports.store import Store

commands = command_group(
    "job",
    "Plan, apply and run cycles of an application's job; decide about what is held; start, pause and restart it.",
)
job_cycles.register(commands)
job_decisions.register(commands)
job_on_demand.register(commands)
job_links.register(commands)
job_reconcile.register(commands)
job_preview.register(commands)
job_undo.register(commands)
job_escrows.register(commands)


@commands.command(epilog=examples("provisor job start RingCentral"))
def start(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Have `provisor serve` run cycles from now on: at once for what changes, and at the job's interval.

    Continues from where the last cycle ended, and ends a pause.
    """
    _command(
        context,
        application,
        form,
        engine_commands.start,
        lambda found: (
            f"The job of {found.name!r} is started: `provisor serve` runs its cycles, every "
            f"{moments.spoken_duration(found.settings.interval_seconds)} and when something changes."
        ),
    )


@commands.command(epilog=examples("provisor job pause RingCentral"))
def pause(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Run no more cycles until the job is started again.

    A cycle that is running stops after the requests that are under way; what it had not done yet is kept and done
    first when the job goes on.
    """
    _command(
        context,
        application,
        form,
        engine_commands.pause,
        lambda found: f"The job of {found.name!r} is paused; `provisor job start` lets it go on.",
    )


@commands.command(epilog=examples("provisor job stop RingCentral"))
def stop(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Switch the job off: `provisor serve` begins no more cycles of it, and a running one comes to its end.

    `provisor job run` still runs a cycle; `pause` forbids that, too, and interrupts a running one.
    """
    _command(
        context,
        application,
        form,
        engine_commands.stop,
        lambda found: f"The job of {found.name!r} is switched off; `provisor job start` starts it again.",
    )


@commands.command(
    epilog=examples(
        "provisor job restart RingCentral",
        'provisor job restart RingCentral --reset-scope "Watermark, Escrows"',
        "provisor job restart RingCentral --reset-scope Full --yes",
    )
)
def restart(
    context: typer.Context,
    application: ApplicationArgument,
    reset_scope: Annotated[
        str,
        typer.Option(
            "--reset-scope",
            metavar="LIST",
            help="What to forget, between commas: None, Watermark, Escrows, QuarantineState, ConnectorDataStore, Full; "
            "or ForceDeletes, to apply what is held.",
        ),
    ] = "Watermark, Escrows, QuarantineState",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Have the next cycle look at everybody again.

    Forgets the watermark, the objects that wait in escrow, a quarantine and the plans that were not applied; the links
    between people and their accounts stay, so nobody is created twice. ConnectorDataStore and Full end the links, too:
    everybody is matched anew, and accounts that match nobody any more are managed by nobody. That is asked for first.
    """
    scope = job_model.reset_scope(reset_scope)
    if job_model.ResetScope.FORCE_DELETES in scope:
        if len(scope) > 1:
            raise InvalidInputError("ForceDeletes applies what is held and forgets nothing; give it alone.")
        job_decisions.force(context, application, form)
        return
    if job_model.ResetScope.CONNECTOR_DATA_STORE in scope and not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter("Nobody can be asked here, so no link was ended; confirm with --yes.")
        typer.confirm(f"End every link of {output.printable(application)!r}?", abort=True, err=True)
    begins_anew = scope & {job_model.ResetScope.WATERMARK, job_model.ResetScope.CONNECTOR_DATA_STORE}
    _command(
        context,
        application,
        form,
        functools.partial(engine_commands.restart, scope=scope),
        lambda found: (
            f"The next cycle of {found.name!r} is an initial one: it looks at everybody."
            if begins_anew
            else f"The job of {found.name!r} goes on; forgotten: {', '.join(sorted(scope))}."
        ),
    )


@commands.command(
    epilog=examples("provisor job status RingCentral", "provisor job status RingCentral --format json")
)
def status(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Show how a job fares: schedule, last cycle, progress of a running one, linked accounts, escrows, held plan."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        document = job_documents.of_job(unit, found, services.clock.now())
    output.write_record(form, document, lambda: job_status_table.show(document))


class _Command(Protocol):
    """What a job can be told."""

    def __call__(self, store: Store, application_id: ApplicationId, *, by: Actor) -> None: ...


def _command(
    context: typer.Context,
    application: str,
    form: OutputFormat,
    tell: _Command,
    sentence: Callable[[Application], str],
) -> None:
    with invocation.application(context, application) as (services, found):
        tell(services.store, found.id, by=invocation.actor())
        with services.store.read() as unit:
            document = job_documents.of_job(unit, found, services.clock.now())
    output.write_report(form, document, sentence(found))
