"""`provisor directory`: import people and groups, and look at them."""

from __future__ import annotations

import dataclasses
import enum
import pathlib
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from provisor.cli import invocation, object_documents, output, progress
from provisor.cli.manual import FormatOption, LimitOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core.objects import ObjectType
from provisor.engine import importing
from provisor.ports.source import Completeness
from provisor.sources.csv_folder import CsvFolder

commands = command_group("directory", "Import people and groups into the directory, and look at them.")

_USER_COLUMNS = columns(
    ("userPrincipalName", "User principal name"),
    ("displayName", "Display name"),
    ("mail", "Mail"),
    ("department", "Department"),
    ("accountEnabled", "Enabled"),
    ("lifecycle", "Lifecycle"),
    ("source", "Source"),
    ("id", "Id"),
)
_GROUP_COLUMNS = columns(
    ("displayName", "Display name"), ("lifecycle", "Lifecycle"), ("source", "Source"), ("id", "Id")
)


class Listed(enum.StrEnum):
    """What can be listed."""

    USERS = "users"
    GROUPS = "groups"


@commands.command(
    "import",
    epilog=examples(
        "provisor directory import ./company --full",
        "provisor directory import ./joiners --source hr",
    ),
)
def import_folder(
    context: typer.Context,
    folder: Annotated[
        pathlib.Path,
        typer.Argument(
            metavar="FOLDER",
            help="The folder with users.csv and, if there are groups, groups.csv and memberships.csv.",
            show_default=False,
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            help="The name of the source. Imports of one source update each other's objects; those of another source "
            "are other objects."
        ),
    ] = "csv",
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="The files are complete: whoever of this source is not in them any more is soft-deleted.",
        ),
    ] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Bring the directory in line with a folder of CSV files, whole or not at all.

    The header of users.csv names Microsoft Graph's attributes; userPrincipalName is required, id (else
    userPrincipalName) recognises a person again, manager is another row's id. Unknown columns become extension
    attributes. A file with a mistake changes nothing, and the message names the line.
    """
    completeness = Completeness.COMPLETE if full else Completeness.PARTIAL
    with invocation.services(context) as services, progress.of_import(source) as report:
        summary = importing.import_source(
            services.store,
            CsvFolder(name=source, folder=folder, completeness=completeness),
            clock=services.clock,
            new_id=services.new_id,
            progress=report,
        )
    document = {"source": source, "full": full, **_camel_case(dataclasses.asdict(summary))}
    output.write_report(form, document, f"Imported {folder} as {source!r}: {_told(summary)}.")


@commands.command(
    "list", epilog=examples("provisor directory list users", "provisor directory list groups --format json")
)
def list_objects(
    context: typer.Context,
    what: Annotated[Listed, typer.Argument(help="Users or groups.", show_default=False)],
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the users or groups of the directory by name, soft-deleted ones included."""
    object_type = ObjectType.USER if what is Listed.USERS else ObjectType.GROUP
    shown = _USER_COLUMNS if what is Listed.USERS else _GROUP_COLUMNS
    with invocation.services(context) as services:
        output.write_listing(form, shown, object_documents.listing(services.store, object_type), limit=limit)


@commands.command(
    epilog=examples("provisor directory show zoe.durand@example.com", 'provisor directory show "Sales EMEA"')
)
def show(
    context: typer.Context,
    name_or_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="An id, a userPrincipalName or the name of a group.", show_default=False
        ),
    ],
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show a user or group: attributes, lifecycle, groups, members, and its place in every application."""
    with invocation.services(context) as services, services.store.read() as unit:
        document = object_documents.in_full(unit, object_documents.find(unit, name_or_id))
    output.write_record(form, document, lambda: _show(document))


def _show(document: Mapping[str, Any]) -> None:
    more = " and more" if document["hasMoreMembers"] else ""
    members = ", ".join(item["displayName"] for item in document["members"])
    output.write_facts(
        [
            ("Id", document["id"]),
            ("Type", document["objectType"]),
            ("Lifecycle", document["lifecycle"]),
            ("Enabled", document["accountEnabled"]),
            ("Source", f"{document['source']}, anchor {document['anchor']}"),
            ("Last change", document["sequence"]),
            *document["attributes"].items(),
            ("Manager", document["managerDisplayName"] or document["managerId"]),
            ("Groups", [item["displayName"] for item in document["groups"]]),
            ("Members", members + more),
        ]
    )
    if document["applications"]:
        output.write_table(
            columns(
                ("name", "Application"),
                ("roles", "Roles"),
                ("targetId", "Account"),
                ("linkState", "State"),
                ("linkSince", "Linked since"),
                ("error", "Error"),
            ),
            [{**item, "roles": [_role(role) for role in item["roles"]]} for item in document["applications"]],
        )


def _role(role: Mapping[str, str | None]) -> str:
    return f"{role['role']} through {role['through']}" if role["through"] else str(role["role"])


def _told(summary: importing.ImportSummary) -> str:
    parts = [
        (summary.created, "created"),
        (summary.updated, "updated"),
        (summary.restored, "restored"),
        (summary.unchanged, "unchanged"),
        (summary.soft_deleted, "soft-deleted"),
        (summary.memberships_added, "memberships added"),
        (summary.memberships_ended, "memberships ended"),
    ]
    return ", ".join(f"{count:,} {what}" for count, what in parts if count) or "nothing to import"


def _camel_case(values: Mapping[str, int]) -> dict[str, int]:
    def camel(name: str) -> str:
        first, *rest = name.split("_")
        return first + "".join(part.title() for part in rest)

    return {camel(name): value for name, value in values.items()}
