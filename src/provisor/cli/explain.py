"""`provisor explain`: why somebody is, or is not, in an application, and what would alter it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from provisor.cli import invocation, object_documents, output
from provisor.cli.manual import ApplicationArgument, FormatOption, examples
from provisor.cli.marks import MARKS
from provisor.cli.output import OutputFormat
from provisor.core import explanation, log_entry, on_demand
from provisor.core.application import Application
from provisor.core.attribute_explanation import AttributeExplanation
from provisor.core.explanation import Explanation
from provisor.core.objects import DirectoryObject
from provisor.core.on_demand import Mode
from provisor.engine import cycle, explaining
from provisor.engine import on_demand as engine_on_demand

EXAMPLES = examples(
    "provisor explain RingCentral zoe.durand@example.com",
    'provisor explain RingCentral "Sales EMEA" --format json',
    "provisor explain RingCentral zoe.durand@example.com --attribute title",
    "provisor explain RingCentral zoe.durand@example.com --live",
)


def explain(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A user or group: an id, a userPrincipalName or the name of a group.",
            show_default=False,
        ),
    ],
    attribute: Annotated[
        str | None,
        typer.Option(
            help="Explain this attribute of the account instead: where its value comes from and when it was last "
            "written. Named as in the application (title) or as in the directory (jobTitle).",
            show_default=False,
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Ask the application too: what a cycle would do now. Nothing is written."
        ),
    ] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Explain why a user or group is, or is not, in an application, and the smallest change that would alter it.

    Tells every condition in order and the first that fails, how the account came about, what was last done to it, and
    what keeps it from being done. Without --live the application is not asked.
    """
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            subject = object_documents.find(unit, name)
        asked = _asked(services, found, subject) if live else []
        if attribute is not None:
            items = explaining.attribute(services, found, subject, attribute)
            _write_attributes(form, found, subject, items, asked)
            return
        told = explanation.explain(explaining.standing(services, found, subject))
    document = _document(found, subject, told, asked)
    output.write_record(form, document, lambda: _tell(document, told))


def _asked(services: cycle.Services, application: Application, subject: DirectoryObject) -> list[str]:
    """What the application answers now, and what a cycle would make of it."""
    wish = engine_on_demand.Wish(object_id=subject.id, mode=Mode.DRY_RUN)
    report = invocation.complete(engine_on_demand.run(services, application.id, wish))
    steps = on_demand.steps(report)[-2:] if report.record is None else on_demand.steps(report)[2:]
    return [
        line
        for step in steps
        for line in (step.description, *(f"  {MARKS[item.mark]} {item.text}" for item in step.findings))
    ]


def _document(
    application: Application, subject: DirectoryObject, told: Explanation, asked: list[str]
) -> dict[str, Any]:
    return {
        **_about(application, subject),
        "answer": told.answer.value,
        "sentence": told.sentence,
        "conditions": [{"mark": item.mark.value, "text": item.text} for item in told.conditions],
        "firstFailing": told.first_failing,
        "facts": list(told.facts),
        "changes": list(told.changes),
        "live": asked,
    }


def _about(application: Application, subject: DirectoryObject) -> dict[str, Any]:
    return {
        "applicationId": application.id,
        "application": application.name,
        "objectId": subject.id,
        "objectType": subject.object_type.value,
        "displayName": subject.display_name,
    }


def _tell(document: Mapping[str, Any], told: Explanation) -> None:
    output.print_line(told.sentence)
    output.print_line("")
    for item in told.conditions:
        output.print_line(f"  {MARKS[item.mark]} {item.text}")
    if told.facts:
        output.print_line("")
    for fact in told.facts:
        output.print_line(f"  {fact[:1].upper()}{fact[1:]}.")
    for line in document["live"]:
        output.print_line(f"  {line}")
    if told.changes:
        output.print_line("")
        output.print_line(
            "To change that:" if len(told.changes) == 1 else "Any one of these would change that:"
        )
    for change in told.changes:
        output.print_line(f"  → {change}")


def _write_attributes(
    form: OutputFormat,
    application: Application,
    subject: DirectoryObject,
    items: list[AttributeExplanation],
    asked: list[str],
) -> None:
    document = {
        **_about(application, subject),
        "attributes": [_attribute(item) for item in items],
        "live": asked,
    }

    def tell() -> None:
        for item in items:
            output.write_facts(_attribute_facts(item))
        for line in asked:
            output.print_line(line)

    output.write_record(form, document, tell)


def _attribute(item: AttributeExplanation) -> dict[str, Any]:
    written = item.written
    return {
        "target": item.target,
        "expression": item.expression,
        "onlyWhenCreating": item.creating,
        "defaultValue": item.default,
        "inputs": dict(item.inputs),
        "value": log_entry.shown(item.target, item.value),
        "problem": item.problem,
        "lastWritten": None
        if written is None
        else {
            "at": log_entry.instant(written.at),
            "old": written.old,
            "new": written.new,
            "reason": written.reason,
        },
    }


def _attribute_facts(item: AttributeExplanation) -> list[tuple[str, object]]:
    written = item.written
    return [
        ("Attribute", item.target),
        ("Mapping", item.expression),
        ("Written", "only when the account is made" if item.creating else None),
        ("Default", item.default),
        *((f"  {name}", "nothing" if value in (None, "") else value) for name, value in item.inputs.items()),
        ("Value now", log_entry.shown(item.target, item.value)),
        ("No value", item.problem),
        (
            "Last written",
            None
            if written is None
            else f"{log_entry.instant(written.at)}: {written.old or 'nothing'} → {written.new} ({written.reason})",
        ),
    ]
