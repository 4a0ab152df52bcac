"""The portal on a port of its own, in a thread beside whatever else the process does."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from provisor.core.errors import InvalidInputError
from provisor.look.sign_in.entrance import Entrance
from provisor.portal import application
from provisor.portal.office import Office

START_TIMEOUT = 30
"""Seconds the server may take to listen."""


def portal_app(office: Office, entrance: Entrance) -> Starlette:
    """The ASGI application: the portal below `application.PREFIX`, and the way to it."""
    return Starlette(routes=application.routes(office, entrance))


@contextlib.contextmanager
def serving(office: Office, entrance: Entrance, *, host: str, port: int) -> Iterator[str]:
    """Serve until the block ends; gives the address of the portal, such as `http://127.0.0.1:8000/portal`.

    :param port: 0 for any free one.
    :raises InvalidInputError: where the port cannot be had.
    """
    with _listening(host, port) as listener:
        host, port = listener.getsockname()[:2]
        config = uvicorn.Config(
            portal_app(office, entrance),
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = _Server(config, office.closing)
        thread = threading.Thread(target=server.run, args=([listener],), name="portal", daemon=True)
        thread.start()
        try:
            if not server.is_listening.wait(START_TIMEOUT):
                raise RuntimeError(f"The portal did not start within {START_TIMEOUT} seconds.")
            named = f"[{host}]" if ":" in host else host
            yield f"http://{named}:{port}{application.PREFIX}"
        finally:
            server.should_exit = True
            thread.join()
            office.works.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InvalidInputError(
            f"The portal cannot be served on {host} port {port}: {error.strerror}. Give another port with --portal-port, "
            "or serve without the portal: --no-portal."
        ) from error


class _Server(uvicorn.Server):
    """A server that tells when it listens, and leaves signals to the process it is in."""

    def __init__(self, config: uvicorn.Config, closing: threading.Event) -> None:
        super().__init__(config)
        self.is_listening = threading.Event()
        self._closing = closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.clear()
        await super().startup(sockets=sockets)
        self.is_listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets=sockets)
