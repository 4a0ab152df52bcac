"""`provisor log`: the provisioning log of an application."""

from __future__ import annotations

import enum
import pathlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from provisor.cli import invocation, log_files, moments, output, plan_documents
from provisor.cli.manual import ApplicationArgument, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import log_entry, log_errors, provisioning_log
from provisor.core.identifiers import ChangeId, PlanId
from provisor.core.log_entry import EntryStatus, ProvisioningAction
from provisor.core.provisioning_log import LogQuery, LogRecord
from provisor.engine import provisioning_logs
from provisor.engine.provisioning_logs import LogSearch
from provisor.ports.store import Store


class LogFormat(enum.StrEnum):
    """How the log is printed or written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


EXAMPLES = examples(
    "provisor log RingCentral",
    "provisor log RingCentral --status failure --since 1d",
    "provisor log RingCentral --object zoe.durand@example.com --format json",
    "provisor log RingCentral --action disable --since 2026-11-01 --format csv > leavers.csv",
    "provisor log RingCentral --since 2026-11-01 --until 2026-12-01 --export ./november --format csv",
    "provisor log RingCentral --format ndjson > log.ndjson",
)

_TABLE = columns(
    ("time", "Time (UTC)"),
    ("action", "Action"),
    ("status", "Status"),
    ("name", "Name"),
    ("why", "Why"),
    ("changed", "Changed"),
)
_CSV = columns(*((name, name) for name in provisioning_logs.FLAT))


def _text_option(name: str, metavar: str, text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=text, show_default=False)


_Action = Annotated[
    list[ProvisioningAction] | None,
    typer.Option(
        help="Only what was done: create, update (enabling and group members too), delete, disable, or other "
        "(nothing was written). May be given several times.",
        show_default=False,
    ),
]
_Status = Annotated[
    list[EntryStatus] | None,
    typer.Option(help="Only what ended so. May be given several times.", show_default=False),
]
_Object = Annotated[
    str | None,
    _text_option(
        "--object",
        "NAME",
        "Only objects with this in their userPrincipalName or name, or this id, in the directory or in the application.",
    ),
]
_Since = Annotated[
    str | None,
    _text_option(
        "--since",
        "WHEN",
        "Only from then on: a length of time before now (30m, 2h, 1d, 1w), or a date or time (2026-11-24, "
        "2026-11-24T08:30; UTC unless it says).",
    ),
]
_Until = Annotated[str | None, _text_option("--until", "WHEN", "Only before then; as --since.")]
_Cycle = Annotated[str | None, _text_option("--cycle", "ID", "Only this cycle.")]
_Change = Annotated[str | None, _text_option("--change", "ID", "Only this change.")]
_Before = Annotated[
    str | None,
    _text_option("--before", "POSITION", "Go on after this entry: the `position` it has in JSON."),
]
_Export = Annotated[
    pathlib.Path | None,
    _text_option("--export", "FOLDER", "Write files into this folder instead of printing; with --format."),
]
_Format = Annotated[
    LogFormat,
    typer.Option(
        "--format",
        "-f",
        help="How to print the result. ndjson is one entry a line; exported, csv is three files joined on changeId.",
    ),
]


def log(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    action: _Action = None,
    status: _Status = None,
    identity: _Object = None,
    since: _Since = None,
    until: _Until = None,
    cycle: _Cycle = None,
    change: _Change = None,
    before: _Before = None,
    limit: LimitOption = None,
    export: _Export = None,
    form: _Format = LogFormat.TABLE,
) -> None:
    """Print the provisioning log of an application, the newest entry first, or write it into files.

    There is one entry for each object and cycle: what was done to its account, why, how it ended, and which attributes
    changed. JSON has the entries in full, in the shape of Microsoft Graph's provisioningObjectSummary, with every step
    (import, scoping, matching, export, referenceResolution) and with its `position`, after which --before goes on.
    """
    if export is not None and form is LogFormat.TABLE:
        raise typer.BadParameter("Files are written with --format csv, json or ndjson.")
    with invocation.application(context, application) as (services, found):
        now = services.clock.now()
        search = LogSearch(
            query=LogQuery(
                identity=identity,
                since=None if since is None else moments.since(since, now),
                until=None if until is None else moments.since(until, now),
                plan_id=None if cycle is None else PlanId(cycle.strip().lower()),
                change_id=None if change is None else ChangeId(change.strip().lower()),
            ),
            actions=frozenset(action or ()),
            statuses=frozenset(status or ()),
        )
        begin = None if before is None else provisioning_log.parsed(before)
        wanted = provisioning_logs.records(services.store, found, search, begin)
        if form is LogFormat.TABLE:
            told = (_table_row(services.store, record) for record in wanted)
            output.write_listing(OutputFormat.TABLE, _TABLE, told, limit=limit)
            return
        entries = output.first(provisioning_logs.documents(services.store, found, wanted), limit)
        if export is None:
            _print(form, entries)
            return
        files, count = log_files.WRITERS[form](export, entries)
    output.note(f"Wrote {count} entries into {', '.join(map(str, files))}.")


def _print(form: LogFormat, entries: Iterable[Mapping[str, Any]]) -> None:
    match form:
        case LogFormat.CSV:
            output.write_csv(_CSV, map(provisioning_logs.flat, entries))
        case LogFormat.NDJSON:
            output.write_lines(entries)
        case _:
            output.write_array(entries)


def _table_row(store: Store, record: LogRecord) -> dict[str, Any]:
    error = log_errors.information(record)
    with store.read() as unit:
        rows = plan_documents.of_rows(unit, (record.main, *record.following))
    action = log_entry.action(record)
    return {
        "time": moments.shown(record.main.finished),
        "action": action.value,
        "status": log_entry.status(record).value,
        "name": record.main.row.details.name,
        "why": f"{error['errorCode'] or 'Note'}: {error['reason']}" if error else log_entry.reason(record),
        "changed": _counted(rows)
        if action is ProvisioningAction.CREATE
        else plan_documents.told_changes(rows),
    }


def _counted(rows: Iterable[Mapping[str, Any]]) -> str:
    """How many attributes a new account got; their values are in the plan and in the entry's JSON."""
    count = sum(len(row["modifications"]) + bool(row["references"]) for row in rows)
    return f"{count} attributes" if count else ""
