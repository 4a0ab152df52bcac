"""Who is assigned to an application, and the credentials by which it is reached."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Annotated

import typer

from provisor.cli import invocation, object_documents, output
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core.application import Application
from provisor.core.errors import InvalidInputError
from provisor.core.objects import DirectoryObject
from provisor.engine import applications, connection_test

TOKEN_VARIABLE = "PROVISOR_SECRET_TOKEN"  # noqa: S105 - the name of the variable

_UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="UPN", help="A user, by userPrincipalName or id.", show_default=False),
]
_GroupOption = Annotated[
    str | None, typer.Option("--group", metavar="NAME", help="A group, by name or id.", show_default=False)
]


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor app`."""
    commands.command(
        epilog=examples(
            "provisor app assign RingCentral --group Telephony --role Standard",
            "provisor app assign Intranet --user zoe.durand@example.com",
        )
    )(assign)
    commands.command(
        epilog=examples(
            "provisor app unassign RingCentral --group Telephony",
            "provisor app unassign RingCentral --user zoe.durand@example.com --role Manager",
        )
    )(unassign)
    commands.command("assignments", epilog=examples("provisor app assignments RingCentral --format csv"))(
        list_assignments
    )
    commands.command(
        epilog=examples(
            "provisor app credentials RingCentral --tenant-url https://platform.ringcentral.com/scim/v2",
            "provisor app credentials RingCentral < token.txt",
        )
    )(credentials)
    commands.command("test-connection", epilog=examples("provisor app test-connection RingCentral"))(
        try_connection
    )


def assign(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: _UserOption = None,
    group: _GroupOption = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="A role of the application, by value or name. Without one the assignment gives Default Access, which "
            "provisions nobody where the application declares roles.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Assign a user or a group to an application; the members of a group are provisioned with it.

    They are provisioned by the next cycle, at once where the job is started and `provisor serve` runs.
    """
    kind, name = object_documents.principal_named(user, group)
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            subject = applications.principal(unit, kind, name)
        made = applications.assign(
            services.store,
            found,
            subject,
            role,
            clock=services.clock,
            new_id=services.new_id,
            by=invocation.actor(),
        )
    given = object_documents.role_names(found)[made.role_id]
    if role is None and found.roles:
        roles = ", ".join(item.value for item in found.roles)
        output.note(
            f"Warning: {found.name!r} declares roles, so Default Access provisions nobody. Assign {subject.display_name!r} "
            f"with --role; roles: {roles}."
        )
    document = {
        "id": made.id,
        "applicationId": found.id,
        "principalType": subject.object_type.value,
        "principalId": subject.id,
        "principalDisplayName": subject.display_name,
        "role": given,
    }
    output.write_report(
        form, document, f"Assigned {_described(subject)} to {found.name!r} with the role {given}."
    )


def unassign(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: _UserOption = None,
    group: _GroupOption = None,
    role: Annotated[
        str | None, typer.Option(help="Only this role; otherwise all of them.", show_default=False)
    ] = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """End the assignment of a user or group; accounts nobody is entitled to any more are disabled by the next cycle."""
    kind, name = object_documents.principal_named(user, group)
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            subject = applications.principal(unit, kind, name)
        ended = applications.unassign(
            services.store, found, subject, role, clock=services.clock, by=invocation.actor()
        )
    document = {"applicationId": found.id, "principalId": subject.id, "ended": ended}
    what = "assignment" if ended == 1 else "assignments"
    output.write_report(form, document, f"Ended {ended} {what} of {_described(subject)} to {found.name!r}.")


def list_assignments(
    context: typer.Context,
    application: ApplicationArgument,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List who is assigned to an application, with which role."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        held = unit.applications.assignments(found.id)
    names = object_documents.role_names(found)
    output.write_listing(
        form,
        columns(
            ("principalType", "Type"),
            ("principalDisplayName", "Name"),
            ("role", "Role"),
            ("principalId", "Principal id"),
            ("id", "Assignment id"),
        ),
        [
            {
                "id": item.id,
                "principalType": item.principal_type.value,
                "principalId": item.principal_id,
                "principalDisplayName": item.principal_display_name,
                "role": names.get(item.role_id, item.role_id),
                "roleId": item.role_id,
            }
            for item in held
        ],
        limit=limit,
    )


def credentials(
    context: typer.Context,
    application: ApplicationArgument,
    tenant_url: Annotated[
        str | None,
        typer.Option(
            "--tenant-url",
            metavar="URL",
            help="The SCIM base URL, as the application gave it. May be left out once it was entered.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Enter the tenant URL and the secret token of an application; both are stored encrypted.

    The token is read from the variable PROVISOR_SECRET_TOKEN, else asked for on a terminal without being shown, else
    read from standard input. It is never an argument, because arguments are visible to every user of the machine. An
    empty one keeps the present token.
    """
    with invocation.application(context, application) as (services, found):
        url = tenant_url or found.tenant_url
        if url is None:
            raise typer.BadParameter(f"{found.name!r} has no tenant URL yet; give it with --tenant-url.")
        token = _secret_token(found)
        applications.enter_credentials(services.store, found, url, token, by=invocation.actor())
    document = {"applicationId": found.id, "tenantUrl": url.strip(), "secretTokenReplaced": token is not None}
    kept = "the secret token" if token is not None else "kept the present secret token"
    output.write_report(
        form,
        document,
        f"Stored the tenant URL of {found.name!r} and {kept}. Check them with `provisor app test-connection`.",
    )


def try_connection(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Test tenant URL and secret token: searches the application for a user that cannot exist."""
    with invocation.application(context, application) as (services, found):
        attribute = invocation.complete(connection_test.run(services, found.id))
    document = {
        "applicationId": found.id,
        "tenantUrl": found.tenant_url,
        "matchingAttribute": attribute,
        "successful": True,
    }
    output.write_report(
        form,
        document,
        f"The connection works: {found.tenant_url} accepts the secret token, and answered a search by {attribute} as "
        "SCIM 2.0 wants it.",
    )


def _described(subject: DirectoryObject) -> str:
    return f"the {subject.object_type.value.lower()} {subject.display_name!r}"


def _secret_token(application: Application) -> str | None:
    """The token entered, or None to keep the present one. Raises `InvalidInputError` where there is neither."""
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        token = _asked_for() if sys.stdin.isatty() else sys.stdin.read().strip()
    if token:
        return token
    if application.has_secret_token:
        return None
    raise InvalidInputError(
        f"{application.name!r} has no secret token yet, and none was given. Put it into {TOKEN_VARIABLE} or give it on "
        "standard input; it is never an argument."
    )


def _asked_for() -> str:
    return getpass.getpass("Secret token (not shown; empty keeps the present one): ").strip()
