"""Reconciling an application, and the accounts of it that nobody is linked to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from provisor.cli import cycle_reports, invocation, job_cycles, output, progress
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import log_entry, plan
from provisor.core.application import Application
from provisor.core.job import Retries
from provisor.core.reconciliation import DriftPolicy, UnownedPolicy
from provisor.engine import cycle
from provisor.ports.store import Store

_PAGE = 500
_SHOWN = columns(
    ("objectType", "Type"),
    ("name", "Account"),
    ("targetId", "Id"),
    ("active", "Active"),
    ("matchesName", "Would match"),
    ("firstSeen", "Seen since"),
)


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor job`."""
    commands.command(
        "reconcile",
        epilog=examples(
            "provisor job reconcile RingCentral",
            "provisor job reconcile RingCentral --drift report",
            "provisor job reconcile RingCentral --plan-only",
        ),
    )(reconcile)
    commands.command(
        "unowned",
        epilog=examples("provisor job unowned RingCentral", "provisor job unowned RingCentral -f csv"),
    )(list_unowned)


def reconcile(  # noqa: PLR0917 - options of the command line
    context: typer.Context,
    application: ApplicationArgument,
    drift: Annotated[
        DriftPolicy | None,
        typer.Option(
            help="What to do with accounts that were changed in the application.", show_default=False
        ),
    ] = None,
    unowned: Annotated[
        UnownedPolicy | None,
        typer.Option(help="What to do with accounts that nobody is linked to.", show_default=False),
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Make and print the plan, apply nothing.")
    ] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Read every account of an application, find what strayed from the directory, and put it right.

    Accounts that were changed there are written again (or only reported), those that vanished are made again, leavers
    whose account was enabled again are disabled again. Accounts that nobody is linked to are listed by `job unowned`.
    The settings drift, unowned and reconcileHours say what is done where no option does, and how often by itself.
    """
    with invocation.application(context, application) as (services, found):
        usual = found.settings.reconciliation
        settings = dataclasses.replace(usual, drift=drift or usual.drift, unowned=unowned or usual.unowned)
        with progress.of_cycle() as report:
            if plan_only:
                made = invocation.complete(
                    cycle.make_plan(
                        services, found.id, retries=Retries.ALL, progress=report, reconcile=settings
                    )
                )
            else:
                outcome = invocation.complete(
                    cycle.run(
                        services,
                        found.id,
                        origin=plan.Origin.PERSON,
                        retries=Retries.ALL,
                        progress=report,
                        reconcile=settings,
                    )
                )
        if plan_only:
            job_cycles.show_made(services, found, made, form)
            return
        _tell_unowned(services.store, found)
        cycle_reports.finish(services, found, outcome, form)


def list_unowned(
    context: typer.Context,
    application: ApplicationArgument,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List accounts of an application that nobody of the directory is linked to, as the last reconciliation found them.

    Some match somebody who does not belong into the application; the others are unknown to the directory.
    """
    with invocation.application(context, application) as (services, found):
        output.write_listing(form, _SHOWN, _documents(services.store, found), limit=limit)


def _documents(store: Store, application: Application) -> Iterator[dict[str, Any]]:
    after: tuple[str, str] | None = None
    while True:
        with store.read() as unit:
            page = unit.unowned(application.id).listing(after, _PAGE)
            matched = [item.matches for item in page if item.matches is not None]
            names = {item.id: item.display_name for item in unit.directory.many(matched)} if matched else {}
        if not page:
            return
        for item in page:
            yield {
                "objectType": item.object_type.value,
                "targetId": item.target_id,
                "name": item.name,
                "active": item.active,
                "matches": item.matches,
                "matchesName": None if item.matches is None else names.get(item.matches),
                "firstSeen": log_entry.instant(item.first_seen),
                "lastSeen": log_entry.instant(item.last_seen),
            }
        after = (page[-1].object_type.value, page[-1].target_id)


def _tell_unowned(store: Store, application: Application) -> None:
    with store.read() as unit:
        count = unit.unowned(application.id).count()
    if count:
        output.note(
            f"{count} accounts of {application.name!r} are linked to nobody: `provisor job unowned` lists them."
        )
