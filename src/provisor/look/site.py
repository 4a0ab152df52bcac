"""A console as an ASGI application: its pages, who may see them, and the checks each request passes."""

from __future__ import annotations

import datetime as dt
import gettext
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from importlib import resources
from urllib.parse import urlencode

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from provisor.look import catalogues, forms, protection
from provisor.look.assets import Assets
from provisor.look.forms import Form
from provisor.look.languages import Language
from provisor.look.pages import NavigationGroup, Pages
from provisor.look.sign_in.entrance import Entrance
from provisor.look.sign_in.roles import Role
from provisor.look.sign_in.sessions import Session
from provisor.look.visit import Theme, Visit

_log = logging.getLogger(__name__)


class Access(Enum):
    """Who may see a page."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


class Method(StrEnum):
    """What a page is asked with: GET shows, POST acts."""

    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An address and what answers there.

    :param path: below the site's prefix, as Starlette spells it.
    :param answer: runs in a thread, so it may wait for the database. For POST it is only called with a form of ours.
    :param role: whom it is meant for, of those who are signed in; somebody of a lesser role is told so.
    """

    path: str
    answer: Callable[[Visit], Response]
    method: Method = Method.GET
    access: Access = Access.SIGNED_IN
    role: Role = Role.READER


def _nobody_to_tell(_session: Session) -> None:
    """What most consoles do when an administrator is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What makes one console different from another.

    :param name: how the product calls itself on every page, a text to translate.
    :param invitation_command: what to type on the service's machine for a new link that makes an administrator.
    :param cookie_prefix: begins the names of its cookies: consoles on one host share them.
    :param packages: packages with folders `templates`, `locale` and `static` of its own.
    :param styles: style sheets of its own, from its folders `static`.
    :param context: what its templates may use beside what every page has.
    :param welcomed: told of each session that begins with a link, by which an administrator was made.
    """

    name: str
    subtitle: str
    invitation_command: str
    cookie_prefix: str
    packages: tuple[str, ...]
    pages: tuple[Page, ...]
    navigation: tuple[NavigationGroup, ...]
    styles: tuple[str, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)
    welcomed: Callable[[Session], None] = _nobody_to_tell


class Site:
    """Serves a room below a prefix such as `/admin`."""

    def __init__(
        self, *, prefix: str, room: Room, entrance: Entrance, clock: Callable[[], dt.datetime]
    ) -> None:
        packages = (*room.packages, "provisor.look")
        folders = [resources.files(package) for package in packages]
        self.prefix = prefix
        self.room = room
        self.entrance = entrance
        self.clock = clock
        self.assets = Assets([folder / "static" for folder in folders if (folder / "static").is_dir()])
        self.texts: Mapping[Language, gettext.NullTranslations] = catalogues.read(
            folder / "locale" for folder in folders
        )
        self.pages = Pages(packages, self.texts, {**room.context, "themes": Theme, "roles": Role})

    def cookie(self, name: str) -> str:
        """The full name of a cookie."""
        return f"{self.room.cookie_prefix}_{name}"

    def url(self, path: str, asked: Mapping[str, str] | None = None) -> str:
        """The address of a page, from the root of the host, with what it is asked."""
        return f"{self.prefix}{path}" + (f"?{urlencode(asked)}" if asked else "")

    def asset(self, name: str) -> str:
        """The address of a style sheet or script."""
        return self.url(self.assets.path(name))

    def application(self) -> Starlette:
        """The ASGI application, to be mounted at the prefix."""
        routes: list[BaseRoute] = [self.assets.route()]
        routes += [
            Route(page.path, self._endpoint(page), methods=[page.method.value]) for page in self.room.pages
        ]
        return Starlette(
            routes=routes,
            middleware=[Middleware(protection.ProtectedHeaders)],
            exception_handlers={HTTPException: self._failed},
        )

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            form = await forms.read(request) if page.method is Method.POST else Form()
            try:
                return await run_in_threadpool(self._answer, page, request, form)
            except HTTPException:
                raise
            except OperationalError as error:
                _log.error("%s %s: the database did not answer: %s", page.method, page.path, error.orig)
                return await run_in_threadpool(self._error_page, request, 503)
            except Exception:  # noqa: BLE001 - the last place before the wire
                _log.exception("%s %s failed", page.method, page.path)
                return await run_in_threadpool(self._error_page, request, 500)

        return endpoint

    def _answer(self, page: Page, request: Request, form: Form) -> Response:
        visit = self._visit(request, form)
        if page.access is Access.SIGNED_IN and visit.session is None:
            return self._to_sign_in(visit, page)
        if page.access is Access.SIGNED_IN and not visit.may(page.role):
            return visit.page("look/forbidden.html", status=403, role=page.role)
        if page.method is Method.POST and not protection.is_own_form(
            request, visit.secret, form.exact("form_token")
        ):
            response = visit.page("look/stale_form.html", status=403)
        else:
            response = page.answer(visit)
        visit.keep_secret(response)
        return response

    def _visit(self, request: Request, form: Form) -> Visit:
        cookie = request.cookies.get(self.cookie("session"))
        session = self.entrance.session(cookie) if cookie else None
        if session is not None:
            secret = session.secret
        else:
            secret = request.cookies.get(self.cookie("visitor")) or protection.new_secret()
        return Visit(site=self, request=request, form=form, secret=secret, session=session)

    def _to_sign_in(self, visit: Visit, page: Page) -> Response:
        """To the sign-in page, and from there to where the visitor wanted to go."""
        if page.method is Method.GET:
            query = f"?{visit.request.url.query}" if visit.request.url.query else ""
            return visit.go("/sign-in", next=visit.path + query)
        return visit.go("/sign-in")

    async def _failed(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await run_in_threadpool(self._error_page, request, status)

    def _error_page(self, request: Request, status: int) -> Response:
        """A page that says what went wrong. It needs no database: that may be what is wrong."""
        visit = Visit(site=self, request=request, form=Form(), secret=protection.new_secret(), session=None)
        return visit.page("look/error.html", status=status, code=status)


def local_path(site: Site, wanted: str) -> str:
    """A page of the site that a visitor wants to return to, below the prefix; its first page for anything else."""
    is_local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_local and wanted.isprintable() and not wanted.startswith(site.prefix) else "/"


def every_page(*groups: Sequence[Page]) -> tuple[Page, ...]:
    """The pages of several modules in one list."""
    return tuple(page for group in groups for page in group)
