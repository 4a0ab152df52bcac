"""`provisor job escrows` and `job retry`: the objects that failed, and another attempt at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from provisor.cli import cycle_reports, invocation, moments, object_documents, output, progress
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import log_entry, log_errors, plan
from provisor.core.errors import JobBusyError
from provisor.core.escrow import Escrow
from provisor.core.identifiers import ApplicationId
from provisor.core.job import Retries
from provisor.engine import cycle, retries
from provisor.ports.store import Store

_PAGE = 500

_COLUMNS = columns(
    ("displayName", "Name"),
    ("failed", "What failed"),
    ("errorCode", "Cause"),
    ("error", "What was said"),
    ("failures", "Attempts"),
    ("firstFailed", "First failed"),
    ("nextAttempt", "Next attempt"),
    ("recommendedAction", "What to do"),
)


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor job`."""
    commands.command(
        "escrows",
        epilog=examples("provisor job escrows RingCentral", "provisor job escrows RingCentral -f csv"),
    )(escrows)
    commands.command(
        "retry",
        epilog=examples(
            "provisor job retry RingCentral",
            "provisor job retry RingCentral --object zoe.durand@example.com",
        ),
    )(retry)


def escrows(
    context: typer.Context,
    application: ApplicationArgument,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the objects that failed and wait for another attempt, with the cause and what to do.

    Those that were given up after four weeks are listed, too: they wait for a change, for `job retry` or for a restart.
    """
    with invocation.application(context, application) as (services, found):
        items = _documents(services.store, found.id)
        shown = (
            items if form is not OutputFormat.TABLE else ({**item, **_for_a_person(item)} for item in items)
        )
        output.write_listing(form, _COLUMNS, shown, limit=limit)


def retry(
    context: typer.Context,
    application: ApplicationArgument,
    objects: Annotated[
        list[str] | None,
        typer.Option(
            "--object",
            metavar="NAME",
            help="Only this user or group, by id, userPrincipalName or group name; may be given several times.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Try failed objects again now, those that were given up included, and run a cycle.

    Where another process is running a cycle, they are taken up right after it.
    """
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            ids = [object_documents.find(unit, name).id for name in objects] if objects else None
        number = retries.now(services.store, found.id, ids, services.clock, by=invocation.actor())
        if not number:
            output.write_report(form, {"retried": 0}, "None of these objects waits for another attempt.")
            return
        try:
            with progress.of_cycle() as report:
                outcome = invocation.complete(
                    cycle.run(
                        services, found.id, origin=plan.Origin.PERSON, retries=Retries.DUE, progress=report
                    )
                )
        except JobBusyError:
            sentence = f"{number} objects are tried again in the cycle after the one that is running."
            output.write_report(form, {"retried": number}, sentence)
            return
        cycle_reports.finish(services, found, outcome, form)


def _documents(store: Store, application_id: ApplicationId) -> Iterator[dict[str, Any]]:
    last = ""
    while True:
        with store.read() as unit:
            page = unit.escrows(application_id).page(last, _PAGE)
            names = {item.id: item for item in unit.directory.many([one.object_id for one in page])}
        if not page:
            return
        for one in page:
            subject = names.get(one.object_id)
            yield {
                "objectId": one.object_id,
                "displayName": subject.display_name if subject else one.object_id,
                **_document(one),
            }
        last = page[-1].object_id


def _document(one: Escrow) -> dict[str, Any]:
    return {
        "failed": "reference" if one.is_reference else "account",
        "errorCode": one.code.value,
        "error": one.message,
        "failures": one.failures,
        "firstFailed": log_entry.instant(one.first_failed),
        "lastFailed": log_entry.instant(one.last_failed),
        "nextAttempt": None if one.given_up else log_entry.instant(one.next_attempt),
        "givenUp": log_entry.instant(one.given_up),
        "recommendedAction": log_errors.recommended_action(one.code),
    }


def _for_a_person(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "firstFailed": moments.shown(datetime.fromisoformat(item["firstFailed"])),
        "nextAttempt": "given up"
        if item["givenUp"]
        else moments.shown(datetime.fromisoformat(item["nextAttempt"])),
    }
