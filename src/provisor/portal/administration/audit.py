"""The audit log: who changed what, searched, read entry by entry, and downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core import audit
from provisor.core.audit import Activity, Actor, AuditEntry, AuditQuery
from provisor.engine import audit_logs
from provisor.look.catalogues import mark as _
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal import downloads
from provisor.portal.administration.words import ACTIVITIES
from provisor.portal.office import Office
from provisor.ports.store import UnitOfWork

PLACE = "/administration/audit"
PAGE = 50

PERIODS: Mapping[str, tuple[str, timedelta | None]] = {
    "24h": (_("Last 24 hours"), timedelta(days=1)),
    "7d": (_("Last 7 days"), timedelta(days=7)),
    "30d": (_("Last 30 days"), timedelta(days=30)),
    "": (_("All that is kept"), None),
}


class AuditPages:
    """What everybody who is signed in may read of the audit log: all of it, for no secret is in it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path=PLACE, answer=self.show),
            Page(path=f"{PLACE}/export", answer=self.export),
            Page(path=f"{PLACE}/{{entry}}", answer=self.show_entry),
        )

    def show(self, visit: Visit) -> Response:
        """A page of the entries that fit, the newest first."""
        before = _position(visit)
        with self._office.store.read() as unit:
            found = unit.audit.entries(self._query(visit), before=before, limit=PAGE + 1)
            names = _names(unit)
        shown = found[:PAGE]
        kept = {key: value for key, value in visit.query.items() if key != "before" and value}
        further = {**kept, "before": ",".join(shown[-1].position)} if len(found) > PAGE else None
        return visit.page(
            "administration/audit.html",
            entries=shown,
            names=names,
            activities=ACTIVITIES,
            asked=visit.query,
            is_filtered=bool(kept),
            activity_options=sorted(
                ((item.value, visit.text(label)) for item, label in ACTIVITIES.items()),
                key=lambda option: option[1].casefold(),
            ),
            period_options=[(key, visit.text(label)) for key, (label, _length) in PERIODS.items()],
            first=_place(visit, kept) if before else "",
            next=_place(visit, further) if further else "",
            download=kept,
        )

    def show_entry(self, visit: Visit) -> Response:
        """One entry, with what was there before and what is there after."""
        with self._office.store.read() as unit:
            entry = unit.audit.find(visit.params["entry"].lower())
            names = _names(unit)
        if entry is None:
            raise HTTPException(404)
        before, after = entry.act.before or {}, entry.act.after or {}
        return visit.page(
            "administration/audit_entry.html",
            entry=entry,
            activity=visit.text(ACTIVITIES[entry.act.activity]),
            application=names.get(str(entry.act.application_id)),
            changes=[
                (name, _shown(before.get(name)), _shown(after.get(name))) for name in {**before, **after}
            ],
        )

    def export(self, visit: Visit) -> Response:
        """What the search finds, as a file that is written while it is read."""
        form = visit.query.get("format", "csv")
        if form not in _WRITERS:
            raise HTTPException(404)
        found = audit_logs.entries(self._office.store, self._query(visit))
        return downloads.attachment("AuditLogs", form, _WRITERS[form](found), self._office.now())

    def _query(self, visit: Visit) -> AuditQuery:
        """What the address asks for; what it says that is none of our words is left out."""
        asked = visit.query
        _label, length = PERIODS.get(asked.get("period", ""), PERIODS[""])
        activity = asked.get("activity", "")
        actor = asked.get("actor", "").strip()
        return AuditQuery(
            application=asked.get("application", "").strip() or None,
            actor=Actor(actor) if actor else None,
            activity=Activity(activity) if activity in set(Activity) else None,
            since=None if length is None else self._office.now() - length,
        )


def _shown(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _names(unit: UnitOfWork) -> dict[str, str]:
    """The applications' names by id; one that was removed has none."""
    return {str(item.id): item.name for item in unit.applications.all()}


def _position(visit: Visit) -> tuple[str, str] | None:
    """Where the page before ended."""
    word = visit.query.get("before", "")
    if not word:
        return None
    moment, comma, entry_id = word.partition(",")
    try:
        datetime.fromisoformat(moment)
    except ValueError as error:
        raise HTTPException(404) from error
    if not comma:
        raise HTTPException(404)
    return moment, entry_id


def _place(visit: Visit, asked: Mapping[str, str]) -> str:
    return visit.site.url(PLACE, asked)


def _csv(entries: Iterator[AuditEntry]) -> Iterator[str]:
    return downloads.csv_lines(audit.FLAT, map(audit.flat, entries))


def _lines(entries: Iterator[AuditEntry]) -> Iterator[str]:
    return downloads.lines(map(audit.document, entries))


_WRITERS = {"csv": _csv, "ndjson": _lines}
