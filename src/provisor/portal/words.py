"""What the portal calls the states and kinds of the engine, as texts to translate."""

from __future__ import annotations

from provisor.core.application import Application, ProvisioningScope
from provisor.core.job import Job, ScheduleState, StatusCode, status_code
from provisor.core.objects import ObjectType
from provisor.look.catalogues import mark as _

OFF = ("", _("Off"))
"""Tone and words of a job that is switched off, whatever it did before."""

STATUS: dict[StatusCode, tuple[str, str]] = {
    StatusCode.NOT_CONFIGURED: ("", _("Not configured")),
    StatusCode.NOT_RUN: ("info", _("Not run yet")),
    StatusCode.ACTIVE: ("success", _("On")),
    StatusCode.PAUSED: ("warning", _("Paused")),
    StatusCode.QUARANTINE: ("danger", _("In quarantine")),
}
"""Tone and words of a job's state."""


def status(application: Application, job: Job) -> tuple[str, str]:
    """Tone and words of how an application's job is doing."""
    code = status_code(job, configured=application.is_configured)
    is_off = job.schedule_state is ScheduleState.DISABLED
    return OFF if is_off and code is StatusCode.ACTIVE else STATUS[code]


KINDS: dict[ObjectType, str] = {ObjectType.USER: _("User"), ObjectType.GROUP: _("Group")}

SCOPES: dict[ProvisioningScope, str] = {
    ProvisioningScope.ASSIGNED: _("Only assigned users and groups"),
    ProvisioningScope.ALL: _("All users and groups"),
}
