"""`provisor job links`, `link` and `unlink`: the ties between objects and accounts, looked at and mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from provisor.cli import invocation, object_documents, output
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import links as model
from provisor.core import log_entry
from provisor.core.application import Application
from provisor.core.identifiers import TargetId
from provisor.engine import applications, object_connections
from provisor.engine.object_connections import Present
from provisor.ports.store import Store

_PAGE = 500
_COLUMNS = columns(
    ("displayName", "Name"),
    ("userPrincipalName", "User principal name"),
    ("objectTypeName", "Type"),
    ("targetAnchor", "Account"),
    ("state", "State"),
    ("origin", "Came about"),
    ("since", "Since"),
    ("objectId", "Object id"),
)

_UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="UPN", help="A user, by userPrincipalName or id.", show_default=False),
]
_GroupOption = Annotated[
    str | None, typer.Option("--group", metavar="NAME", help="A group, by name or id.", show_default=False)
]


def register(commands: typer.Typer) -> None:
    """Add these commands to `provisor job`."""
    commands.command(
        "links",
        epilog=examples(
            "provisor job links RingCentral",
            "provisor job links RingCentral --object zoe.durand@example.com --format json",
            "provisor job links RingCentral --state disabled --format csv > disabled.csv",
        ),
    )(list_links)
    commands.command(
        epilog=examples("provisor job link RingCentral --user zoe.durand@example.com --target 2819c223")
    )(link)
    commands.command(epilog=examples("provisor job unlink RingCentral --user zoe.durand@example.com"))(unlink)


def list_links(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    name: Annotated[
        str | None,
        typer.Option(
            "--object",
            metavar="NAME",
            help="Only this object: an id, a userPrincipalName or the name of a group.",
            show_default=False,
        ),
    ] = None,
    target_id: Annotated[
        str | None,
        typer.Option("--target", metavar="ID", help="Only the account with this id.", show_default=False),
    ] = None,
    state: Annotated[
        model.LinkState | None,
        typer.Option(help="Only active ones, or only those whose account was disabled.", show_default=False),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List which object is linked to which account, in the shape of Microsoft Graph's object connections."""
    with invocation.application(context, application) as (services, found):
        object_id = None
        if name is not None:
            with services.store.read() as unit:
                object_id = object_documents.find(unit, name).id
        query = model.LinkQuery(
            object_id=object_id, target_id=TargetId(target_id) if target_id else None, state=state
        )
        output.write_listing(form, _COLUMNS, _documents(services.store, found, query), limit=limit)


def link(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: _UserOption = None,
    group: _GroupOption = None,
    target_id: Annotated[
        str, typer.Option("--target", metavar="ID", help="The account's id in the application.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up the link that the object has already.")
    ] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Tie a user or group to an account by hand, where matching cannot find the right one.

    The application is asked whether the account exists. Neither object nor account is written now; the next cycle
    brings the account in line. Refused while a cycle of the job runs, and where the account belongs to somebody else.
    """
    kind, name = object_documents.principal_named(user, group)
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            subject = applications.principal(unit, kind, name)
        present = Present.REPLACED if replace else Present.KEPT
        made = invocation.complete(
            object_connections.link(
                services, found, subject, TargetId(target_id), present, by=invocation.actor()
            )
        )
        query = model.LinkQuery(object_id=made.object_id)
        [document] = _documents(services.store, found, query)
    sentence = f"Linked {subject.display_name!r} to the account {made.target_id} of {found.name!r}."
    output.write_report(form, document, f"{sentence} The next cycle brings it in line.")


def unlink(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: _UserOption = None,
    group: _GroupOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """End the link of a user or group; neither the object nor the account is touched.

    Only while the job is paused or was never started, because the next cycle matches the object anew: mend the matching
    value before, or link by hand.
    """
    kind, name = object_documents.principal_named(user, group)
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            subject = applications.principal(unit, kind, name)
        ended = object_connections.unlink(services, found, subject, by=invocation.actor())
    document = {"applicationId": found.id, "objectId": subject.id, "targetAnchor": ended.target_id}
    output.write_report(
        form,
        document,
        f"Ended the link of {subject.display_name!r} to the account {ended.target_id} of {found.name!r}; the account "
        "stays as it is.",
    )


def _documents(store: Store, application: Application, query: model.LinkQuery) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        with store.read() as unit:
            page = unit.links(application.id).listing(query, after=after, limit=_PAGE)
        yield from map(object_connection, page)
        if not page:
            return
        after = page[-1].link.object_id


def object_connection(item: model.ListedLink) -> dict[str, Any]:
    """A link in the shape of Graph's object connection; from `state` on it is ours."""
    return {
        "objectId": item.link.object_id,
        "sourceAnchor": item.source_anchor,
        "targetAnchor": item.link.target_id,
        "displayName": item.display_name,
        "objectTypeName": item.link.object_type.value,
        "userPrincipalName": item.principal_name,
        "state": item.link.state.value,
        "since": log_entry.instant(item.since),
        "origin": item.link.origin.value,
        "disabledBecause": item.link.disabled_because,
        "deleteDue": log_entry.instant(item.link.delete_due),
    }
