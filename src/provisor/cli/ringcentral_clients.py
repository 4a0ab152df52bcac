"""`provisor ringcentral client`: the applications that may ask for tokens by OAuth."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisor.cli import moments, output, ringcentral_database
from provisor.cli import ringcentral_options as options
from provisor.cli.manual import FormatOption, command_group, examples
from provisor.cli.output import OutputFormat
from provisor.cli.ringcentral_database import DatabaseOption
from provisor.ringcentral.account.scopes import ALL_SCOPES, READ_ONLY
from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.account.oauth_clients import Client
    from provisor.ringcentral.storage.database import Database

commands = command_group("client", "Register the applications that may ask for tokens by OAuth.")

_PROFILE = ProfileName.RINGCENTRAL  # the only one with OAuth
_COLUMNS = output.columns(
    ("id", "Id"),
    ("name", "Name"),
    ("kind", "Kind"),
    ("scopes", "Scopes"),
    ("redirectUris", "Sent back to"),
    ("created", "Created"),
    ("revoked", "Revoked"),
)


@commands.command(
    epilog=examples(
        'provisor ringcentral client create "Entra ID" --redirect-uri https://portal.azure.com/TokenAuthorize',
        "provisor ringcentral client create Phone --redirect-uri http://127.0.0.1:7000/back --public",
    )
)
def create(
    name: Annotated[str, typer.Argument(help="The name that the consent page shows.", show_default=False)],
    *,
    redirect_uri: Annotated[
        list[str],
        typer.Option(
            "--redirect-uri",
            metavar="URI",
            help="Where people are sent back to, exactly: https, or http on this machine. May be given several times.",
            show_default=False,
        ),
    ],
    public: Annotated[
        bool,
        typer.Option("--public", help="It cannot keep a secret: it gets none, and proves itself by PKCE."),
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="It gets ReadAccounts, and not EditAccounts.")
    ] = False,
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Register an application, and print its id and its secret, which cannot be shown again."""
    from provisor.ringcentral import serving  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.account import oauth_clients  # noqa: PLC0415
    from provisor.ringcentral.account.oauth_clients import ClientKind  # noqa: PLC0415

    with _opened(database) as opened:
        made = oauth_clients.create(
            opened,
            serving.utc_now(),
            name=name,
            redirect_uris=redirect_uri,
            kind=ClientKind.PUBLIC if public else ClientKind.CONFIDENTIAL,
            scopes=READ_ONLY if read_only else ALL_SCOPES,
        )
    document = {"id": made.client.id, "secret": made.secret}
    output.write_record(form, document, lambda: output.write_facts(document.items()))


@commands.command("list", epilog=examples("provisor ringcentral client list --format json"))
def list_clients(database: DatabaseOption = None, form: FormatOption = OutputFormat.TABLE) -> None:
    """Show the registered applications."""
    from provisor.ringcentral.account import oauth_clients  # noqa: PLC0415 - see provisor.cli.ringcentral

    with _opened(database) as opened:
        items = [_document(each) for each in oauth_clients.listed(opened)]
    output.write_listing(form, _COLUMNS, items)


@commands.command(epilog=examples("provisor ringcentral client revoke cD3x8Qm1kzY2r0aVvL9w5A"))
def revoke(
    client_id: Annotated[str, typer.Argument(metavar="ID", help="The application's id.", show_default=False)],
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """End an application; a provider that runs notices within a second."""
    from provisor.ringcentral import serving  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.account import oauth_clients  # noqa: PLC0415

    with _opened(database) as opened:
        oauth_clients.revoke(opened, client_id, serving.utc_now())
    output.write_report(
        form, {"id": client_id, "state": "revoked"}, f"The application {client_id} is revoked."
    )


@contextlib.contextmanager
def _opened(database: str | None) -> Iterator[Database]:
    from provisor.ringcentral import serving  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.storage.database import Database  # noqa: PLC0415

    opened = Database(ringcentral_database.url(database, _PROFILE))
    try:
        with options.told():
            serving.prepare(opened, _PROFILE)
            yield opened
    finally:
        opened.close()


def _document(client: Client) -> dict[str, Any]:
    return {
        "id": client.id,
        "name": client.name,
        "kind": client.kind.value,
        "scopes": sorted(client.scopes),
        "redirectUris": list(client.redirect_uris),
        "created": moments.shown(client.created),
        "revoked": moments.shown(client.revoked),
    }
