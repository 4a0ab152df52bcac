"""The knobs: what RingCentral does not document, each with its meaning, its default and its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account.knob_texts import KNOBS, InvalidKnobError, Knob
from provisor.ringcentral.account.knobs import Knobs
from provisor.ringcentral.account.settings import Name, StaleSettingError
from provisor.ringcentral.console.directory import STALE
from provisor.ringcentral.console.provider import Provider, actor_of


class KnobPages:
    """One form for all of them."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/knobs", answer=self.show),
            Page(path="/knobs", answer=self.store, method=Method.POST),
            Page(path="/knobs/reset", answer=self.confirm_resetting),
            Page(path="/knobs/reset", answer=self.reset, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        return self._page(visit, {})

    def store(self, visit: Visit) -> Response:
        """Store every knob the form has; the next request goes by them."""
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for name, knob in self._free().items():
            try:
                values[knob.field] = knob.parse(",".join(visit.form.all(name)))
            except InvalidKnobError:
                problems[name] = visit.text(_("This knob cannot have that value."))
        if problems:
            return self._page(visit, problems, status=422)
        self._write(visit, values, _("The knobs are stored; the next request goes by them."))
        return visit.go("/knobs")

    def confirm_resetting(self, visit: Visit) -> Response:
        return visit.page("console/knobs_reset.html")

    def reset(self, visit: Visit) -> Response:
        values = {knob.field: knob.default for knob in KNOBS.values()}
        self._write(visit, values, _("Every knob is at its default."))
        return visit.go("/knobs")

    def _write(self, visit: Visit, values: Mapping[str, Any], told: str) -> None:
        version = visit.form.text("version")
        try:
            self._provider.settings.write_knobs(
                values,
                by=actor_of(visit),
                expected_version=int(version) if version.isdecimal() else None,
            )
        except StaleSettingError:
            visit.say(Tone.WARNING, STALE)
        else:
            visit.say(Tone.SUCCESS, told)

    def _free(self) -> dict[str, Knob]:
        """The knobs the command line does not decide."""
        overridden = self._provider.settings.overridden
        return {name: knob for name, knob in KNOBS.items() if f"knobs.{name}" not in overridden}

    def _page(self, visit: Visit, problems: Mapping[str, str], status: int = 200) -> Response:
        settings = self._provider.settings
        stored = settings.stored().get(Name.KNOBS)
        current = settings.current().knobs
        return visit.page(
            "console/knobs.html",
            status=status,
            knobs=list(KNOBS.values()),
            selected={name: _selected(visit, knob, current) for name, knob in KNOBS.items()},
            problems=problems,
            free=self._free(),
            stored=stored,
            version=stored.version if stored is not None else 0,
        )


def _selected(visit: Visit, knob: Knob, current: Knobs) -> list[str]:
    """The values of a knob the form shows: what was typed, or else what holds."""
    if visit.form.has(knob.name):
        return visit.form.all(knob.name)
    return knob.text(getattr(current, knob.field)).split(",")
