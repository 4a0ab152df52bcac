"""What becomes of an account when its person does not belong into the application any more, trigger by trigger.

Source: Entra knows one answer for all triggers (disable; delete after a hard delete); a choice for each is ours.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Trigger(enum.StrEnum):
    """Why an account is not to be used any more."""

    UNASSIGNED = "unassigned"
    """The assignment ended, or gives no role that provisions."""
    OUT_OF_SCOPE = "outOfScope"
    """The scoping filter does not pass any more."""
    DISABLED = "disabled"
    """Blocked from signing in: `accountEnabled` is false."""
    SOFT_DELETED = "softDeleted"
    HARD_DELETED = "hardDeleted"


class Deprovisioning(enum.StrEnum):
    """What is done with the account."""

    NOTHING = "nothing"
    DISABLE = "disable"
    DISABLE_THEN_DELETE = "disableThenDelete"
    """Disabled at once, deleted when it has been disabled for `DeprovisioningPolicy.delete_after_days`."""
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeprovisioningPolicy:
    """One choice for each trigger; `delete_after_days` (1 or more) counts from the disabling."""

    unassigned: Deprovisioning = Deprovisioning.DISABLE
    out_of_scope: Deprovisioning = Deprovisioning.DISABLE
    disabled: Deprovisioning = Deprovisioning.DISABLE
    soft_deleted: Deprovisioning = Deprovisioning.DISABLE
    hard_deleted: Deprovisioning = Deprovisioning.DELETE
    delete_after_days: int = 30

    def of(self, trigger: Trigger) -> Deprovisioning:
        """The choice for a trigger."""
        return {
            Trigger.UNASSIGNED: self.unassigned,
            Trigger.OUT_OF_SCOPE: self.out_of_scope,
            Trigger.DISABLED: self.disabled,
            Trigger.SOFT_DELETED: self.soft_deleted,
            Trigger.HARD_DELETED: self.hard_deleted,
        }[trigger]
