"""The administrators of the portal: who they are, inviting them, their roles, their sessions, removing them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core.audit import Activity
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.register import Administrator, Outcome, Register
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.administration.acts import INVITATION, Acts
from provisor.portal.administration.words import MAY, ROLES
from provisor.portal.office import Office, actor

PLACE = "/administration/administrators"

_LAST_OWNER = _("Nothing was changed: %(name)s is the last owner. Make somebody else an owner first.")


class AdministratorPages:
    """Everybody sees who the administrators are; owners change it."""

    def __init__(self, office: Office) -> None:
        self._acts = Acts(office)

    def pages(self) -> tuple[Page, ...]:
        one, owner, post = f"{PLACE}/{{administrator}}", Role.OWNER, Method.POST
        return (
            Page(path=PLACE, answer=self.show),
            Page(path=f"{PLACE}/invite", answer=self.invite, method=post, role=owner),
            Page(path=one, answer=self.show_one, role=owner),
            Page(path=f"{one}/role", answer=self.set_role, method=post, role=owner),
            Page(path=f"{one}/sessions", answer=self.end_sessions, method=post, role=owner),
            Page(path=f"{one}/remove", answer=self.ask_to_remove, role=owner),
            Page(path=f"{one}/remove", answer=self.remove, method=post, role=owner),
        )

    def show(self, visit: Visit) -> Response:
        return self._list(visit)

    def invite(self, visit: Visit) -> Response:
        """Make a link for a role; it is on this page and never shown again."""
        role = _role(visit)
        if role is None:
            return self._list(visit, problem=visit.text(_("Choose a role.")))
        secret = visit.site.entrance.invite(role)
        self._acts.note(
            actor(visit), Activity.ADD_ADMINISTRATOR, INVITATION, after={"role": role.value, "link": "made"}
        )
        link = f"{visit.origin}{visit.site.url('/welcome/' + secret)}"
        return visit.page("administration/invitation.html", link=link, role=visit.text(ROLES[role]))

    def show_one(self, visit: Visit) -> Response:
        return visit.page(
            "administration/administrator.html", found=_found(visit), role_options=_options(visit)
        )

    def set_role(self, visit: Visit) -> Response:
        """Give somebody another role."""
        found, role = _found(visit), _role(visit)
        if role is None:
            visit.say(Tone.DANGER, _("Choose a role."))
            return visit.go(f"{PLACE}/{found.id}")
        if role is found.role:
            return visit.go(PLACE)
        if _is_done(visit, _register(visit).set_role(found.name, role), found):
            self._acts.note(
                actor(visit),
                Activity.CHANGE_ADMINISTRATOR_ROLE,
                found.name,
                before={"role": found.role.value},
                after={"role": role.value},
            )
            visit.say(
                Tone.SUCCESS,
                _("%(name)s has the role %(role)s now."),
                name=found.name,
                role=visit.text(ROLES[role]),
            )
        return visit.go(PLACE)

    def end_sessions(self, visit: Visit) -> Response:
        """Sign somebody out everywhere but here."""
        found = _found(visit)
        count = _register(visit).end_sessions(found.name, but=visit.session)
        visit.say(Tone.SUCCESS, _("Sessions of %(name)s ended: %(count)d."), name=found.name, count=count)
        return visit.go(PLACE)

    def ask_to_remove(self, visit: Visit) -> Response:
        return visit.page("administration/remove.html", found=_found(visit))

    def remove(self, visit: Visit) -> Response:
        """Let somebody in no more, at once."""
        found = _found(visit)
        if _is_done(visit, _register(visit).remove(found.name), found):
            self._acts.note(
                actor(visit),
                Activity.REMOVE_ADMINISTRATOR,
                found.name,
                before={"role": found.role.value},
            )
            visit.say(Tone.SUCCESS, _("%(name)s was removed, and is signed out."), name=found.name)
        return visit.go(PLACE)

    def _list(self, visit: Visit, *, problem: str = "") -> Response:
        return visit.page(
            "administration/administrators.html",
            status=422 if problem else 200,
            administrators=_register(visit).administrators(),
            role_names=ROLES,
            explanations=MAY,
            role_options=_options(visit),
            problem=problem,
        )


def _register(visit: Visit) -> Register:
    return visit.site.entrance.register


def _found(visit: Visit) -> Administrator:
    """Whom the address names; the page is not found where they are none any more."""
    found = _register(visit).find(visit.params["administrator"])
    if found is None:
        raise HTTPException(404)
    return found


def _role(visit: Visit) -> Role | None:
    typed = visit.form.text("role")
    return Role(typed) if typed in set(Role) else None


def _options(visit: Visit) -> list[tuple[str, str]]:
    return [(role.value, visit.text(name)) for role, name in ROLES.items()]


def _is_done(visit: Visit, outcome: Outcome, found: Administrator) -> bool:
    """Whether a change was made; where it was not, the next page says why."""
    if outcome is Outcome.UNKNOWN:
        raise HTTPException(404)
    if outcome is Outcome.LAST_OWNER:
        visit.say(Tone.DANGER, _LAST_OWNER, name=found.name)
    return outcome is Outcome.DONE
