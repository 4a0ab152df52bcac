"""`provisor portal`: who may enter the portal, and serving it beside the service."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from provisor import bootstrap
from provisor.cli import invocation, output
from provisor.cli.manual import FormatOption, command_group, examples
from provisor.cli.output import OutputFormat
from provisor.look.sign_in.roles import Role

if TYPE_CHECKING:
    from provisor.settings import Settings
    from provisor.store.unit_of_work import SqlStore

commands = command_group("portal", "Let administrators into the portal that `provisor serve` serves.")

PREFIX = "/portal"


@commands.command(
    epilog=examples(
        "provisor portal link",
        "provisor portal link --role reader",
        "provisor portal link --url https://provisor.example.com --format json",
    )
)
def link(
    context: typer.Context,
    role: Annotated[
        Role, typer.Option(help="What the administrator may do; a known name has to have this role.")
    ] = Role.OWNER,
    url: Annotated[
        str, typer.Option(metavar="URL", help="Where the portal is reached.")
    ] = "http://127.0.0.1:8000",
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Print a one-time link that makes an administrator of the portal, or gives one a new password.

    It works for 24 hours; links made before stop working.
    """
    with bootstrap.opened_store(invocation.settings(context)) as store:
        _, entrance = bootstrap.portal_office(store)
        address = f"{url.rstrip('/')}{PREFIX}/welcome/{entrance.invite(role)}"
    output.write_report(form, {"role": role.value, "link": address}, address)


@contextlib.contextmanager
def served(store: SqlStore, settings: Settings, host: str, port: int) -> Iterator[None]:
    """Serve the portal until the block ends; says where it is and, while nobody can sign in, how to begin."""
    from provisor.portal import serving  # noqa: PLC0415 - see `bootstrap.portal_office`

    office, entrance = bootstrap.portal_office(store, settings)
    with serving.serving(office, entrance, host=host, port=port) as address:
        if entrance.has_administrator():
            output.note(f"The portal is at {address}/")
        else:
            output.note(f"Make the administrator of the portal, once: {address}/welcome/{entrance.invite()}")
        yield
