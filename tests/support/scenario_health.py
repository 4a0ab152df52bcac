"""What scenarios say of how a job fares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisor.core import job
from support.provisioning import Provisioning

Said = Mapping[str, Any]


def checks(company: Provisioning) -> Mapping[str, Callable[[Any], None]]:
    """The expectations by their names in a scenario."""
    return {
        "status": lambda said: _same(job.status_code(company.job, configured=True), said),
        "schedule": lambda said: _same(company.job.schedule_state, said),
        "quarantine": lambda said: _quarantine(company, said),
        "pruned": lambda said: _same(company.health.escrows_pruned, said),
        "stopped": lambda said: _stopped(company, said),
    }


def _same(seen: object, said: object) -> None:
    assert seen == said


def _quarantine(company: Provisioning, said: Said | None) -> None:
    """The quarantine in force, `null` for none; `nextInSeconds` to the second, `series` its count."""
    found = company.job.quarantine
    if said is None:
        assert found is None, found
        return
    assert found is not None, "the job is not in quarantine"
    pause = None if found.next_attempt is None else found.next_attempt - found.current_began
    seen = {
        "reason": found.reason.value,
        "code": found.code,
        "series": found.series_count,
        "nextInSeconds": None if pause is None else round(pause.total_seconds()),
    }
    assert said.get("message", "") in found.message, found.message
    wanted = {name: value for name, value in said.items() if name != "message"}
    assert {name: seen[name] for name in wanted} == wanted, found


def _stopped(company: Provisioning, said: str | None) -> None:
    """Why the service itself stopped the job."""
    why = company.health.stopped_because
    assert (why is None) if said is None else (said in (why or "")), why
