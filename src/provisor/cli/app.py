"""`provisor app`: add applications from the gallery, look at them, choose their settings, remove them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from provisor import gallery as templates
from provisor.cli import (
    app_access,
    app_filter,
    app_protection,
    app_schema,
    application_documents,
    invocation,
    output,
    schema_changes,
)
from provisor.cli.manual import ApplicationArgument, FormatOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.engine import application_settings, applications

commands = command_group(
    "app", "Add applications, assign people and groups, enter credentials, choose settings."
)


@commands.command(
    epilog=examples(
        'provisor app add ringcentral --name "RingCentral"',
        'provisor app add scim --name "Intranet" --format json',
    )
)
def add(
    context: typer.Context,
    template: Annotated[
        str,
        typer.Argument(metavar="TEMPLATE", help="A template of the gallery, by id.", show_default=False),
    ],
    name: Annotated[
        str, typer.Option("--name", help="What to call it; no two are called the same.", show_default=False)
    ],
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Add an application made from a template; prints its id.

    Nothing is provisioned yet: assign people or groups, enter the credentials, look at the plan, then run or start the
    job.
    """
    with invocation.services(context) as services:
        made = applications.add(
            services.store,
            templates.template(template),
            name,
            clock=services.clock,
            new_id=services.new_id,
            by=invocation.actor(),
        )
        with services.store.read() as unit:
            document = application_documents.of_application(unit, made)
    if form is OutputFormat.TABLE:
        output.note(f"Added {made.name!r} from the template {made.template_id}.")
    output.write_report(form, document, made.id)


@commands.command("list", epilog=examples("provisor app list", "provisor app list --format csv"))
def list_applications(context: typer.Context, form: FormatOption = OutputFormat.TABLE) -> None:
    """List the applications with the state of their jobs."""
    with invocation.services(context) as services, services.store.read() as unit:
        found = [application_documents.of_application(unit, item) for item in unit.applications.all()]
    output.write_listing(
        form,
        columns(
            ("name", "Name"),
            ("templateId", "Template"),
            ("tenantUrl", "Tenant URL"),
            ("scope", "Scope"),
            ("status", "Status"),
            ("scheduleState", "Schedule"),
            ("linked", "Linked"),
            ("id", "Id"),
        ),
        found,
        limit=0,
    )


@commands.command(epilog=examples("provisor app show RingCentral"))
def show(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Show an application: credentials (never the token itself), roles, settings and attribute mappings."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        document = application_documents.in_full(unit, found)
    output.write_record(form, document, lambda: _show(document))


@commands.command(epilog=examples("provisor app remove RingCentral --yes"))
def remove(
    context: typer.Context,
    application: ApplicationArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Remove an application with its assignments, credentials, job, links and provisioning log.

    The accounts in the application itself stay as they are, enabled ones enabled, and nobody manages them any more. To
    have them disabled or deleted first: set `scope=assigned` and `onUnassigned`, end the assignments, and apply the
    plan. Asks before it removes; where nobody can be asked, it refuses unless --yes is given.
    """
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter("Nobody can be asked here, so nothing was removed; confirm with --yes.")
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            linked = unit.links(found.id).count()
        if not yes:
            question = (
                f"Remove {output.printable(found.name)!r} with its provisioning log? {_left_behind(linked)}"
            )
            typer.confirm(question, abort=True, err=True)
        applications.remove(services.store, found, by=invocation.actor())
    document = {"id": found.id, "name": found.name, "removed": True, "accountsLeft": linked}
    output.write_report(form, document, f"Removed {found.name!r}. {_left_behind(linked)}")


def _left_behind(linked: int) -> str:
    if not linked:
        return "No account was linked."
    return f"{linked} linked accounts stay in the application as they are, and nobody manages them any more."


@commands.command(
    "set",
    epilog=examples(
        "provisor app set RingCentral scope=all",
        "provisor app set RingCentral guardPercent=5 guardFloor=20 intervalSeconds=600",
        "provisor app set RingCentral readsPerMinute=50 writesPerMinute=10",
    ),
)
def set_settings(
    context: typer.Context,
    application: ApplicationArgument,
    settings: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE…", help="Settings and their new values; all or none.", show_default=False
        ),
    ],
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Change settings of an application, and print them all.

    - `scope`: `assigned` or `all`
    - `roleReach`: `direct` (members of an assigned group) or `effective` (through nested groups too)
    - `outOfScopeDeletions`: `disable` or `skip`
    - `onUnassigned`, `onOutOfScope`, `onDisabled`, `onSoftDeleted`, `onHardDeleted`: what becomes of the account then:
      `nothing`, `disable`, `disableThenDelete` or `delete`; `deleteAfterDays`: days between disabling and deleting
    - `intervalSeconds`: seconds between two cycles
    - `guardPercent`, `guardFloor`: a plan that takes away more than both is held
    - `readsPerMinute`, `writesPerMinute`: a number or `unlimited`; `concurrency`: requests at once
    - `dialect`: `auto` or the name of a SCIM dialect
    - `pageSize`, `maxMembersPerRequest`: what the application can take

    A change of who is in scope makes the next cycle look at everybody.
    """
    changes = [_pair(text) for text in settings]
    with invocation.application(context, application) as (services, found):
        changed = found.settings
        for key, value in changes:
            changed = application_settings.with_setting(changed, key, value)
        applications.change_settings(services.store, found, changed, by=invocation.actor())
        schema_changes.advise(services.store, found.id)
    document = application_documents.of_settings(changed)
    output.write_record(form, document, lambda: application_documents.print_settings(document))


app_access.register(commands)
app_protection.register(commands)
commands.add_typer(app_schema.commands)
commands.add_typer(app_filter.commands)


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise typer.BadParameter(f"{text!r} is no setting; write KEY=VALUE, such as scope=all.")
    return key.strip(), value.strip()


def _show(document: Mapping[str, Any]) -> None:
    output.write_facts(
        [
            ("Id", document["id"]),
            ("Name", document["name"]),
            ("Template", document["templateId"]),
            ("Tenant URL", document["tenantUrl"] or "not entered yet"),
            ("Secret token", "entered" if document["hasSecretToken"] else "not entered yet"),
            ("Status", document["status"]),
            ("Schedule", document["scheduleState"]),
            ("Linked", document["linked"]),
            ("Assignments", document["assignments"]),
            ("Roles", [role["value"] for role in document["roles"]]),
            ("Schema version", document["schemaVersion"]),
        ]
    )
    application_documents.print_settings(document["settings"])
    application_documents.print_mappings(document["mappings"])
