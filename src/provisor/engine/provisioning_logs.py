"""Reading the provisioning log: its entries page by page, and as documents for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisor.core import log_entry, provisioning_log
from provisor.core.application import Application
from provisor.core.log_entry import EntryStatus, ProvisioningAction
from provisor.core.provisioning_log import LogQuery, LogRecord, Position
from provisor.ports.store import Store

_PAGE = 200
_LOOKED_AT = 5_000
"""Entries that are looked at for one page; where so many do not fit, the page is short and the next one goes on."""

FLAT = (
    *("activityDateTime", "provisioningAction", "status", "objectType", "sourceId"),
    *("sourceDisplayName", "userPrincipalName", "targetId", "reasonCode", "reason", "errorCode"),
    *("error", "changedAttributes", "durationInMilliseconds", "initiatedBy", "cycleId", "changeId"),
)
"""The columns of an entry in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSearch:
    """What to look for; empty sets mean everything. The store narrows `query` down, actions and statuses decide."""

    query: LogQuery
    actions: frozenset[ProvisioningAction] = frozenset()
    statuses: frozenset[EntryStatus] = frozenset()

    def narrowed(self) -> LogQuery:
        """The query with the kinds and states that entries like that can have."""
        return LogQuery(
            kinds=tuple(sorted({kind for item in self.actions for kind in log_entry.kinds_of(item)})),
            states=tuple(sorted({state for item in self.statuses for state in log_entry.states_of(item)})),
            identity=self.query.identity,
            since=self.query.since,
            until=self.query.until,
            plan_id=self.query.plan_id,
            change_id=self.query.change_id,
        )

    def wants(self, record: LogRecord) -> bool:
        """Whether an entry that the store found is one: what it narrows down to is only nearly right."""
        return (not self.actions or log_entry.action(record) in self.actions) and (
            not self.statuses or log_entry.status(record) in self.statuses
        )


def records(
    store: Store, application: Application, search: LogSearch, before: Position | None = None
) -> Iterator[LogRecord]:
    """Entries, the newest first, read while they are asked for."""
    query = search.narrowed()
    while True:
        with store.read() as unit:
            page = unit.log(application.id).entries(query, before=before, limit=_PAGE)
        yield from filter(search.wants, page)
        if not page:
            return
        before = page[-1].position


def page(
    store: Store, application: Application, search: LogSearch, *, before: Position | None, limit: int
) -> tuple[Sequence[LogRecord], Position | None]:
    """So many entries, and where the next page begins: None at the end."""
    query, looked = search.narrowed(), 0
    found: list[LogRecord] = []
    while looked < _LOOKED_AT:
        with store.read() as unit:
            rows = unit.log(application.id).entries(query, before=before, limit=limit + 1)
        if not rows:
            return found, None
        for record in rows:
            if len(found) == limit:
                return found, before
            before = record.position
            looked += 1
            if search.wants(record):
                found.append(record)
        if len(rows) <= limit:
            return found, None
    return found, before


def documents(
    store: Store, application: Application, wanted: Iterable[LogRecord]
) -> Iterator[dict[str, Any]]:
    """Entries in full, in Graph's shape, each with its `position` to go on after."""
    with store.read() as unit:
        job = unit.jobs.get(application.id, application.settings.interval_seconds)
        tenant_id = log_entry.TenantId(unit.tenant_id())
    for record in wanted:
        entry = log_entry.entry(record, application=application, job_id=job.id, tenant_id=tenant_id)
        yield {**entry, "position": provisioning_log.told(record.position)}


def flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry in one line, by the names in `FLAT`."""
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
