"""Editing one attribute mapping: its source checked while it is typed, and tried out on somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, Response

from provisor.core import schema, schema_editing, source_attributes
from provisor.core.attribute_mapping import Mutability
from provisor.core.errors import NotFoundError, ProvisorError
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.engine import schema_drafts
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal import tabs
from provisor.portal.mappings import attribute_form, function_words, trial, vocabulary
from provisor.portal.mappings.attribute_form import AttributeForm, FieldError
from provisor.portal.mappings.desk import PLACE, PLACES, ROOT, Desk, Sheet
from provisor.portal.office import Office

ACTING = Role.APPLICATION_ADMINISTRATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is to be said of a form before it is kept: what is wrong with it, and what it gives for somebody."""

    problem: FieldError | None = None
    is_checked: bool = False
    reads: Sequence[str] = ()
    redacted: bool = False
    trial: trial.Trial | None = None
    found: Sequence[DirectoryObject] = ()
    searched: str = ""


class AttributePages:
    """The form of an attribute mapping."""

    def __init__(self, office: Office) -> None:
        self._desk = Desk(office)

    def pages(self) -> tuple[Page, ...]:
        root = f"{ROOT}/{{kind}}/attribute"
        return (
            Page(path=root, answer=self.show, role=ACTING),
            Page(path=root, answer=self.keep, method=Method.POST, role=ACTING),
            Page(path=f"{root}/outcome", answer=self.tell, method=Method.POST, role=ACTING),
        )

    def show(self, visit: Visit) -> Response:
        """The form of the mapping that writes the target attribute asked for, or of a new one."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        target = visit.query.get("target")
        if target is None:
            return self._page(visit, sheet, kind, AttributeForm())
        try:
            form = attribute_form.of_entry(sheet.document, kind, target)
        except NotFoundError as error:
            visit.say(Tone.DANGER, "%(problem)s", problem=str(error))
            return self._desk.to(visit, sheet, PLACES[kind])
        return self._page(visit, sheet, kind, form)

    def keep(self, visit: Visit) -> Response:
        """Keep the mapping in the draft; or, without script, check it or try it out."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        form = attribute_form.of_form(visit.form)
        if visit.form.text("do") != "keep":
            return self._page(visit, sheet, kind, form, self._outcome(visit, sheet, kind, form))
        try:
            self._desk.change(visit, sheet, lambda document: form.applied(document, kind))
        except FieldError as problem:
            return self._page(visit, sheet, kind, form, Outcome(problem=problem), status=422)
        except ProvisorError as error:
            outcome = Outcome(problem=FieldError("", str(error)))
            overtaken = isinstance(error, schema_drafts.OvertakenDraftError)
            return self._page(visit, sheet, kind, form, outcome, status=409 if overtaken else 422)
        visit.say(
            Tone.SUCCESS,
            _("The mapping of %(target)s is in the draft. It counts once the draft is saved."),
            target=form.target,
        )
        return self._desk.to(visit, sheet, PLACES[kind])

    def tell(self, visit: Visit) -> Response:
        """What the script shows beside the form while somebody types."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        form = attribute_form.of_form(visit.form)
        outcome = self._outcome(visit, sheet, kind, form)
        return HTMLResponse(visit.part("mappings/outcome.html", outcome=outcome, form=form))

    def _outcome(self, visit: Visit, sheet: Sheet, kind: ObjectType, form: AttributeForm) -> Outcome:
        try:
            changed = form.applied(sheet.document, kind)
        except FieldError as problem:
            return Outcome(problem=problem)
        except ProvisorError as error:
            return Outcome(problem=FieldError("", str(error)))
        item = next(
            each
            for each in schema.parse(changed).object_mappings[kind].attribute_mappings
            if each.target.name == form.target
        )
        searched = visit.form.text("search")
        with self._desk.office.store.read() as unit:
            chosen = trial.subject(unit, kind, visit.form.text("person"))
            found = () if chosen is not None else trial.found(unit, kind, searched)
            if len(found) == 1:
                chosen = found[0]
            tried = (
                None
                if chosen is None
                else trial.run(unit, sheet.application, item, chosen, self._desk.office.now())
            )
        return Outcome(
            is_checked=True,
            reads=sorted(item.expression.attributes) if item.expression else (),
            redacted=item.redacted,
            trial=tried,
            found=() if tried is not None else found,
            searched=searched,
        )

    def _page(
        self,
        visit: Visit,
        sheet: Sheet,
        kind: ObjectType,
        form: AttributeForm,
        outcome: Outcome | None = None,
        *,
        status: int = 200,
    ) -> Response:
        targets = schema_editing.target_attributes(sheet.document, kind)
        return self._desk.page(
            visit,
            "attribute",
            sheet,
            status=status,
            kind=kind,
            form=form,
            outcome=outcome or Outcome(),
            sources=_sources(sheet, kind),
            targets=[item for item in targets if _is_writable(item)],
            functions=FUNCTIONS,
            function_words=function_words.MEANINGS,
            places_of_matching=_places(sheet, kind, form),
            vocabulary=vocabulary,
            outcome_address=f"{tabs.address(sheet.application, PLACE)}/{PLACES[kind]}/attribute/outcome",
        )


def _sources(sheet: Sheet, kind: ObjectType) -> Sequence[str]:
    """What the source may be, by name: what the schema lists, and what the directory may hold beside it."""
    known = {*sheet.source_types(kind), *source_attributes.OF_THE_DIRECTORY}
    return sorted(known, key=str.casefold)


def _is_writable(definition: Mapping[str, Any]) -> bool:
    return not definition.get("anchor") and definition.get("mutability") != Mutability.READ_ONLY


def _places(sheet: Sheet, kind: ObjectType, form: AttributeForm) -> Sequence[int]:
    """The places among the matching attributes that this mapping may take, from 1."""
    others = [name for name in schema_editing.matching(sheet.document, kind) if name != form.replacing]
    return range(1, len(others) + 2)
