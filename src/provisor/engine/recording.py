"""Recording what became of rows: row, link, references and escrow in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta

from provisor.core import escrow, mapping, plan
from provisor.core.changes import ChangeKind, Reason
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ApplicationId
from provisor.core.links import Link
from provisor.engine import departing
from provisor.engine.lease import Lease
from provisor.engine.row_outcomes import Outcome
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork

Timed = tuple[Outcome, int]
"""An outcome and how long it took, in milliseconds."""


class Recorder:
    """Writes outcomes of one application's plans down."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        lease: Lease,
        application_id: ApplicationId,
        retries: escrow.RetrySchedule,
    ) -> None:
        self._store = store
        self._retries = retries
        self._clock = clock
        self._lease = lease
        self._application_id = application_id

    def record(self, timed: Sequence[Timed]) -> None:
        """Record outcomes of one plan's rows. Raises `LeaseLostError` where another process took the job over."""
        now = self._clock.now()
        outcomes = [outcome for outcome, _ in timed]
        with self._store.write() as unit:
            self._lease.prolong(unit)
            unit.plans.record(
                outcomes[0].row.plan_id,
                [(item.row.ordinal, item.result, duration) for item, duration in timed],
                now,
            )
            for item in outcomes:
                if item.revised is not None:
                    unit.plans.revise(item.row.plan_id, item.row.ordinal, item.revised)
            links = unit.links(self._application_id)
            unlinked = [item.row for item in outcomes if item.unlink]
            stays = Reason.NO_LONGER_MANAGED
            links.remove([row.object_id for row in unlinked if row.reason is not stays])
            links.let_go([row.object_id for row in unlinked if row.reason is stays])
            links.save([link for item in outcomes if (link := _dated_link(item, now)) is not None], now)
            self._record_references(unit, outcomes)
            self._record_failures(unit, outcomes)
            departing.record(unit, outcomes, now)
            unit.applications.review(
                self._application_id, [item.row.object_id for item in outcomes if item.review]
            )

    def _record_references(self, unit: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        references = unit.references(self._application_id)
        for item in outcomes:
            is_manager = item.row.kind is ChangeKind.SET_REFERENCE
            source = mapping.MANAGER if is_manager else mapping.MEMBERS
            if item.references_added:
                references.note_applied(item.row.object_id, source, item.references_added)
            if item.references_removed:
                references.note_removed(item.row.object_id, source, item.references_removed)

    def _record_failures(self, unit: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        escrows = unit.escrows(self._application_id)
        failures = [failure for item in outcomes if (failure := _failure(item)) is not None]
        made = unit.plans.get(outcomes[0].row.plan_id) if failures else None
        if made is not None:
            escrows.failed(failures, now=self._clock.now(), since=made.created, schedule=self._retries)
        settled = (plan.RowState.DONE, plan.RowState.SKIPPED)
        escrows.settled(
            [
                item.row.object_id
                for item in outcomes
                if item.row.details.retried and item.result.state in settled
            ]
        )


def _dated_link(item: Outcome, now: datetime) -> Link | None:
    """The link to be saved; a delay before deletion counts from now, however long the plan was held."""
    days = item.row.details.delete_after_days
    if item.link is None or days is None:
        return item.link
    return dataclasses.replace(item.link, delete_due=now + timedelta(days=days))


def _failure(item: Outcome) -> escrow.Failure | None:
    if item.row.reason is Reason.UNDONE:
        return None  # trying again would be an ordinary change, and do anew what was to be taken back
    if item.result.state is plan.RowState.FAILED:
        code, message = item.result.error_code or ErrorCode.INTERNAL_ERROR, item.result.error_message or ""
    elif item.refused is not None:
        code, message = ErrorCode.UNRESOLVED_REFERENCE, item.refused
    else:
        return None
    return escrow.Failure(
        object_id=item.row.object_id,
        code=code,
        message=message,
        is_reference=item.row.phase is plan.Phase.REFERENCES,
        uncertain=item.uncertain,
    )
