"""The log of requests: chosen by what happened, page by page, live, and one request in full."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from provisor.look.catalogues import mark as _
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.ringcentral.account import tokens
from provisor.ringcentral.console.provider import Provider
from provisor.ringcentral.request_log.entry import Ending, LogEntry, LogQuery

PAGE_SIZE = 50
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ENDINGS = (
    ("", _("Any")),
    (Ending.SUCCEEDED.value, _("Succeeded")),
    (Ending.REFUSED.value, _("Refused")),
    (Ending.THROTTLED.value, _("Throttled")),
    (Ending.FAULTY.value, _("Met a fault")),
)
STREAM_LASTS = 60
"""Seconds after which a live stream ends; the browser asks again, and has to be signed in again to be answered."""


class LogPages:
    """The log's pages and its live stream."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/log", answer=self.show),
            Page(path="/log/events", answer=self.stream),
            Page(path="/log/{id:int}", answer=self.show_entry),
        )

    def show(self, visit: Visit) -> Response:
        before = visit.query.get("before", "")
        storage = self._provider.log.storage
        entries = storage.entries(
            self._query(visit), before=int(before) if before.isdecimal() else None, limit=PAGE_SIZE + 1
        )
        shown = entries[:PAGE_SIZE]
        chosen = {name: visit.query.get(name, "") for name in ("method", "path", "ending", "token")}
        asked = urlencode({name: value for name, value in chosen.items() if value})
        callers = self._callers()
        return visit.page(
            "console/log.html",
            entries=shown,
            chosen=chosen,
            callers=callers,
            methods=[("", visit.text(_("Any"))), *((each, each) for each in METHODS)],
            endings=[(value, visit.text(name)) for value, name in ENDINGS],
            tokens=[("", visit.text(_("Any"))), *callers.items()],
            first=visit.site.url(f"/log?{asked}") if before else "",
            next=visit.site.url(f"/log?{asked}&before={shown[-1].id}") if len(entries) > PAGE_SIZE else "",
            live="" if before else visit.site.url(f"/log/events?{asked}"),
            newest=storage.newest(),
        )

    def show_entry(self, visit: Visit) -> Response:
        entry = self._provider.log.storage.entry(int(visit.params["id"]))
        if entry is None or entry.profile != self._provider.profile.name:
            raise HTTPException(404)
        return visit.page(
            "console/log_entry.html",
            entry=entry,
            callers=self._callers(),
            body=_indented(entry.body),
            answer=_indented(entry.answer),
        )

    def stream(self, visit: Visit) -> Response:
        """Rows of the table as server-sent events, from the entry the browser saw last."""
        last = visit.request.headers.get("last-event-id") or visit.query.get("after", "")
        events = self._events(visit, int(last) if last.isdecimal() else None)
        return StreamingResponse(events, media_type="text/event-stream")

    async def _events(self, visit: Visit, after: int | None) -> AsyncIterator[str]:
        query, callers = self._query(visit), await run_in_threadpool(self._callers)
        yield "retry: 1000\n\n"
        try:
            async with asyncio.timeout(STREAM_LASTS):
                async for entry in self._provider.log.follow(query, after=after):
                    yield await run_in_threadpool(self._event, visit, entry, callers)
        except TimeoutError:
            return

    def _event(self, visit: Visit, entry: LogEntry, callers: Mapping[str, str]) -> str:
        row = visit.part("console/log_row.html", entry=entry, callers=callers)
        data = "\n".join(f"data: {line}" for line in row.splitlines())
        return f"id: {entry.id}\nevent: entry\n{data}\n\n"

    def _query(self, visit: Visit) -> LogQuery:
        method, ending = visit.query.get("method", ""), visit.query.get("ending", "")
        return LogQuery(
            profile=self._provider.profile.name,
            methods=frozenset({method}) if method in METHODS else frozenset(),
            path=visit.query.get("path", "").strip() or None,
            ending=Ending(ending) if ending in set(Ending) else None,
            caller=visit.query.get("token") or None,
        )

    def _callers(self) -> dict[str, str]:
        """What the tokens are called, by id."""
        listed = tokens.listed(self._provider.database, self._provider.profile.name)
        return {token.id: token.description or token.id for token in listed}


def _indented(body: str | None) -> str:
    """A body as it is easiest to read."""
    try:
        return json.dumps(json.loads(body or ""), indent=2, ensure_ascii=False)
    except ValueError:
        return body or ""
