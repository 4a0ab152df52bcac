"""A running portal, a visitor, and administrators of each role who are signed in."""

import pathlib
from urllib.parse import urlsplit

import pytest

from provisor import bootstrap
from provisor.look.sign_in.roles import Role
from provisor.portal import application, serving
from provisor.settings import Settings
from support import portal_company
from support.visitor import Visitor

PASSWORD = "correct horse battery"


class RunningPortal:
    """The portal over HTTP, and the service behind it."""

    def __init__(self, address, office, entrance):
        self.office, self.entrance = office, entrance
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    @property
    def services(self):
        return self.office.services

    @property
    def store(self):
        return self.office.store

    @property
    def pages(self):
        return application.portal_site(self.office, self.entrance).room.pages

    def visitor(self, **headers):
        return Visitor(self.origin, prefix=application.PREFIX, **headers)

    def administrator(self, name="ada", role=Role.OWNER, **headers):
        """A visitor who has become an administrator of a role and is signed in."""
        visitor = self.visitor(**headers)
        answer = visitor.post(
            f"/welcome/{self.entrance.invite(role)}",
            {"name": name, "password": PASSWORD, "again": PASSWORD},
            follow=False,
        )
        assert answer.status == 303, answer.text
        return visitor


@pytest.fixture
def mail_settings():
    """The mail server of the portal's service: none."""
    return {}


@pytest.fixture
def portal(tmp_path, mail_settings):
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/provisor.db",
        key_file=pathlib.Path(tmp_path) / "key",
        **mail_settings,
    )
    with bootstrap.opened_store(settings) as store:
        office, entrance = bootstrap.portal_office(store, settings)
        with serving.serving(office, entrance, host="127.0.0.1", port=0) as address:
            yield RunningPortal(address, office, entrance)


@pytest.fixture
def owner(portal):
    return portal.administrator("olga", Role.OWNER)


@pytest.fixture
def reader(portal):
    return portal.administrator("rita", Role.READER)


@pytest.fixture
def company(portal, tmp_path):
    with portal_company.company(portal, tmp_path) as founded:
        yield founded
