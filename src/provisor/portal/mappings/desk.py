"""What every page about mappings begins with: the application, and the schema or draft its visitor has before them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core import schema, schema_editing
from provisor.core.application import Application
from provisor.core.objects import ObjectType
from provisor.core.schema_versions import digest
from provisor.core.scoping_filters import editing
from provisor.engine import schema_drafts
from provisor.look.visit import Visit
from provisor.portal import tabs
from provisor.portal.office import Office, actor

PLACE = "mappings"
ROOT = f"/applications/{{application}}/{PLACE}"

PLACES: Mapping[ObjectType, str] = {ObjectType.USER: "users", ObjectType.GROUP: "groups"}
"""How the address of an object mapping ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An application with the schema that its visitor sees and changes."""

    application: Application
    editing: schema_drafts.Editing

    @property
    def document(self) -> Mapping[str, Any]:
        return self.editing.document

    @property
    def parsed(self) -> schema.SynchronizationSchema:
        return schema.parse(self.document)

    def source_types(self, kind: ObjectType) -> Mapping[str, str]:
        """The source attributes that the schema lists, with their types."""
        item, rule = editing.mapping_and_rule(self.document, kind)
        return schema.source_attributes(self.document, rule, item)


class Desk:
    """Opens schemas for pages, and answers with what all of them show."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def sheet(self, visit: Visit) -> Sheet:
        """The application that the address names, with what the visitor is editing of it."""
        with self.office.store.read() as unit:
            application = self.office.application(unit, visit)
            found = schema_drafts.editing(unit, application, actor(visit))
        return Sheet(application=application, editing=found)

    def kind(self, visit: Visit, sheet: Sheet) -> ObjectType:
        """The object type that the address names; the page is not found where the schema has no mapping of it."""
        for kind in schema_editing.object_types(sheet.document):
            if PLACES[kind] == visit.params["kind"]:
                return kind
        raise HTTPException(404)

    def change(
        self, visit: Visit, sheet: Sheet, edit: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    ) -> None:
        """Take a step in the visitor's draft. Raises `InvalidInputError` or `NotFoundError`; nothing is kept then."""
        schema_drafts.change(self.office.store, sheet.application, actor(visit), edit)

    def page(
        self, visit: Visit, template: str, sheet: Sheet, *, status: int = 200, **context: Any
    ) -> Response:
        """A page about the application's mappings."""
        return visit.page(
            f"mappings/{template}.html",
            status=status,
            application=sheet.application,
            editing=sheet.editing,
            root=tabs.address(sheet.application, PLACE),
            places=PLACES,
            digest=digest,
            **context,
        )

    def to(self, visit: Visit, sheet: Sheet, place: str = "") -> Response:
        """The answer that leads to a page about the mappings."""
        address = tabs.address(sheet.application, PLACE)
        return visit.go(f"{address}/{place}" if place else address)
