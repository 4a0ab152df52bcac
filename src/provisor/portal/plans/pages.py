"""The tab Plan: what is held or comes next, row by row, and the plans there were."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core import notice_reasons, plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import PlanId
from provisor.core.notification import Language
from provisor.core.plan import RowState
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Visit
from provisor.portal import tabs
from provisor.portal.office import Office
from provisor.portal.plans import lines, outcomes, words
from provisor.portal.plans.commands import PlanCommands
from provisor.portal.provisioning import words as provisioning_words
from provisor.portal.work import Kind, State
from provisor.ports.store import UnitOfWork

PLACE = "plan"
PAGE = 50
MOST_PLANS = 50
_OWN_CYCLES = tuple(state for state in plan.PlanState if state is not plan.PlanState.ABANDONED)
_LOOKED_AT = 10
"""Plans among which the newest whole one is looked for: leavers and single people have plans of their own."""


class PlanPages:
    """The tab Plan."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        root = f"/applications/{{application}}/{PLACE}"
        commands = PlanCommands(self._office, self.render)
        return (
            Page(path=root, answer=self.show),
            Page(path=f"{root}/all", answer=self.show_all),
            Page(path=f"{root}/make", answer=commands.make, method=Method.POST, role=acting),
            Page(path=f"{root}/{{plan}}", answer=self.show_one),
            Page(path=f"{root}/{{plan}}/apply", answer=commands.apply, method=Method.POST, role=acting),
            Page(path=f"{root}/{{plan}}/drop", answer=commands.drop, method=Method.POST, role=acting),
        )

    def show(self, visit: Visit) -> Response:
        """What is held; else the newest plan."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            made = _held(unit, application) or _newest(unit, application)
        return self.render(visit, application, made)

    def show_one(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            made = lines.plan_of(unit, application, visit)
        return self.render(visit, application, made)

    def show_all(self, visit: Visit) -> Response:
        """The newest plans, with how many rows of them stand where."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            found = unit.plans.of(application.id, tuple(plan.PlanState), MOST_PLANS)
            states = unit.plans.states([item.id for item in found])
        return visit.page(
            "plans/plans.html",
            application=application,
            plans=[(item, states[item.id]) for item in found],
            most=MOST_PLANS,
            told=words,
            cycles=provisioning_words.CYCLES,
        )

    def render(
        self,
        visit: Visit,
        application: Application,
        made: plan.Plan | None,
        *,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        """A plan's page; the same without one where there is none yet."""
        with self._office.store.read() as unit:
            held, newest = _held(unit, application), _newest(unit, application)
            about = {} if made is None else _about(unit, visit, made)
        work = self._office.works.of(application.id, Kind.PLAN)
        return visit.page(
            "plans/plan.html",
            status=status,
            application=application,
            made=made,
            held_plan=held,
            newest_plan=newest,
            work=work,
            told_work=None if work is None or work.state is State.RUNNING else outcomes.told(visit, work),
            problem=problem,
            told=words,
            cycles=provisioning_words.CYCLES,
            root=tabs.address(application, PLACE),
            **about,
        )


def _about(unit: UnitOfWork, visit: Visit, made: plan.Plan) -> dict[str, Any]:
    """A plan's numbers, why it is held, and a page of its rows."""
    asked = visit.query
    kinds = [item for item in ChangeKind if item.value == asked.get("kind")]
    states = [item for item in RowState if item.value == asked.get("state")]
    found = unit.plans.rows(
        PlanId(made.id), after=_position(visit), limit=PAGE + 1, kinds=kinds, states=states
    )
    kept = {key: str(item[0].value) for key, item in (("kind", kinds), ("state", states)) if item}
    shown = found[:PAGE]
    summary = lines.summary(unit, made)
    return {
        "summary": summary,
        "lines": lines.lines(unit, shown),
        "asked": kept,
        "next": {**kept, "after": shown[-1].row.ordinal} if len(found) > PAGE else None,
        "is_first": _position(visit) < 0,
        "why_held": ""
        if made.hold is None
        else notice_reasons.of_limits(made.hold, Language(visit.language.value)),
    }


def _position(visit: Visit) -> int:
    word = visit.query.get("after", "")
    if not word:
        return -1
    if not word.isascii() or not word.isdigit() or len(word) > 9:
        raise HTTPException(404)
    return int(word)


def _held(unit: UnitOfWork, application: Application) -> plan.Plan | None:
    return next(iter(unit.plans.of(application.id, [plan.PlanState.HELD], 1)), None)


def _newest(unit: UnitOfWork, application: Application) -> plan.Plan | None:
    """The newest plan of everybody who changed, rather than that of one person; the newest of all where there is none."""
    found = unit.plans.of(application.id, _OWN_CYCLES, _LOOKED_AT)
    whole = [item for item in found if item.origin not in plan.OF_A_FEW]
    return next(iter(whole or found), None)
