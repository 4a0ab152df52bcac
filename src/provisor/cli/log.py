"""`provisor log`: the provisioning log of an application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from provisor.cli import invocation, moments, output, plan_documents
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import log_entry, log_errors
from provisor.core.application import Application
from provisor.core.log_entry import EntryStatus, ProvisioningAction
from provisor.core.provisioning_log import LogQuery, LogRecord
from provisor.ports.store import Store

EXAMPLES = examples(
    "provisor log RingCentral",
    "provisor log RingCentral --status failure --since 1d",
    "provisor log RingCentral --object zoe.durand@example.com --format json",
    "provisor log RingCentral --action disable --since 2026-11-01 --format csv > leavers.csv",
)

_PAGE = 200

_TABLE = columns(
    ("time", "Time (UTC)"),
    ("action", "Action"),
    ("status", "Status"),
    ("name", "Name"),
    ("why", "Why"),
    ("changed", "Changed"),
)
_CSV = columns(
    *(
        (name, name)
        for name in (
            *("activityDateTime", "provisioningAction", "status", "objectType", "sourceId"),
            *("sourceDisplayName", "userPrincipalName", "targetId", "reasonCode", "reason", "errorCode"),
            *("error", "changedAttributes", "durationInMilliseconds", "initiatedBy", "cycleId", "changeId"),
        )
    )
)


def log(
    *,
    context: typer.Context,
    application: ApplicationArgument,
    action: Annotated[
        list[ProvisioningAction] | None,
        typer.Option(
            help="Only what was done: create, update (enabling and group members too), delete, disable, or other "
            "(nothing was written). May be given several times.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        list[EntryStatus] | None,
        typer.Option(help="Only what ended so. May be given several times.", show_default=False),
    ] = None,
    identity: Annotated[
        str | None,
        typer.Option(
            "--object",
            metavar="NAME",
            help="Only this object: its userPrincipalName, name or id, or the id of its account.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="Only from then on: a length of time before now (30m, 2h, 1d, 1w), or a date or time (2026-11-24, "
            "2026-11-24T08:30; UTC unless it says).",
            show_default=False,
        ),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Print the provisioning log of an application, the newest entry first.

    There is one entry for each object and cycle: what was done to its account, why, how it ended, and which attributes
    changed. JSON has the entries in full, in the shape of Microsoft Graph's provisioningObjectSummary, with every step
    (import, scoping, matching, export, referenceResolution).
    """
    with invocation.application(context, application) as (services, found):
        begin = None if since is None else moments.since(since, services.clock.now())
        records = _records(services.store, found, _query(action, status, identity, begin))
        wanted = (
            record
            for record in records
            if (not action or log_entry.action(record) in action)
            and (not status or log_entry.status(record) in status)
        )
        if form is OutputFormat.TABLE:
            told = (_table_row(services.store, record) for record in wanted)
            output.write_listing(form, _TABLE, told, limit=limit)
            return
        entries = _entries(services.store, found, wanted)
        items = map(_csv_row, entries) if form is OutputFormat.CSV else entries
        output.write_listing(form, _CSV, items, limit=limit)


def _query(
    actions: list[ProvisioningAction] | None,
    statuses: list[EntryStatus] | None,
    identity: str | None,
    since: datetime | None,
) -> LogQuery:
    """What the store can narrow down to; `action` and `status` of an entry decide for good."""
    kinds = {kind for action in actions or () for kind in log_entry.kinds_of(action)}
    states = {state for status in statuses or () for state in log_entry.states_of(status)}
    return LogQuery(kinds=tuple(sorted(kinds)), states=tuple(sorted(states)), identity=identity, since=since)


def _records(store: Store, application: Application, query: LogQuery) -> Iterator[LogRecord]:
    before = None
    while True:
        with store.read() as unit:
            page = unit.log(application.id).entries(query, before=before, limit=_PAGE)
        yield from page
        if not page:
            return
        before = page[-1].position


def _entries(
    store: Store, application: Application, records: Iterator[LogRecord]
) -> Iterator[dict[str, Any]]:
    with store.read() as unit:
        job = unit.jobs.get(application.id, application.settings.interval_seconds)
        tenant_id = log_entry.TenantId(unit.tenant_id())
    for record in records:
        yield log_entry.entry(record, application=application, job_id=job.id, tenant_id=tenant_id)


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


def _csv_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    error = entry["provisioningStatusInfo"]["errorInformation"] or {}
    source = entry["sourceIdentity"]
    return {
        **{name: entry[name] for name in ("activityDateTime", "provisioningAction", "objectType")},
        **{name: entry[name] for name in ("reasonCode", "reason", "durationInMilliseconds")},
        **{name: entry[name] for name in ("cycleId", "changeId")},
        "status": entry["provisioningStatusInfo"]["status"],
        "sourceId": source["id"],
        "sourceDisplayName": source["displayName"],
        "userPrincipalName": source["details"].get("UserPrincipalName"),
        "targetId": entry["targetIdentity"]["id"],
        "errorCode": error.get("errorCode"),
        "error": error.get("reason"),
        "changedAttributes": " ".join(
            dict.fromkeys(item["displayName"] for item in entry["modifiedProperties"])
        ),
        "initiatedBy": entry["initiatedBy"]["displayName"],
    }
