"""What the pages of the portal work on."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.exceptions import HTTPException

from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.core.errors import NotFoundError
from provisor.core.template import Template
from provisor.engine import applications
from provisor.engine.services import Services
from provisor.look.visit import Visit
from provisor.portal.work import Works
from provisor.ports.mailer import Mailer
from provisor.ports.store import Store, UnitOfWork

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The mail server that the environment names, without its password, and what sends over it.

    :param port: None for the usual one.
    :param user: None where nobody signs in to it.
    """

    host: str
    port: int | None
    security: str
    user: str | None
    sender: str
    mailer: Mailer


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The provisioning service, seen from its portal.

    :param gallery: the templates that applications are made from.
    :param services: what the engine's use cases need; cycles themselves are run by the service, not by the portal.
    :param closing: set when the portal ends, so that answers that go on by themselves end, too.
    :param works: what administrators have the portal do that takes longer than a request.
    """

    services: Services
    gallery: Sequence[Template]
    mail: MailServer | None = None
    closing: threading.Event = field(default_factory=threading.Event)
    works: Works = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "works", Works(self.now))

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self.services.store

    def now(self) -> dt.datetime:
        """The current moment."""
        return self.services.clock.now()

    def application(self, unit: UnitOfWork, visit: Visit) -> Application:
        """The application a page's address names by id or name; the page is not found where there is none."""
        return self.application_of(unit, visit.params["application"])

    def application_of(self, unit: UnitOfWork, name_or_id: str) -> Application:
        """The same by its id or name."""
        try:
            return applications.find(unit, name_or_id)
        except NotFoundError as error:
            raise HTTPException(404) from error

    def template(self, visit: Visit) -> Template:
        """The template a page's address names; the page is not found where the gallery has none of that id."""
        for item in self.gallery:
            if item.id == visit.params["template"]:
                return item
        raise HTTPException(404)

    def complete(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of asynchronous work of the engine, such as a question to a target, run to its end."""
        return asyncio.run(work)


def actor(visit: Visit) -> Actor:
    """Who acts, for the audit log."""
    if visit.session is None:
        raise AssertionError("only pages for who is signed in act")
    return Actor(visit.session.administrator)
