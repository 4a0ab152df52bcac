"""The console beside SCIM in one process, and the links that make its administrators."""

from __future__ import annotations

from enum import Enum

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from provisor.look.sign_in.roles import Role
from provisor.ringcentral.console import application
from provisor.ringcentral.console.application import PREFIX
from provisor.ringcentral.console.provider import Provider
from provisor.ringcentral.storage.database import Database
from provisor.ringcentral.storage.sql_storage import Clock


class Invitation(Enum):
    """When a one-time link is made."""

    ALWAYS = "always"
    FIRST = "while there is no administrator"


def routes(provider: Provider) -> list[BaseRoute]:
    """What serves the console, and leads to it from the root."""

    async def to_console(_request: Request) -> Response:
        return RedirectResponse(f"{PREFIX}/")

    return [
        Route("/", to_console),
        Route(PREFIX, to_console),
        Mount(PREFIX, app=application.create_console(provider)),
    ]


def invite_administrator(
    database_url: str, when: Invitation, clock: Clock, role: Role = Role.OWNER
) -> str | None:
    """The path of a new one-time link that makes an administrator of the console, or gives one a new password.

    None where there is an administrator already and the link is only wanted for the first.
    """
    database = Database(database_url)
    try:
        database.create_tables()
        entrance = application.entrance(database, clock)
        if when is Invitation.FIRST and entrance.has_administrator():
            return None
        return f"{PREFIX}/welcome/{entrance.invite(role)}"
    finally:
        database.close()
