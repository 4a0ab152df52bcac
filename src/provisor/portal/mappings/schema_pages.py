"""The schema as a whole: its default, as a file, and its earlier versions. What comes in becomes a draft first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core.errors import InvalidInputError, ProvisorError
from provisor.core.schema_versions import SchemaVersion
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.mappings import comparison, vocabulary
from provisor.portal.mappings.desk import ROOT, Desk, Sheet
from provisor.portal.office import Office

DEEPEST = 320
"""Levels of a document to import; the deepest expression that can be saved needs fewer."""


class SchemaPages:
    """Restore default mappings, export, import, versions."""

    def __init__(self, office: Office) -> None:
        self._desk = Desk(office)

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        return (
            Page(path=f"{ROOT}/schema.json", answer=self.export),
            Page(path=f"{ROOT}/draft.json", answer=self.export_draft, role=acting),
            Page(path=f"{ROOT}/restore", answer=self.ask_to_restore, role=acting),
            Page(path=f"{ROOT}/restore", answer=self.restore, method=Method.POST, role=acting),
            Page(path=f"{ROOT}/import", answer=self.show_import, role=acting),
            Page(path=f"{ROOT}/import", answer=self.bring_in, method=Method.POST, role=acting),
            Page(path=f"{ROOT}/versions", answer=self.show_versions),
            Page(path=f"{ROOT}/versions/{{number}}", answer=self.show_version),
            Page(path=f"{ROOT}/versions/{{number}}/schema.json", answer=self.export_version),
            Page(
                path=f"{ROOT}/versions/{{number}}",
                answer=self.return_to,
                method=Method.POST,
                role=acting,
            ),
        )

    def export(self, visit: Visit) -> Response:
        """The saved schema as a file."""
        sheet = self._desk.sheet(visit)
        return _file(sheet, sheet.editing.saved, "schema")

    def export_draft(self, visit: Visit) -> Response:
        """The visitor's draft as a file."""
        sheet = self._desk.sheet(visit)
        if sheet.editing.draft is None:
            raise HTTPException(404)
        return _file(sheet, sheet.document, "draft")

    def ask_to_restore(self, visit: Visit) -> Response:
        return self._desk.page(visit, "restore", self._desk.sheet(visit))

    def restore(self, visit: Visit) -> Response:
        """Make the template's schema the draft."""
        sheet = self._desk.sheet(visit)
        for template in self._desk.office.gallery:
            if template.id == sheet.application.template_id:
                return self._become(visit, sheet, template.schema)
        visit.say(
            Tone.DANGER,
            _("The gallery has no template %(template)s any more, so there are no defaults to restore."),
            template=sheet.application.template_id,
        )
        return self._desk.to(visit, sheet)

    def show_import(self, visit: Visit) -> Response:
        return self._import_page(visit, self._desk.sheet(visit), "")

    def bring_in(self, visit: Visit) -> Response:
        """Make a schema that was pasted or chosen as a file the draft."""
        sheet, text = self._desk.sheet(visit), visit.form.exact("document")
        try:
            document = _parsed(text)
            self._desk.change(visit, sheet, lambda _present: document)
        except ProvisorError as error:
            return self._import_page(visit, sheet, text, problem=str(error))
        return self._desk.to(visit, sheet, "effect")

    def show_versions(self, visit: Visit) -> Response:
        """The versions that are kept."""
        sheet = self._desk.sheet(visit)
        with self._desk.office.store.read() as unit:
            versions = unit.schemas(sheet.application.id).versions()
        return self._desk.page(visit, "versions", sheet, versions=versions)

    def show_version(self, visit: Visit) -> Response:
        """What an earlier version says differently from the one in force."""
        sheet = self._desk.sheet(visit)
        version = self._version(visit, sheet)
        try:
            found = comparison.differences(sheet.editing.saved, version.document)
            problem = ""
        except InvalidInputError as error:  # it was saved by an earlier release, which refused less
            found, problem = (), str(error)
        return self._desk.page(
            visit,
            "version",
            sheet,
            version=version.mark,
            differences=found,
            problem=problem,
            vocabulary=vocabulary,
        )

    def export_version(self, visit: Visit) -> Response:
        """An earlier version as a file."""
        sheet = self._desk.sheet(visit)
        version = self._version(visit, sheet)
        return _file(sheet, version.document, f"version-{version.mark.number}")

    def return_to(self, visit: Visit) -> Response:
        """Make an earlier version the draft."""
        sheet = self._desk.sheet(visit)
        return self._become(visit, sheet, self._version(visit, sheet).document)

    def _version(self, visit: Visit, sheet: Sheet) -> SchemaVersion:
        number = visit.params["number"]
        if not re.fullmatch(r"[0-9]{1,9}", number):
            raise HTTPException(404)
        with self._desk.office.store.read() as unit:
            found = unit.schemas(sheet.application.id).version(int(number))
        if found is None:
            raise HTTPException(404)
        return found

    def _become(self, visit: Visit, sheet: Sheet, document: Mapping[str, Any]) -> Response:
        try:
            self._desk.change(visit, sheet, lambda _present: document)
        except ProvisorError as error:
            visit.say(Tone.DANGER, "%(problem)s", problem=str(error))
            return self._desk.to(visit, sheet)
        return self._desk.to(visit, sheet, "effect")

    def _import_page(self, visit: Visit, sheet: Sheet, text: str, *, problem: str = "") -> Response:
        return self._desk.page(
            visit, "import", sheet, status=422 if problem else 200, text=text, problem=problem
        )


def _parsed(text: str) -> Mapping[str, Any]:
    """The schema in a text. Raises `InvalidInputError` with the line and column of what is no JSON."""
    if not text.strip():
        raise InvalidInputError(_("Paste a schema, or choose a file with one."))
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(
            f"This is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from error
    if _depth(document) > DEEPEST:
        raise InvalidInputError(
            f"This is nested more than {DEEPEST} levels deep; no schema is. Remove what is nested so deeply."
        )
    if not isinstance(document, dict):
        raise InvalidInputError("This is JSON, but no object, so it is no schema; a schema begins with {.")
    return document


def _depth(document: object) -> int:
    """How many objects and lists lie inside each other; counted without recursion, which has its own limit."""
    depth, level = 0, [document]
    while level:
        depth += 1
        level = [
            each
            for item in level
            if isinstance(item, dict | list)
            for each in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _file(sheet: Sheet, document: Mapping[str, Any], what: str) -> Response:
    name = re.sub(r"[^A-Za-z0-9]+", "-", sheet.application.name).strip("-") or "application"
    return Response(
        orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n",
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}-{what}.json"'},
    )
