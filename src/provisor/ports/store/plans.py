"""Plans and their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import changes, guard, identifiers, objects
from provisor.core import plan as model
from provisor.core.errors import ErrorCode
from provisor.core.requests import RequestCounts


class Plans(Protocol):
    """Plans within one transaction."""

    def add(self, plan: model.Plan) -> None:
        """Keep a new plan."""
        ...

    def get(self, plan_id: str) -> model.Plan | None:
        """The plan with this id."""
        ...

    def of(
        self, application_id: identifiers.ApplicationId, states: Sequence[model.PlanState], limit: int
    ) -> Sequence[model.Plan]:
        """The application's plans in these states, the newest first."""
        ...

    def move(
        self,
        plan_id: identifiers.PlanId,
        to: model.PlanState,
        *,
        began: datetime | None = None,
        ended: datetime | None = None,
        hold: guard.Hold | None = None,
        error: str | None = None,
    ) -> None:
        """Move a plan to another state. Raises `InvalidInputError` where its state does not allow it."""
        ...

    def abandon(self, application_id: identifiers.ApplicationId, states: Sequence[model.PlanState]) -> None:
        """Give up the application's plans in these states; rows that were applied stay in the log."""
        ...

    def give_up(self, application_id: identifiers.ApplicationId) -> None:
        """Give up a plan that is being applied: rows not begun are dropped, interrupted ones wait to be looked up."""
        ...

    def remove(self, plan_id: identifiers.PlanId) -> None:
        """Forget a plan with all its rows."""
        ...

    def failures(
        self, plan_id: identifiers.PlanId
    ) -> Sequence[tuple[changes.ChangeKind, ErrorCode | None, int]]:
        """The number of failed rows by kind and error code."""
        ...

    def note_requests(self, plan_id: identifiers.PlanId, requests: RequestCounts) -> None:
        """Keep what a plan has asked of its target so far."""
        ...

    def note_error(self, plan_id: identifiers.PlanId, error: str | None) -> None:
        """Keep why a plan's cycle stopped early, its rows still pending."""
        ...

    def discard_scratch(self, plan_id: identifiers.PlanId) -> None:
        """Drop what was only needed while planning."""
        ...

    def add_rows(self, application_id: identifiers.ApplicationId, rows: Sequence[model.PlanRow]) -> None:
        """Append rows to a plan."""
        ...

    def claim(
        self, plan_id: identifiers.PlanId, phase: model.Phase, after: int, limit: int
    ) -> Sequence[model.ClaimedRow]:
        """Take the next rows of a phase: marked as being applied before any request leaves.

        Rows that are found in that mark already were interrupted and are handed out as such.
        """
        ...

    def release(self, plan_id: identifiers.PlanId, ordinals: Sequence[int]) -> None:
        """Put rows back that were taken but never sent."""
        ...

    def record(
        self,
        plan_id: identifiers.PlanId,
        results: Sequence[tuple[int, model.RowResult, int]],
        now: datetime,
    ) -> None:
        """Record what became of rows, as (ordinal, result, milliseconds): from now on they are log entries."""
        ...

    def revise(self, plan_id: identifiers.PlanId, ordinal: int, details: model.RowDetails) -> None:
        """Keep what a row really wrote, where that was decided while it was carried out."""
        ...

    def totals(
        self, plan_id: identifiers.PlanId
    ) -> Sequence[tuple[objects.ObjectType, changes.ChangeKind, changes.Reason, model.RowState, int]]:
        """The number of rows by object type, kind, reason and state."""
        ...

    def states(
        self, plan_ids: Sequence[identifiers.PlanId]
    ) -> Mapping[identifiers.PlanId, Mapping[model.RowState, int]]:
        """The number of rows of several plans by state."""
        ...

    def applied_after(
        self,
        plan: model.Plan,
        ids: Sequence[identifiers.ObjectId],
        moment: datetime,
    ) -> Mapping[identifiers.ObjectId, Sequence[model.RecordedRow]]:
        """What other plans of the same application did to these objects from a moment on, in order."""
        ...

    def rows(
        self,
        plan_id: identifiers.PlanId,
        *,
        after: int = -1,
        limit: int = 500,
        kinds: Sequence[changes.ChangeKind] = (),
        states: Sequence[model.RowState] = (),
    ) -> Sequence[model.RecordedRow]:
        """Rows of a plan in their order, from after an ordinal."""
        ...
