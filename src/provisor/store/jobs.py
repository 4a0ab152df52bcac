"""Jobs: their schedule, their watermark, and the lease of the one process that runs their cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from provisor.core import identifiers, job_health, quarantine
from provisor.core import job as model
from provisor.core.errors import LeaseLostError
from provisor.store import encoding, signals, tables

_jobs = tables.jobs
_health_decoder = msgspec.json.Decoder(job_health.JobHealth)
_quarantine_decoder = msgspec.json.Decoder(quarantine.Quarantine)


class Jobs:
    """Jobs within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, application_id: identifiers.ApplicationId, interval_seconds: int) -> model.Job:
        row = self._connection.execute(sa.select(_jobs).where(_jobs.c.application_id == application_id)).one()
        return _job(row, interval_seconds)

    def due(self) -> Sequence[identifiers.ApplicationId]:
        rows = self._connection.execute(
            sa.select(_jobs.c.application_id).where(_jobs.c.schedule_state == model.ScheduleState.ACTIVE)
        )
        return [identifiers.ApplicationId(row.application_id) for row in rows]

    def set_schedule(self, application_id: identifiers.ApplicationId, state: model.ScheduleState) -> None:
        self._update(application_id, schedule_state=state)
        signals.raise_signal(self._connection)

    def schedule_state(self, application_id: identifiers.ApplicationId) -> model.ScheduleState:
        value = self._connection.execute(
            sa.select(_jobs.c.schedule_state).where(_jobs.c.application_id == application_id)
        ).scalar_one()
        return model.ScheduleState(value)

    def request(self, application_id: identifiers.ApplicationId, now: datetime) -> None:
        self._update(application_id, requested=encoding.instant(now))
        signals.raise_signal(self._connection)

    def requests(self) -> Mapping[identifiers.ApplicationId, datetime]:
        rows = self._connection.execute(
            sa.select(_jobs.c.application_id, _jobs.c.requested).where(
                _jobs.c.requested.is_not(None), _jobs.c.schedule_state != model.ScheduleState.PAUSED
            )
        )
        asked = ((row.application_id, encoding.parsed_instant(row.requested)) for row in rows)
        return {application_id: moment for application_id, moment in asked if moment is not None}

    def take_request(self, application_id: identifiers.ApplicationId) -> bool:
        taken = self._connection.execute(
            _jobs.update()
            .where(_jobs.c.application_id == application_id, _jobs.c.requested.is_not(None))
            .values(requested=None)
        )
        return taken.rowcount > 0

    def restart(self, application_id: identifiers.ApplicationId) -> None:
        self._update(application_id, watermark=None, held_plan=None)
        signals.raise_signal(self._connection)

    def hold(self, application_id: identifiers.ApplicationId, plan_id: identifiers.PlanId | None) -> None:
        self._update(application_id, held_plan=plan_id)

    def began(self, application_id: identifiers.ApplicationId, now: datetime) -> None:
        self._update(application_id, last_began=encoding.instant(now))

    def ended(
        self,
        application_id: identifiers.ApplicationId,
        now: datetime,
        *,
        error: str | None,
        watermark: identifiers.Sequence | None,
    ) -> None:
        columns: dict[str, Any] = {"last_ended": encoding.instant(now), "last_error": error}
        if error is None:
            columns["last_succeeded"] = encoding.instant(now)
        if watermark is not None:
            columns["watermark"] = sa.case(
                (_jobs.c.watermark > watermark, _jobs.c.watermark), else_=watermark
            )
            reviews = tables.reviews
            self._connection.execute(
                reviews.delete().where(
                    reviews.c.application_id == application_id, reviews.c.sequence <= watermark
                )
            )
        self._update(application_id, **columns)

    def reconciled(self, application_id: identifiers.ApplicationId, now: datetime) -> None:
        self._update(application_id, last_reconciled=encoding.instant(now))

    # -- health ----------------------------------------------------------

    def health(self, application_id: identifiers.ApplicationId) -> job_health.JobHealth:
        text = self._connection.execute(
            sa.select(_jobs.c.health).where(_jobs.c.application_id == application_id)
        ).scalar_one()
        return job_health.JobHealth() if text is None else _health_decoder.decode(text)

    def save_health(self, application_id: identifiers.ApplicationId, health: job_health.JobHealth) -> None:
        self._update(application_id, health=msgspec.json.encode(health).decode())

    def save_quarantine(
        self, application_id: identifiers.ApplicationId, found: quarantine.Quarantine | None
    ) -> None:
        self._update(
            application_id, quarantine=None if found is None else msgspec.json.encode(found).decode()
        )

    def quarantines(self) -> Mapping[identifiers.ApplicationId, quarantine.Quarantine]:
        rows = self._connection.execute(
            sa.select(_jobs.c.application_id, _jobs.c.quarantine).where(_jobs.c.quarantine.is_not(None))
        )
        return {row.application_id: _quarantine_decoder.decode(row.quarantine) for row in rows}

    # -- leases ----------------------------------------------------------

    def lease(
        self,
        application_id: identifiers.ApplicationId,
        owner: str,
        now: datetime,
        until: datetime,
        dead_owner: str | None,
    ) -> int | None:
        epoch = self._connection.execute(
            _jobs.update()
            .where(
                _jobs.c.application_id == application_id,
                sa.or_(
                    _jobs.c.lease_owner.is_(None),
                    _jobs.c.lease_until < encoding.instant(now),
                    _jobs.c.lease_owner == dead_owner,
                ),
            )
            .values(
                lease_owner=owner,
                lease_until=encoding.instant(until),
                lease_epoch=_jobs.c.lease_epoch + 1,
            )
            .returning(_jobs.c.lease_epoch)
        ).scalar_one_or_none()
        return None if epoch is None else int(epoch)

    def lease_owner(self, application_id: identifiers.ApplicationId) -> str | None:
        value: str | None = self._connection.execute(
            sa.select(_jobs.c.lease_owner).where(_jobs.c.application_id == application_id)
        ).scalar_one()
        return value

    def prolong(self, application_id: identifiers.ApplicationId, epoch: int, until: datetime) -> None:
        result = self._connection.execute(
            _jobs.update()
            .where(_jobs.c.application_id == application_id, _jobs.c.lease_epoch == epoch)
            .values(lease_until=encoding.instant(until))
        )
        if result.rowcount != 1:
            raise LeaseLostError("Another process took this job over; this one stops without writing.")

    def release(self, application_id: identifiers.ApplicationId, epoch: int) -> None:
        self._connection.execute(
            _jobs.update()
            .where(_jobs.c.application_id == application_id, _jobs.c.lease_epoch == epoch)
            .values(lease_owner=None, lease_until=None)
        )

    def _update(self, application_id: str, **columns: Any) -> None:
        self._connection.execute(
            _jobs.update().where(_jobs.c.application_id == application_id).values(**columns)
        )


def _job(row: sa.Row[Any], interval_seconds: int) -> model.Job:
    return model.Job(
        id=row.id,
        application_id=row.application_id,
        schedule_state=model.ScheduleState(row.schedule_state),
        interval_seconds=interval_seconds,
        watermark=row.watermark,
        held_plan=row.held_plan,
        last_error=row.last_error,
        last_began=encoding.parsed_instant(row.last_began),
        last_ended=encoding.parsed_instant(row.last_ended),
        last_succeeded=encoding.parsed_instant(row.last_succeeded),
        lease_owner=row.lease_owner,
        lease_epoch=row.lease_epoch,
        last_reconciled=encoding.parsed_instant(row.last_reconciled),
        quarantine=None if row.quarantine is None else _quarantine_decoder.decode(row.quarantine),
        requested=encoding.parsed_instant(row.requested),
    )
