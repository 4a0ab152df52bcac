"""A running console, a visitor, and an administrator who is signed in."""

from urllib.parse import urlsplit

import pytest

from provisor.ringcentral import background, serving
from provisor.ringcentral.console import mounting
from support.told_clock import ToldClock
from support.visitor import Visitor

PASSWORD = "correct horse battery"


class RunningConsole:
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


@pytest.fixture
def clock():
    return ToldClock()


@pytest.fixture
def console(tmp_path, clock):
    url = f"sqlite:///{tmp_path}/provider.db"
    with background.running_provider(
        database_url=url, profile="ringcentral", seats=20, console=serving.Console.ON, clock=clock.now
    ) as provider:
        yield RunningConsole(provider, url, clock)


@pytest.fixture
def administrator(console):
    return console.administrator()
