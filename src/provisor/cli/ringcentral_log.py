"""`provisor ringcentral log`: the requests to the service provider."""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import sys
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisor.cli import invocation, moments, output, ringcentral_database
from provisor.cli.manual import LimitOption, examples
from provisor.cli.output import OutputFormat, columns
from provisor.cli.ringcentral_database import DatabaseOption
from provisor.cli.ringcentral_options import ProfileOption
from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.request_log.entry import LogEntry, LogQuery, Retention
    from provisor.ringcentral.request_log.storage import RequestLogStorage

EXAMPLES = examples(
    "provisor ringcentral log",
    "provisor ringcentral log --ending refused --since 1h",
    "provisor ringcentral log --method PATCH --path /Users/1600000101 --format json",
    "provisor ringcentral log --status 429 --status 503 --limit 0 --format csv > refused.csv",
    "provisor ringcentral log --follow",
)


class LogFormat(enum.StrEnum):
    """How the log is printed."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


class Ended(enum.StrEnum):
    """How requests ended."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    THROTTLED = "throttled"
    FAULTY = "faulty"


_PAGE = 200
_TABLE = columns(
    ("time", "Time (UTC)"),
    ("request", "Request"),
    ("status", "Status"),
    ("milliseconds", "ms"),
    ("token", "Token"),
    ("rate", "Rate"),
    ("what", "What"),
)
_CSV = columns(
    *(
        (name, name)
        for name in (
            *("id", "time", "profile", "method", "path", "query", "status", "milliseconds", "token"),
            *("client", "rateGroup", "rateRemaining", "faults", "error", "body", "answer"),
        )
    )
)

_Method = Annotated[
    list[str] | None,
    typer.Option(metavar="METHOD", help="Only this method. May be given several times.", show_default=False),
]
_Path = Annotated[
    str | None,
    typer.Option(
        metavar="PATH", help="Only this path and what is below it, such as /Users.", show_default=False
    ),
]
_Status = Annotated[
    list[int] | None,
    typer.Option(min=100, max=599, help="Only this status. May be given several times.", show_default=False),
]
_Ending = Annotated[
    Ended | None,
    typer.Option(
        help="Only what ended so; faulty: met a fault that was asked for, whatever it was answered.",
        show_default=False,
    ),
]
_Token = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Only requests with this token, by its id.", show_default=False),
]
_Since = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN",
        help="Only from then on: a length of time before now (30m, 2h, 1d), or a date or time.",
        show_default=False,
    ),
]
_Until = Annotated[
    str | None, typer.Option(metavar="WHEN", help="Only before then; as --since.", show_default=False)
]
_Before = Annotated[
    int | None,
    typer.Option(min=1, metavar="ID", help="Go on before this entry: its `id` in JSON.", show_default=False),
]
_Follow = Annotated[
    bool,
    typer.Option("--follow", help="Print requests as they come, until Ctrl-C; table and ndjson only."),
]
_Format = Annotated[
    LogFormat, typer.Option("--format", "-f", help="How to print the result; ndjson is one request a line.")
]


RequestLogOption = Annotated[
    bool,
    typer.Option(
        "--request-log/--no-request-log", help="Log requests, redacted, for `provisor ringcentral log`."
    ),
]


def retention(wanted: bool) -> Retention | None:
    """How much of the log the service provider keeps; None for no log."""
    from provisor.ringcentral.request_log.entry import Retention  # noqa: PLC0415 - slow to import

    return Retention() if wanted else None


def log(
    *,
    method: _Method = None,
    path: _Path = None,
    status: _Status = None,
    ending: _Ending = None,
    token: _Token = None,
    since: _Since = None,
    until: _Until = None,
    before: _Before = None,
    follow: _Follow = False,
    limit: LimitOption = None,
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    form: _Format = LogFormat.TABLE,
) -> None:
    """Print the requests to the service provider, the newest first.

    Each tells method, path, status, duration, token, rate group with what was left in it, and the faults it met. Bodies
    and filters show the names of attributes and their structure, never what they say about people. The last 10,000
    requests of at most seven days are kept.
    """
    if follow and (
        form not in (LogFormat.TABLE, LogFormat.NDJSON) or before is not None or until is not None
    ):
        raise typer.BadParameter("--follow prints a table or ndjson, and has neither --before nor --until.")
    from provisor.ringcentral.request_log.entry import Ending, LogQuery  # noqa: PLC0415 - slow to import
    from provisor.ringcentral.request_log.storage import RequestLogStorage  # noqa: PLC0415
    from provisor.ringcentral.storage.database import Database  # noqa: PLC0415

    now = dt.datetime.now(dt.UTC)
    query = LogQuery(
        methods=frozenset(each.upper() for each in method or ()),
        path=path,
        statuses=frozenset(status or ()),
        ending=None if ending is None else Ending(ending.value),
        caller=token,
        since=None if since is None else moments.since(since, now),
        until=None if until is None else moments.since(until, now),
    )
    with contextlib.closing(Database(ringcentral_database.url(database, profile))) as opened:
        opened.create_tables()
        storage = RequestLogStorage(opened)
        if follow:
            _follow(storage, query, form)
        else:
            _print(form, _entries(storage, query, before), limit)


def _print(form: LogFormat, entries: Iterator[LogEntry], limit: int | None) -> None:
    match form:
        case LogFormat.TABLE:
            output.write_listing(OutputFormat.TABLE, _TABLE, map(_row, entries), limit=limit)
        case LogFormat.NDJSON:
            output.write_lines(output.first(map(_document, entries), limit))
        case LogFormat.JSON | LogFormat.CSV:
            output.write_listing(OutputFormat(form.value), _CSV, map(_document, entries), limit=limit)


def _entries(storage: RequestLogStorage, query: LogQuery, before: int | None) -> Iterator[LogEntry]:
    while page := storage.entries(query, before=before, limit=_PAGE):
        yield from page
        before = page[-1].id


def _follow(storage: RequestLogStorage, query: LogQuery, form: LogFormat) -> None:
    from provisor.ringcentral.request_log import following  # noqa: PLC0415 - see `log`

    async def print_each(entries: AsyncIterator[LogEntry]) -> None:
        async for entry in entries:
            if form is LogFormat.NDJSON:
                output.write_lines([_document(entry)])
            else:
                output.print_line(_line(entry))
            sys.stdout.flush()

    with contextlib.suppress(KeyboardInterrupt):
        invocation.complete(print_each(following.follow(storage, query)))


def _document(entry: LogEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "time": entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "profile": entry.profile,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "status": entry.status,
        "milliseconds": round(entry.duration, 3),
        "token": entry.caller,
        "client": entry.client,
        "rateGroup": entry.group,
        "rateRemaining": entry.remaining,
        "faults": list(entry.faults),
        "error": entry.error,
        "body": entry.body,
        "answer": entry.answer,
    }


def _row(entry: LogEntry) -> dict[str, Any]:
    what = [*(f"fault: {fault}" for fault in entry.faults), *([entry.error] if entry.error else [])]
    return {
        "time": moments.shown(entry.at),
        "request": " ".join(filter(None, (entry.method, f"{entry.path}?{entry.query}".rstrip("?")))),
        "status": entry.status if entry.status is not None else "closed",
        "milliseconds": round(entry.duration, 1),
        "token": entry.caller,
        "rate": None if entry.group is None else f"{entry.group} {entry.remaining}",
        "what": "; ".join(what),
    }


def _line(entry: LogEntry) -> str:
    row = _row(entry)
    return "  ".join(str(row[column.key]) for column in _TABLE if row[column.key] not in (None, ""))
