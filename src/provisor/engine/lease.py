"""The right to run a job's cycle: held by one process at a time, and lost by one that stops prolonging it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

from provisor.core.errors import JobBusyError, LeaseLostError
from provisor.core.identifiers import ApplicationId
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork

_LENGTH = timedelta(seconds=30)
_PROLONGED_EVERY = 10.0
"""Seconds between prolongations while nothing is written: a slow target is no reason to lose the job."""


class Lease:
    """A held lease; every write of the cycle prolongs it, which fences off a process that was taken over."""

    def __init__(self, clock: Clock, application_id: ApplicationId, epoch: int) -> None:
        self._clock = clock
        self._application_id = application_id
        self._epoch = epoch

    def prolong(self, unit: UnitOfWork) -> None:
        """Keep the lease in the caller's transaction. Raises `LeaseLostError` where somebody took it over."""
        unit.jobs.prolong(self._application_id, self._epoch, self._clock.now() + _LENGTH)

    def release(self, unit: UnitOfWork) -> None:
        """Give the job back."""
        unit.jobs.release(self._application_id, self._epoch)


def take(store: Store, clock: Clock, application_id: ApplicationId, owner: str) -> Lease:
    """The lease of a job. Raises `JobBusyError` where another living process holds it.

    An owner on this machine whose process is gone is taken over at once, so a killed service resumes without waiting.
    """
    now = clock.now()
    with store.write() as unit:
        holder = unit.jobs.lease_owner(application_id)
        dead = holder if holder is not None and is_dead(holder) else None
        epoch = unit.jobs.lease(application_id, owner, now, now + _LENGTH, dead)
    if epoch is None:
        raise JobBusyError(
            f"A cycle of this job is being run by {holder}; wait for it to end, or pause the job first."
        )
    return Lease(clock, application_id, epoch)


@contextlib.asynccontextmanager
async def kept(store: Store, clock: Clock, held: Lease) -> AsyncIterator[None]:
    """While inside, the lease is prolonged, however long the target keeps the cycle waiting."""
    prolonging = asyncio.create_task(_prolong_again_and_again(store, clock, held))
    try:
        yield
    finally:
        prolonging.cancel()
        # a lease that was lost is told by the next write that presents it
        with contextlib.suppress(asyncio.CancelledError, LeaseLostError):
            await prolonging


async def _prolong_again_and_again(store: Store, clock: Clock, held: Lease) -> None:
    while True:
        await clock.sleep(_PROLONGED_EVERY)
        with store.write() as unit:
            held.prolong(unit)


def process_name() -> str:
    """A name for this process: host, process id, and when the process started (ids are reused)."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Whether an owner is known to be gone: its process was on this machine and is not there any more."""
    parts = owner.split(":")
    if len(parts) != 3 or parts[0] != socket.gethostname() or not parts[1].isdigit():
        return False
    return _started(int(parts[1])) != parts[2]


def _started(process: int) -> str:
    try:
        # field 22 of /proc/PID/stat, after the command in parentheses: start time in clock ticks since boot
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return ""
        except PermissionError:
            pass
        return "alive"
