"""`provisor`: the root of the command line, and how its errors become exit statuses."""

from __future__ import annotations

import errno
from typing import Annotated, Any

import sqlalchemy.exc
import typer
from typer.core import TyperGroup

import provisor
from provisor.cli import app as app_commands
from provisor.cli import (
    audit,
    demo,
    directory,
    explain,
    expression,
    gallery,
    invocation,
    job,
    log,
    notify,
    output,
    portal,
    ringcentral,
    serve,
)
from provisor.cli.exit_status import ExitStatus
from provisor.cli.manual import examples
from provisor.core.errors import ProvisorError

_ORDER = (
    "demo",
    "directory",
    "gallery",
    "app",
    "job",
    "explain",
    "expression",
    "log",
    "incidents",
    "audit",
    "notify",
    "serve",
    "portal",
    "ringcentral",
)
"""The commands in the order in which a newcomer needs them."""


_DATABASE_TROUBLES = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.DatabaseError,
)
"""What a database raises when it is not there or is none; their subclasses would be mistakes of ours."""


class _Root(TyperGroup):
    """Tells what went wrong in one paragraph on standard error."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=_ORDER.index)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ProvisorError as error:
            output.note(f"provisor: {error}")
            raise typer.Exit(ExitStatus.FAILED) from error
        except sqlalchemy.exc.DBAPIError as error:
            if type(error) not in _DATABASE_TROUBLES:
                raise
            why = " ".join(str(error.orig).split()).rstrip(".?")
            output.note(
                f"provisor: the database cannot be used: {why}. Check --database or PROVISOR_DATABASE_URL, and whether "
                "the database runs."
            )
            raise typer.Exit(ExitStatus.FAILED) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            about = f" ({error.filename})" if error.filename else ""
            output.note(f"provisor: {error.strerror or error}{about}.")
            raise typer.Exit(ExitStatus.FAILED) from error
        except KeyboardInterrupt as error:
            output.note(
                "provisor: interrupted. What a cycle had not done yet stays pending for the next one."
            )
            raise typer.Exit(ExitStatus.INTERRUPTED) from error


root = typer.Typer(
    name="provisor",
    cls=_Root,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "provisor directory import ./company",
        'provisor app add ringcentral --name "RingCentral"',
        "provisor app assign RingCentral --group Telephony --role Standard",
        "provisor app credentials RingCentral --tenant-url https://platform.ringcentral.com/scim/v2 < token.txt",
        "provisor job plan RingCentral",
        "provisor job run RingCentral",
        "provisor log RingCentral --status failure --since 1d",
    )
    + "\n\nExit status: 0 done, 1 failed, 2 wrong usage, 3 done with failed objects, 4 held for a person. "
    "Results go to standard output, progress and remarks to standard error.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        output.print_line(f"provisor {provisor.__version__}")
        raise typer.Exit


@root.callback()
def provisor_command(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            envvar="PROVISOR_DATABASE_URL",
            show_envvar=True,
            help="The store: sqlite:///PATH or postgresql://USER@HOST/NAME. Without it, .provisor/provisor.db in the "
            "working folder.",
            show_default=False,
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Keep the accounts of your applications equal to what your directory says.

    People and groups are imported into the directory; applications are added from the gallery, get people assigned and
    credentials entered. The job of an application makes a plan of what its accounts need, and applies it: all the
    differences at first, then what changed since. A plan that would take away too many accounts is held until a
    person applies it. The provisioning log tells what was done to whom, and why.
    """
    invocation.prepare(context, database)


root.command("demo", epilog=examples("provisor demo --once", "provisor demo --users 200"))(demo.demo)
root.command("serve", epilog=serve.EXAMPLES)(serve.serve)
root.add_typer(directory.commands)
root.add_typer(gallery.commands)
root.add_typer(app_commands.commands)
root.add_typer(job.commands)
root.command("explain", epilog=explain.EXAMPLES)(explain.explain)
root.add_typer(expression.commands)
root.command("log", epilog=log.EXAMPLES)(log.log)
root.command("audit", epilog=audit.EXAMPLES)(audit.audit)
root.command("incidents", epilog=notify.INCIDENTS_EXAMPLES)(notify.incidents)
root.add_typer(notify.commands)
root.add_typer(portal.commands)
root.add_typer(ringcentral.commands)


def run() -> None:
    """The entry point of the `provisor` command."""
    root(prog_name="provisor")
