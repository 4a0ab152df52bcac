"""Requests for one resource by its id (RFC 7644 sections 3.4.1, 3.5 and 3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from provisor.core import errors, objects
from provisor.core.identifiers import TargetId
from provisor.ports import target
from provisor.scim import patch
from provisor.targets import answers, listings, refusals, tenant_url, transport
from provisor.targets.transport import Effect

ENDPOINTS: Final = {objects.ObjectType.USER: "/Users", objects.ObjectType.GROUP: "/Groups"}


class SingleResources:
    """Reads and writes single resources of one target, which messages call by `name`."""

    def __init__(self, way: transport.Transport, *, name: str) -> None:
        self._transport = way
        self._name = name

    async def read(
        self, kind: objects.ObjectType, target_id: TargetId, query: transport.Query = ()
    ) -> target.Resource:
        """The resource, verified to be the one asked for."""
        errand = self.errand(f"Reading the {kind} {target_id}", refusals.Subject.RESOURCE)
        answer = await self._transport.succeed(
            errand, "GET", _path(kind, target_id), effect=Effect.READ, query=query
        )
        if answer.document is None:
            raise refusals.not_scim(errand, answer, "the resource")
        resource = identified(errand, answer.document)
        if resource.id.casefold() != target_id.casefold():
            raise errors.TargetUnusableError(
                f"{errand.doing} in {errand.target}: it answered another resource, {resource.id}. The cycle stops "
                "here, because nothing this target says can be relied on. Look for a cache in between.",
                code=errors.ErrorCode.SERVICE_INCOMPATIBLE,
                status=answer.status,
            )
        return resource

    async def patch(
        self,
        errand: refusals.Errand,
        kind: objects.ObjectType,
        target_id: TargetId,
        operations: Sequence[patch.Operation],
    ) -> answers.Answer:
        """The target's definite answer to a PATCH, whatever it is."""
        document = patch.body(operations)
        return await self._transport.exchange(
            errand, "PATCH", _path(kind, target_id), effect=Effect.REPEATABLE, document=document
        )

    async def replace(
        self,
        errand: refusals.Errand,
        kind: objects.ObjectType,
        target_id: TargetId,
        document: Mapping[str, Any],
    ) -> None:
        """Write the whole resource back, without what only the target may write (RFC 7643 section 3.1)."""
        own = {name: value for name, value in document.items() if name.lower() != "meta"}
        await self._transport.succeed(
            errand, "PUT", _path(kind, target_id), effect=Effect.REPEATABLE, document=own
        )

    async def delete(self, kind: objects.ObjectType, target_id: TargetId) -> None:
        """Remove the resource; one that is already gone counts as removed."""
        errand = self.errand(f"Deleting the {kind} {target_id}", refusals.Subject.RESOURCE)
        answer = await self._transport.exchange(
            errand, "DELETE", _path(kind, target_id), effect=Effect.REPEATABLE
        )
        if not answer.succeeded and answer.status != 404:
            raise self._transport.refusal(errand, answer)

    def errand(self, doing: str, subject: refusals.Subject) -> refusals.Errand:
        """What is being done to this target, for messages."""
        return refusals.Errand(doing=doing, target=self._name, subject=subject)


def identified(errand: refusals.Errand, document: Mapping[str, Any]) -> target.Resource:
    """The resource with its id; raises `TargetUnusableError` where it has none."""
    resource = listings.resource(document)
    if resource is None:
        raise errors.TargetUnusableError(
            f"{errand.doing} in {errand.target}: it answered a resource without an id. The cycle stops here, "
            "because such an account could not be found again. Ask the application's operator (RFC 7643, 3.1).",
            code=errors.ErrorCode.SERVICE_INCOMPATIBLE,
        )
    return resource


def _path(kind: objects.ObjectType, target_id: TargetId) -> str:
    return f"{ENDPOINTS[kind]}/{tenant_url.segment(target_id)}"
