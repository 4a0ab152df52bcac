"""`provisor app filter`: scoping filters without editing JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from provisor.cli import invocation, output, schema_changes
from provisor.cli.manual import ApplicationArgument, FormatOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import preview, schema, scoping_filters
from provisor.core.objects import ObjectType
from provisor.core.scoping_filters import editing
from provisor.engine import applications
from provisor.engine.scope_judging import ScopeJudge

commands = command_group(
    "filter",
    "See and change who is in scope of an application by attributes. Clauses of a group must all be true; of several "
    "groups, one must pass.",
)

_TypeOption = Annotated[ObjectType, typer.Option("--type", help="Whom the filter is for.")]
_GroupOption = Annotated[
    str, typer.Option("--group", metavar="NAME", help="The filter group.", show_default=False)
]
_ClausesOption = Annotated[
    list[str],
    typer.Option(
        "--clause",
        metavar="CLAUSE",
        help="ATTRIBUTE OPERATOR VALUE, such as: city EQUALS Paris. May be given several times.",
        show_default=False,
    ),
]
_EarlyOption = Annotated[
    bool,
    typer.Option(
        "--early", help="The input filter: whoever fails it is not looked at, and keeps an account."
    ),
]


@commands.command("list", epilog=examples("provisor app filter list RingCentral"))
def list_filters(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """List the clauses of an application's filters."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        parsed = schema.parse(unit.applications.schema(found.id))
    output.write_listing(
        form,
        columns(("objectType", "Object"), ("list", "List"), ("group", "Group"), ("clause", "Clause")),
        [
            {"objectType": kind.value, "list": name, "group": group.name, "clause": clause.label}
            for kind, item in parsed.object_mappings.items()
            for name, groups in (
                (editing.INPUT_GROUPS, item.scope.input_groups),
                (editing.GROUPS, item.scope.groups),
            )
            for group in groups
            for clause in group.clauses
        ],
        limit=0,
    )


@commands.command(
    epilog=examples(
        'provisor app filter add RingCentral --group "Paris office" --clause "city EQUALS Paris" --preview',
        'provisor app filter add RingCentral --group "Paris office" --clause "city EQUALS Paris" --clause "jobTitle IS NOT NULL"',
    )
)
def add(  # noqa: PLR0917 - options of the command line
    context: typer.Context,
    application: ApplicationArgument,
    group: _GroupOption,
    clauses: _ClausesOption,
    object_type: _TypeOption = ObjectType.USER,
    early: _EarlyOption = False,
    yes: schema_changes.YesOption = False,
    only_preview: schema_changes.PreviewOption = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Add clauses to a group, which is made where there is none of that name; the effect is shown first.

    Exit status 4: it would take away more accounts than the guard allows, and was not saved; --yes saves it all the
    same.
    """
    key = editing.INPUT_GROUPS if early else editing.GROUPS
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            document = unit.applications.schema(found.id)
        written = [_clause(document, object_type, text) for text in clauses]
        changed = editing.with_clauses(document, object_type, group, written, key)
        schema_changes.save(services, found, changed, form, yes=yes, only_preview=only_preview)


@commands.command(
    epilog=examples(
        'provisor app filter remove RingCentral --group "Paris office" --clause "city EQUALS Paris"',
        'provisor app filter remove RingCentral --group "Paris office"',
    )
)
def remove(  # noqa: PLR0917 - options of the command line
    context: typer.Context,
    application: ApplicationArgument,
    group: _GroupOption,
    clauses: _ClausesOption = [],  # noqa: B006 - typer reads it only
    object_type: _TypeOption = ObjectType.USER,
    early: _EarlyOption = False,
    yes: schema_changes.YesOption = False,
    only_preview: schema_changes.PreviewOption = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Remove clauses from a group, or the whole group where none is named; the effect is shown first."""
    key = editing.INPUT_GROUPS if early else editing.GROUPS
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            document = unit.applications.schema(found.id)
        written = [_clause(document, object_type, text) for text in clauses]
        changed = editing.without(document, object_type, group, written, key)
        schema_changes.save(services, found, changed, form, yes=yes, only_preview=only_preview)


@commands.command("test", epilog=examples("provisor app filter test RingCentral zoe.durand@example.com"))
def try_on(
    context: typer.Context,
    application: ApplicationArgument,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A userPrincipalName, or a group's name, or an id.", show_default=False
        ),
    ],
    object_type: _TypeOption = ObjectType.USER,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show what every clause says of a person (or group), and which one decides."""
    with invocation.application(context, application) as (services, found), services.store.read() as unit:
        subject = applications.principal(unit, object_type, name)
        parsed = schema.parse(unit.applications.schema(found.id)).object_mappings[object_type]
        judge = ScopeJudge(found, parsed.scope, services.clock.now())
        [verdict] = judge.verdicts(unit, [subject])
    conditions = verdict.conditions
    document = {
        "objectId": subject.id,
        "displayName": subject.display_name,
        "activeInTheSourceSystem": conditions.active,
        "assigned": conditions.assigned,
        "hasRequiredRole": conditions.has_required_role,
        "filterPassed": conditions.filter_passed,
        "verdict": preview.told(verdict),
        "scopeEvaluationResult": dict(conditions.filter_results),
    }
    output.write_record(form, document, lambda: _print_test(document))


@commands.command(
    epilog=examples("provisor app filter operators", "provisor app filter operators --format json")
)
def operators(form: FormatOption = OutputFormat.TABLE) -> None:
    """List the operators of clauses (Graph: filterOperators); those of Provisor's own are marked."""
    output.write_listing(
        form,
        columns(
            ("name", "Operator"),
            ("meaning", "True when"),
            ("arity", "Arity"),
            ("supportedAttributeTypes", "Attribute types"),
            ("origin", "Known to"),
        ),
        [
            {
                "id": item.operator.value,
                "name": item.operator.value,
                "arity": item.arity.value,
                "multivaluedComparisonType": scoping_filters.MultivaluedComparison.ALL.value,
                "supportedAttributeTypes": list(item.types),
                "meaning": item.meaning,
                "origin": item.provenance.value,
            }
            for item in scoping_filters.OPERATORS.values()
        ],
        limit=0,
    )


def _clause(document: Mapping[str, Any], object_type: ObjectType, text: str) -> scoping_filters.Clause:
    item, rule = editing.mapping_and_rule(document, object_type)
    return scoping_filters.clause_of(text, schema.source_attributes(document, rule, item))


def _print_test(document: Mapping[str, Any]) -> None:
    results = document["scopeEvaluationResult"]
    output.write_facts(
        [
            ("Name", document["displayName"]),
            ("Active", document["activeInTheSourceSystem"]),
            ("Assigned", document["assigned"]),
            ("Required role", document["hasRequiredRole"]),
            ("Verdict", document["verdict"]),
        ]
    )
    if results:
        output.write_table(
            columns(("clause", "Clause"), ("passed", "True")),
            [{"clause": clause, "passed": passed} for clause, passed in results.items()],
        )
