"""The pages everybody meets: signing in and out, making the first administrator, language and colours."""

from __future__ import annotations

from typing import assert_never

from starlette.responses import Response

from provisor.look import site
from provisor.look.catalogues import mark as _
from provisor.look.languages import Language
from provisor.look.sign_in import passwords
from provisor.look.sign_in.entrance import LONGEST_NAME, NameTaken, SignedIn, TooManyAttempts, WrongPassword
from provisor.look.site import Access, Method, Page
from provisor.look.visit import Theme, Tone, Visit


def show_sign_in(visit: Visit) -> Response:
    """The form, or the first page for who is inside already."""
    wanted = visit.query.get("next", "/")
    if visit.session is not None:
        return visit.go(site.local_path(visit.site, wanted))
    return _form(visit, wanted)


def sign_in(visit: Visit) -> Response:
    """Enter with a name and a password."""
    wanted = visit.form.text("next")
    address = visit.request.client.host if visit.request.client is not None else ""
    outcome = visit.site.entrance.sign_in(visit.form.text("name"), visit.form.exact("password"), address)
    match outcome:
        case SignedIn(session=session):
            response = visit.go(site.local_path(visit.site, wanted))
            visit.enter(response, session)
            return response
        case WrongPassword():
            problem = visit.text(_("That name and password do not belong together. Try again."))
            return _form(visit, wanted, problem=problem, status=401)
        case TooManyAttempts(wait=wait):
            problem = visit.text(
                _("Too many wrong passwords. Wait %(seconds)d seconds, then try again."),
                seconds=max(1, round(wait.total_seconds() + 0.5)),
            )
            return _form(visit, wanted, problem=problem, status=429)
        case never:
            assert_never(never)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    if visit.session is not None:
        visit.site.entrance.sign_out(visit.session)
    response = visit.go("/sign-in")
    visit.leave(response)
    return response


def show_welcome(visit: Visit) -> Response:
    """The form behind the one-time link, or the news that the link works no more."""
    if not visit.site.entrance.is_invited(visit.params["secret"]):
        return visit.page("look/link_expired.html", status=410)
    return visit.page("look/welcome.html", name="", problems={})


def welcome(visit: Visit) -> Response:
    """Make the administrator and let them in."""
    name, password = visit.form.text("name"), visit.form.exact("password")
    problems = _problems(visit, name, password)
    if problems:
        return visit.page("look/welcome.html", status=422, name=name, problems=problems)
    session = visit.site.entrance.accept(visit.params["secret"], name, password)
    if session is None:
        return visit.page("look/link_expired.html", status=410)
    if isinstance(session, NameTaken):
        problems["name"] = visit.text(
            _("Somebody whose role is not this link's has that name. Choose another one.")
        )
        return visit.page("look/welcome.html", status=422, name=name, problems=problems)
    visit.site.room.welcomed(session)
    response = visit.go("/")
    visit.enter(response, session)
    visit.session = session
    visit.say(Tone.SUCCESS, _("Welcome, %(name)s."), name=name)
    return response


def set_preferences(visit: Visit) -> Response:
    """Remember a language or colours in this browser."""
    response = visit.go(site.local_path(visit.site, visit.form.text("next")))
    if visit.form.text("language") in set(Language):
        visit.remember(response, "language", visit.form.text("language"))
    if visit.form.text("theme") in set(Theme):
        visit.remember(response, "theme", visit.form.text("theme"))
    return response


def _form(visit: Visit, wanted: str, *, problem: str = "", status: int = 200) -> Response:
    return visit.page(
        "look/sign_in.html",
        status=status,
        next=wanted,
        problem=problem,
        name=visit.form.text("name"),
        has_administrator=visit.site.entrance.has_administrator(),
    )


def _problems(visit: Visit, name: str, password: str) -> dict[str, str]:
    """What is wrong with the fields of a new administrator, by field."""
    problems = {}
    if not name:
        problems["name"] = visit.text(_("Enter a user name."))
    elif len(name) > LONGEST_NAME or not name.isprintable():
        problems["name"] = visit.text(_("Choose a shorter name of printable characters."))
    objection = passwords.objection(password, name)
    if objection is not None:
        problems["password"] = visit.text(objection)
    elif password != visit.form.exact("again"):
        problems["again"] = visit.text(_("This is not the same password."))
    return problems


PAGES = (
    Page(path="/sign-in", answer=show_sign_in, access=Access.ANYONE),
    Page(path="/sign-in", answer=sign_in, method=Method.POST, access=Access.ANYONE),
    Page(path="/sign-out", answer=sign_out, method=Method.POST, access=Access.ANYONE),
    Page(path="/welcome/{secret}", answer=show_welcome, access=Access.ANYONE),
    Page(path="/welcome/{secret}", answer=welcome, method=Method.POST, access=Access.ANYONE),
    Page(path="/preferences", answer=set_preferences, method=Method.POST, access=Access.ANYONE),
)
