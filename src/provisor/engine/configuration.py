"""What an application needs before anything can be asked of its target."""

from __future__ import annotations

from provisor.core import errors, plan
from provisor.core.application import Application
from provisor.core.identifiers import ApplicationId
from provisor.core.job import Job, ScheduleState
from provisor.ports.store import Store


def configured(store: Store, application_id: ApplicationId) -> tuple[Application, Job, str]:
    """An application that can be reached, its job and its secret token.

    Raises `NotFoundError`, or `InvalidInputError` where no credentials were entered.
    """
    with store.read() as unit:
        application = unit.applications.find(application_id)
        if application is None:
            raise errors.NotFoundError(f"There is no application {application_id}.")
        job = unit.jobs.get(application_id, application.settings.interval_seconds)
        token = unit.applications.secret_token(application_id)
    if not application.tenant_url or token is None:
        raise errors.InvalidInputError(
            f"{application.name!r} has no admin credentials yet: enter tenant URL and secret token with "
            "`provisor app credentials`."
        )
    return application, job, token


def runnable(
    store: Store, application_id: ApplicationId, made: plan.Plan | None
) -> tuple[Application, Job, str]:
    """The same, where a cycle may run; a plan that takes another back may also while the job is paused.

    Raises `NotFoundError`, or `InvalidInputError` where no credentials were entered or the job is paused.
    """
    application, job, token = configured(store, application_id)
    mends = made is not None and made.origin is plan.Origin.UNDO
    if job.schedule_state is ScheduleState.PAUSED and not mends:
        raise errors.InvalidInputError(
            f"The job of {application.name!r} is paused; start it with `provisor job start`."
        )
    return application, job, token
