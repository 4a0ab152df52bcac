"""`provisor job on-demand`: one object through the whole pipeline at once, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from provisor.cli import invocation, object_documents, output
from provisor.cli.exit_status import ExitStatus
from provisor.cli.manual import ApplicationArgument, FormatOption, examples
from provisor.cli.marks import MARKS
from provisor.cli.output import OutputFormat
from provisor.core import log_entry, on_demand_document
from provisor.core.on_demand import Mode, Report, Result, result
from provisor.core.steps import Mark, StepStatus
from provisor.engine import applications, on_demand
from provisor.ports.store import UnitOfWork

_FINDINGS_SHOWN = 60

_STATUS_MARKS = {
    StepStatus.SUCCESS.value.title(): "✓",
    StepStatus.WARNING.value.title(): "!",
    StepStatus.FAILURE.value.title(): "✗",
    StepStatus.SKIPPED.value.title(): "–",  # noqa: RUF001 - a dash is meant
}
_TITLES = {
    None: "Connection",
    "Import": "Import",
    "Scoping": "Scope",
    "Matching": "Match",
    "Export": "Action",
    "ReferenceResolution": "References",
}


def register(commands: typer.Typer) -> None:
    """Add this command to `provisor job`."""
    commands.command(
        "on-demand",
        epilog=examples(
            "provisor job on-demand RingCentral --user zoe.durand@example.com",
            "provisor job on-demand RingCentral --user zoe.durand@example.com --dry-run",
            'provisor job on-demand RingCentral --group "Sales EMEA" --member zoe.durand@example.com',
        ),
    )(provision)


def provision(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    user: Annotated[
        str | None,
        typer.Option("--user", metavar="UPN", help="A user, by userPrincipalName or id.", show_default=False),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="NAME", help="A group, by name or id.", show_default=False),
    ] = None,
    member: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UPN",
            help="Only this member of the group; may be given several times. Without it, all of them.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be done; nothing is written anywhere.")
    ] = False,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Provision one user or group now, and tell every step: import, scope, match, action, references.

    Works for people who are disabled, deleted or unassigned too (their accounts are taken away), and while the job is
    paused or in quarantine; the guard does not hold what is asked for by name. Waits up to 30 seconds for a running
    cycle. Exit status 3: it failed; the steps say where and why.
    """
    kind, name = object_documents.principal_named(user, group)
    with invocation.application(context, application) as (services, found):
        with services.store.read() as unit:
            wish = on_demand.Wish(
                object_id=applications.principal(unit, kind, name).id,
                mode=Mode.DRY_RUN if dry_run else Mode.APPLY,
                members=tuple(object_documents.find(unit, item).id for item in member) if member else None,
                by=invocation.actor(),
            )
        report = invocation.complete(on_demand.run(services, found.id, wish))
        with services.store.read() as unit:
            document = _document(unit, report)
    output.write_record(form, document, lambda: _tell(report, document))
    if result(report) is Result.FAILURE:
        raise typer.Exit(ExitStatus.DONE_WITH_FAILURES)


def _document(unit: UnitOfWork, report: Report) -> dict[str, Any]:
    application = report.application
    job = unit.jobs.get(application.id, application.settings.interval_seconds)
    return on_demand_document.of_report(report, job_id=job.id, tenant_id=log_entry.TenantId(unit.tenant_id()))


def _tell(report: Report, document: Mapping[str, Any]) -> None:
    """A numbered list for a person."""
    asked = " (dry run: nothing is written)" if document["dryRun"] else ""
    output.print_line(f"{document['reportableIdentifier']} → {report.application.name}{asked}")
    for number, step in enumerate(document["provisioningSteps"], 1):
        output.print_line("")
        output.print_line(
            f"{number}. {_STATUS_MARKS[step['status']]} {_TITLES[step['type']]}: {step['description']}"
        )
        for line in _finding_lines(step):
            output.print_line(f"     {line}")
    output.print_line("")
    output.print_line(f"Result: {document['result']}{_why(document['statusInfo'])}")
    if document["changeId"] is not None:
        output.print_line(f"Change: {document['changeId']}")


def _finding_lines(step: Mapping[str, Any]) -> Iterator[str]:
    findings = step["findings"]
    if step["type"] == "Import":
        yield from (f"{name}: {value}" for name, value in step["details"].items() if value)
    for item in findings[:_FINDINGS_SHOWN]:
        yield f"{MARKS[Mark(item['mark'])]} {item['text']}"
    if len(findings) > _FINDINGS_SHOWN:
        yield f"… and {len(findings) - _FINDINGS_SHOWN} more; --format json has all of them"


def _why(status: Mapping[str, str | None]) -> str:
    if status["reason"] is None:
        return ""
    return f" ({status['errorCode'] or 'note'}). {status['recommendedAction'] or ''}".rstrip()
