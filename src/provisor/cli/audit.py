"""`provisor audit`: who changed what in the configuration."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from provisor.cli import invocation, moments, output
from provisor.cli.manual import FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import audit as model
from provisor.engine import audit_logs

EXAMPLES = examples(
    "provisor audit",
    "provisor audit --app RingCentral --since 1w",
    "provisor audit --actor alice --format csv > audit.csv",
)

_TABLE = columns(
    ("time", "Time (UTC)"),
    ("actor", "Who"),
    ("activity", "What"),
    ("subject", "To"),
    ("changed", "Changed"),
)
_CSV = columns(*((name, name) for name in model.FLAT))


def audit(
    *,
    context: typer.Context,
    application: Annotated[
        str | None,
        typer.Option(
            "--app",
            metavar="APP",
            help="Only this application, by name or id; also one that was removed.",
            show_default=False,
        ),
    ] = None,
    actor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what this person did.", show_default=False)
    ] = None,
    activity: Annotated[
        model.Activity | None, typer.Option(help="Only this activity.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="Only from then on: a length of time before now (30m, 2h, 1d, 1w), or a date or time.",
            show_default=False,
        ),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Print the audit log, the newest entry first: who changed which application, job, mapping, assignment or setting.

    Each entry has what changed, before and after; secrets are never in it. The person is the user of the machine that
    gave the command, or whom PROVISOR_ACTOR names. JSON has the shape of Microsoft Graph's directoryAudit.
    """
    with invocation.services(context) as services:
        query = model.AuditQuery(
            application=application,
            actor=None if actor is None else model.Actor(actor),
            activity=activity,
            since=None if since is None else moments.since(since, services.clock.now()),
        )
        entries = audit_logs.entries(services.store, query)
        match form:
            case OutputFormat.TABLE:
                output.write_listing(form, _TABLE, map(_table_row, entries), limit=limit)
            case OutputFormat.CSV:
                output.write_listing(form, _CSV, map(model.flat, entries), limit=limit)
            case OutputFormat.JSON:
                output.write_listing(form, _CSV, map(model.document, entries), limit=limit)


def _table_row(entry: model.AuditEntry) -> dict[str, Any]:
    act = entry.act
    before, after = act.before or {}, act.after or {}
    return {
        "time": moments.shown(entry.at),
        "actor": act.actor,
        "activity": act.activity.value,
        "subject": act.subject,
        "changed": [f"{name}: {_told(before, name)} → {_told(after, name)}" for name in {**before, **after}],
    }


def _told(values: Any, name: str) -> str:
    return output.table_cell(values[name]).plain if values.get(name) is not None else "(none)"
