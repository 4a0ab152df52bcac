"""The faults in force, which may change while the service provider runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from provisor.ringcentral.faults import choosing, model, telling
from provisor.ringcentral.faults.choosing import Tally
from provisor.ringcentral.faults.model import Fault, FaultScript

Seconds = Callable[[], float]
"""A clock in seconds that never goes back."""


@dataclass(slots=True, kw_only=True)
class InForce:
    """A script and what happened since it was set: counts, penalties, and who is not to be seen yet.

    :param penalties: until when a token's rate group is to be silent, by fault, token and group.
    :param hidden: until when a resource is not found, by its path such as `/Users/7`.
    """

    script: FaultScript
    tallies: dict[Fault, Tally]
    penalties: dict[tuple[Fault, str, str], float] = field(default_factory=dict)
    hidden: dict[str, float] = field(default_factory=dict)

    def striking(self, method: str, path: str, now: float) -> tuple[Fault, ...]:
        """Count a request, and answer with the faults that strike it, in their order."""
        struck = []
        for fault in self.script.faults:
            if not model.concerns(fault, method, path):
                continue
            counted = choosing.count(fault, self.tallies[fault], seed=self.script.seed, now=now)
            self.tallies[fault] = counted.tally
            if counted.strikes:
                struck.append(fault)
        return tuple(struck)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultReport:
    """A fault in force: how it is written, how many requests it concerned, and how many of them it struck."""

    fault: Fault
    text: str
    seen: int
    struck: int


class FaultBoard:
    """Holds the faults in force; they may be changed from any thread, and the next request meets them.

    :param clock: seconds; what `for`, `between`, penalties and delays are measured with.
    """

    def __init__(self, script: FaultScript | None = None, *, clock: Seconds = time.monotonic) -> None:
        self.clock = clock
        self._changing = threading.Lock()
        self._in_force: InForce | None = None
        self.set(script or FaultScript())

    @property
    def in_force(self) -> InForce | None:
        """None where no request shall meet a fault, nor an after-effect of one."""
        return self._in_force

    @property
    def script(self) -> FaultScript:
        """The faults that are set now."""
        in_force = self._in_force
        return in_force.script if in_force is not None else FaultScript()

    def set(self, script: FaultScript) -> None:
        """Replace all faults. Those that stay the same keep their counts; whoever was hidden stays so until their time."""
        with self._changing:
            script = replace(script, faults=tuple(dict.fromkeys(script.faults)))
            before, now = self._in_force, self.clock()
            tallies = before.tallies if before is not None and before.script.seed == script.seed else {}
            hidden = {} if before is None else before.hidden
            self._in_force = (
                InForce(
                    script=script,
                    tallies={each: tallies.get(each, Tally(since=now)) for each in script.faults},
                    penalties={} if before is None else before.penalties,
                    hidden=hidden,
                )
                if script.faults
                else None
            )

    def clear(self) -> None:
        """No faults any more, and no after-effects: everybody is visible, every penalty is over."""
        self.set(FaultScript())

    def reports(self) -> tuple[FaultReport, ...]:
        """Each fault with what it has counted."""
        in_force = self._in_force
        if in_force is None:
            return ()
        return tuple(
            FaultReport(
                fault=fault,
                text=telling.told(fault),
                seen=in_force.tallies[fault].seen,
                struck=in_force.tallies[fault].struck,
            )
            for fault in in_force.script.faults
        )
