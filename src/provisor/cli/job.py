"""`provisor job`: start, pause and restart the job of an application, and see how it fares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import typer

from provisor.cli import (
    invocation,
    job_cycles,
    job_decisions,
    job_documents,
    job_links,
    job_on_demand,
    job_preview,
    job_reconcile,
    job_undo,
    moments,
    output,
)
from provisor.cli.manual import ApplicationArgument, FormatOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core.application import Application
from provisor.core.audit import Actor
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


@commands.command(epilog=examples("provisor job restart RingCentral"))
def restart(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Have the next cycle look at everybody again.

    Forgets the watermark, the objects that wait in escrow and the plans that were not applied; the links between people
    and their accounts stay, so nobody is created twice.
    """
    _command(
        context,
        application,
        form,
        engine_commands.restart,
        lambda found: f"The next cycle of {found.name!r} is an initial one: it looks at everybody.",
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
    output.write_record(form, document, lambda: _show(document))


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


def _show(document: dict[str, Any]) -> None:
    status, held, last = document["status"], document["heldPlan"], document["lastPlan"]
    execution = status["lastExecution"] or {}
    progress = status["progress"]
    escrows = document["escrows"]
    output.write_facts(
        [
            ("Job", document["id"]),
            ("Application", document["application"]),
            ("Status", status["code"]),
            ("Schedule", f"{document['schedule']['state']}, every {document['schedule']['interval']}"),
            ("Next cycle", document["nextCycle"]),
            ("Watermark", document["watermark"]),
            ("Linked", {item["key"]: item["value"] for item in status["synchronizedEntryCountByType"]}),
            ("Running", document["runner"]),
            *((f"{item['completedUnits']} of {item['totalUnits']}", item["units"]) for item in progress),
            ("Last cycle began", execution.get("timeBegan")),
            ("Last cycle ended", execution.get("timeEnded")),
            ("Last cycle", execution.get("state")),
            ("Error", execution["error"]["message"] if execution.get("error") else None),
            ("In escrow", escrows["count"] or None),
            ("Next attempt", escrows["nextAttempt"]),
            ("Held plan", f"{held['id']}: {held['guard']['reason']}" if held else None),
            ("Last plan", f"{last['id']}, {last['kind']}, {last['state']}" if last else None),
        ]
    )
    if last:
        output.write_table(
            columns(
                ("objectType", "Object"),
                ("kind", "Change"),
                ("reason", "Reason"),
                ("state", "State"),
                ("count", "Rows"),
            ),
            last["totals"],
        )
