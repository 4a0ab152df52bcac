"""What the portal calls the states and kinds of the engine, as texts to translate."""

from __future__ import annotations

from provisor.core.application import ProvisioningScope
from provisor.core.job import StatusCode
from provisor.core.objects import ObjectType
from provisor.look.catalogues import mark as _

STATUS: dict[StatusCode, tuple[str, str]] = {
    StatusCode.NOT_CONFIGURED: ("", _("Not configured")),
    StatusCode.NOT_RUN: ("info", _("Not run yet")),
    StatusCode.ACTIVE: ("success", _("On")),
    StatusCode.PAUSED: ("warning", _("Paused")),
    StatusCode.QUARANTINE: ("danger", _("In quarantine")),
}
"""Tone and words of a job's state."""

KINDS: dict[ObjectType, str] = {ObjectType.USER: _("User"), ObjectType.GROUP: _("Group")}

SCOPES: dict[ProvisioningScope, str] = {
    ProvisioningScope.ASSIGNED: _("Only assigned users and groups"),
    ProvisioningScope.ALL: _("All users and groups"),
}
