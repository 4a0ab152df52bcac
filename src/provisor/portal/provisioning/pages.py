"""The Provisioning tab and its live stream."""

from __future__ import annotations

import asyncio
import json
import operator
import re
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from provisor.core.application import Application
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal.office import Office
from provisor.portal.provisioning.commands import CommandPages
from provisor.portal.provisioning.credentials import CredentialPages
from provisor.portal.provisioning.protections import ProtectionPages
from provisor.portal.provisioning.settings_pages import SettingsPages
from provisor.portal.provisioning.tab import PLACE, Tab

STREAM_LASTS = 60.0
"""Seconds after which a live stream ends; the browser asks again, and has to be signed in again to be answered."""

LOOKS_EVERY = 1.0
"""Seconds between two looks at the job."""

LOOKS_SHARE, LOOKS_LEAST_EVERY = 10, 5.0
"""So many times as long as a look took is rested after it, though never longer than so many seconds: a large job is not
slowed down by who watches it."""

TELLS_TIME_EACH = 10
"""Looks after which a page is told that "2 seconds ago" has become "12 seconds ago"."""

_TIME = re.compile(r"(<time[^>]*>)[^<]*")


class ProvisioningPages:
    """Everything below an application's Provisioning tab."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tab = Tab(office)

    def pages(self) -> tuple[Page, ...]:
        root = f"/applications/{{application}}/{PLACE}"
        return (
            Page(path=root, answer=self.show),
            Page(path=f"{root}/events", answer=self.stream),
            *CredentialPages(self._office, self._tab).pages(),
            *SettingsPages(self._office, self._tab).pages(),
            *CommandPages(self._office).pages(),
            *ProtectionPages(self._office, self._tab).pages(),
        )

    def show(self, visit: Visit) -> Response:
        return self._tab.page(visit)

    def stream(self, visit: Visit) -> Response:
        """The parts of the status card that changed, as server-sent events."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
        return StreamingResponse(self._events(visit, application), media_type="text/event-stream")

    async def _events(self, visit: Visit, application: Application) -> AsyncIterator[str]:
        told: dict[str, str] = {}
        looks, loop = 0, asyncio.get_running_loop()
        yield "retry: 1000\n\n"
        try:
            async with asyncio.timeout(STREAM_LASTS):
                while not self._office.closing.is_set():
                    began = loop.time()
                    parts = await run_in_threadpool(self._tab.fragments, visit, application.id)
                    # that time passes is told now and then only: every word of a page that is replaced may be being read
                    same = operator.eq if looks % TELLS_TIME_EACH == 0 else _alike
                    changed = {
                        name: part for name, part in parts.items() if not same(told.get(name, ""), part)
                    }
                    looks += 1
                    if changed:
                        told.update(changed)
                        yield f"event: status\ndata: {json.dumps(changed)}\n\n"
                    await self._rest(LOOKS_SHARE * (loop.time() - began))
        except (TimeoutError, HTTPException):
            return  # the application may have been removed meanwhile

    async def _rest(self, seconds: float) -> None:
        """Wait so long, within bounds, unless the portal ends."""
        left = min(LOOKS_LEAST_EVERY, max(LOOKS_EVERY, seconds))
        while left > 0 and not self._office.closing.is_set():
            await asyncio.sleep(min(LOOKS_EVERY, left))
            left -= LOOKS_EVERY


def _alike(one: str, other: str) -> bool:
    """Whether two parts differ in nothing but how long ago something is."""
    return _TIME.sub(r"\1", one) == _TIME.sub(r"\1", other)
