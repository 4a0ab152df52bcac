"""Admin credentials: entered, tested before they are saved, and never shown again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from starlette.responses import Response

from provisor.core.application import Application
from provisor.core.errors import InvalidInputError
from provisor.engine import applications, connection_test
from provisor.look import protection
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.office import Office, actor
from provisor.portal.provisioning import typed_settings
from provisor.portal.provisioning.kept_tokens import KeptTokens
from provisor.portal.provisioning.tab import PLACE, Tab, Typed, address

URL, TOKEN, HANDLE = "tenantUrl", "secretToken", "keptToken"


@dataclass(frozen=True, slots=True)
class _Entered:
    """What was typed: the address, and the token where another one than the saved one is meant."""

    url: str
    token: str | None
    handle: str


class CredentialPages:
    """Testing and saving of credentials, with the notification e-mail that stands beside them."""

    def __init__(self, office: Office, tab: Tab) -> None:
        self._office = office
        self._tab = tab
        self._kept = KeptTokens(office.now)

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        root = f"/applications/{{application}}/{PLACE}"
        return (
            Page(path=f"{root}/test", answer=self.test, method=Method.POST, role=acting),
            Page(path=f"{root}/credentials", answer=self.save, method=Method.POST, role=acting),
        )

    def test(self, visit: Visit) -> Response:
        """Try what was typed, without keeping it, and say what came of it."""
        application = self._application(visit)
        entered = self._entered(visit, application)
        problems = _problems(visit, application, entered)
        typed = self._typed(visit, application, entered)
        if problems:
            return self._tab.page(visit, replace(typed, problems=problems), status=422)
        trial = self._office.complete(
            connection_test.attempt(self._office.services, application, entered.url, entered.token)
        )
        return self._tab.page(visit, replace(typed, trial=trial))

    def save(self, visit: Visit) -> Response:
        """Keep the credentials and whom to notify, or nothing where something is wrong with one of them."""
        application = self._application(visit)
        entered = self._entered(visit, application)
        settings, problems = typed_settings.read(visit, application.settings, typed_settings.NOTIFICATION)
        if entered.url or entered.token or application.tenant_url:
            problems = {**problems, **_problems(visit, application, entered)}
        if problems:
            typed = self._typed(visit, application, entered)
            return self._tab.page(visit, replace(typed, problems=problems), status=422)
        if entered.url and (entered.token is not None or entered.url != application.tenant_url):
            applications.enter_credentials(
                self._office.store, application, entered.url, entered.token, by=actor(visit)
            )
        applications.change_settings(self._office.store, application, settings, by=actor(visit))
        visit.say(Tone.SUCCESS, _("Saved."))
        return visit.go(address(application))

    def _application(self, visit: Visit) -> Application:
        with self._office.store.read() as unit:
            return self._office.application(unit, visit)

    def _entered(self, visit: Visit, application: Application) -> _Entered:
        url, handle = visit.form.text(URL), visit.form.text(HANDLE)
        token = visit.form.text(TOKEN) or None
        if token is None and handle:
            token = self._kept.get(handle, _session(visit), application.id, _origin(url))
        return _Entered(url, token, handle)

    def _typed(self, visit: Visit, application: Application, entered: _Entered) -> Typed:
        """The form as it was sent; a token that was typed is kept aside, for the page must not show it."""
        handle = ""
        if entered.token is not None and entered.url:
            handle = self._kept.keep(_session(visit), application.id, _origin(entered.url), entered.token)
        keys = (URL, *typed_settings.NOTIFICATION)
        values = {key: visit.form.text(key) for key in keys if visit.form.has(key)}
        return Typed(values=values, kept_token=handle)


def _problems(visit: Visit, application: Application, entered: _Entered) -> dict[str, str]:
    """What is wrong with typed credentials, by field."""
    problem = _problem_of_url(entered.url)
    if problem is not None:
        return {URL: visit.text(problem)}
    problem = _problem_of_token(application, entered)
    return {} if problem is None else {TOKEN: visit.text(problem)}


def _problem_of_url(url: str) -> str | None:
    if not url:
        return _("Enter the tenant URL that the application gave you.")
    try:
        applications.check_credentials(url, None)
    except InvalidInputError:
        return _("This is no tenant URL. It begins with https://, names a host and holds no password.")
    return None


def _problem_of_token(application: Application, entered: _Entered) -> str | None:
    token = entered.token
    if token is not None:
        if token.isascii() and token.isprintable() and not _has_blanks(token):
            return None
        return _("The secret token holds a character that no token can hold. Copy it again.")
    if not application.has_secret_token:
        return _("Enter the secret token that the application gave you.")
    if _origin(entered.url) != _origin(application.tenant_url or ""):
        return _(
            "The tenant URL leads elsewhere now: enter the secret token again. The saved one is sent nowhere else."
        )
    return None


def _has_blanks(token: str) -> bool:
    """Whether a token has blanks inside, apart from the word Bearer that is often copied with it."""
    scheme, _, rest = token.partition(" ")
    return " " in (rest.strip() if scheme.lower() == "bearer" else token)


def _origin(url: str) -> str:
    """Where a secret token would be sent."""
    try:
        parts = urlsplit(url.strip())
        return f"{parts.scheme}://{parts.hostname}:{parts.port}".lower()
    except ValueError:
        return ""


def _session(visit: Visit) -> str:
    return protection.digest_of(visit.secret)
