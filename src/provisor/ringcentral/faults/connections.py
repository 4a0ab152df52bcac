"""The TCP connection of a request, for faults that close it without an answer."""

from __future__ import annotations

import asyncio

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_EXTENSION = "provisor.connection"


class ClosableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which tells the application the connection of each request.

    ASGI has no word for "close without an answer": returning without one is answered 500 by the server.
    """

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_EXTENSION: {"transport": self.transport}}


def close(scope: Scope) -> None:
    """Close the connection of a request; what was written before is still delivered.

    :raises RuntimeError: when the server does not tell the connection.
    """
    connection = scope.get("extensions", {}).get(_EXTENSION)
    if connection is None:
        raise RuntimeError(
            "This server does not let a fault close the connection. Start the service provider with "
            "provisor ringcentral serve."
        )
    transport: asyncio.Transport = connection["transport"]
    transport.close()
