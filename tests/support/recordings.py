"""Recorded requests of real clients, read from YAML and replayed over HTTP.

A recording says who sends what, what there was before, and what each provider answers. `<ada>` stands for the id of
the resource given as `ada`, in the request as in the answer.
"""

from __future__ import annotations

import http.client
import json
import pathlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import yaml

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ABSENT_ID = "4294967296"
"""What `<name>` stands for where the provider has no such resource: groups, at RingCentral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One exchange.

    :param requests: what is sent, in order; each has a `line`, and may have `headers` and a `body`.
    :param answered: by the name of a provider, the `status` (of each request), and what is told of the last answer and
        of what there is afterwards.
    :param together: whether all requests are sent at the same time.
    """

    id: str
    client: str
    means: str
    given: dict[str, dict[str, Any]]
    requests: list[dict[str, Any]]
    answered: dict[str, dict[str, Any]]
    together: bool

    def expectation(self, provider: str) -> dict[str, Any] | None:
        """What a provider answers; None where nothing is recorded of it."""
        return self.answered.get(provider, self.answered.get("both" if provider != "strict" else provider))


def read(folder: pathlib.Path) -> list[Recording]:
    """Every recording of a folder of YAML files, one file a client."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [
            Recording(
                id=each["id"],
                client=document["client"],
                means=each["means"],
                given=each.get("given", {}),
                requests=each["requests"] if "requests" in each else [each["request"]],
                answered=each["answered"],
                together=each.get("together", False),
            )
            for each in document["recordings"]
        ]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `body` is None where there was none."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(slots=True, kw_only=True)
class Line:
    """A connection to one provider, kept open, on which requests are sent exactly as they are given."""

    base_url: str
    token: str
    _connection: http.client.HTTPConnection | None = field(default=None, init=False)

    def send(
        self,
        line: str,
        body: Any = None,
        headers: dict[str, str | None] | None = None,
        token: str | None = None,
    ) -> Answer:
        """Send `METHOD target`; a header that is None is not sent."""
        method, _, target = line.partition(" ")
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent: dict[str, str | None] = {"Authorization": f"Bearer {token or self.token}"}
        if content is not None:
            sent["Content-Type"] = "application/scim+json"
        sent |= headers or {}
        if content is not None or method in ("POST", "PUT", "PATCH"):
            sent["Content-Length"] = str(len(content or b""))
        try:
            return self._exchange(method, target, content, sent)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server ends connections that were idle for some seconds.
            self.close()
            return self._exchange(method, target, content, sent)

    def _exchange(
        self, method: str, target: str, content: bytes | None, headers: dict[str, str | None]
    ) -> Answer:
        base = urlsplit(self.base_url)
        if self._connection is None:
            self._connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=20)
        connection = self._connection
        connection.putrequest(method, f"{base.path}{target}", skip_accept_encoding=True)
        for name, value in headers.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(content)
        response = connection.getresponse()
        raw = response.read()
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=json.loads(raw) if raw else None,
        )

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def person(name: str, **more: Any) -> dict[str, Any]:
    """A user both profiles take."""
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": f"{name}@example.com",
        "name": {"givenName": name.title(), "familyName": "Moss"},
        "emails": [{"type": "work", "value": f"{name}@example.com"}],
        "active": True,
    } | more


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    """The body of a PATCH."""
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}


class Stage:
    """The resources one recording is played with, on a provider that has no others."""

    def __init__(self, line: Line, *, has_groups: bool) -> None:
        self.line = line
        self._has_groups = has_groups
        self.ids: dict[str, str] = {}
        self._places: dict[str, str] = {}

    def clear(self) -> None:
        """Delete every resource there is."""
        for endpoint in ("/Groups", "/Users") if self._has_groups else ("/Users",):
            while rows := self.line.send(f"GET {endpoint}?count=100").body["Resources"]:
                for row in rows:
                    self.line.send(f"DELETE {endpoint}/{row['id']}")

    def set(self, given: dict[str, dict[str, Any]]) -> None:
        """Create what a recording starts from: users, and groups of them."""
        for name, more in given.get("users", {}).items():
            self._create(name, "/Users", person(name, **self.filled(more)))
        for name, more in given.get("groups", {}).items():
            if self._has_groups:
                listed = [{"value": self.ids[member]} for member in more.get("members", [])]
                body = {"schemas": [GROUP], "displayName": name.title()} | more | {"members": listed}
                self._create(name, "/Groups", body)
            else:
                self.ids[name] = ABSENT_ID

    def _create(self, name: str, endpoint: str, body: dict[str, Any]) -> None:
        answer = self.line.send(f"POST {endpoint}", body)
        assert answer.status == 201, answer
        self.ids[name] = answer.body["id"]
        self._places[name] = f"{endpoint}/{answer.body['id']}"

    def filled(self, value: Any) -> Any:
        """A value of a recording with the ids in place of the names."""
        if isinstance(value, str):
            for name, identifier in self.ids.items():
                value = value.replace(f"<{name}>", identifier)
            return value
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, dict):
            return {self.filled(key): self.filled(each) for key, each in value.items()}
        return value

    def shown(self, name: str) -> Answer:
        """What the provider shows of a resource now."""
        return self.line.send(f"GET {self._places[name]}")

    def play(self, recording: Recording) -> list[Answer]:
        """Send the requests of a recording, in order or at the same time."""
        if not recording.together:
            return [self._send(self.line, request) for request in recording.requests]
        lines = [Line(base_url=self.line.base_url, token=self.line.token) for _ in recording.requests]
        with ThreadPoolExecutor(len(lines)) as pool:
            answers = list(pool.map(self._send, lines, recording.requests))
        for line in lines:
            line.close()
        return answers

    def _send(self, line: Line, request: dict[str, Any]) -> Answer:
        headers = dict(request.get("headers", {}))
        if "scheme" in request:
            headers["Authorization"] = f"{request['scheme']} {line.token}"
        return line.send(self.filled(request["line"]), self.content(request), headers)

    def content(self, request: dict[str, Any]) -> Any:
        """The body of a request: as recorded, or the resource as it was read, with changes."""
        if "text" in request:
            return self.filled(request["text"]).encode()
        if "echo" in request:
            if request["echo"] not in self._places:
                return self.filled(request.get("changed", {}))
            shown = self.shown(request["echo"]).body | self.filled(request.get("changed", {}))
            body = {name: value for name, value in shown.items() if name not in request.get("without", ())}
            return patch({"op": request["wrap"], "value": body}) if "wrap" in request else body
        return self.filled(request.get("body"))


def differences(expected: Any, found: Any, where: str = "") -> list[str]:
    """Where something found is not what was expected: objects may hold more, null means absent, lists are whole."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{where}: expected an object, found {found!r}"]
        told = []
        for key, value in expected.items():
            if value is None:
                told += [f"{where}.{key}: expected nothing, found {found[key]!r}"] if key in found else []
            else:
                told += differences(value, found.get(key), f"{where}.{key}")
        return told
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [
            each for index, (one, other) in pairs for each in differences(one, other, f"{where}[{index}]")
        ]
    if expected != found or type(expected) is not type(found):
        return [f"{where}: expected {expected!r}, found {found!r}"]
    return []
