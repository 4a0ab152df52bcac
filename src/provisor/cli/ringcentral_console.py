"""What `provisor ringcentral` says and does about the service provider's admin console."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from provisor.cli import output

if TYPE_CHECKING:
    from provisor.ringcentral.serving import Console


class AdministratorRole(StrEnum):
    """What an administrator of the console may do."""

    OWNER = "owner"
    READER = "reader"


ConsoleOption = Annotated[
    bool, typer.Option("--console/--no-console", help="Serve the admin console under /admin beside SCIM.")
]


RoleOption = Annotated[
    AdministratorRole,
    typer.Option(help="owner: can do everything. reader: sees everything, and changes nothing."),
]


def wanted(console: bool) -> Console:
    """The option as the service provider takes it."""
    from provisor.ringcentral import serving  # noqa: PLC0415 - see `provisor.cli.ringcentral`

    return serving.Console.ON if console else serving.Console.OFF


def tell(database: str, host: str, port: int) -> None:
    """Say where the console is and, while nobody can sign in, the link that makes the administrator."""
    from provisor.ringcentral import serving  # noqa: PLC0415 - see `provisor.cli.ringcentral`
    from provisor.ringcentral.console import mounting  # noqa: PLC0415

    path = mounting.invite_administrator(database, mounting.Invitation.FIRST, serving.utc_now)
    shown = f"[{host}]" if ":" in host else host
    if path is None:
        output.note(f"The admin console is at http://{shown}:{port}/admin/")
    else:
        output.note(f"Make the administrator of the console, once: http://{shown}:{port}{path}")


def link(database: str, url: str, role: AdministratorRole) -> str:
    """A new one-time link, below the address the service provider is reached at."""
    from provisor.look.sign_in.roles import Role  # noqa: PLC0415 - see `provisor.cli.ringcentral`
    from provisor.ringcentral import serving  # noqa: PLC0415
    from provisor.ringcentral.console import mounting  # noqa: PLC0415

    always = mounting.Invitation.ALWAYS
    path = mounting.invite_administrator(database, always, serving.utc_now, Role(role.value))
    return f"{url.rstrip('/')}{path}"
