"""Figures for whoever watches the service from outside; none of them holds personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from provisor.core.identifiers import ApplicationId
from provisor.core.requests import RequestCounts


@dataclass(frozen=True, slots=True)
class Measured:
    """The application that figures are about."""

    id: ApplicationId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFigures:
    """How a job is now; `completed` is when its last cycle succeeded, in seconds since 1970, None before the first."""

    escrowed: int
    held: int
    quarantined: bool
    overdue: bool
    completed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFigures:
    """A cycle that ended: seconds it took, changes by (kind, result), and seconds from each leaver's change to its end."""

    kind: str
    seconds: float
    changes: Mapping[tuple[str, str], int]
    leaver_delays: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFigures:
    """What is not of one application: notices that wait to be sent, objects of the directory by type."""

    outbox: int
    directory: Mapping[str, int]


class Telemetry(Protocol):
    """Takes figures."""

    def outcome(self, application: Measured, outcome: str) -> None:
        """A cycle of this process came to an end, or failed."""
        ...

    def cycle(self, application: Measured, figures: CycleFigures) -> None:
        """A plan was applied to its end, by whichever process."""
        ...

    def requests(self, application: Measured, counts: RequestCounts) -> None:
        """What was asked of a target since the last time."""
        ...

    def jobs(self, figures: Mapping[Measured, JobFigures]) -> None:
        """How all jobs are now."""
        ...

    def service(self, figures: ServiceFigures) -> None:
        """How the rest is now."""
        ...

    def looked(self, problems: Sequence[str]) -> None:
        """The service has looked at everything, and what it found wrong."""
        ...
