"""One request of a visitor: who they are, what they sent, and the answers a page can give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from provisor.look import languages, protection
from provisor.look.forms import Form
from provisor.look.sign_in.roles import Role
from provisor.look.sign_in.sessions import Session

if TYPE_CHECKING:
    from provisor.look.site import Site


class Theme(StrEnum):
    """Which colours a visitor wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Tone(StrEnum):
    """How a sentence is meant; also the name of its colours."""

    SUCCESS = "success"
    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


YEAR = 365 * 24 * 3600


class Visit:
    """What a page is given to answer from.

    :param secret: what the visitor's cookie holds: a session's secret, or one that only ties forms to a browser.
    :param session: the session, when somebody is signed in.
    """

    def __init__(
        self, *, site: Site, request: Request, form: Form, secret: str, session: Session | None
    ) -> None:
        self.site = site
        self.request = request
        self.form = form
        self.secret = secret
        self.session = session
        self.language = languages.chosen(
            request.cookies.get(site.cookie("language")), request.headers.get("accept-language")
        )
        theme = request.cookies.get(site.cookie("theme"), "")
        self.theme = Theme(theme) if theme in set(Theme) else Theme.SYSTEM

    @property
    def params(self) -> Mapping[str, str]:
        """The variable parts of the address."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def path(self) -> str:
        """The address of the page below the site's prefix."""
        return self.request.url.path.removeprefix(self.site.prefix) or "/"

    @property
    def here(self) -> str:
        """The page with its query, to come back to."""
        query = self.request.url.query
        return f"{self.path}?{query}" if query and self.request.method == "GET" else self.path

    @property
    def page_notices(self) -> Sequence[tuple[str, str]]:
        """What was kept for this page to say, once."""
        return self.site.entrance.take_notices(self.session) if self.session is not None else []

    def may(self, role: Role) -> bool:
        """Whether whoever is signed in may do what is meant for a role; pages leave out what they may not."""
        return self.session is not None and self.session.role.includes(role)

    def is_at(self, path: str) -> bool:
        """Whether the page is at an address or below it; the first page is only itself."""
        return self.path == path or (path != "/" and self.path.startswith(f"{path}/"))

    @property
    def origin(self) -> str:
        """The scheme and host the visitor used to come here."""
        return f"{self.request.url.scheme}://{self.request.headers.get('host', self.request.url.netloc)}"

    def text(self, message: str, **values: object) -> str:
        """A text of the code in the visitor's language, its `%(name)s` filled in."""
        translated = self.site.texts[self.language].gettext(message)
        return translated % values if values else translated

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """An HTML page in the visitor's language."""
        return HTMLResponse(self.part(template, **context), status_code=status)

    def part(self, template: str, **context: Any) -> str:
        """A template in the visitor's language as a text, such as a piece of a page that is there already."""
        surroundings = {
            "visit": self,
            "site": self.site,
            "form_token": protection.form_token(self.secret),
            "now": self.site.clock(),
            **context,
        }
        return self.site.pages.render(self.language, template, surroundings)

    def go(self, path: str, **query: str) -> Response:
        """Send the browser to another page of the site, with GET."""
        asked = f"?{urlencode(query)}" if query else ""
        return RedirectResponse(f"{self.site.prefix}{path}{asked}", status_code=303)

    def say(self, tone: Tone, message: str, **values: object) -> None:
        """Keep a sentence for the next page of whoever is signed in."""
        if self.session is not None:
            self.site.entrance.leave_notice(self.session, tone.value, self.text(message, **values))

    def remember(self, response: Response, name: str, value: str) -> None:
        """Set a cookie that stays for a year, such as the language."""
        self._set_cookie(response, name, value, max_age=YEAR)

    def enter(self, response: Response, session: Session) -> None:
        """Give the browser the cookie of a session that began."""
        self._set_cookie(response, "session", session.secret, max_age=None)

    def keep_secret(self, response: Response) -> None:
        """Give a browser that is not signed in the secret its forms are tied to, unless it has it."""
        if self.session is None and self.request.cookies.get(self.site.cookie("visitor")) != self.secret:
            self._set_cookie(response, "visitor", self.secret, max_age=None)

    def leave(self, response: Response) -> None:
        """Take the session's cookie back."""
        response.delete_cookie(self.site.cookie("session"), path=self.site.prefix)

    def _set_cookie(self, response: Response, name: str, value: str, *, max_age: int | None) -> None:
        response.set_cookie(
            self.site.cookie(name),
            value,
            max_age=max_age,
            path=self.site.prefix,
            secure=self.request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
