"""One person or group: its accounts in every application, and why it stands with one of them as it does."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core import log_entry
from provisor.core.identifiers import ObjectId
from provisor.core.links import LinkQuery
from provisor.core.objects import DirectoryObject
from provisor.core.provisioning_log import LogQuery
from provisor.engine import explaining
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal.office import Office
from provisor.portal.people import explained
from provisor.ports.store import UnitOfWork

LATEST = 10
"""Log entries that are shown; the provisioning logs have all of them."""


class PeoplePages:
    """A person's page, and the explanation for one application."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/people/{object}", answer=self.show),
            Page(path="/applications/{application}/explain/{object}", answer=self.explain),
        )

    def show(self, visit: Visit) -> Response:
        """Every application, with the account there, if there is one."""
        with self._office.store.read() as unit:
            subject = _subject(unit, visit)
            query = LinkQuery(object_id=subject.id)
            accounts = [
                (item, next(iter(unit.links(item.id).listing(query, limit=1)), None))
                for item in unit.applications.all()
            ]
        return visit.page(
            "people/person.html",
            subject=subject,
            accounts=sorted(accounts, key=lambda item: item[1] is None),
            told=explained,
        )

    def explain(self, visit: Visit) -> Response:
        """Why somebody is, or is not, in an application, and what was done to the account; the target is not asked."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            subject = _subject(unit, visit)
            entries = unit.log(application.id).entries(LogQuery(identity=subject.id), limit=LATEST)
        standing = explaining.standing(self._office.services, application, subject)
        return visit.page(
            "people/explanation.html",
            application=application,
            subject=subject,
            standing=standing,
            explained=explained.told(visit, standing),
            told=explained,
            entries=[
                (item, log_entry.action(item), log_entry.status(item), log_entry.telling_reason(item))
                for item in entries
            ],
        )


def _subject(unit: UnitOfWork, visit: Visit) -> DirectoryObject:
    found = unit.directory.get(ObjectId(visit.params["object"].lower()))
    if found is None:
        raise HTTPException(404)
    return found
