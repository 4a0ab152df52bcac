"""What a person decides about a plan: have one made, have it applied, allow or drop what is held of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from starlette.responses import Response

from provisor.core import errors, plan
from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.core.identifiers import ObjectId, PlanId
from provisor.core.job import Retries
from provisor.engine import cycle, decisions
from provisor.look.catalogues import mark as _
from provisor.look.visit import Tone, Visit
from provisor.portal import tabs
from provisor.portal.office import Office, actor
from provisor.portal.plans import lines
from provisor.portal.work import Kind, Progress, Task

PLACE = "plan"
EVERYTHING = "everything"


class Render(Protocol):
    """Shows a plan's page again, with what was wrong."""

    def __call__(
        self,
        visit: Visit,
        application: Application,
        made: plan.Plan | None,
        *,
        problem: str = "",
        status: int = 200,
    ) -> Response: ...


class PlanCommands:
    """Everything on the tab that acts."""

    def __init__(self, office: Office, render: Render) -> None:
        self._office = office
        self._render = render

    def make(self, visit: Visit) -> Response:
        """Have a plan made that nothing is applied of."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
        services = self._office.services

        async def task(progress: Progress, _stopping: Callable[[], bool]) -> object:
            return await cycle.make_plan(services, application.id, retries=Retries.DUE, progress=progress)

        return self._begin(visit, application, "", task)

    def apply(self, visit: Visit) -> Response:
        """Have the plan applied with what is allowed of it; asked again first where that is more than one change."""
        application, summary = self._decided(visit)
        made = summary.plan
        selection = _selection(visit)
        if selection is None and summary.held:
            return self._nothing_ticked(visit, application, made)
        if not summary.is_applicable:
            return self._too_late(visit, application, made)
        if _needs_confirmation(visit, summary, selection, and_waiting=True):
            return self._ask(visit, application, summary, selection, "apply")
        task = _applying(self._office, application, made, selection or plan.Selection(), actor(visit))
        return self._begin(visit, application, made.id, task)

    def drop(self, visit: Visit) -> Response:
        """End what is held without applying it; asked again first where that is more than one change."""
        application, summary = self._decided(visit)
        made, selection = summary.plan, _selection(visit)
        if selection is None:
            return self._nothing_ticked(visit, application, made)
        if _needs_confirmation(visit, summary, selection, and_waiting=False):
            return self._ask(visit, application, summary, selection, "drop")
        try:
            count = decisions.drop(
                self._office.store,
                application,
                made,
                selection=selection,
                by=actor(visit),
                clock=self._office.services.clock,
            )
        except errors.InvalidInputError:
            return self._too_late(visit, application, made)
        visit.say(
            Tone.SUCCESS,
            _("Dropped: %(count)d. The accounts stay as they are until their objects change again."),
            count=count,
        )
        return visit.go(tabs.address(application, f"{PLACE}/{made.id}"))

    def _decided(self, visit: Visit) -> tuple[Application, lines.Summary]:
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            return application, lines.summary(unit, lines.plan_of(unit, application, visit))

    def _begin(self, visit: Visit, application: Application, subject: str, task: Task) -> Response:
        try:
            self._office.works.begin(application.id, Kind.PLAN, subject, task)
        except errors.JobBusyError:
            visit.say(Tone.WARNING, _("What was begun before still goes on; wait for its end."))
        return visit.go(tabs.address(application, f"{PLACE}/{subject}" if subject else PLACE))

    def _ask(
        self,
        visit: Visit,
        application: Application,
        summary: lines.Summary,
        selection: plan.Selection | None,
        act: str,
    ) -> Response:
        objects = () if selection is None else selection.objects
        with self._office.store.read() as unit:
            names = sorted(item.display_name for item in unit.directory.many(objects))
        return visit.page(
            "plans/confirm.html",
            application=application,
            summary=summary,
            objects=objects,
            names=names,
            act=act,
            root=tabs.address(application, f"{PLACE}/{summary.plan.id}"),
        )

    def _nothing_ticked(self, visit: Visit, application: Application, made: plan.Plan) -> Response:
        problem = visit.text(_("Tick the changes first that are meant."))
        return self._render(visit, application, made, problem=problem, status=422)

    def _too_late(self, visit: Visit, application: Application, made: plan.Plan) -> Response:
        problem = visit.text(
            _(
                "Nothing was done: nothing of what was chosen waits any more. Below is how the plan stands now."
            )
        )
        with self._office.store.read() as unit:
            now = unit.plans.get(made.id)
        return self._render(visit, application, now or made, problem=problem, status=409)


def _selection(visit: Visit) -> plan.Selection | None:
    """What is meant; None where nothing was ticked: an empty selection would mean everything."""
    if visit.form.has(EVERYTHING):
        return plan.Selection()
    chosen = tuple(ObjectId(item) for item in dict.fromkeys(visit.form.all("object")))
    return plan.Selection(objects=chosen) if chosen else None


def _needs_confirmation(
    visit: Visit, summary: lines.Summary, selection: plan.Selection | None, *, and_waiting: bool
) -> bool:
    if visit.form.has("confirmed"):
        return False
    chosen = len(selection.objects) if selection is not None and selection.objects else summary.held
    return chosen + (summary.waiting if and_waiting else 0) > 1


def _applying(
    office: Office, application: Application, made: plan.Plan, selection: plan.Selection, by: Actor
) -> Task:
    async def task(progress: Progress, stopping: Callable[[], bool]) -> object:
        with office.store.read() as unit:
            found = unit.plans.get(PlanId(made.id)) or made
        services = replace(office.services, stopping=stopping)
        return await cycle.apply_plan(
            services, application.id, found, progress=progress, selection=selection, by=by
        )

    return task
