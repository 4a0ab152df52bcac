"""The provisioning log of an application: searched, read entry by entry, and downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core import log_entry, log_errors, provisioning_log
from provisor.core.application import Application
from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ChangeId, ObjectId, PlanId
from provisor.core.log_entry import EntryStatus, ProvisioningAction
from provisor.core.plan import RecordedRow
from provisor.core.provisioning_log import LogQuery, LogRecord
from provisor.engine import provisioning_logs
from provisor.engine.provisioning_logs import LogSearch
from provisor.look.catalogues import mark as _
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal import downloads, reasons, tabs
from provisor.portal.logs import steps
from provisor.portal.office import Office
from provisor.ports.store import UnitOfWork

PLACE = "logs"
PAGE = 50

PERIODS: Mapping[str, tuple[str, timedelta | None]] = {
    "1h": (_("Last hour"), timedelta(hours=1)),
    "24h": (_("Last 24 hours"), timedelta(days=1)),
    "7d": (_("Last 7 days"), timedelta(days=7)),
    "": (_("All that is kept"), None),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute that an entry wrote, with what stood there before; references by name."""

    path: str
    old: str | None
    new: str | None


class LogPages:
    """The tab Provisioning logs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        root = f"/applications/{{application}}/{PLACE}"
        return (
            Page(path=root, answer=self.show),
            Page(path=f"{root}/export", answer=self.export),
            Page(path=f"{root}/{{change}}", answer=self.show_entry),
        )

    def show(self, visit: Visit) -> Response:
        application = self._application(visit)
        search, before = self._search(visit), _position(visit)
        found, next_place = provisioning_logs.page(
            self._office.store, application, search, before=before, limit=PAGE
        )
        kept = {key: value for key, value in visit.query.items() if key != "before" and value}
        return visit.page(
            "logs/logs.html",
            application=application,
            entries=[_line(record) for record in found],
            asked=visit.query,
            is_filtered=bool(kept),
            period_options=[(key, visit.text(label)) for key, (label, _length) in PERIODS.items()],
            action_options=[
                (item.value, visit.text(reasons.ACTIONS[item][1])) for item in ProvisioningAction
            ],
            status_options=[(item.value, visit.text(reasons.STATUSES[item][1])) for item in EntryStatus],
            first=self._place(visit, application, kept) if before else "",
            next=self._place(visit, application, {**kept, "before": provisioning_log.told(next_place)})
            if next_place
            else "",
            download=kept,
        )

    def show_entry(self, visit: Visit) -> Response:
        """One entry, step by step, with old and new values and what to do about an error."""
        application = self._application(visit)
        change = ChangeId(visit.params["change"].lower())
        search = LogSearch(query=LogQuery(change_id=change))
        record = next(iter(provisioning_logs.records(self._office.store, application, search)), None)
        if record is None:
            raise HTTPException(404)
        with self._office.store.read() as unit:
            changes = _changes(unit, record)
        return visit.page(
            "logs/entry.html",
            application=application,
            record=record,
            row=record.main.row,
            line=_line(record),
            steps=steps.told(visit, record),
            changes=changes,
            status_of=lambda status: EntryStatus(status.value),
        )

    def export(self, visit: Visit) -> Response:
        """What the search finds, as a file that is written while it is read."""
        application, form = self._application(visit), visit.query.get("format", "csv")
        if form not in _WRITERS:
            raise HTTPException(404)
        search = self._search(visit)
        found = provisioning_logs.records(self._office.store, application, search)
        entries = provisioning_logs.documents(self._office.store, application, found)
        return downloads.attachment("ProvisioningLogs", form, _WRITERS[form](entries), self._office.now())

    def _application(self, visit: Visit) -> Application:
        with self._office.store.read() as unit:
            return self._office.application(unit, visit)

    def _search(self, visit: Visit) -> LogSearch:
        """What the address asks for; what it says that is none of our words is left out."""
        asked = visit.query
        _label, length = PERIODS.get(asked.get("period", ""), PERIODS[""])
        plan_id = asked.get("cycle", "").strip().lower()
        return LogSearch(
            query=LogQuery(
                identity=asked.get("search", "").strip() or None,
                since=None if length is None else self._office.now() - length,
                plan_id=PlanId(plan_id) if plan_id else None,
            ),
            actions=frozenset(item for item in ProvisioningAction if item.value == asked.get("action")),
            statuses=frozenset(item for item in EntryStatus if item.value == asked.get("status")),
        )

    def _place(self, visit: Visit, application: Application, asked: Mapping[str, str]) -> str:
        return visit.site.url(tabs.address(application, PLACE), asked)


def _position(visit: Visit) -> provisioning_log.Position | None:
    word = visit.query.get("before", "")
    try:
        return provisioning_log.parsed(word) if word else None
    except InvalidInputError as error:
        raise HTTPException(404) from error


def _line(record: LogRecord) -> dict[str, Any]:
    """An entry as a line of the list."""
    row = record.main.row
    error = log_errors.information(record)
    return {
        "change": row.change_id,
        "moment": record.main.finished or datetime.fromtimestamp(0, UTC),
        "action": log_entry.action(record),
        "status": log_entry.status(record),
        "name": row.details.name,
        "principal": row.details.principal_name,
        "type": row.object_type,
        "reason": log_entry.telling_reason(record),
        "error": error,
    }


def _changes(unit: UnitOfWork, record: LogRecord) -> list[Change]:
    rows = (record.main, *record.following)
    ids = {reference for item in rows for reference in item.row.details.references}
    names = {
        str(item.id): item.display_name for item in unit.directory.many([ObjectId(each) for each in ids])
    }
    return [change for item in rows for change in _of_row(item, names)]


def _of_row(recorded: RecordedRow, names: Mapping[str, str]) -> Iterator[Change]:
    for item in log_entry.modified_properties(recorded):
        old, new = item["oldValue"], item["newValue"]
        yield Change(item["displayName"] or "", names.get(old or "", old), names.get(new or "", new))


def _csv(entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    return downloads.csv_lines(provisioning_logs.FLAT, map(provisioning_logs.flat, entries))


_WRITERS = {"csv": _csv, "json": downloads.array, "ndjson": downloads.lines}
