"""`provisor serve`: the service that runs the cycles of every started job."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import structlog
import typer

from provisor import bootstrap, telemetry
from provisor.cli import invocation, output
from provisor.cli.manual import examples
from provisor.runner import forgetting, service
from provisor.settings import Settings

EXAMPLES = examples(
    "provisor serve",
    "provisor serve --metrics-port 9464",
    "provisor --database postgresql://provisor@db.example.com/provisor serve",
)


def serve(
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
) -> None:
    """Run the cycles of every started job until Ctrl-C or SIGTERM.

    A cycle runs at the job's interval, and at once when something changes that concerns it, whichever process changed
    it: the command line on the same store is enough. What a cycle had not done when the service ends stays pending, and
    is done first when it starts again. What happens is logged on standard error. Mails about incidents leave over the
    server that PROVISOR_SMTP_HOST names.
    """
    figures = None if metrics_port is None else telemetry.PrometheusTelemetry()
    options = _options(invocation.settings(context), figures)
    configure_log()
    with contextlib.ExitStack() as stack:
        services = stack.enter_context(invocation.services(context))
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
