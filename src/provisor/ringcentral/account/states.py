"""The states of an extension and how they follow each other (section A.9).

```
Unassigned --create, inactive--> NotActivated --activate--> Enabled
Unassigned --create, active----> Enabled                    (knob: NotActivated)
Enabled <--activate, deactivate--> Disabled
NotActivated --deactivate--> NotActivated                   (knob: Disabled)
Enabled, Disabled, NotActivated --an administrator freezes--> Frozen
any --delete--> the user is gone; the seat is a new Unassigned extension
```
"""

from __future__ import annotations

from enum import StrEnum

from provisor.ringcentral.account.knobs import Activation, Deactivation, Knobs


class ExtensionStatus(StrEnum):
    """What an extension is; the values are those of RingCentral's REST API."""

    UNASSIGNED = "Unassigned"
    NOT_ACTIVATED = "NotActivated"
    ENABLED = "Enabled"
    DISABLED = "Disabled"
    FROZEN = "Frozen"


class FrozenError(Exception):
    """A frozen extension cannot be activated by a directory."""


class Activity(StrEnum):
    """What a directory says of a user by `active`."""

    ACTIVE = "active"
    INACTIVE = "inactive"

    @classmethod
    def of(cls, active: bool | None) -> Activity:  # noqa: FBT001 - SCIM's own boolean
        return cls.ACTIVE if active else cls.INACTIVE


def after_creation(activity: Activity, knobs: Knobs) -> ExtensionStatus:
    """The state of a user who was just created."""
    if activity is Activity.ACTIVE and knobs.active_on_create is Activation.ENABLED:
        return ExtensionStatus.ENABLED
    return ExtensionStatus.NOT_ACTIVATED


def after_write(before: ExtensionStatus, activity: Activity, knobs: Knobs) -> ExtensionStatus:
    """The state of a user after a write that says `active`.

    :raises FrozenError: for a frozen user who is to be activated.
    """
    match before, activity:
        case ExtensionStatus.FROZEN, Activity.ACTIVE:
            raise FrozenError
        case ExtensionStatus.FROZEN, Activity.INACTIVE:
            return before
        case _, Activity.ACTIVE:
            return ExtensionStatus.ENABLED
        case ExtensionStatus.NOT_ACTIVATED, Activity.INACTIVE:
            if knobs.never_activated is Deactivation.DISABLED:
                return ExtensionStatus.DISABLED
            return before
    return ExtensionStatus.DISABLED
