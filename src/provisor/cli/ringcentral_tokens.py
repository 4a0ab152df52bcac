"""`provisor ringcentral token`: the SCIM tokens of a service provider."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisor.cli import moments, output, ringcentral_database
from provisor.cli import ringcentral_options as options
from provisor.cli.manual import FormatOption, examples
from provisor.cli.output import OutputFormat
from provisor.cli.ringcentral_database import DatabaseOption
from provisor.cli.ringcentral_options import ProfileOption
from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.account.tokens import NewToken, Token
    from provisor.ringcentral.storage.database import Database

commands = typer.Typer(
    name="token",
    help="Make a SCIM token and print it; list, rotate and revoke those there are.",
    invoke_without_command=True,
    rich_markup_mode="markdown",
)

_COLUMNS = output.columns(
    ("id", "Id"),
    ("state", "State"),
    ("description", "Description"),
    ("created", "Created"),
    ("createdBy", "By"),
    ("expires", "Expires"),
    ("lastUsed", "Last used"),
)
_TokenArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The token's id, as `token list` shows it.")
]
_DescriptionOption = Annotated[str, typer.Option(help="What the token is for.", show_default=False)]
_ExpiresOption = Annotated[
    str | None,
    typer.Option(
        "--expires",
        metavar="LENGTH",
        help="How long it works, such as 90d; without it, until it is revoked.",
        show_default=False,
    ),
]

_ForUserOption = Annotated[
    str | None,
    typer.Option(
        "--for-user",
        metavar="USER-ID",
        help="The user the token belongs to, for whom it may say /Me; without it, the token is a service's.",
        show_default=False,
    ),
]


@commands.callback(
    epilog=examples(
        "provisor ringcentral token",
        'provisor ringcentral token create --description "Entra ID" --expires 90d',
        "provisor ringcentral token list",
        "provisor ringcentral token rotate 3f9c2a81d07b --grace 1h",
        "provisor ringcentral token | provisor app credentials RingCentral --tenant-url http://127.0.0.1:8080/scim/v2",
    )
)
def token(
    context: typer.Context,
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a SCIM token and print it; it is stored as a hash only, so it cannot be shown again.

    With a command it does what the command says.
    """
    if context.invoked_subcommand is None:
        _create(profile, database, form, description="", expires=None, for_user=None)


@commands.command(epilog=examples('provisor ringcentral token create --description "Entra ID" --expires 90d'))
def create(
    *,
    description: _DescriptionOption = "",
    expires: _ExpiresOption = None,
    for_user: _ForUserOption = None,
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a SCIM token and print it; it cannot be shown again."""
    _create(profile, database, form, description=description, expires=expires, for_user=for_user)


@commands.command("list", epilog=examples("provisor ringcentral token list --format json"))
def list_tokens(
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show the tokens there are, without the tokens themselves."""
    from provisor.ringcentral.account import tokens  # noqa: PLC0415 - see provisor.cli.ringcentral

    with _opened(database, profile) as (opened, now):
        items = [_document(each, now) for each in tokens.listed(opened, profile)]
    output.write_listing(form, _COLUMNS, items)


@commands.command(
    epilog=examples(
        "provisor ringcentral token rotate 3f9c2a81d07b",
        "provisor ringcentral token rotate 3f9c2a81d07b --grace 0s",
    )
)
def rotate(
    token_id: _TokenArgument,
    *,
    grace: Annotated[
        str, typer.Option(metavar="LENGTH", help="How long the old token works on; 0s ends it at once.")
    ] = "24h",
    expires: _ExpiresOption = None,
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a token in the place of another, and print it."""
    from provisor.ringcentral.account import tokens  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.storage.token_owners import TokenOwners  # noqa: PLC0415

    length, ends = options.lifetime(grace) or dt.timedelta(), options.lifetime(expires)
    with _opened(database, profile) as (opened, now):
        made = tokens.rotate(
            opened,
            profile,
            token_id,
            now,
            grace=length,
            created_by=getpass.getuser(),
            expires=None if ends is None else now + ends,
        )
        TokenOwners(opened).pass_on(token_id, made.token.id)
    _write_new(form, profile, made)


@commands.command(epilog=examples("provisor ringcentral token revoke 3f9c2a81d07b"))
def revoke(
    token_id: _TokenArgument,
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """End a token; a provider that runs notices within a second."""
    from provisor.ringcentral.account import tokens  # noqa: PLC0415 - see provisor.cli.ringcentral

    with _opened(database, profile) as (opened, now):
        tokens.revoke(opened, profile, token_id, now)
    output.write_report(form, {"id": token_id, "state": "revoked"}, f"The token {token_id} is revoked.")


@contextmanager
def _opened(database: str | None, profile: ProfileName) -> Iterator[tuple[Database, dt.datetime]]:
    from provisor.ringcentral import serving  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.storage.database import Database  # noqa: PLC0415

    opened = Database(ringcentral_database.url(database, profile))
    try:
        with options.told():
            serving.prepare(opened, profile)
            yield opened, serving.utc_now()
    finally:
        opened.close()


def _create(
    profile: ProfileName,
    database: str | None,
    form: OutputFormat,
    *,
    description: str,
    expires: str | None,
    for_user: str | None,
) -> None:
    from provisor.ringcentral.account import tokens  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.storage.token_owners import TokenOwners  # noqa: PLC0415

    ends = options.lifetime(expires)
    with _opened(database, profile) as (opened, now), opened.unit():
        made = tokens.create(
            opened,
            profile,
            now,
            description=description,
            created_by=getpass.getuser(),
            expires=None if ends is None else now + ends,
        )
        if for_user is not None:
            TokenOwners(opened).give(made.token.id, for_user)
    _write_new(form, profile, made)


def _write_new(form: OutputFormat, profile: ProfileName, made: NewToken) -> None:
    document = {"profile": profile.value, "id": made.token.id, "token": made.secret}
    output.write_report(form, document, made.secret)


def _document(token: Token, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": token.id,
        "state": token.state(now).value,
        "description": token.description,
        "created": moments.shown(token.created),
        "createdBy": token.created_by,
        "expires": moments.shown(token.expires),
        "lastUsed": moments.shown(token.last_used),
        "revoked": moments.shown(token.revoked),
    }
