"""Settings: scope, provisioning status, and what stands behind them; what reaches everybody is foreseen before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from provisor.core.application import Application, ApplicationSettings
from provisor.core.job import ScheduleState
from provisor.core.preview import Effect, Foreseen
from provisor.engine import applications, commands, preview
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.office import Office, actor
from provisor.portal.provisioning import fields, typed_settings
from provisor.portal.provisioning.tab import PLACE, Tab, Typed, address

_KEYS = (typed_settings.SCOPE, *fields.FIELDS)
_NAMES_SHOWN = 20
STATUS = "status"

EFFECTS: tuple[tuple[Effect, str, str], ...] = (
    (Effect.LEAVES, "danger", _("lose the account: it is disabled or deleted")),
    (Effect.FAILS, "danger", _("cannot be provisioned any more")),
    (Effect.ENTERS, "success", _("get an account, or have it enabled again")),
    (Effect.KEPT_OUT, "", _("would have got an account with the next cycle, and do not")),
    (Effect.STAYS, "", _("would have lost the account with the next cycle, and do not")),
    (Effect.CHANGES, "info", _("get other attributes")),
)
"""What a change means for people, losses first."""


@dataclass(slots=True)
class _Named:
    """The first names of whom each effect concerns."""

    names: dict[Effect, list[str]] = field(default_factory=dict)

    def note(self, foreseen: Foreseen) -> None:
        listed = self.names.setdefault(foreseen.effect, [])
        if len(listed) < _NAMES_SHOWN:
            listed.append(foreseen.subject.display_name)


class SettingsPages:
    """Saving of settings."""

    def __init__(self, office: Office, tab: Tab) -> None:
        self._office = office
        self._tab = tab

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(
                path=f"/applications/{{application}}/{PLACE}/settings",
                answer=self.save,
                method=Method.POST,
                role=Role.APPLICATION_ADMINISTRATOR,
            ),
        )

    def save(self, visit: Visit) -> Response:
        """Keep the settings; who is concerned by a change of scope is shown first."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            state = unit.jobs.schedule_state(application.id)
        settings, problems = typed_settings.read(visit, application.settings, _KEYS)
        wanted = _wanted(visit, state)
        if wanted is ScheduleState.ACTIVE and not application.is_configured:
            problems = {**problems, STATUS: visit.text(_("Enter the admin credentials first."))}
        if problems:
            return self._tab.page(visit, Typed(values=_typed(visit), problems=problems), status=422)
        following = applications.with_settings(application, settings)
        if applications.looks_at_everybody(application, following) and not visit.form.has("foreseen"):
            return self._effect(visit, application, settings)
        applications.change_settings(self._office.store, application, settings, by=actor(visit))
        match wanted:
            case ScheduleState.ACTIVE:
                commands.start(self._office.store, application.id, by=actor(visit))
            case ScheduleState.DISABLED:
                commands.stop(self._office.store, application.id, by=actor(visit))
        visit.say(Tone.SUCCESS, _("Saved."))
        return visit.go(address(application))

    def _effect(self, visit: Visit, application: Application, settings: ApplicationSettings) -> Response:
        """What the change brings about, and the question whether it is meant."""
        named = _Named()
        made = preview.run(
            self._office.store,
            application,
            preview.ProposedChange(settings=settings),
            self._office.now(),
            named.note,
        )
        return visit.page(
            "provisioning/effect.html",
            application=application,
            made=made,
            effects=[
                (tone, text, made.effects[effect], named.names.get(effect, []))
                for effect, tone, text in EFFECTS
                if made.effects[effect]
            ],
            sent={**_typed(visit), typed_settings.SHOWN: visit.form.exact(typed_settings.SHOWN)},
        )


def _typed(visit: Visit) -> Mapping[str, str]:
    return {key: visit.form.text(key) for key in (*_KEYS, STATUS) if visit.form.has(key)}


def _wanted(visit: Visit, state: ScheduleState) -> ScheduleState | None:
    """The state that the job is to be brought into; None where it stays as it is, paused included."""
    if visit.form.text(STATUS) == typed_settings.before(visit.form).get(STATUS):
        return None
    match visit.form.text(STATUS), state:
        case "on", ScheduleState.DISABLED:
            return ScheduleState.ACTIVE
        case "off", ScheduleState.ACTIVE | ScheduleState.PAUSED:
            return ScheduleState.DISABLED
        case _:
            return None
