"""What cycles need from outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from provisor.core.application import Application
from provisor.ports.clock import Clock
from provisor.ports.store import Store
from provisor.ports.target import Target

TargetFactory = Callable[[Application, str], Target]
"""A target for an application and its secret token."""


async def close_target(target: Target) -> None:
    """Let go of a target at the end of a cycle."""
    await target.aclose()


def never() -> bool:
    """Nobody asks the process to stop."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What cycles need from outside.

    `open_probe` makes a target that a person waits for, so that it asks once and gives up soon; without it
    `open_target` is used. `release_target` is called at the end of a cycle (a service keeps targets open), `stopping` tells that the process
    is about to end and cycles shall stop after the requests under way.
    """

    store: Store
    clock: Clock
    open_target: TargetFactory
    new_id: Callable[[], str]
    process: str
    open_probe: TargetFactory | None = None
    release_target: Callable[[Target], Awaitable[None]] = close_target
    stopping: Callable[[], bool] = never
