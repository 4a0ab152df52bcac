"""The cursors of RFC 9865: pages of one search, of one client, for a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from scim2_models import ExpiredCursorException, InvalidCursorException
from scim2_server.cursor import Cursors


class ClientCursors(Cursors):
    """Seals the position of a page, so that only the client it was made for can go on from it.

    A cursor of another client is refused as one that never existed is, word for word (RFC 9865 section 5.2).

    :param secret: what keys are made of, the same in all processes of a service provider.
    :param clock: the current moment; it decides when a cursor is too old.
    """

    def __init__(self, secret: bytes, clock: Callable[[], dt.datetime]) -> None:
        super().__init__(secret)
        self._clock = clock
        self._client: ContextVar[str] = ContextVar("the client whose request is served", default="")

    def serve(self, client: str) -> None:
        """Make and accept cursors of this client until told otherwise."""
        self._client.set(client)

    def seal(self, query: str, count: int | None, position: Any) -> str:
        """The cursor of a position in a search."""
        return super().seal(self._of_client(query), count, [self._clock().timestamp(), position])

    def open(self, cursor: str, query: str, count: int | None, timeout: int | None) -> Any:
        """The position a cursor holds.

        :param timeout: how old it may be, in seconds; None for any age.
        :raises InvalidCursorException: when it is not from here, or of another search or client.
        :raises InvalidCountException: when it was made for another `count`.
        :raises ExpiredCursorException: when it is too old.
        """
        try:
            made, position = super().open(cursor, self._of_client(query), count, None)
        except (TypeError, ValueError) as error:
            raise InvalidCursorException from error
        if timeout is not None and self._clock().timestamp() - made > timeout:
            raise ExpiredCursorException
        return position

    def _of_client(self, query: str) -> str:
        return f"{query} {self._client.get()}"
