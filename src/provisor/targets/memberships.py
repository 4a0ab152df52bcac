"""Changing the members of a group (RFC 7644 section 3.5.2; Entra: PATCH shapes)."""

from __future__ import annotations

from collections.abc import Sequence

from provisor.core import objects
from provisor.core.identifiers import TargetId
from provisor.scim import dialects, patch
from provisor.targets import profile, refusals, single, transport

_GROUP = objects.ObjectType.GROUP
_NO_TARGET = "noTarget"


class Memberships:
    """Adds and removes members, and leaves all others alone."""

    def __init__(
        self,
        way: transport.Transport,
        groups: single.SingleResources,
        *,
        dialect: dialects.Dialect,
        updates: profile.MemberUpdates,
    ) -> None:
        self._transport = way
        self._groups = groups
        self._dialect = dialect
        self._updates = updates

    async def read(self, target_id: TargetId) -> frozenset[TargetId] | None:
        """The members of a group; None where the target leaves them out."""
        document = (await self._groups.read(_GROUP, target_id)).document
        members = document.get("members")
        if not isinstance(members, list):
            return None
        return frozenset(
            TargetId(str(item["value"])) for item in members if isinstance(item, dict) and "value" in item
        )

    async def change(
        self, target_id: TargetId, *, add: Sequence[TargetId], remove: Sequence[TargetId]
    ) -> None:
        """Add and remove the members in one request where the target's state allows it."""
        if not add and not remove:
            return
        doing = f"Adding {len(add)} and removing {len(remove)} members of the Group {target_id}"
        errand = self._groups.errand(doing, refusals.Subject.RESOURCE)
        if self._updates is profile.MemberUpdates.PUT:
            await self._replace(errand, target_id, add, remove)
            return
        operations = patch.member_operations(add=add, remove=remove, dialect=self._dialect)
        answer = await self._groups.patch(errand, _GROUP, target_id, operations)
        if answer.succeeded:
            return
        if not remove or self._transport.fault(answer).scim_type != _NO_TARGET:
            raise self._transport.refusal(errand, answer)
        await self._change_singly(errand, target_id, add, remove)

    async def _change_singly(
        self,
        errand: refusals.Errand,
        target_id: TargetId,
        add: Sequence[TargetId],
        remove: Sequence[TargetId],
    ) -> None:
        """After `noTarget`: somebody to remove is no member any more, and the target refused the others with them."""
        if add:
            operations = patch.member_operations(add=add, dialect=self._dialect)
            answer = await self._groups.patch(errand, _GROUP, target_id, operations)
            if not answer.succeeded:
                raise self._transport.refusal(errand, answer)
        for member in remove:
            operations = patch.member_operations(remove=(member,), dialect=self._dialect)
            answer = await self._groups.patch(errand, _GROUP, target_id, operations)
            if not answer.succeeded and self._transport.fault(answer).scim_type != _NO_TARGET:
                raise self._transport.refusal(errand, answer)

    async def _replace(
        self,
        errand: refusals.Errand,
        target_id: TargetId,
        add: Sequence[TargetId],
        remove: Sequence[TargetId],
    ) -> None:
        """For a target without PATCH: the list as it is now, changed and written back whole."""
        current = await self._groups.read(_GROUP, target_id)
        gone = frozenset(remove)
        members = {
            member["value"]: member
            for member in current.document.get("members") or ()
            if isinstance(member, dict) and "value" in member and member["value"] not in gone
        }
        for member in add:
            members.setdefault(member, {"value": member})
        await self._groups.replace(
            errand, _GROUP, target_id, {**current.document, "members": list(members.values())}
        )
