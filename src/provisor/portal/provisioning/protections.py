"""Protected accounts: those that no plan may disable or delete."""

from __future__ import annotations

from starlette.responses import Response

from provisor.core.application import Application
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.objects import ObjectType
from provisor.core.protection import ProtectedKind
from provisor.engine import applications, protecting
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.office import Office, actor
from provisor.portal.provisioning.tab import PLACE, Tab, Typed, address

_FIELDS = ("protectedKind", "protectedName", "protectedNote")
_TYPES = {"user": ObjectType.USER, "group": ObjectType.GROUP}


class ProtectionPages:
    """Protecting an account, and ending that."""

    def __init__(self, office: Office, tab: Tab) -> None:
        self._office = office
        self._tab = tab

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        root = f"/applications/{{application}}/{PLACE}"
        return (
            Page(path=f"{root}/protect", answer=self.protect, method=Method.POST, role=acting),
            Page(path=f"{root}/unprotect", answer=self.unprotect, method=Method.POST, role=acting),
        )

    def protect(self, visit: Visit) -> Response:
        application, form = self._application(visit), visit.form
        kind, name, note = (form.text(key) for key in _FIELDS)
        problems = {}
        if not name:
            problems["protectedName"] = visit.text(_("Say whose account is meant."))
        if not note:
            problems["protectedNote"] = visit.text(_("Say why, for whoever comes upon it."))
        found = None
        if name:
            found, problem = self._meant(visit, kind, name)
            if problem:
                problems["protectedName"] = problem
        if problems or found is None:
            values = {key: form.text(key) for key in _FIELDS}
            return self._tab.page(visit, Typed(values=values, problems=problems), status=422)
        protecting.protect(
            self._office.store,
            application,
            *found,
            note=note,
            clock=self._office.services.clock,
            by=actor(visit),
        )
        visit.say(Tone.SUCCESS, _("The account is protected: no plan disables or deletes it."))
        return visit.go(address(application))

    def unprotect(self, visit: Visit) -> Response:
        application = self._application(visit)
        kind = visit.form.text("kind")
        if kind in set(ProtectedKind):
            try:
                protecting.unprotect(
                    self._office.store,
                    application,
                    ProtectedKind(kind),
                    visit.form.text("id"),
                    by=actor(visit),
                )
                visit.say(Tone.SUCCESS, _("The account is not protected any more."))
            except NotFoundError:
                visit.say(Tone.WARNING, _("The account was not protected any more."))
        return visit.go(address(application))

    def _meant(self, visit: Visit, kind: str, name: str) -> tuple[tuple[ProtectedKind, str] | None, str]:
        """The account that is meant, or what is wrong with its name."""
        if kind not in _TYPES:
            return (ProtectedKind.ACCOUNT, name), ""
        try:
            with self._office.store.read() as unit:
                subject = applications.principal(unit, _TYPES[kind], name)
        except NotFoundError:
            return None, visit.text(_("The directory has nobody and no group of that name."))
        except InvalidInputError:
            return None, visit.text(_("Several groups have that name: enter the id of one of them."))
        return (ProtectedKind.OBJECT, subject.id), ""

    def _application(self, visit: Visit) -> Application:
        with self._office.store.read() as unit:
            return self._office.application(unit, visit)
