"""What each profile can be asked: RingCentral's twelve operations as it declares them, and all of RFC 7644."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PARAMETERS = ("filter", "startIndex", "count")
"""What RingCentral's list can be asked."""

ALL_PARAMETERS = (*PARAMETERS, "sortBy", "sortOrder", "cursor", "attributes", "excludedAttributes")
_SELECTION = ("attributes", "excludedAttributes")
_READS = frozenset({401, 403, 429, 500})
_WRITES = _READS | {400, 404, 409}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation.

    :param id: its name; RingCentral's own where it has one.
    :param body: the component a request body is; None for none.
    :param answer: the component its success has as its body; None for none.
    :param declared: the errors it is declared to have.
    :param added: the errors it has beyond, because every service has them.
    :param parameters: its query parameters.
    :param headers: its conditional headers.
    :param scope: the app permission it needs; None outside of RingCentral.
    """

    id: str
    method: str
    path: str
    summary: str
    status: int = 200
    body: str | None = None
    answer: str | None = None
    declared: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    parameters: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    scope: str | None = None

    @property
    def is_write(self) -> bool:
        """Whether it counts as a heavy request."""
        return self.method != "get" and not self.path.endswith("/.search")


def _ringcentral(
    number: str, method: str, path: str, summary: str, errors: set[int] | frozenset[int], **more: object
) -> Operation:
    is_write = method != "get" and not path.endswith("/.search")
    has_body = "body" in more
    every = _READS | {414, 503} | ({400, 413, 415} if has_body else set())
    return Operation(
        id=f"scim{number}2",
        method=method,
        path=path,
        summary=summary,
        declared=frozenset(errors),
        added=frozenset(every - set(errors)),
        scope="EditAccounts" if is_write else "ReadAccounts",
        **more,  # type: ignore[arg-type]
    )


RINGCENTRAL = (
    _ringcentral("GetProviderConfig", "get", "/ServiceProviderConfig", "What is supported", set(), answer="ServiceProviderConfig"),
    _ringcentral("ListResourceTypes", "get", "/ResourceTypes", "The types of resources", {403}, answer="ResourceTypeList"),
    _ringcentral("GetResourceType", "get", "/ResourceTypes/{type}", "A type of resources", {404}, answer="ResourceType"),
    _ringcentral("ListSchemas", "get", "/Schemas", "The schemas", {403}, answer="SchemaList"),
    _ringcentral("GetSchema", "get", "/Schemas/{uri}", "A schema", {404}, answer="Schema"),
    _ringcentral("SearchViaGet", "get", "/Users", "Users, page by page", _READS | {400}, answer="UserList", parameters=PARAMETERS),
    _ringcentral("CreateUser", "post", "/Users", "Create a user", _WRITES, status=201, body="UserRequest", answer="User"),
    _ringcentral("SearchViaPost", "post", "/Users/.search", "Users, by a search in the body", _READS | {400}, body="SearchRequest", answer="UserList"),
    _ringcentral("GetUser", "get", "/Users/{scimUserId}", "A user", _READS | {404}, answer="User"),
    _ringcentral("UpdateUser", "put", "/Users/{scimUserId}", "Replace a user", _WRITES, body="UserRequest", answer="User"),
    _ringcentral("PatchUser", "patch", "/Users/{scimUserId}", "Change a user", _WRITES, body="PatchOp", answer="User"),
    _ringcentral("DeleteUser", "delete", "/Users/{scimUserId}", "Delete a user", _READS | {404}, status=204),
)  # fmt: skip
"""RingCentral's operations with the errors it declares (section A.2 of its documentation)."""

_EVERY = frozenset({401, 403, 406, 414, 429, 500, 503})
_BODY = frozenset({400, 413, 415})


def of_resource(name: str, endpoint: str) -> Iterator[Operation]:
    """The operations of RFC 7644 on one resource type."""
    one = f"{endpoint}/{{id}}"
    many = f"{name}List"
    yield Operation(
        id=f"list{name}s", method="get", path=endpoint, summary=f"{name} resources, page by page",
        answer=many, declared=_EVERY | {400}, parameters=ALL_PARAMETERS,
    )  # fmt: skip
    yield Operation(
        id=f"create{name}", method="post", path=endpoint, summary=f"Create a {name}", status=201,
        body=f"{name}Request", answer=name, declared=_EVERY | _BODY | {409}, parameters=_SELECTION,
    )  # fmt: skip
    yield Operation(
        id=f"search{name}s", method="post", path=f"{endpoint}/.search", summary=f"{name} resources, by a body",
        body="SearchRequest", answer=many, declared=_EVERY | _BODY,
    )  # fmt: skip
    yield Operation(
        id=f"get{name}", method="get", path=one, summary=f"A {name}", answer=name,
        declared=_EVERY | {400, 404}, parameters=_SELECTION, headers=("If-None-Match",),
    )  # fmt: skip
    yield Operation(
        id=f"replace{name}", method="put", path=one, summary=f"Replace a {name}", body=f"{name}Request",
        answer=name, declared=_EVERY | _BODY | {404, 409, 412}, parameters=_SELECTION, headers=("If-Match",),
    )  # fmt: skip
    yield Operation(
        id=f"patch{name}", method="patch", path=one, summary=f"Change a {name}", body="PatchOp", answer=name,
        declared=_EVERY | _BODY | {404, 409, 412}, parameters=_SELECTION, headers=("If-Match",),
    )  # fmt: skip
    yield Operation(
        id=f"delete{name}", method="delete", path=one, summary=f"Delete a {name}", status=204,
        declared=_EVERY | {404, 412}, headers=("If-Match",),
    )  # fmt: skip


def of_service() -> Iterator[Operation]:
    """The operations of RFC 7644 that belong to no resource type."""
    yield Operation(
        id="searchAll", method="get", path="/", summary="Resources of every type, page by page",
        answer="AnyList", declared=_EVERY | {400}, parameters=ALL_PARAMETERS,
    )  # fmt: skip
    yield Operation(
        id="searchAllWithBody", method="post", path="/.search", summary="Resources of every type, by a body",
        body="SearchRequest", answer="AnyList", declared=_EVERY | _BODY,
    )  # fmt: skip
    yield Operation(
        id="bulk", method="post", path="/Bulk", summary="Several writes in one request", body="BulkRequest",
        answer="BulkResponse", declared=_EVERY | _BODY,
    )  # fmt: skip
    for method, answer, status, body in (
        ("get", "User", 200, None),
        ("put", "User", 200, "UserRequest"),
        ("patch", "User", 200, "PatchOp"),
        ("delete", None, 204, None),
    ):
        yield Operation(
            id=f"{method}Me", method=method, path="/Me", summary="The user a token belongs to", status=status,
            body=body, answer=answer, declared=_EVERY | _BODY | {404, 409, 412, 501},
        )  # fmt: skip
    for operation_id, path, answer in (
        ("getServiceProviderConfig", "/ServiceProviderConfig", "ServiceProviderConfig"),
        ("listResourceTypes", "/ResourceTypes", "ResourceTypeList"),
        ("getResourceType", "/ResourceTypes/{type}", "ResourceType"),
        ("listSchemas", "/Schemas", "SchemaList"),
        ("getSchema", "/Schemas/{uri}", "Schema"),
    ):
        yield Operation(
            id=operation_id, method="get", path=path, summary="What there is", answer=answer,
            declared=_EVERY | ({404} if "{" in path else set()),
        )  # fmt: skip
