"""What administrators may do: three roles, each of which includes the ones before it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The role of an administrator; consoles without a need for roles make every administrator an owner."""

    READER = "reader"
    """Sees everything but secrets, and changes nothing."""
    APPLICATION_ADMINISTRATOR = "applicationAdministrator"
    """Also acts: on applications, assignments, plans and the directory."""
    OWNER = "owner"
    """Also decides who may sign in."""

    def includes(self, other: Role) -> bool:
        """Whether somebody of this role may do what is meant for the other."""
        order = tuple(Role)
        return order.index(self) >= order.index(other)
