"""Requests over HTTP to a service provider that runs, with its token."""

from __future__ import annotations

import http.client
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

IDLE = 2.0
"""Seconds after which a connection is opened anew: the server closes idle ones after five."""

_numbers = itertools.count(1)


def unused(name: str) -> str:
    """A name nobody has had in this run, so that tests can share one provider."""
    return f"{name}{next(_numbers)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; header names are in lower case, a body that is not JSON is its bytes."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def id(self) -> str:
        """The id of the resource the answer shows."""
        return str(self.body["id"])

    @property
    def etag(self) -> str:
        """The version in the header."""
        return self.headers["etag"]

    @property
    def error(self) -> tuple[int, str | None]:
        """The status and the `scimType` of a refusal, once its form is found to be right."""
        assert self.headers["content-type"].startswith("application/scim+json")
        assert self.body["schemas"] == [ERROR]
        assert self.body["status"] == str(self.status)
        return self.status, self.body.get("scimType")


@dataclass(slots=True, kw_only=True)
class ScimHttp:
    """One client of a service provider, on a connection that stays open."""

    base_url: str
    token: str
    _connection: http.client.HTTPConnection | None = field(default=None)
    _used: float = field(default=0.0)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: str = "",
        headers: dict[str, str | None] | None = None,
    ) -> Answer:
        """One request. A header given as None is not sent; a body of bytes is sent as it is."""
        base = urlsplit(self.base_url)
        if self._connection is not None and time.monotonic() - self._used > IDLE:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=60)
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        wanted: dict[str, str | None] = {"Authorization": f"Bearer {self.token}"}
        if content is not None:
            wanted["Content-Type"] = "application/scim+json"
        wanted |= headers or {}
        sent = {name: value for name, value in wanted.items() if value is not None}
        target = quote(f"{base.path}{path}", safe="/:%?=&") + (f"?{query}" if query else "")
        self._connection.request(method, target, content, sent)
        response = self._connection.getresponse()
        raw = response.read()
        self._used = time.monotonic()
        named = {name.lower(): value for name, value in response.getheaders()}
        is_json = "json" in named.get("content-type", "")
        parsed = json.loads(raw) if raw and is_json else raw or None
        return Answer(status=response.status, headers=named, body=parsed)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str, **options: Any) -> Answer:
        return self.send("GET", path, **options)

    def find(self, path: str, scim_filter: str) -> Answer:
        """The list a filter gives."""
        return self.send("GET", path, query=f"filter={quote(scim_filter)}")

    def patch(self, path: str, *operations: dict[str, Any], **options: Any) -> Answer:
        """A PATCH of some operations."""
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **options)

    def bulk(self, *operations: dict[str, Any], **members: Any) -> Answer:
        """A bulk request of some operations."""
        return self.send("POST", "/Bulk", {"schemas": [BULK], "Operations": list(operations), **members})

    def user(self, **attributes: Any) -> Answer:
        """A user created with a name nobody has, unless `userName` is given."""
        body = {"schemas": [USER], "userName": unused("user"), **attributes}
        answer = self.send("POST", "/Users", body)
        assert answer.status == 201, answer.body
        return answer

    def group(self, *member_ids: str, **attributes: Any) -> Answer:
        """A group created with members."""
        body = {"schemas": [GROUP], "displayName": unused("Group"), **attributes}
        if member_ids:
            body["members"] = [{"value": each} for each in member_ids]
        answer = self.send("POST", "/Groups", body)
        assert answer.status == 201, answer.body
        return answer
