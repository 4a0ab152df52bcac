"""Work that a page begins and that goes on after its answer: writing to a target takes longer than a visitor waits."""

from __future__ import annotations

import asyncio
import enum
import logging
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from provisor.core.errors import JobBusyError, ProvisorError
from provisor.core.identifiers import ApplicationId

_log = logging.getLogger(__name__)

PATIENCE = 1.5
"""Seconds that an answer waits for its work, so that what is quickly done is seen at once."""

END_TIMEOUT = 5.0
"""Seconds that work has to stop after the requests under way, when the service ends."""

Progress = Callable[[str, int, int | None], None]
Task = Callable[[Progress, Callable[[], bool]], Coroutine[Any, Any, object]]
"""What is to be done: told where to report its progress, and whom to ask whether the process is about to end."""


class Kind(enum.StrEnum):
    """What is worked on; of each kind an application has one piece at a time."""

    PLAN = "plan"
    ON_DEMAND = "onDemand"


class State(enum.StrEnum):
    """From the beginning of a piece of work to its end."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work, as it is now.

    `subject` is whom it is about, such as a plan's id. `outcome` is what a done one returned; `error` is why a failed one
    failed, None for a fault of our own, which is in the service's log.
    """

    subject: str
    began: datetime
    state: State = State.RUNNING
    done: int = 0
    total: int | None = None
    ended: datetime | None = None
    outcome: object = None
    error: ProvisorError | None = None

    @property
    def is_running(self) -> bool:
        return self.state is State.RUNNING


@dataclass(slots=True)
class _Running:
    work: Work
    thread: threading.Thread | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Works:
    """Every piece of work of this process, the last one of each application and kind."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._all: dict[tuple[ApplicationId, Kind], _Running] = {}
        self._stopping = threading.Event()

    def of(self, application_id: ApplicationId, kind: Kind) -> Work | None:
        """The piece of work that goes on, or ended last."""
        with self._lock:
            found = self._all.get((application_id, kind))
            return None if found is None else found.work

    def begin(self, application_id: ApplicationId, kind: Kind, subject: str, task: Task) -> None:
        """Begin a task in a thread with an event loop of its own, and wait a moment for its end.

        Raises `JobBusyError` where the one before still goes on.
        """
        with self._lock:
            before = self._all.get((application_id, kind))
            if before is not None and before.work.is_running:
                raise JobBusyError("What was begun before still goes on; wait for its end.")
            running = _Running(Work(subject=subject, began=self._now()))
            # a daemon: a process that must end does not wait for a target, and the next cycle goes on where it stopped
            running.thread = threading.Thread(
                target=self._run, args=(running, task), name=f"portal-{kind}", daemon=True
            )
            self._all[application_id, kind] = running
        running.thread.start()
        running.ended.wait(PATIENCE)

    def wait(self, application_id: ApplicationId, kind: Kind, timeout: float) -> Work | None:
        """The piece of work after its end, or after so many seconds."""
        with self._lock:
            found = self._all.get((application_id, kind))
        if found is not None:
            found.ended.wait(timeout)
        return self.of(application_id, kind)

    def close(self) -> None:
        """Have everything stop after the requests under way, and wait for it."""
        self._stopping.set()
        with self._lock:
            threads = [item.thread for item in self._all.values() if item.thread is not None]
        for thread in threads:
            thread.join(END_TIMEOUT)

    def _run(self, running: _Running, task: Task) -> None:
        def progress(_doing: str, done: int, total: int | None) -> None:
            self._note(running, done=done, total=total)

        try:
            outcome = asyncio.run(task(progress, self._stopping.is_set))
        except ProvisorError as error:
            self._note(running, state=State.FAILED, error=error, ended=self._now())
        except Exception:  # noqa: BLE001 - the end of the thread: nobody else would tell
            _log.exception("work of the portal failed")
            self._note(running, state=State.FAILED, ended=self._now())
        else:
            self._note(running, state=State.DONE, outcome=outcome, ended=self._now())
        finally:
            running.ended.set()

    def _note(self, running: _Running, **changed: Any) -> None:
        with self._lock:
            running.work = replace(running.work, **changed)
