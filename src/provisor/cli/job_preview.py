"""`provisor job preview`: what a change would bring about, without making it."""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

from provisor.cli import effects, invocation, schema_changes
from provisor.cli.exit_status import ExitStatus
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat
from provisor.core.application import Application
from provisor.core.objects import ObjectType
from provisor.engine import application_settings, applications, preview
from provisor.engine.services import Services

_TYPES = {"user": ObjectType.USER, "group": ObjectType.GROUP}


def register(commands: typer.Typer) -> None:
    """Add this command to `provisor job`."""
    commands.command(
        "preview",
        epilog=examples(
            "provisor job preview RingCentral --schema schema.json",
            "provisor job preview RingCentral --set scope=assigned --assign group:Telephony:Standard",
            "provisor job preview RingCentral --unassign user:zoe.durand@example.com --format json",
        ),
    )(show)


def show(  # noqa: PLR0917 - options of the command line
    context: typer.Context,
    application: ApplicationArgument,
    schema_file: Annotated[
        pathlib.Path | None,
        typer.Option("--schema", metavar="FILE", help="Another schema.", show_default=False),
    ] = None,
    settings: Annotated[
        list[str],
        typer.Option("--set", metavar="KEY=VALUE", help="Another setting.", show_default=False),
    ] = [],  # noqa: B006 - typer reads it only
    assign: Annotated[
        list[str],
        typer.Option(
            "--assign",
            metavar="user:UPN[:ROLE]",
            help="One more assignment; of a group: group:NAME[:ROLE].",
            show_default=False,
        ),
    ] = [],  # noqa: B006
    unassign: Annotated[
        list[str],
        typer.Option(
            "--unassign",
            metavar="user:UPN[:ROLE]",
            help="One assignment less; without a role, all of the principal's.",
            show_default=False,
        ),
    ] = [],  # noqa: B006
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show what a change would bring about: who enters, who leaves, whose attributes change, and why.

    Computed from what is stored: nothing is saved, and the application is not asked. An account is taken to be as the
    present configuration makes it, and a person without one to have none. What would happen without the change as well
    is counted apart. Exit status 4: the guard would hold the next cycle.
    """
    with invocation.application(context, application) as (services, found):
        changed = found.settings
        for text in settings:
            key, _, value = text.partition("=")
            changed = application_settings.with_setting(changed, key.strip(), value.strip())
        change = preview.ProposedChange(
            schema=None if schema_file is None else schema_changes.parsed(schema_file),
            settings=changed if settings else None,
            assign=tuple(_assignment(services, found, text) for text in assign),
            unassign=tuple(_assignment(services, found, text) for text in unassign),
        )
        with effects.foresee(services, found, change) as foreseen:
            effects.write(form, found, foreseen, limit)
            if foreseen.made.held is not None:
                raise typer.Exit(ExitStatus.HELD)


def _assignment(services: Services, application: Application, text: str) -> preview.AssignmentChange:
    kind, _, rest = text.partition(":")
    name, _, role = rest.partition(":")
    if kind not in _TYPES or not name:
        raise typer.BadParameter(
            f"{text!r} is no assignment; write user:UPN, group:NAME, or either with :ROLE."
        )
    with services.store.read() as unit:
        subject = applications.principal(unit, _TYPES[kind], name)
    return preview.assignment_change(application, subject, role or None)
