"""Rows that the guard holds back until a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import guard, identifiers
from provisor.core import plan as model


class HeldRows(Protocol):
    """The held rows of one application, within one transaction. They are log entries while they wait."""

    def hold(self, plan_id: identifiers.PlanId, breach: guard.Breach, now: datetime) -> None:
        """Hold the rows of a new plan that a passed limit is about."""
        ...

    def hold_again(
        self,
        plan_id: identifiers.PlanId,
        earlier: identifiers.PlanId,
        breach: guard.Breach,
        now: datetime,
    ) -> None:
        """Hold those rows of a new plan whose like is held in an earlier one."""
        ...

    def count(self, plan_id: identifiers.PlanId) -> int:
        """How many rows of a plan are held."""
        ...

    def is_same(self, plan_id: identifiers.PlanId, earlier: identifiers.PlanId) -> bool:
        """Whether two plans hold the same changes of the same objects, decided from the same facts."""
        ...

    def discard(self, plan_id: identifiers.PlanId) -> int:
        """Take the held rows out of a new plan; returns how many there were."""
        ...

    def supersede(self, plan_id: identifiers.PlanId, why: str, now: datetime) -> None:
        """Note that the held rows of a plan were overtaken by another one."""
        ...

    def allow(self, plan_id: identifiers.PlanId, selection: model.Selection, by: str, now: datetime) -> int:
        """Let held rows be applied, and note who allowed it; returns how many there are."""
        ...

    def drop(self, plan_id: identifiers.PlanId, selection: model.Selection, by: str, now: datetime) -> int:
        """End held rows without applying them, and note who decided it; returns how many there are."""
        ...

    def vouch(self, plan_id: identifiers.PlanId, by: str) -> None:
        """Note a person's word for every removal that a plan still has to carry out."""
        ...

    def note_decision(self, plan_id: identifiers.PlanId) -> None:
        """Note that a person decided about a part of what the plan holds."""
        ...

    def objects(self, ids: Sequence[identifiers.ObjectId]) -> frozenset[identifiers.ObjectId]:
        """Those of the objects that have held rows."""
        ...

    def gather(self, plan_id: identifiers.PlanId) -> int:
        """Have a plan look at everybody who has held rows; returns how many were not its candidates already."""
        ...

    def removals_since(self, moment: datetime) -> int:
        """How many accounts were taken away since then without a person's word."""
        ...

    def removals_waiting(self) -> int:
        """How many accounts are to be taken away by the plan that is being applied, or would be if nobody held them."""
        ...
