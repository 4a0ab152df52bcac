"""What an administrator tells the job: start, stop, pause, resume, restart, run a cycle now."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from provisor.core import job
from provisor.core.application import Application
from provisor.core.job import ResetScope
from provisor.engine import commands
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.office import Office, actor
from provisor.portal.provisioning.tab import PLACE, address

RESETS: tuple[tuple[ResetScope, str, str], ...] = (
    (
        ResetScope.WATERMARK,
        _("Look at everybody"),
        _("The next cycle is an initial one. Nobody is created twice: links stay."),
    ),
    (
        ResetScope.ESCROWS,
        _("Forget failures"),
        _("Objects that failed are tried again at once, those that were given up, too."),
    ),
    (ResetScope.QUARANTINE_STATE, _("Lift the quarantine"), _("And forget what led to it.")),
    (
        ResetScope.CONNECTOR_DATA_STORE,
        _("End every link between people and accounts"),
        _("Everybody is matched anew. Accounts that match nobody any more are managed by nobody."),
    ),
)
"""What a restart may forget, with what that means."""


class CommandPages:
    """Commands to the job. Cycles are run by the service; what is told here wakes it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        root = f"/applications/{{application}}/{PLACE}"
        acts: tuple[tuple[str, Callable[[Visit], Response]], ...] = (
            ("start", self.start),
            ("stop", self.stop),
            ("pause", self.pause),
            ("run", self.run),
            ("restart", self.restart),
        )
        return (
            Page(path=f"{root}/restart", answer=self.ask_to_restart, role=acting),
            *(
                Page(path=f"{root}/{name}", answer=answer, method=Method.POST, role=acting)
                for name, answer in acts
            ),
        )

    def start(self, visit: Visit) -> Response:
        """Switch provisioning on, or let a paused job go on."""
        application = self._application(visit)
        if not application.is_configured:
            return self._refused(visit, application)
        commands.start(self._office.store, application.id, by=actor(visit))
        visit.say(Tone.SUCCESS, _("Provisioning is on."))
        return visit.go(address(application))

    def stop(self, visit: Visit) -> Response:
        application = self._application(visit)
        commands.stop(self._office.store, application.id, by=actor(visit))
        visit.say(Tone.SUCCESS, _("Provisioning is off. A cycle under way comes to its end."))
        return visit.go(address(application))

    def pause(self, visit: Visit) -> Response:
        application = self._application(visit)
        commands.pause(self._office.store, application.id, by=actor(visit))
        visit.say(Tone.SUCCESS, _("Provisioning is paused. What was not done yet is kept."))
        return visit.go(address(application))

    def run(self, visit: Visit) -> Response:
        """Ask the service for a cycle."""
        application = self._application(visit)
        if not application.is_configured:
            return self._refused(visit, application)
        with self._office.store.read() as unit:
            state = unit.jobs.schedule_state(application.id)
        if state is job.ScheduleState.PAUSED:
            visit.say(Tone.DANGER, _("The job is paused: resume it first."))
            return visit.go(address(application))
        commands.request_cycle(
            self._office.store, application.id, clock=self._office.services.clock, by=actor(visit)
        )
        visit.say(Tone.SUCCESS, _("A cycle was asked for. The service begins it within a second."))
        return visit.go(address(application))

    def ask_to_restart(self, visit: Visit) -> Response:
        application = self._application(visit)
        return visit.page(
            "provisioning/restart.html", application=application, resets=RESETS, default=job.RESTART
        )

    def restart(self, visit: Visit) -> Response:
        """Forget what was ticked."""
        application = self._application(visit)
        known = {item.value for item, *_words in RESETS}
        scope = frozenset(ResetScope(item) for item in visit.form.all("scope") if item in known)
        if not scope:
            visit.say(Tone.WARNING, _("Nothing was ticked, so nothing was restarted."))
            return visit.go(address(application))
        commands.restart(self._office.store, application.id, scope=scope, by=actor(visit))
        if scope & {ResetScope.WATERMARK, ResetScope.CONNECTOR_DATA_STORE}:
            visit.say(Tone.SUCCESS, _("Restarted: the next cycle looks at everybody."))
        else:
            visit.say(Tone.SUCCESS, _("Restarted: what was ticked is forgotten."))
        return visit.go(address(application))

    def _application(self, visit: Visit) -> Application:
        with self._office.store.read() as unit:
            return self._office.application(unit, visit)

    @staticmethod
    def _refused(visit: Visit, application: Application) -> Response:
        visit.say(Tone.DANGER, _("Enter the admin credentials first."))
        return visit.go(address(application))
