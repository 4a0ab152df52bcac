"""How a cycle can end."""

from __future__ import annotations

from dataclasses import dataclass

from provisor.core import plan


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """No object was concerned."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan was applied to its end; `failures` rows of it failed."""

    plan: plan.Plan
    failures: int


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a plan wait for a person; `applied` is what else was done, of this plan or another, if there was any."""

    plan: plan.Plan
    applied: Applied | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """The job was paused; the plan's remaining rows are still pending."""

    plan: plan.Plan


CycleOutcome = NothingToDo | Held | Applied | Paused
