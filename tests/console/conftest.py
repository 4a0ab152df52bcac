"""A running console, a visitor, and an administrator who is signed in."""

import contextlib
import json
import shutil
import urllib.request
from urllib.parse import urlsplit

import pytest

from provisor.ringcentral import background, serving
from provisor.ringcentral.account import settings
from provisor.ringcentral.console import mounting
from provisor.ringcentral.request_log.entry import Retention
from support import postgres
from support.told_clock import ToldClock
from support.visitor import Visitor

PASSWORD = "correct horse battery"
SEATS = 20


class RunningConsole:
    """A service provider with its console."""

    def __init__(self, provider, database_url, clock):
        self.provider, self.database_url, self.clock = provider, database_url, clock
        parts = urlsplit(provider.base_url)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    def visitor(self, **headers):
        return Visitor(self.origin, **headers)

    def invitation(self):
        """The path of a fresh link that makes an administrator."""
        return mounting.invite_administrator(
            self.database_url, mounting.Invitation.ALWAYS, self.clock.now
        ).removeprefix("/admin")

    def administrator(self, name="ada", **headers):
        """A visitor who has become an administrator and is signed in."""
        visitor = self.visitor(**headers)
        answer = visitor.post(
            self.invitation(), {"name": name, "password": PASSWORD, "again": PASSWORD}, follow=False
        )
        assert answer.status == 303, answer.text
        return visitor

    def scim(self, method, path, body=None, *, token=None):
        """What SCIM answers to a request with a token of this provider: status and JSON."""
        headers = {"Authorization": f"Bearer {token or self.provider.token}"}
        request = urllib.request.Request(
            f"{self.provider.base_url}{path}",
            method=method,
            headers={**headers, "Content-Type": "application/scim+json"},
            data=json.dumps(body).encode() if body is not None else None,
        )
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    def create_user(self, email="grace@example.com", given="Grace", family="Hopper", **more):
        """A user as a directory creates one, active unless told otherwise; its id."""
        status, made = self.scim(
            "POST",
            "/Users",
            {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": email,
                "name": {"givenName": given, "familyName": family},
                "emails": [{"type": "work", "value": email}],
                "active": True,
                **more,
            },
        )
        assert status == 201, made
        return made["id"]


@contextlib.contextmanager
def running(database, clock, **options):
    """A console on a SQLite file, or on a database by its URL."""
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    options = {
        "profile": "ringcentral", "seats": SEATS, "throttling": serving.AsStored.LIMITS, "retention": Retention(),
        **options,
    }  # fmt: skip
    with background.running_provider(
        database_url=url, console=serving.Console.ON, clock=clock.now, **options
    ) as provider:
        yield RunningConsole(provider, url, clock)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A database with seats, without limits, and with the administrator ada; the cookies of her session."""
    path = tmp_path_factory.mktemp("console") / "prepared.db"
    with running(path, ToldClock()) as console:
        ada = console.administrator()
        ada.post("/directory/limits")
    return path, ada.cookies


@pytest.fixture
def clock():
    return ToldClock()


@pytest.fixture
def starting(prepared, tmp_path, clock):
    """Start a console that has ada for an administrator, until the block ends."""

    def start():
        path = tmp_path / "provider.db"
        shutil.copy(prepared[0], path)
        return running(path, clock)

    return start


@pytest.fixture
def console(starting):
    """A console that has ada for an administrator."""
    with starting() as console:
        yield console


@pytest.fixture
def empty_console(tmp_path, clock):
    """A console nobody can sign in to yet."""
    with running(tmp_path / "provider.db", clock) as console:
        yield console


@pytest.fixture
def administrator(console, prepared):
    """Ada, signed in."""
    visitor = console.visitor()
    visitor.cookies = dict(prepared[1])
    return visitor


@pytest.fixture
def overriding(prepared, tmp_path, clock):
    """Start a console whose settings the command line decides."""
    with contextlib.ExitStack() as stack:

        def start(**overrides):
            path = tmp_path / "provider.db"
            shutil.copy(prepared[0], path)
            given = settings.Overrides(**overrides)
            console = stack.enter_context(running(path, clock, overrides=given))
            visitor = console.visitor()
            visitor.cookies = dict(prepared[1])
            return console, visitor

        yield start


@pytest.fixture
def full_administrator(tmp_path, clock):
    """A console of the full profile, and an administrator of it."""
    with running(tmp_path / "full.db", clock, profile="full", seats=None) as console:
        yield console, console.administrator()


@pytest.fixture
def postgres_console(clock):
    """A console on PostgreSQL that nobody can sign in to yet."""
    with postgres.fresh_database_url() as url, running(url, clock) as console:
        yield console
