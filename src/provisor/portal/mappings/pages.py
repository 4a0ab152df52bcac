"""The object mappings of an application, and one of them: its switches, attribute mappings and matching order."""

from __future__ import annotations

from starlette.responses import Response

from provisor.core import attribute_mapping, expressions, schema_editing, scoping_filters
from provisor.core.errors import ProvisorError
from provisor.core.objects import ObjectType
from provisor.core.schema import ObjectMapping, TargetAction
from provisor.engine import schema_drafts
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.mappings import vocabulary
from provisor.portal.mappings.desk import PLACES, ROOT, Desk, Sheet
from provisor.portal.office import Office, actor

ACTING = Role.APPLICATION_ADMINISTRATOR


class MappingPages:
    """The tab Mappings, and the page of each object mapping."""

    def __init__(self, office: Office) -> None:
        self._desk = Desk(office)

    def pages(self) -> tuple[Page, ...]:
        one = f"{ROOT}/{{kind}}"
        return (
            Page(path=ROOT, answer=self.show),
            Page(path=f"{ROOT}/discard", answer=self.discard, method=Method.POST, role=ACTING),
            Page(path=one, answer=self.show_one),
            Page(path=one, answer=self.switch, method=Method.POST, role=ACTING),
            Page(path=f"{one}/order", answer=self.order, method=Method.POST, role=ACTING),
            Page(path=f"{one}/remove", answer=self.ask_to_remove, role=ACTING),
            Page(path=f"{one}/remove", answer=self.remove, method=Method.POST, role=ACTING),
        )

    def show(self, visit: Visit) -> Response:
        """Every object mapping at a glance."""
        sheet = self._desk.sheet(visit)
        return self._desk.page(
            visit,
            "mappings",
            sheet,
            mappings=sheet.parsed.object_mappings,
            text_of=scoping_filters.text_of,
            vocabulary=vocabulary,
        )

    def show_one(self, visit: Visit) -> Response:
        sheet = self._desk.sheet(visit)
        return self._one(visit, sheet, self._desk.kind(visit, sheet))

    def switch(self, visit: Visit) -> Response:
        """Switch an object mapping on or off, and choose its target object actions."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        actions = [TargetAction(item) for item in visit.form.all("action") if item in set(TargetAction)]
        enabled = visit.form.has("enabled")
        try:
            self._desk.change(
                visit,
                sheet,
                lambda document: schema_editing.with_switches(
                    document, kind, enabled=enabled, actions=actions
                ),
            )
        except ProvisorError as error:
            return self._one(visit, sheet, kind, problem=str(error), entered=(enabled, actions))
        return self._desk.to(visit, sheet, PLACES[kind])

    def order(self, visit: Visit) -> Response:
        """Try a matching attribute earlier or later."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        step = -1 if visit.form.has("earlier") else 1
        target = visit.form.exact("earlier") or visit.form.exact("later")
        order = list(schema_editing.matching(sheet.document, kind))
        if target in order:
            place = order.index(target)
            order.insert(max(place + step, 0), order.pop(place))
            try:
                self._desk.change(
                    visit,
                    sheet,
                    lambda document: schema_editing.with_precedence(document, kind, order),
                )
            except ProvisorError as error:
                return self._one(visit, sheet, kind, problem=str(error))
        return self._desk.to(visit, sheet, PLACES[kind])

    def ask_to_remove(self, visit: Visit) -> Response:
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        return self._desk.page(
            visit, "remove", sheet, kind=kind, target=visit.query.get("target", ""), vocabulary=vocabulary
        )

    def remove(self, visit: Visit) -> Response:
        """Remove an attribute mapping from the draft."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        target = visit.form.exact("target")
        try:
            self._desk.change(
                visit,
                sheet,
                lambda document: schema_editing.without_attribute(document, kind, target),
            )
        except ProvisorError as error:
            return self._one(visit, sheet, kind, problem=str(error))
        visit.say(Tone.SUCCESS, _("The mapping of %(target)s was removed from the draft."), target=target)
        return self._desk.to(visit, sheet, PLACES[kind])

    def discard(self, visit: Visit) -> Response:
        """Forget the visitor's draft."""
        sheet = self._desk.sheet(visit)
        schema_drafts.discard(self._desk.office.store, sheet.application, actor(visit))
        visit.say(Tone.SUCCESS, _("The draft was discarded. The mappings are as they were saved."))
        return self._desk.to(visit, sheet)

    def _one(
        self,
        visit: Visit,
        sheet: Sheet,
        kind: ObjectType,
        *,
        problem: str = "",
        entered: tuple[bool, list[TargetAction]] | None = None,
    ) -> Response:
        item = sheet.parsed.object_mappings[kind]
        enabled, actions = entered or (item.enabled, sorted(item.actions))
        return self._desk.page(
            visit,
            "object_mapping",
            sheet,
            status=422 if problem else 200,
            kind=kind,
            item=item,
            enabled=enabled,
            actions=actions,
            order=schema_editing.matching(sheet.document, kind),
            changed=_changed(sheet, kind, item),
            scope_text=scoping_filters.text_of,
            problem=problem,
            vocabulary=vocabulary,
            expressions=expressions,
            mutability=attribute_mapping.Mutability,
        )


def _changed(sheet: Sheet, kind: ObjectType, item: ObjectMapping) -> frozenset[str]:
    """The target attributes whose mappings the draft changes or adds."""
    if sheet.editing.draft is None:
        return frozenset()
    before = schema_editing.mapping_of(sheet.editing.saved, kind) if _has(sheet, kind) else {}
    entries = {entry["targetAttributeName"]: entry for entry in before.get("attributeMappings", ())}
    return frozenset(
        mapped.target.name
        for mapped, entry in zip(
            item.attribute_mappings,
            schema_editing.mapping_of(sheet.document, kind)["attributeMappings"],
            strict=True,
        )
        if entries.get(mapped.target.name) != entry
    )


def _has(sheet: Sheet, kind: ObjectType) -> bool:
    return kind in schema_editing.object_types(sheet.editing.saved)
