"""`provisor app schema`: the schema of an application's job, shown, replaced, and taken back to its template's."""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

from provisor import gallery as templates
from provisor.cli import invocation, output, schema_changes
from provisor.cli.manual import ApplicationArgument, FormatOption, command_group, examples
from provisor.cli.output import OutputFormat

commands = command_group(
    "schema",
    "Show, replace and reset the schema of an application's job: one JSON document in the shape of Microsoft Graph's "
    "synchronizationSchema, with the attribute mappings and scoping filters of each object type.",
)


@commands.command(epilog=examples("provisor app schema show RingCentral > schema.json"))
def show(context: typer.Context, application: ApplicationArgument) -> None:
    """Print the schema as JSON."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        output.write_json(unit.applications.schema(found.id))


@commands.command(
    "set",
    epilog=examples(
        "provisor app schema set RingCentral schema.json --preview",
        "provisor app schema set RingCentral schema.json",
    ),
)
def set_schema(  # noqa: PLR0917 - options of the command line
    context: typer.Context,
    application: ApplicationArgument,
    file: Annotated[pathlib.Path, typer.Argument(metavar="FILE", help="The schema.", show_default=False)],
    yes: schema_changes.YesOption = False,
    only_preview: schema_changes.PreviewOption = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Use the schema in a file from now on; what it brings about is shown first.

    What cannot be honoured is refused with its place. The next cycle looks at everybody. Exit status 4: it would take
    away more accounts than the guard allows, and was not saved; --yes saves it all the same.
    """
    document = schema_changes.parsed(file)
    with invocation.application(context, application) as (services, found):
        schema_changes.save(services, found, document, form, yes=yes, only_preview=only_preview)


@commands.command(epilog=examples("provisor app schema reset RingCentral --preview"))
def reset(
    context: typer.Context,
    application: ApplicationArgument,
    yes: schema_changes.YesOption = False,
    only_preview: schema_changes.PreviewOption = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Go back to the mappings and filters of the application's template; shown and saved as by `set`."""
    with invocation.application(context, application) as (services, found):
        document = templates.template(found.template_id).schema
        schema_changes.save(services, found, document, form, yes=yes, only_preview=only_preview)
