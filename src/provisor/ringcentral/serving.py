"""Starting the service provider: what the command line calls."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from enum import Enum

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from provisor.ringcentral import profiles
from provisor.ringcentral.account import seats, tokens
from provisor.ringcentral.account.extensions import Extensions
from provisor.ringcentral.account.settings import Name, Overrides, Settings, SettingsStore
from provisor.ringcentral.account.throttling import Throttle, Throttling
from provisor.ringcentral.choices import Choices
from provisor.ringcentral.console import approval, mounting
from provisor.ringcentral.console.application import entrance
from provisor.ringcentral.console.provider import Provider
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.faults.injecting import FaultInjector
from provisor.ringcentral.faults.refusing import Refusals
from provisor.ringcentral.faults.stored import StoredFaultBoard
from provisor.ringcentral.http_protocol import ScimHttpProtocol
from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.profiles import PROFILES, Gateway, Profile
from provisor.ringcentral.protocol import application
from provisor.ringcentral.protocol.application import ScimEndpoint
from provisor.ringcentral.protocol.cursors import ClientCursors
from provisor.ringcentral.protocol.member_handler import MemberHandler
from provisor.ringcentral.protocol.oauth_endpoints import OAuthEndpoints
from provisor.ringcentral.protocol.request_limits import LIMITS
from provisor.ringcentral.protocol.tolerances import Tolerances
from provisor.ringcentral.request_log.entry import Retention
from provisor.ringcentral.request_log.log import RequestLog
from provisor.ringcentral.request_log.observing import RequestObserver
from provisor.ringcentral.resources.extensions import ExtraSchema
from provisor.ringcentral.storage import cursor_secret, ownership, reindexing
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.sql_storage import Clock, SqlStorage
from provisor.ringcentral.storage.token_owners import TokenOwners

BASE_PATH = "/scim/v2"


class Console(Enum):
    """Whether the admin console is served beside SCIM."""

    ON = "on"
    OFF = "off"


class AsStored(Enum):
    """Limits are those an administrator stored, or else the profile's own."""

    LIMITS = "limits"


def utc_now() -> dt.datetime:
    """The machine's clock."""
    return dt.datetime.now(dt.UTC)


def create_token(database_url: str, profile: ProfileName | str, *, clock: Clock = utc_now) -> str:
    """A new SCIM token of a profile, in clear text. Only its hash is kept, so it cannot be shown again."""
    database = Database(database_url)
    try:
        prepare(database, profile, clock)
        return tokens.create(database, ProfileName(profile), clock()).secret
    finally:
        database.close()


def limits_in_force(
    database_url: str, profile: ProfileName, throttling: Throttling | AsStored | None
) -> Throttling | None:
    """The limits requests will meet; those an administrator stored, or the profile's own, where the caller names none."""
    database = Database(database_url)
    try:
        prepare(database, profile)
        store = _settings(database, PROFILES[profile], throttling, Overrides(), utc_now)
        return store.current().throttling
    finally:
        database.close()


def prepare(database: Database, profile: ProfileName | str, clock: Clock = utc_now) -> None:
    """Bring the tables of a database up to date, and make it one of a profile.

    :raises ProviderError: when a later release wrote it, or it holds the people of another profile.
    """
    database.create_tables()
    ownership.claim(database, ProfileName(profile), clock())


def create_app(
    *,
    database_url: str,
    profile: ProfileName | str,
    throttling: Throttling | AsStored | None,
    seats: int | None = None,
    overrides: Overrides | None = None,
    faults: FaultBoard | None = None,
    console: Console = Console.OFF,
    extensions: Sequence[ExtraSchema] = (),
    retention: Retention | None = Retention(),  # noqa: B008 - it never changes
    tolerances: Tolerances | None = None,
    choices: Choices | None = None,
    clock: Clock = utc_now,
) -> Starlette:
    """The ASGI application, its tables created and its seat pool sized.

    :param database_url: the provider's own database, as SQLAlchemy spells it.
    :param throttling: the limits of each token, whatever is stored; None for none.
    :param seats: the size of the seat pool. None leaves it as it is, or gives a new one the profile's own. Ignored where
        users need no seat.
    :param overrides: settings that hold whatever is stored.
    :param faults: the faults requests meet, whatever is stored; None for those an administrator stored. They may change
        while it runs, and are in `app.state.faults`.
    :param console: whether the admin console is served below `/admin`.
    :param extensions: schemas added to the resource types of the `full` profile.
    :param retention: how long requests are kept in the log, which is `app.state.request_log`; None logs none.
    :param tolerances: the habits of clients it understands; None for the profile's own.
    :param choices: what the `full` profile decides where the RFCs leave it open; None for its own decisions.
    :param clock: the moment of each request; it decides throttling and `meta`.

    The server closes the database when it ends; without one, call `app.state.database.close()`. Beside it, `app.state`
    has the `settings` and, where users need seats, the `account` as an administrator sees it.
    """
    chosen = PROFILES[ProfileName(profile)].tolerating(tolerances)
    chosen = profiles.with_extensions(profiles.with_choices(chosen, choices or Choices()), extensions)
    database = Database(database_url)
    prepare(database, chosen.name, clock)
    _size_pool(database, chosen, seats)
    settings = _settings(database, chosen, throttling, overrides or Overrides(), clock)
    storage = _storage(database, chosen, settings, clock)
    account = _account(database, chosen, storage, clock)
    board = faults if faults is not None else StoredFaultBoard(settings)
    log = RequestLog(database, profile=chosen.name, clock=clock, retention=retention)
    endpoint = _endpoint(database, chosen, settings, storage, clock)
    refusals = Refusals(endpoint.service)
    injector = FaultInjector(endpoint, board=board, refusals=refusals, limit=LIMITS.body_bytes)
    served = injector if retention is None else RequestObserver(injector, tell=log.take, clock=clock)

    routes: list[BaseRoute] = [Mount(BASE_PATH, app=served), *_oauth(database, chosen, endpoint, clock)]
    if console is Console.ON:
        throttle = endpoint.throttle
        routes += mounting.routes(
            Provider(database, chosen, settings, board, account, throttle, log, clock, BASE_PATH)
        )
    app = Starlette(routes=routes, exception_handlers={404: _not_found}, lifespan=_lifespan(database, log))
    app.state.database = database
    app.state.settings = settings
    app.state.endpoint = endpoint
    app.state.faults = board
    app.state.request_log = log
    app.state.account = account
    return app


def serve(
    *,
    database_url: str,
    profile: ProfileName | str,
    host: str = "127.0.0.1",
    port: int = 8080,
    throttling: Throttling | AsStored | None = AsStored.LIMITS,
    seats: int | None = None,
    overrides: Overrides | None = None,
    faults: FaultBoard | None = None,
    console: Console = Console.OFF,
    extensions: Sequence[ExtraSchema] = (),
    retention: Retention | None = Retention(),  # noqa: B008 - it never changes
    tolerances: Tolerances | None = None,
    choices: Choices | None = None,
    clock: Clock = utc_now,
) -> None:
    """Serve until SIGTERM or SIGINT; requests that are being answered are answered first."""
    app = create_app(
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
    ProviderServer(server_config(app, host=host, port=port), app.state.request_log).run()


class ProviderServer(uvicorn.Server):
    """A server that lets go of those who follow the log when it ends: they would never go by themselves."""

    def __init__(self, config: uvicorn.Config, log: RequestLog) -> None:
        super().__init__(config)
        self._log = log

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._log.release()
        await super().shutdown(sockets=sockets)


def server_config(app: Starlette, *, host: str, port: int) -> uvicorn.Config:
    """How uvicorn runs the application, in the foreground or inside another process."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=ScimHttpProtocol,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _lifespan(
    database: Database, log: RequestLog
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with log.running():
            yield
        database.close()

    return lifespan


def _storage(database: Database, profile: Profile, settings: SettingsStore, clock: Clock) -> SqlStorage:
    storage = SqlStorage(
        database,
        profile.provider,
        clock=clock,
        rules=profile.rules(settings.current, clock),
        indexed=dict(profile.indexed),
    )
    reindexing.bring_up_to_date(database, storage, profile.name, profile.indexed, clock())
    return storage


def _endpoint(
    database: Database, profile: Profile, settings: SettingsStore, storage: SqlStorage, clock: Clock
) -> ScimEndpoint:
    cursors = ClientCursors(cursor_secret.kept(database), clock)
    service = profile.service(profile.provider, settings.current, cursors).tolerating(profile.tolerances)
    return ScimEndpoint(
        database=database,
        profile=profile,
        handler=MemberHandler(service, storage, TokenOwners(database)),
        settings=settings,
        throttle=Throttle(lambda: settings.current().throttling),
        clock=clock,
    )


def _oauth(database: Database, profile: Profile, endpoint: ScimEndpoint, clock: Clock) -> Sequence[BaseRoute]:
    """What RingCentral's gateway serves beside SCIM."""
    if profile.gateway is Gateway.NONE:
        return ()
    return OAuthEndpoints(
        database=database,
        authenticator=endpoint.authenticator,
        throttle=endpoint.throttle,
        approver=approval.approver(entrance(database, clock)),
        clock=clock,
    ).routes()


def _settings(
    database: Database,
    profile: Profile,
    throttling: Throttling | AsStored | None,
    overrides: Overrides,
    clock: Clock,
) -> SettingsStore:
    if not isinstance(throttling, AsStored):
        overrides = replace(overrides, values={**overrides.values, Name.THROTTLING: throttling})
    return SettingsStore(
        database,
        profile.name,
        clock=clock,
        defaults=Settings(throttling=profile.throttling),
        overrides=overrides,
    )


def _account(database: Database, profile: Profile, storage: SqlStorage, clock: Clock) -> Extensions | None:
    if profile.seats is None:
        return None
    [user_type] = profile.provider.resource_types
    return Extensions(database, storage, user_type=user_type, clock=clock)


def _size_pool(database: Database, profile: Profile, size: int | None) -> None:
    if profile.seats is None:
        return
    with database.transaction(Access.WRITE) as connection:
        if size is not None:
            seats.resize(connection, size)
        elif seats.count(connection).total == 0:
            seats.resize(connection, profile.seats)


async def _not_found(request: Request, _error: Exception) -> Response:
    answer = application.not_found(request)
    return Response(
        application.encoded(answer), status_code=int(answer.status), media_type="application/scim+json"
    )
