"""The service provider in this process, spoken to as ASGI: everything but the socket."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from provisor.ringcentral import serving
from provisor.ringcentral.account.knob_texts import assignments
from provisor.ringcentral.account.settings import Overrides

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class ToldClock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Requests to one service provider, with its token."""

    app: Starlette
    token: str
    clock: ToldClock

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """The answer with its JSON; `more` is that of `raw`."""
        answer = self.raw(method, path, body, **more)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        body = answer.body.decode() if is_page else json.loads(answer.body) if answer.body else None
        return replace(answer, body=body)

    def raw(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: str = "",
        headers: dict[str, str] | None = None,
        path_prefix: str = "/scim/v2",
    ) -> Answer:
        """The answer with the bytes of its body."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/scim+json",
            "host": "scim.example",
        }
        sent |= headers or {}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": f"{path_prefix}{path}",
            "raw_path": quote(f"{path_prefix}{path}").encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent.items()],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 50000),
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        asyncio.run(self.app(scope, receive, send))
        names = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
        whole = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(status=messages[0]["status"], headers=names, body=whole)

    def find(self, path: str, scim_filter: str) -> Answer:
        return self.send("GET", path, query=f"filter={quote(scim_filter)}")

    def patch(self, path: str, *operations: dict[str, Any]) -> Answer:
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


MakeWire = Callable[..., Wire]


@pytest.fixture
def make_wire(tmp_path):
    """Start a provider of a profile, on its own database unless told otherwise.

    `knobs` are texts as the command line takes them; what else is given goes to `serving.create_app`.
    """

    opened: list[Starlette] = []

    def make(
        profile: str,
        *,
        url: str | None = None,
        token: str | None = None,
        knobs: Sequence[str] = (),
        **how: Any,
    ) -> Wire:
        url = url or f"sqlite:///{tmp_path}/{profile}.db"
        clock = ToldClock()
        token = token or serving.create_token(url, profile, clock=clock)
        how = {"throttling": None, "overrides": Overrides(knobs=assignments(knobs)), "clock": clock} | how
        app = serving.create_app(database_url=url, profile=profile, **how)
        opened.append(app)
        return Wire(app=app, token=token, clock=clock)

    yield make
    for app in opened:
        app.state.database.close()


@pytest.fixture
def ringcentral(make_wire):
    return make_wire("ringcentral", seats=50)


@pytest.fixture
def full(make_wire):
    return make_wire("full")


@pytest.fixture
def ada():
    """The golden example of a user who is created."""
    return {
        "schemas": [USER, ENTERPRISE],
        "externalId": "hr-4411",
        "userName": "ada.moss@example.com",
        "name": {"givenName": "Ada", "familyName": "Moss"},
        "emails": [{"type": "work", "value": "ada.moss@example.com"}],
        "addresses": [
            {
                "type": "work",
                "streetAddress": "1 Pier Rd",
                "locality": "Oakland",
                "region": "CA",
                "postalCode": "94607",
                "country": "US",
            }
        ],
        ENTERPRISE: {"department": "Labs"},
    }
