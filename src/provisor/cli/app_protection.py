"""Which accounts of an application no plan may disable or delete."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from provisor.cli import invocation, output
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import log_entry
from provisor.core.identifiers import ObjectId
from provisor.core.objects import ObjectType
from provisor.core.protection import ProtectedKind, Protection
from provisor.engine import applications, protecting
from provisor.ports.store import UnitOfWork

_UserOption = Annotated[
    str | None,
    typer.Option(
        "--user",
        metavar="UPN",
        help="The account of this user, by userPrincipalName or id.",
        show_default=False,
    ),
]
_GroupOption = Annotated[
    str | None,
    typer.Option(
        "--group", metavar="NAME", help="The group made from this one, by name or id.", show_default=False
    ),
]
_AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="ID",
        help="The account with this id in the application, whoever it is linked to.",
        show_default=False,
    ),
]


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor app`."""
    commands.command(
        epilog=examples(
            'provisor app protect RingCentral --user emergency@example.com --note "emergency access"',
            'provisor app protect RingCentral --account 62264425008 --note "owner of the secret token"',
        )
    )(protect)
    commands.command(epilog=examples("provisor app unprotect RingCentral --user emergency@example.com"))(
        unprotect
    )
    commands.command("protections", epilog=examples("provisor app protections RingCentral"))(list_protections)


def protect(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: _UserOption = None,
    group: _GroupOption = None,
    account: _AccountOption = None,
    note: Annotated[
        str,
        typer.Option("--note", metavar="TEXT", help="Why, for whoever comes upon it.", show_default=False),
    ],
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Keep an account: no plan disables or deletes it from now on, whatever the directory says or a person allows.

    Its attributes are still written. A plan that was made before is refused where it would take the account away.
    """
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            kind, protected_id = _meant(unit, user, group, account)
        item = protecting.protect(
            services.store, found, kind, protected_id, note=note, clock=services.clock, by=invocation.actor()
        )
        with services.store.read() as unit:
            document = _of(unit, item)
    output.write_report(form, document, f"Protected {_told(document)} in {found.name!r}: {item.note}.")


def unprotect(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: _UserOption = None,
    group: _GroupOption = None,
    account: _AccountOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """End a protection; the next cycle does with the account what the directory says."""
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            kind, protected_id = _meant(unit, user, group, account)
        protecting.unprotect(services.store, found, kind, protected_id, by=invocation.actor())
    document = {"applicationId": found.id, "kind": kind.value, "id": protected_id}
    output.write_report(
        form, document, f"{user or group or account} is not protected any more in {found.name!r}."
    )


def list_protections(
    context: typer.Context,
    application: ApplicationArgument,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the protected accounts of an application, and why they are."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        documents = [_of(unit, item) for item in unit.protections(found.id).all()]
    output.write_listing(
        form,
        columns(
            ("kind", "Protected by"),
            ("displayName", "Name"),
            ("note", "Why"),
            ("created", "Since"),
            ("id", "Id"),
        ),
        documents,
        limit=limit,
    )


def _meant(
    unit: UnitOfWork, user: str | None, group: str | None, account: str | None
) -> tuple[ProtectedKind, str]:
    match user, group, account:
        case str(), None, None:
            return ProtectedKind.OBJECT, applications.principal(unit, ObjectType.USER, user).id
        case None, str(), None:
            return ProtectedKind.OBJECT, applications.principal(unit, ObjectType.GROUP, group).id
        case None, None, str():
            return ProtectedKind.ACCOUNT, account.strip()
        case _:
            raise typer.BadParameter("Give either --user, --group or --account.")


def _of(unit: UnitOfWork, item: Protection) -> dict[str, Any]:
    subject = unit.directory.get(ObjectId(item.protected_id)) if item.kind is ProtectedKind.OBJECT else None
    return {
        "kind": item.kind.value,
        "id": item.protected_id,
        "displayName": None if subject is None else subject.display_name,
        "note": item.note,
        "created": log_entry.instant(item.created),
    }


def _told(document: dict[str, Any]) -> str:
    return repr(document["displayName"]) if document["displayName"] else f"the account {document['id']}"
