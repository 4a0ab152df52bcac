"""`provisor gallery`: what applications can be added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from provisor import gallery as templates
from provisor.cli import application_documents, output
from provisor.cli.manual import FormatOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core.template import Template

commands = command_group("gallery", "Look at the applications that can be added from the gallery.")


@commands.command("list", epilog=examples("provisor gallery list"))
def list_templates(form: FormatOption = OutputFormat.TABLE) -> None:
    """List the templates of the gallery."""
    output.write_listing(
        form,
        columns(
            ("id", "Template"),
            ("displayName", "Name"),
            ("publisher", "Publisher"),
            ("categories", "Categories"),
            ("description", "Description"),
        ),
        [_document(item) for item in templates.all_templates()],
        limit=0,
    )


@commands.command(
    epilog=examples("provisor gallery show ringcentral", "provisor gallery show scim --format json")
)
def show(
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help="The id of a template.", show_default=False)
    ],
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show a template: what to know about it, its roles, its settings and its attribute mappings."""
    item = templates.template(template)
    document = {
        **_document(item),
        "notes": list(item.notes),
        "roles": application_documents.of_roles(item.roles),
        "settings": application_documents.of_settings(item.settings),
        "mappings": application_documents.of_mappings(item.schema),
    }
    output.write_record(form, document, lambda: _show(document))


def _document(item: Template) -> dict[str, Any]:
    return {
        "id": item.id,
        "displayName": item.display_name,
        "publisher": item.publisher,
        "categories": list(item.categories),
        "description": item.description,
    }


def _show(document: Mapping[str, Any]) -> None:
    output.write_facts(
        [
            ("Template", document["id"]),
            ("Name", document["displayName"]),
            ("Publisher", document["publisher"]),
            ("Description", document["description"]),
            ("Roles", [role["value"] for role in document["roles"]]),
            *((f"Note {number}", text) for number, text in enumerate(document["notes"], 1)),
        ]
    )
    application_documents.print_settings(document["settings"])
    application_documents.print_mappings(document["mappings"])
