"""`provisor expression`: try out mapping expressions, and look up the functions there are."""

from __future__ import annotations

import pathlib
import secrets
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer
from rich.text import Text
from rich.tree import Tree

from provisor.cli import expression_documents, invocation, moments, object_documents, output
from provisor.cli.exit_status import ExitStatus
from provisor.cli.manual import FormatOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import assignments, expressions, mapping
from provisor.core.application import Application
from provisor.core.errors import InvalidInputError
from provisor.core.objects import Value
from provisor.engine import applications
from provisor.ports.store import UnitOfWork

commands = command_group("expression", "Try out mapping expressions, and look up their functions.")

ExpressionArgument = Annotated[
    str,
    typer.Argument(
        metavar="EXPRESSION",
        help="The expression, in single quotes for the shell; - reads it from standard input.",
        show_default=False,
    ),
]


@commands.command(
    "test",
    epilog=examples(
        """provisor expression test 'Join(" ", [givenName], [surname])' --object zoe.durand@example.com""",
        """provisor expression test 'ToLower([mail])' --json person.json --format json""",
        """provisor expression test 'DateAdd("d", -7, Now())' --now 2026-12-01""",
    ),
)
def evaluate(
    context: typer.Context,
    *,
    expression: ExpressionArgument,
    object_id: Annotated[
        str | None,
        typer.Option(
            "--object",
            metavar="ID",
            help="Evaluate it for this user or group of the directory: an id, userPrincipalName or group name.",
            show_default=False,
        ),
    ] = None,
    json_file: Annotated[
        pathlib.Path | None,
        typer.Option(
            "--json",
            metavar="FILE",
            help="Evaluate it for the attributes in this file: an object of names and values, lists of texts included.",
            show_default=False,
        ),
    ] = None,
    application: Annotated[
        str | None,
        typer.Option(
            "--app",
            metavar="APP",
            help="Take the default domain and the object's roles from this application.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--now", metavar="WHEN", help="What Now() gives; without it, the time.", show_default=False
        ),
    ] = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Evaluate an expression and show what every part of it gave.

    Without --object and --json every attribute is null. Nothing is written, neither to the directory nor to an
    application.
    """
    if object_id is not None and json_file is not None:
        raise typer.BadParameter("Give --object or --json, not both.")
    compiled = expressions.compile_expression(_typed(expression))
    attributes: dict[str, Value] = {} if json_file is None else _attributes(json_file)
    now, default_domain = datetime.now(UTC), ""
    if object_id is not None or application is not None:
        with invocation.services(context) as services, services.store.read() as unit:
            chosen = None if application is None else applications.find(unit, application)
            default_domain = chosen.settings.default_domain if chosen is not None else ""
            if object_id is not None:
                attributes = _stored_attributes(unit, object_id, chosen)
    here = expressions.Circumstances(
        now=now if at is None else moments.since(at, now),
        seed=secrets.token_hex(),
        default_domain=default_domain,
    )
    step = expressions.trace(compiled.tree, {**attributes, **here.attributes})
    document = expression_documents.of_result(compiled, step)
    output.write_record(form, document, lambda: _show(document))
    if step.outcome is expressions.Outcome.FAILED:
        raise typer.Exit(ExitStatus.FAILED)


@commands.command(epilog=examples("provisor expression functions", "provisor expression functions Switch"))
def functions(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="One function, with its parameters.", show_default=False),
    ] = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the functions, or show one: its parameters and what it gives.

    Functions marked as an extra come from Entra Connect and cloud sync; a schema that uses them would not work in
    Entra's provisioning of applications.
    """
    if name is not None:
        document = expression_documents.of_function(expression_documents.function_named(name))
        output.write_record(form, document, lambda: _show_function(document))
        return
    output.write_listing(
        form,
        columns(("usage", "Function"), ("meaning", "What it gives"), ("group", "Kind"), ("extra", "Extra"))
        if form is OutputFormat.TABLE
        else columns(
            ("name", "Function"),
            ("parameters", "Parameters"),
            ("usage", "Usage"),
            ("meaning", "What it gives"),
            ("group", "Kind"),
            ("origin", "Origin"),
            ("extra", "Extra"),
        ),
        expression_documents.all_functions(),
        limit=0,
    )


@commands.command(
    epilog=examples("""provisor expression parse 'Switch([IsSoftDeleted], , "False", "True")'""")
)
def parse(expression: ExpressionArgument) -> None:
    """Print an expression in Microsoft Graph's JSON form, the attributeMappingSource of a schema."""
    output.write_json(expressions.to_graph(expressions.parse(_typed(expression))))


def _typed(expression: str) -> str:
    return sys.stdin.read().strip() if expression == "-" else expression


def _stored_attributes(
    unit: UnitOfWork, name_or_id: str, application: Application | None
) -> dict[str, Value]:
    """What a mapping would see of the object, with the roles it has in the application."""
    subject = object_documents.find(unit, name_or_id)
    roles: tuple[str, ...] = ()
    if application is not None:
        grants = unit.candidates(application.id).grants([subject.id], application.settings.role_reach)
        entitled = assignments.entitlement(grants.get(subject.id, ()), application.roles)
        roles = entitled.roles if isinstance(entitled, assignments.Entitled) else ()
    return mapping.source_attributes(subject, soft_deleted=not subject.active, roles=roles)


def _attributes(file: pathlib.Path) -> dict[str, Value]:
    try:
        document = orjson.loads(file.read_bytes())
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"{file} is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise InvalidInputError(f"{file} holds no JSON object of attributes and their values.")
    return {name: _value(file, name, value) for name, value in document.items()}


def _value(file: pathlib.Path, name: str, value: object) -> Value:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return str(value)
        case list() if all(isinstance(item, str) for item in value):
            return tuple(value)
        case _:
            raise InvalidInputError(
                f"{file}: {name} is neither a text, a number, a truth value, a list of texts nor null."
            )


def _show(document: Mapping[str, Any]) -> None:
    shown = expression_documents.told(document)
    output.print_line(shown)
    if document["steps"]:
        output.print_tree(_tree(document))


def _tree(document: Mapping[str, Any]) -> Tree:
    tree = Tree(Text(_line(document)))
    for step in document["steps"]:
        tree.add(_tree(step))
    return tree


def _line(document: Mapping[str, Any]) -> str:
    return output.printable(f"{document['expression']} → {expression_documents.told(document)}")


def _show_function(document: Mapping[str, Any]) -> None:
    output.print_line(f"{document['usage']}")
    output.print_line(document["meaning"])
    if document["extra"]:
        output.print_line(f"An extra, from {document['origin']}.")
    if document["parameters"]:
        output.write_table(
            columns(("name", "Parameter"), ("required", "Required"), ("takes", "Takes")),
            _rows(document),
        )


def _rows(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for parameter in document["parameters"]:
        again = " (again and again)" if parameter["allowMultipleOccurrences"] else ""
        yield {**parameter, "name": parameter["name"] + again}
