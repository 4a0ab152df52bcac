"""Leavers first: somebody who leaves while a long plan is being applied does not wait for its end."""

from __future__ import annotations

from dataclasses import replace

from provisor.core import guard, plan
from provisor.core.identifiers import Sequence
from provisor.engine.plan_request import PlanRequest
from provisor.engine.planning import Planner
from provisor.ports.store import Store


class Overtaking:
    """Makes small plans of disables and deletes for what changes while another plan is applied.

    They do not move the watermark: the next cycle sees the same changes again and finds these done. The guard judges
    them by all that has overtaken so far, so that many small plans cannot take away what one large one may not; its
    daily limit also counts what the plan that is being applied has still to remove, and what is held.
    """

    def __init__(self, *, store: Store, planner: Planner, request: PlanRequest) -> None:
        self._store = store
        self._planner = planner
        self._request = request
        self._seen = request.after or Sequence(0)
        self._overtaken = 0

    async def next(self, sequence: Sequence) -> plan.Plan | None:
        """A plan to apply at once, for what changed up to now; None where nobody left, or where too many did."""
        if sequence <= self._seen:
            return None
        made = await self._planner.make(replace(self._request, after=self._seen))
        self._seen = sequence
        if made is None:
            return None
        with self._store.write() as unit:
            leaving = sum(count for *_, count in unit.plans.totals(made.id))
            if made.state is plan.PlanState.READY and self._allowed(made, leaving):
                self._overtaken += leaving
                return made
            # too many for going ahead unseen: the next cycle plans them anew and holds them for a person
            unit.plans.remove(made.id)
        return None

    def _allowed(self, made: plan.Plan, leaving: int) -> bool:
        limits = self._request.application.settings.guard
        together = guard.GuardTotals(disables=self._overtaken + leaving, deletes=0, linked=made.linked)
        return not guard.judge(together, limits)
