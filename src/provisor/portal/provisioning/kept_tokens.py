"""Secret tokens that were typed and tested but not saved yet, so that nobody types one twice and no page shows one."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from provisor.core.identifiers import ApplicationId

KEPT_FOR = dt.timedelta(minutes=15)
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: tuple[str, ApplicationId, str]
    token: str
    until: dt.datetime


class KeptTokens:
    """Tokens in the memory of this process, each under a handle that is of use to one session, application and address."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def keep(self, session: str, application_id: ApplicationId, origin: str, token: str) -> str:
        """Keep a token for a while; the handle to ask for it with."""
        handle = secrets.token_urlsafe(16)
        until = self._clock() + KEPT_FOR
        with self._lock:
            self._forget_old()
            self._kept[handle] = _Kept((session, application_id, origin), token, until)
        return handle

    def get(self, handle: str, session: str, application_id: ApplicationId, origin: str) -> str | None:
        """The token, where it is kept for this session, application and address."""
        with self._lock:
            self._forget_old()
            found = self._kept.get(handle)
        if found is None or found.owner != (session, application_id, origin):
            return None
        return found.token

    def _forget_old(self) -> None:
        now = self._clock()
        current = [(handle, item) for handle, item in self._kept.items() if item.until > now]
        self._kept = dict(current[-MOST_KEPT:])
