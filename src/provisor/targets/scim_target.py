"""The SCIM 2.0 client: an application's accounts over RFC 7644."""

from __future__ import annotations

import urllib.parse
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from random import Random
from typing import Any, Final

from provisor.core import errors, objects
from provisor.core.changes import Modification
from provisor.core.identifiers import TargetId
from provisor.core.requests import RequestCounts
from provisor.ports import clock, target
from provisor.scim import comparison, dialects, filters, patch, paths, recipes, resources
from provisor.targets import (
    answers,
    connection,
    listings,
    memberships,
    profile,
    rate_budget,
    refusals,
    single,
    tenant_url,
    transport,
)
from provisor.targets.transport import Effect

_WITHOUT_MEMBERS: Final[transport.Query] = (("excludedAttributes", "members"),)
_PLAIN: Final[transport.Query] = ()


class ScimTarget:
    """A SCIM 2.0 service provider, as `ports.target.Target`.

    Nothing is opened before the first request; `aclose` releases what was. Raises `InvalidInputError` for a tenant
    URL, token or certificate file that cannot be used. `random` spreads waiting times and makes the probe's value.
    """

    def __init__(
        self,
        *,
        tenant_url_text: str,
        token: str,
        settings: profile.TargetProfile,
        time: clock.Clock,
        random: Random,
    ) -> None:
        url = tenant_url.parse(tenant_url_text)
        self._settings = settings
        self._dialect = settings.dialect or url.dialect or dialects.RFC
        self._random = random
        self._transport = transport.Transport(
            url=url, token=connection.BearerToken(token), settings=settings, time=time, random=random
        )
        self._single = single.SingleResources(self._transport, name=url.base)
        self._memberships = memberships.Memberships(
            self._transport, self._single, dialect=self._dialect, updates=settings.member_updates
        )

    @property
    def max_members_per_request(self) -> int:
        return self._settings.max_members_per_request

    @property
    def page_size(self) -> int:
        return self._settings.page_size

    @property
    def concurrency(self) -> int:
        return self._settings.concurrency

    @property
    def requests(self) -> RequestCounts:
        return self._transport.requests

    @property
    def reads(self) -> rate_budget.PaceStatistics:
        """What the reads cost so far."""
        return self._transport.budget.reads.statistics

    @property
    def writes(self) -> rate_budget.PaceStatistics:
        """What the writes cost so far."""
        return self._transport.budget.writes.statistics

    def listing_omits(self, kind: objects.ObjectType) -> frozenset[str]:
        return self._settings.listing_omissions.get(kind, frozenset())

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def test_connection(self, kind: objects.ObjectType, attribute: str) -> None:
        """Ask for a random GUID as the attribute's value (Entra: test connection); an empty list is the right answer."""
        value = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        errand = self._single.errand(
            f"Testing the connection with a search by {attribute}", refusals.Subject.COLLECTION
        )
        found = await self._search(errand, kind, attribute, value)
        if found.total:
            raise _filter_ignored(errand, attribute, found)

    async def find(self, kind: objects.ObjectType, attribute: str, value: str) -> tuple[target.Resource, ...]:
        errand = self._single.errand(
            f"Looking for the {kind} with {attribute} “{value}”", refusals.Subject.COLLECTION
        )
        found = await self._search(errand, kind, attribute, value)
        path = paths.parse(attribute)
        verified = []
        for document in found.documents:
            resource = await self._with_attribute(kind, path, single.identified(errand, document))
            if _holds(resource, path, value):
                verified.append(resource)
        if found.total and not verified:
            raise _filter_ignored(errand, attribute, found)
        return tuple(verified)

    async def listing(self, kind: objects.ObjectType) -> AsyncIterator[target.ListingPage]:
        """Every resource; ends at `total`, at an empty page, or where page after page brings nothing new."""
        progress = listings.Progress()
        more = True
        while more:
            errand = self._single.errand(
                f"Listing {kind}s from number {progress.start}", refusals.Subject.COLLECTION
            )
            query = (("startIndex", str(progress.start)), ("count", str(self.page_size)), *_projection(kind))
            answer = await self._transport.succeed(
                errand, "GET", single.ENDPOINTS[kind], effect=Effect.READ, query=query
            )
            found = _listed(errand, answer)
            page = target.ListingPage(
                resources=tuple(single.identified(errand, document) for document in found.documents),
                total=found.total,
            )
            more = progress.advance(page)
            yield page

    async def read(self, kind: objects.ObjectType, target_id: TargetId) -> target.Resource:
        return await self._single.read(kind, target_id, _projection(kind))

    async def create(self, kind: objects.ObjectType, values: Mapping[str, Any]) -> target.Resource:
        document = recipes.build(values, resource_type=kind.value)
        errand = self._single.errand(
            f"Creating the {kind} {_described(values)}", refusals.Subject.NEW_RESOURCE
        )
        answer = await self._transport.succeed(
            errand, "POST", single.ENDPOINTS[kind], effect=Effect.CREATION, document=document
        )
        created = listings.resource(answer.document)
        if created is not None:
            return created
        target_id = _id_in(answer.headers.get("Location", ""), single.ENDPOINTS[kind])
        if not target_id:
            raise errors.OutcomeUnknownError(
                f"{errand.doing} in {errand.target}: it answered {answer.status}, but neither the new id nor a "
                "Location. The account was probably created, and is looked up before anything is repeated.",
                code=errors.ErrorCode.SERVICE_INCOMPATIBLE,
                status=answer.status,
            )
        return target.Resource(id=TargetId(target_id), document={**document, "id": target_id})

    async def update(
        self, kind: objects.ObjectType, target_id: TargetId, changes: Sequence[Modification]
    ) -> None:
        errand = self._single.errand(f"Updating the {kind} {target_id}", refusals.Subject.RESOURCE)
        if self._dialect.update_method is dialects.UpdateMethod.PUT:
            current = await self._single.read(kind, target_id)
            values = [(change.path, None if change.new in ((), []) else change.new) for change in changes]
            await self._single.replace(
                errand, kind, target_id, resources.with_values(current.document, values)
            )
            return
        operations = patch.operations(changes, self._dialect)
        if not operations:
            return
        answer = await self._single.patch(errand, kind, target_id, operations)
        if not answer.succeeded:
            raise self._transport.refusal(errand, answer)

    async def change_members(
        self, target_id: TargetId, *, add: Sequence[TargetId] = (), remove: Sequence[TargetId] = ()
    ) -> None:
        await self._memberships.change(target_id, add=add, remove=remove)

    async def members(self, target_id: TargetId) -> frozenset[TargetId] | None:
        return await self._memberships.read(target_id)

    async def delete(self, kind: objects.ObjectType, target_id: TargetId) -> None:
        await self._single.delete(kind, target_id)

    async def _search(
        self, errand: refusals.Errand, kind: objects.ObjectType, attribute: str, value: str
    ) -> listings.Listed:
        name = self._settings.filter_names.get(attribute, attribute)
        query = (("filter", filters.eq(name, value, self._dialect.element_filter)), *_projection(kind))
        answer = await self._transport.exchange(
            errand, "GET", single.ENDPOINTS[kind], effect=Effect.READ, query=query
        )
        if answer.status in (400, 501):
            raise self._transport.filter_refusal(errand, answer)
        if not answer.succeeded:
            raise self._transport.refusal(errand, answer)
        return _listed(errand, answer)

    async def _with_attribute(
        self, kind: objects.ObjectType, path: paths.AttributePath, resource: target.Resource
    ) -> target.Resource:
        """The resource as found, or read whole where listings leave out the attribute that it was searched by."""
        omitted = {name.lower() for name in self.listing_omits(kind)}
        if path.lowered not in omitted or resources.value_at(resource.document, path) is not None:
            return resource
        return await self.read(kind, resource.id)


def _projection(kind: objects.ObjectType) -> transport.Query:
    """A group's members may be many thousand, and nobody here wants them (Entra: get group)."""
    return _WITHOUT_MEMBERS if kind is objects.ObjectType.GROUP else _PLAIN


def _id_in(location: str, endpoint: str) -> str:
    """The id at the end of a resource's address; empty where there is none."""
    _, found, segment = urllib.parse.urlsplit(location).path.rstrip("/").rpartition(f"{endpoint}/")
    return urllib.parse.unquote(segment) if found else ""


def _listed(errand: refusals.Errand, answer: answers.Answer) -> listings.Listed:
    found = listings.listed(answer.document)
    if found is None:
        raise refusals.not_scim(errand, answer, "a list of resources (RFC 7644, 3.4.2)")
    return found


def _holds(resource: target.Resource, path: paths.AttributePath, value: str) -> bool:
    """Whether the resource has the value, in any case; where a path without a filter leads to several, one of them."""
    held = resources.value_at(resource.document, path)
    return any(comparison.same(one, value) for one in (held if isinstance(held, list) else (held,)))


def _filter_ignored(
    errand: refusals.Errand, attribute: str, found: listings.Listed
) -> errors.FilterNotHonouredError:
    return errors.FilterNotHonouredError(
        f"{errand.doing} in {errand.target}: it answered {found.total} resources, none of which has the value. So it "
        "does not honour the filter, it is not known whether the account exists, and nothing is created. "
        f"Match on an attribute that the application can filter by, instead of {attribute}.",
        code=errors.ErrorCode.SERVICE_INCOMPATIBLE,
        status=200,
    )


def _described(values: Mapping[str, Any]) -> str:
    """The name by which a person knows the object."""
    for path in ("userName", "displayName", "externalId"):
        value = values.get(path)
        if value:
            return f"“{value}”"
    return "without a name"
