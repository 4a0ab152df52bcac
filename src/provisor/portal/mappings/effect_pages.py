"""The effect of a draft before it is saved, and saving it."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from provisor.core import changes, log_entry, preview, scoping
from provisor.core.changes import Reason
from provisor.core.errors import ProvisorError
from provisor.core.preview import Effect, Foreseen
from provisor.core.schema_versions import digest
from provisor.engine import applications, schema_drafts
from provisor.engine import preview as previewing
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal import reasons
from provisor.portal.mappings import comparison, vocabulary
from provisor.portal.mappings.desk import ROOT, Desk, Sheet
from provisor.portal.office import Office, actor

EXAMPLES = 10
"""People shown of each effect; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Somebody whom the draft concerns. `decided_by` is the clause or group that decided their scope."""

    foreseen: Foreseen
    kind: changes.ChangeKind | None
    reason: Reason | None
    problem: str
    decided_by: str


class EffectPages:
    """What a draft brings about."""

    def __init__(self, office: Office) -> None:
        self._desk = Desk(office)

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        return (
            Page(path=f"{ROOT}/effect", answer=self.show, role=acting),
            Page(path=f"{ROOT}/effect", answer=self.save, method=Method.POST, role=acting),
        )

    def show(self, visit: Visit) -> Response:
        """Who enters, leaves and changes, what it costs, and what the guard says."""
        sheet = self._desk.sheet(visit)
        if sheet.editing.draft is None:
            visit.say(Tone.INFO, _("There is no draft: the mappings are as they were saved."))
            return self._desk.to(visit, sheet)
        return self._page(visit, sheet)

    def save(self, visit: Visit) -> Response:
        """Save the draft whose effect was shown."""
        sheet = self._desk.sheet(visit)
        if visit.form.has("held") and not visit.form.has("anyway"):
            problem = visit.text(_("Tick that you want it saved although the guard will hold the plan."))
            return self._page(visit, sheet, problem=problem)
        try:
            schema_drafts.save(
                self._desk.office.store, sheet.application, actor(visit), visit.form.text("seen")
            )
        except ProvisorError as error:
            if sheet.editing.draft is not None:
                return self._page(visit, sheet, problem=str(error), status=409)
            visit.say(Tone.DANGER, "%(problem)s", problem=str(error))
            return self._desk.to(visit, sheet)
        visit.say(
            Tone.SUCCESS,
            _("Saved. %(name)s works like this from its next cycle on, which looks at everybody."),
            name=sheet.application.name,
        )
        for sentence in applications.advice(self._desk.office.store, sheet.application.id):
            visit.say(Tone.WARNING, "%(sentence)s", sentence=sentence)
        return self._desk.to(visit, sheet)

    def _page(self, visit: Visit, sheet: Sheet, *, problem: str = "", status: int | None = None) -> Response:
        shown: dict[Effect, list[Example]] = collections.defaultdict(list)

        def tell(foreseen: Foreseen) -> None:
            if len(shown[foreseen.effect]) < EXAMPLES and foreseen.effect is not Effect.ANYWAY:
                shown[foreseen.effect].append(_example(foreseen))

        try:
            made = previewing.run(
                self._desk.office.store,
                sheet.application,
                previewing.ProposedChange(schema=sheet.document),
                self._desk.office.now(),
                tell,
            )
        except ProvisorError as error:
            made, problem = None, problem or str(error)
        return self._desk.page(
            visit,
            "effect",
            sheet,
            status=status or (422 if problem else 200),
            made=made,
            examples=shown,
            seen=digest(sheet.document),
            differences=comparison.differences(sheet.editing.saved, sheet.document),
            problem=problem,
            vocabulary=vocabulary,
            reasons=reasons,
            shown=_shown(sheet),
        )


def _example(foreseen: Foreseen) -> Example:
    decided = foreseen.after
    reason = getattr(decided, "reason", None)
    verdict = foreseen.verdicts[1]
    if reason is None and isinstance(verdict, scoping.OutOfScope):
        reason = verdict.reason
    return Example(
        foreseen=foreseen,
        kind=previewing.kind_of(decided),
        reason=None if reason is None else Reason(reason),
        problem=decided.message if isinstance(decided, changes.Fail) else "",
        decided_by=_decided_by(foreseen.verdicts),
    )


def _shown(sheet: Sheet) -> Callable[[str, object], object]:
    """Shows values of attributes, but not those that are secrets or pass through Redact."""
    hidden = {
        mapped.target.name
        for item in sheet.parsed.object_mappings.values()
        for mapped in item.attribute_mappings
        if mapped.redacted
    }

    def shown(path: str, value: object) -> object:
        return "[Redact]" if path in hidden else log_entry.shown(path, value)

    return shown


def _decided_by(verdicts: Sequence[scoping.ScopeVerdict | None]) -> str:
    """The clause or group that decides, where the scope is another one with the draft."""
    before, after = verdicts
    if after is None or preview.told(before) == preview.told(after):
        return ""
    return after.conditions.filter_decided_by or ""
