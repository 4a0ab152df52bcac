"""One's own account: the password, where one is signed in, language and colours."""

from __future__ import annotations

from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.sign_in import passwords
from provisor.look.sign_in.register import Outcome
from provisor.look.sign_in.sessions import Session
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.administration.words import MAY, ROLES

PLACE = "/account"


def show(visit: Visit) -> Response:
    return _page(visit)


def change_password(visit: Visit) -> Response:
    """Replace the password, which ends the other sessions."""
    session = _session(visit)
    problems = _problems(visit, session)
    if problems:
        return _page(visit, problems)
    address = visit.request.client.host if visit.request.client is not None else ""
    outcome = visit.site.entrance.register.change_password(
        session, visit.form.exact("current"), visit.form.exact("password"), address
    )
    match outcome:
        case Outcome.DONE:
            visit.say(Tone.SUCCESS, _("Your password was changed. Your other sessions have ended."))
            return visit.go(PLACE)
        case Outcome.TOO_MANY_ATTEMPTS:
            text = _("Too many wrong passwords. Wait a while, then try again.")
            return _page(visit, {"current": visit.text(text)}, status=429)
        case _:
            return _page(visit, {"current": visit.text(_("This is not your password."))})


def end_sessions(visit: Visit) -> Response:
    """End every session of one's own but this one."""
    session = _session(visit)
    count = visit.site.entrance.register.end_sessions(session.administrator, but=session)
    visit.say(Tone.SUCCESS, _("Other sessions ended: %(count)d."), count=count)
    return visit.go(PLACE)


def _page(visit: Visit, problems: dict[str, str] | None = None, *, status: int = 422) -> Response:
    session = _session(visit)
    return visit.page(
        "administration/account.html",
        status=status if problems else 200,
        sessions=visit.site.entrance.register.sessions(session),
        role=visit.text(ROLES[session.role]),
        may=visit.text(MAY[session.role]),
        problems=problems or {},
    )


def _problems(visit: Visit, session: Session) -> dict[str, str]:
    """What is wrong with the new password, by field."""
    password = visit.form.exact("password")
    objection = passwords.objection(password, session.administrator)
    if objection is not None:
        return {"password": visit.text(objection)}
    if password != visit.form.exact("again"):
        return {"again": visit.text(_("This is not the same password."))}
    return {}


def _session(visit: Visit) -> Session:
    if visit.session is None:
        raise AssertionError("only who is signed in has an account")
    return visit.session


PAGES = (
    Page(path=PLACE, answer=show),
    Page(path=f"{PLACE}/password", answer=change_password, method=Method.POST),
    Page(path=f"{PLACE}/sessions", answer=end_sessions, method=Method.POST),
)
"""Everybody has one, whatever their role."""
