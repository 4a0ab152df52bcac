"""What kind of plan is asked for, and by which rules it decides."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provisor.core import changes, deciding, plan, reconciling, schema
from provisor.core.application import Application
from provisor.core.identifiers import Sequence as SequenceNumber
from provisor.core.identifiers import TargetId
from provisor.core.job import CycleKind, Retries
from provisor.core.reconciliation import ReconciliationSettings

Step = changes.Decision | deciding.AskMatch | deciding.AskRead


class Purpose(enum.Enum):
    """What a plan is made for."""

    APPLY = "apply"
    REVIEW = "review"
    """To be looked at: it has a row for everything, whatever another plan holds already."""


class Rules(Protocol):
    """The decisions: those of `core.deciding`, or those of a reconciliation."""

    def consider(self, case: deciding.Case) -> Step:
        """The decision, or what must be asked of the target first."""
        ...

    def ask_match(self, case: deciding.Case) -> Step:
        """What follows when a linked account is gone."""
        ...

    def after_match(self, case: deciding.Case, answer: deciding.MatchAnswer) -> changes.Decision:
        """The decision once the target was searched."""
        ...

    def after_read(
        self, case: deciding.Case, target_id: TargetId, document: Mapping[str, Any]
    ) -> changes.Decision:
        """The decision once the linked account was read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What kind of plan is asked for, by whom.

    `after` of None looks at everybody; `leavers_only` keeps to disables and deletes, which need no look at the target.
    `reconcile` looks at everybody and at every account of the target; `applied` is up to where the directory's changes
    were applied before.
    """

    application: Application
    schema: schema.SynchronizationSchema
    origin: plan.Origin
    after: SequenceNumber | None
    retries: Retries
    leavers_only: bool = False
    purpose: Purpose = Purpose.APPLY
    reconcile: ReconciliationSettings | None = None
    applied: SequenceNumber | None = None

    @property
    def kind(self) -> CycleKind:
        """The kind of cycle that the plan belongs to."""
        if self.reconcile is not None:
            return CycleKind.RECONCILIATION
        return CycleKind.INITIAL if self.after is None else CycleKind.INCREMENTAL

    @property
    def rules(self) -> Rules:
        """By what is decided."""
        return deciding if self.reconcile is None else reconciling.Reconciling(self.reconcile, self.applied)
