"""What a profile adds to the storage of its resources."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy
from scim2_models import GroupMember, Resource

from provisor.ringcentral.storage import filter_sql

if TYPE_CHECKING:
    from provisor.ringcentral.storage.sql_storage import SqlStorage


class ResourceRules:
    """What a profile adds to the storage, inside the transaction of the write. These rules add nothing."""

    def new_id(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> str:  # noqa: ARG002 - for rules that give what they have
        """The id of a resource about to be created, never one given before. An error refuses the write."""
        return uuid.uuid4().hex

    def creating(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
        """Complete a resource, whose id is known, before it is stored. An error refuses the write."""

    def updating(
        self, connection: sqlalchemy.Connection, resource: Resource[Any], stored: Resource[Any]
    ) -> None:
        """Complete the new state of a resource before it is stored. An error refuses the write."""

    def deleted(self, connection: sqlalchemy.Connection, storage: SqlStorage, resource_id: str) -> None:
        """Let go of what a resource held, and of what referred to it."""

    def adding_members(self, connection: sqlalchemy.Connection, members: Sequence[GroupMember]) -> None:
        """Complete members that a group is about to get. An error refuses the write."""

    def listed(self) -> filter_sql.Condition | None:
        """Which resources lists and searches show; None for all."""
        return None

    def reading(self, connection: sqlalchemy.Connection, resources: Sequence[Resource[Any]]) -> None:
        """Complete resources with what is computed and not stored."""

    @property
    def filters(self) -> filter_sql.Meaning:
        """What filters mean beyond the RFC."""
        return filter_sql.Meaning()
