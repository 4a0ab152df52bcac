"""What the pages about mappings call things, as texts to translate."""

from __future__ import annotations

from provisor.core.attribute_mapping import FlowType
from provisor.core.preview import Effect
from provisor.core.schema import TargetAction
from provisor.look.catalogues import mark as _

FLOW_TYPES: dict[FlowType, str] = {
    FlowType.ALWAYS: _("Always"),
    FlowType.ON_CREATE: _("Only during object creation"),
    FlowType.ADD_VALUES: _("Always, adding values and removing none"),
    FlowType.KEEP_VALUES: _("Adding values; a single one only where there is none"),
    FlowType.FILL: _("Only while the account has no value"),
}
"""When a mapping applies."""

ACTIONS: dict[TargetAction, str] = {
    TargetAction.CREATE: _("Create"),
    TargetAction.UPDATE: _("Update"),
    TargetAction.DELETE: _("Delete"),
}

EFFECTS: dict[Effect, tuple[str, str, str]] = {
    Effect.LEAVES: ("danger", _("Who leaves"), _("lose their account: it is disabled or deleted")),
    Effect.FAILS: ("danger", _("Who cannot be provisioned"), _("cannot be provisioned any more")),
    Effect.ENTERS: ("success", _("Who enters"), _("get an account, or have it enabled again")),
    Effect.KEPT_OUT: ("warning", _("Who is kept out"), _("would have got an account, and do not")),
    Effect.STAYS: ("info", _("Who stays"), _("would have lost their account, and do not")),
    Effect.CHANGES: ("info", _("Who changes"), _("get other attributes")),
    Effect.ANYWAY: ("", _("Whoever changes anyway"), _("are changed without this as well")),
}
"""Tone, name and meaning of what a change does to people, the losses first."""

REQUESTS: dict[str, str] = {
    "list": _("pages of the listing"),
    "find": _("searches"),
    "read": _("reads"),
    "create": _("creations"),
    "update": _("updates"),
    "enable": _("enablings"),
    "disable": _("disablings"),
    "delete": _("deletions"),
}
"""What requests are made for."""

KINDS = {"User": _("Users"), "Group": _("Groups")}
"""Object mappings by the name of their source object."""
