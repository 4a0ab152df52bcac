"""All applications, adding one from the gallery, one at a glance, renaming nothing and removing it."""

from __future__ import annotations

from starlette.responses import Response

from provisor.core.errors import ProvisorError
from provisor.core.objects import ObjectType
from provisor.engine import applications
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal import tabs
from provisor.portal.office import Office, actor


class ApplicationsPages:
    """The list of applications and what is done with one as a whole."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        return (
            Page(path="/applications", answer=self.show),
            Page(path="/applications/new", answer=self.show_gallery, role=acting),
            Page(path="/applications/new/{template}", answer=self.show_template, role=acting),
            Page(path="/applications/new/{template}", answer=self.add, method=Method.POST, role=acting),
            Page(path="/applications/{application}", answer=self.show_one),
            Page(path="/applications/{application}/properties", answer=self.show_properties),
            Page(path="/applications/{application}/remove", answer=self.ask_to_remove, role=acting),
            Page(
                path="/applications/{application}/remove", answer=self.remove, method=Method.POST, role=acting
            ),
        )

    def show(self, visit: Visit) -> Response:
        """Every application, those whose name holds what is searched."""
        text = visit.query.get("search", "").strip()
        with self._office.store.read() as unit:
            found = [
                (item, unit.jobs.get(item.id, item.settings.interval_seconds))
                for item in unit.applications.all()
                if text.casefold() in item.name.casefold()
            ]
        return visit.page("applications/applications.html", applications=found, search=text)

    def show_gallery(self, visit: Visit) -> Response:
        """The templates, those that say what is searched."""
        text = visit.query.get("search", "").strip()
        wanted = text.casefold()
        found = [
            item
            for item in self._office.gallery
            if wanted in f"{item.display_name} {item.publisher} {item.description}".casefold()
        ]
        return visit.page("applications/gallery.html", templates=found, search=text)

    def show_template(self, visit: Visit) -> Response:
        return self._form(visit, name=self._office.template(visit).display_name)

    def add(self, visit: Visit) -> Response:
        """Add an application made from the template."""
        template, name = self._office.template(visit), visit.form.text("name")
        try:
            made = applications.add(
                self._office.store,
                template,
                name,
                clock=self._office.services.clock,
                new_id=self._office.services.new_id,
                by=actor(visit),
            )
        except ProvisorError as error:
            return self._form(visit, name=name, problem=str(error), status=422)
        visit.say(
            Tone.SUCCESS,
            _("%(name)s was added. Nothing is provisioned yet: follow the steps below."),
            name=name,
        )
        return visit.go(tabs.address(made))

    def show_one(self, visit: Visit) -> Response:
        """What stands between the application and its first account, and how it fares afterwards."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            state = unit.jobs.get(application.id, application.settings.interval_seconds)
            linked = unit.links(application.id).count_by_type()
            assigned = bool(unit.applications.assignments(application.id))
        return visit.page(
            "applications/application.html",
            application=application,
            job=state,
            users=linked.get(ObjectType.USER, 0),
            groups=linked.get(ObjectType.GROUP, 0),
            is_assigned=assigned,
        )

    def show_properties(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            state = unit.jobs.get(application.id, application.settings.interval_seconds)
        return visit.page("applications/properties.html", application=application, job=state)

    def ask_to_remove(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            linked = unit.links(application.id).count()
        return visit.page("applications/remove.html", application=application, linked=linked)

    def remove(self, visit: Visit) -> Response:
        """Forget the application; its accounts stay as they are."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
        applications.remove(self._office.store, application, by=actor(visit))
        visit.say(
            Tone.SUCCESS, _("%(name)s was removed. Its accounts stay as they are."), name=application.name
        )
        return visit.go("/applications")

    def _form(self, visit: Visit, *, name: str, problem: str = "", status: int = 200) -> Response:
        template = self._office.template(visit)
        return visit.page(
            "applications/template.html", status=status, entry=template, name=name, problem=problem
        )
