"""`provisor serve`: the service that runs the cycles of every started job."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import structlog
import typer

from provisor import bootstrap, telemetry
from provisor.cli import invocation, output
from provisor.cli import portal as portal_commands
from provisor.cli.manual import examples
from provisor.runner import forgetting, service
from provisor.settings import Settings

EXAMPLES = examples(
    "provisor serve",
    "provisor serve --portal-port 9000 --metrics-port 9464",
    "provisor --database postgresql://provisor@db.example.com/provisor serve",
)


def serve(  # noqa: PLR0917 - options, all given by name
    context: typer.Context,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Serve figures for Prometheus (/metrics) and whether the service is well (/health) on this port.",
            show_default=False,
        ),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(help="The address of this machine that figures are served on.")
    ] = "127.0.0.1",
    portal: Annotated[
        bool,
        typer.Option("--portal/--no-portal", envvar="PROVISOR_PORTAL", help="Serve the portal."),
    ] = True,
    portal_port: Annotated[
        int,
        typer.Option(min=0, max=65535, envvar="PROVISOR_PORTAL_PORT", help="The port of the portal."),
    ] = 8000,
    portal_host: Annotated[
        str,
        typer.Option(
            envvar="PROVISOR_PORTAL_HOST",
            help="The address of this machine that the portal is served on. Beyond this machine, put TLS before it.",
        ),
    ] = "127.0.0.1",
) -> None:
    """Run the cycles of every started job until Ctrl-C or SIGTERM.

    A cycle runs at the job's interval, and at once when something changes that concerns it, whichever process changed
    it: the command line on the same store is enough. What a cycle had not done when the service ends stays pending, and
    is done first when it starts again. What happens is logged on standard error. The portal is served beside it;
    the first time, a link that makes its administrator is printed. Mails about incidents leave over the
    server that PROVISOR_SMTP_HOST names.
    """
    figures = None if metrics_port is None else telemetry.PrometheusTelemetry()
    options = _options(invocation.settings(context), figures)
    configure_log()
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(bootstrap.opened_store(invocation.settings(context)))
        services = bootstrap.services_on(store)
        if portal:
            stack.enter_context(
                portal_commands.served(store, invocation.settings(context), portal_host, portal_port)
            )
        if figures is not None and metrics_port is not None:
            port = stack.enter_context(telemetry.served(figures, metrics_host, metrics_port))
            output.note(f"Figures are at http://{metrics_host}:{port}/metrics, health at /health.")
        output.note("Serving the jobs that are started (`provisor job start`); Ctrl-C ends it.")
        invocation.complete(service.serve(services, options))


def configure_log() -> None:
    """Log on standard error. Tracebacks are told without the values of variables, among which are tokens and people."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _options(settings: Settings, figures: telemetry.PrometheusTelemetry | None) -> service.Options:
    return service.Options(
        mailer=bootstrap.mailer(settings),
        telemetry=figures,
        keeping=forgetting.Keeping(
            log_days=settings.log_retention_days, audit_days=settings.audit_retention_days
        ),
    )
