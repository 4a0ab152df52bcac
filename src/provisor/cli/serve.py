"""`provisor serve`: the service that runs the cycles of every started job."""

from __future__ import annotations

import sys

import structlog
import typer

from provisor import bootstrap
from provisor.cli import invocation, output
from provisor.cli.manual import examples
from provisor.runner import forgetting, service

EXAMPLES = examples(
    "provisor serve", "provisor --database postgresql://provisor@db.example.com/provisor serve"
)


def serve(context: typer.Context) -> None:
    """Run the cycles of every started job until Ctrl-C or SIGTERM.

    A cycle runs at the job's interval, and at once when something changes that concerns it, whichever process changed
    it: the command line on the same store is enough. What a cycle had not done when the service ends stays pending, and
    is done first when it starts again. What happens is logged on standard error.
    """
    settings = invocation.settings(context)
    options = service.Options(
        mailer=bootstrap.mailer(settings),
        keeping=forgetting.Keeping(
            log_days=settings.log_retention_days, audit_days=settings.audit_retention_days
        ),
    )
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with invocation.services(context) as services:
        output.note("Serving the jobs that are started (`provisor job start`); Ctrl-C ends it.")
        invocation.complete(service.serve(services, options))
