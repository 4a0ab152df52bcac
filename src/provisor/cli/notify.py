"""`provisor notify` and `provisor incidents`: what is wrong with jobs, and whether people are told."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from provisor import bootstrap
from provisor.cli import invocation, moments, output
from provisor.cli.manual import ApplicationArgument, FormatOption, LimitOption, command_group, examples
from provisor.cli.output import OutputFormat, columns
from provisor.core import notice_texts
from provisor.core.errors import InvalidInputError
from provisor.core.incidents import Incident
from provisor.core.notification import Notice
from provisor.engine import applications

commands = command_group("notify", "Check that notifications reach people.")

INCIDENTS_EXAMPLES = examples("provisor incidents", "provisor incidents RingCentral --format json")

_MOST = 1000


@commands.command("test", epilog=examples("provisor notify test RingCentral"))
def send_test(
    context: typer.Context, application: ApplicationArgument, form: FormatOption = OutputFormat.TABLE
) -> None:
    """Send a test mail to the notification address of an application, now.

    The mail server is named by the variables PROVISOR_SMTP_HOST, PROVISOR_SMTP_PORT, PROVISOR_SMTP_SECURITY (starttls,
    tls or none), PROVISOR_SMTP_USER, PROVISOR_SMTP_PASSWORD and PROVISOR_SMTP_FROM.
    """
    with invocation.application(context, application) as (services, found):
        settings = found.settings.notification
        if settings.email is None:
            raise InvalidInputError(
                f"{found.name!r} has no notification address; set one with `provisor app set {found.name!r} "
                "notificationEmail=ADDRESS`."
            )
        mailer = bootstrap.mailer(invocation.settings(context))
        if mailer is None:
            raise InvalidInputError("No mail server is named; set PROVISOR_SMTP_HOST and PROVISOR_SMTP_FROM.")
        subject, body = notice_texts.trial(found.name, settings.language)
        notice = Notice(
            id=services.new_id(),
            application_id=found.id,
            created=services.clock.now(),
            recipient=settings.email,
            subject=subject,
            body=body,
        )
        invocation.complete(mailer.send(notice))
    output.write_report(
        form,
        {"applicationId": found.id, "recipient": settings.email, "sent": True},
        f"The mail server took a test mail for {settings.email}.",
    )


def incidents(
    context: typer.Context,
    application: Annotated[
        str | None,
        typer.Argument(metavar="[APP]", help="Only this application, by name or id.", show_default=False),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """List what is or was wrong with jobs, the newest incident first; those that last have no end."""
    with invocation.services(context) as services, services.store.read() as unit:
        only = None if application is None else applications.find(unit, application).id
        names = {item.id: item.name for item in unit.applications.all()}
        documents = [_document(item, names) for item in unit.incidents.newest(only, limit or _MOST)]
    output.write_listing(
        form,
        columns(
            ("application", "Application"),
            ("kind", "What"),
            ("cause", "Cause"),
            ("opened", "Since (UTC)"),
            ("closed", "Until (UTC)"),
            ("details", "Details"),
        ),
        documents,
        limit=limit,
    )


def _document(item: Incident, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "applicationId": item.application_id,
        "application": names.get(item.application_id),
        "kind": item.trouble.kind.value,
        "cause": item.trouble.cause,
        "opened": moments.shown(item.opened),
        "closed": moments.shown(item.closed),
        "details": dict(item.trouble.details),
    }
