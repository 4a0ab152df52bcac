"""Source Object Scope: the scoping filter of an object mapping, as a form and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from provisor.core import schema_editing, scoping, scoping_filters
from provisor.core.changes import Reason
from provisor.core.errors import ProvisorError
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.scoping_filters import OPERATORS, FilterTextError, ScopingFilter
from provisor.engine.scope_judging import ScopeJudge
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal import reasons
from provisor.portal.mappings import function_words, scope_form, trial, vocabulary
from provisor.portal.mappings.desk import PLACES, ROOT, Desk, Sheet
from provisor.portal.office import Office

MOST_CLAUSES = 150
"""Clauses that the form shows; a longer filter is edited as text, for a form has its limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Whom a filter was tried on, or whom the search for them found."""

    searched: str = ""
    found: Sequence[DirectoryObject] = ()
    subject: DirectoryObject | None = None
    verdict: scoping.ScopeVerdict | None = None

    @property
    def reason(self) -> Reason | None:
        """Why they are out of scope; None where they are in it, or where nobody knows."""
        return Reason(self.verdict.reason) if isinstance(self.verdict, scoping.OutOfScope) else None

    @property
    def problem(self) -> str:
        """Why the filter cannot be evaluated for them."""
        return self.verdict.message if isinstance(self.verdict, scoping.Undecided) else ""


class ScopePages:
    """The editor of scoping filters."""

    def __init__(self, office: Office) -> None:
        self._desk = Desk(office)

    def pages(self) -> tuple[Page, ...]:
        root = f"{ROOT}/{{kind}}/scope"
        acting = Role.APPLICATION_ADMINISTRATOR
        return (
            Page(path=root, answer=self.show, role=acting),
            Page(path=root, answer=self.keep_rows, method=Method.POST, role=acting),
            Page(path=f"{root}/text", answer=self.show_text, role=acting),
            Page(path=f"{root}/text", answer=self.keep_text, method=Method.POST, role=acting),
        )

    def show(self, visit: Visit) -> Response:
        """The filter as a form; a long one as text."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        scope = sheet.parsed.object_mappings[kind].scope
        if not _is_writable(scope):
            return self._desk.page(visit, "scope_unwritable", sheet, kind=kind, vocabulary=vocabulary)
        if sum(1 for _clause in scope.clauses) > MOST_CLAUSES:
            return self._desk.to(visit, sheet, f"{PLACES[kind]}/scope/text")
        return self._rows_page(visit, sheet, kind, scope_form.of_filter(scope))

    def keep_rows(self, visit: Visit) -> Response:
        """Keep the filter in the draft, or change the form as one of its buttons says."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        rows, command = scope_form.of_form(visit.form), visit.form.text("do")
        if command == "try" or visit.form.has("person"):
            return self._tried(visit, sheet, kind, rows)
        if command != "keep":
            return self._rows_page(visit, sheet, kind, scope_form.reshaped(rows, command))
        scope, marked = scope_form.read(rows, sheet.source_types(kind))
        if scope is None:
            return self._rows_page(visit, sheet, kind, marked, status=422)
        try:
            self._keep(visit, sheet, kind, scope)
        except ProvisorError as error:
            return self._rows_page(visit, sheet, kind, marked, problem=str(error), status=422)
        return self._kept(visit, sheet, kind)

    def _tried(self, visit: Visit, sheet: Sheet, kind: ObjectType, rows: scope_form.Rows) -> Response:
        """The form, with what every clause of it says of somebody."""
        scope, marked = scope_form.read(rows, sheet.source_types(kind))
        if scope is None:
            return self._rows_page(visit, sheet, kind, marked, status=422)
        searched = visit.form.text("search")
        verdict = None
        with self._desk.office.store.read() as unit:
            chosen = trial.subject(unit, kind, visit.form.text("person"))
            found = () if chosen is not None else trial.found(unit, kind, searched)
            if len(found) == 1:
                chosen = found[0]
            if chosen is not None:
                judge = ScopeJudge(sheet.application, scope, self._desk.office.now())
                [verdict] = judge.verdicts(unit, [chosen])
        tried = Tried(searched=searched, found=found, subject=chosen, verdict=verdict)
        return self._rows_page(visit, sheet, kind, marked, tried=tried)

    def show_text(self, visit: Visit) -> Response:
        """The filter as text."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        scope = sheet.parsed.object_mappings[kind].scope
        if not _is_writable(scope):
            return self._desk.page(visit, "scope_unwritable", sheet, kind=kind, vocabulary=vocabulary)
        return self._text_page(
            visit,
            sheet,
            kind,
            scoping_filters.text_of(scope.groups),
            scoping_filters.text_of(scope.input_groups),
        )

    def keep_text(self, visit: Visit) -> Response:
        """Keep the filter in the draft."""
        sheet = self._desk.sheet(visit)
        kind = self._desk.kind(visit, sheet)
        texts = {name: visit.form.exact(name) for name in scope_form.LISTS}
        attributes, problems, read = sheet.source_types(kind), {}, {}
        for name, text in texts.items():
            try:
                read[name] = scoping_filters.groups_of(text, attributes)
            except FilterTextError as error:
                problems[name] = str(error)
        if not problems:
            scope = ScopingFilter(groups=read["groups"], input_groups=read["early"])
            try:
                self._keep(visit, sheet, kind, scope)
            except ProvisorError as error:
                problems[""] = str(error)
            else:
                return self._kept(visit, sheet, kind)
        return self._text_page(visit, sheet, kind, texts["groups"], texts["early"], problems=problems)

    def _keep(self, visit: Visit, sheet: Sheet, kind: ObjectType, scope: ScopingFilter) -> None:
        self._desk.change(visit, sheet, lambda document: schema_editing.with_scope(document, kind, scope))

    def _kept(self, visit: Visit, sheet: Sheet, kind: ObjectType) -> Response:
        visit.say(Tone.SUCCESS, _("The scoping filter is in the draft. It counts once the draft is saved."))
        return self._desk.to(visit, sheet, PLACES[kind])

    def _rows_page(
        self,
        visit: Visit,
        sheet: Sheet,
        kind: ObjectType,
        rows: scope_form.Rows,
        *,
        problem: str = "",
        status: int = 200,
        tried: Tried | None = None,
    ) -> Response:
        return self._desk.page(
            visit,
            "scope",
            sheet,
            status=status,
            kind=kind,
            rows=rows,
            problem=problem,
            tried=tried or Tried(),
            reasons=reasons.REASONS,
            attributes=sorted({*sheet.source_types(kind), *function_words.FILTERED}, key=str.casefold),
            operators=OPERATORS,
            meanings=function_words.OPERATORS,
            vocabulary=vocabulary,
        )

    def _text_page(
        self,
        visit: Visit,
        sheet: Sheet,
        kind: ObjectType,
        groups: str,
        early: str,
        *,
        problems: dict[str, str] | None = None,
    ) -> Response:
        return self._desk.page(
            visit,
            "scope_text",
            sheet,
            status=422 if problems else 200,
            kind=kind,
            texts={"groups": groups, "early": early},
            problems=problems or {},
            operators=OPERATORS,
            meanings=function_words.OPERATORS,
            vocabulary=vocabulary,
        )


def _is_writable(scope: ScopingFilter) -> bool:
    return scoping_filters.is_writable((*scope.groups, *scope.input_groups))
