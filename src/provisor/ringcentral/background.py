"""The service provider inside the current process, for the demonstration and for tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from provisor.ringcentral import serving
from provisor.ringcentral.account.settings import Overrides
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.choices import Choices
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.protocol.tolerances import Tolerances
from provisor.ringcentral.request_log.entry import Retention
from provisor.ringcentral.request_log.log import RequestLog
from provisor.ringcentral.resources.extensions import ExtraSchema
from provisor.ringcentral.storage.sql_storage import Clock

START_TIMEOUT = 30
"""Seconds the server may take to listen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningProvider:
    """A service provider that answers.

    :param base_url: the SCIM base URL, such as `http://127.0.0.1:40123/scim/v2`.
    :param token: a SCIM token it accepts.
    """

    base_url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """The header that carries the token."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def running_provider(
    *,
    database_url: str,
    profile: ProfileName | str,
    throttling: Throttling | serving.AsStored | None = None,
    seats: int | None = None,
    overrides: Overrides | None = None,
    faults: FaultBoard | None = None,
    console: serving.Console = serving.Console.OFF,
    extensions: Sequence[ExtraSchema] = (),
    retention: Retention | None = None,
    tolerances: Tolerances | None = None,
    choices: Choices | None = None,
    clock: Clock = serving.utc_now,
) -> Iterator[RunningProvider]:
    """Serve on a free loopback port in a thread, until the block ends.

    Unlike `serving.serve` it throttles and logs nothing unless told to. `faults` may be changed while it runs.

    :raises RuntimeError: when the server does not start.
    """
    token = serving.create_token(database_url, profile, clock=clock)
    app = serving.create_app(
        database_url=database_url,
        profile=profile,
        throttling=throttling,
        seats=seats,
        overrides=overrides,
        faults=faults,
        console=console,
        extensions=extensions,
        retention=retention,
        tolerances=tolerances,
        choices=choices,
        clock=clock,
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = _Server(serving.server_config(app, host="127.0.0.1", port=port), app.state.request_log)
        thread = threading.Thread(
            target=server.run, args=([listener],), name="ringcentral-provider", daemon=True
        )
        thread.start()
        try:
            if not server.is_listening.wait(START_TIMEOUT):
                raise RuntimeError(f"The service provider did not start within {START_TIMEOUT} seconds.")
            yield RunningProvider(base_url=f"http://127.0.0.1:{port}{serving.BASE_PATH}", token=token)
        finally:
            server.should_exit = True
            thread.join()


class _Server(serving.ProviderServer):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config, log: RequestLog) -> None:
        super().__init__(config, log)
        self.is_listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.is_listening.set()
