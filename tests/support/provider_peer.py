"""A real service provider as the target of a test, which misbehaves as the test says.

    with provider_peer.serving(folder, profile="full", clock=company.target_clock) as peer:
        peer.meets("503 after commit on POST, once")

What is really in it is read past the faults, from a second server on the same database.
"""

from __future__ import annotations

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisor.ports.clock import Clock
from provisor.ringcentral import background
from provisor.ringcentral.background import RunningProvider
from provisor.ringcentral.faults import parsing
from provisor.ringcentral.faults.board import FaultBoard, FaultReport
from provisor.ringcentral.faults.model import FaultScript


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPeer:
    """The service provider as its client sees it (`url`, `token`), and as it really is (`users`, `groups`)."""

    faulty: RunningProvider
    sound: RunningProvider
    board: FaultBoard
    has_groups: bool

    @property
    def url(self) -> str:
        return self.faulty.base_url

    @property
    def token(self) -> str:
        return self.faulty.token

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        return self._all("Users")

    @property
    def groups(self) -> dict[str, dict[str, Any]]:
        return self._all("Groups") if self.has_groups else {}

    def meets(self, *texts: str, seed: int = 0) -> None:
        """Requests meet these faults from now on, and no others."""
        self.board.set(FaultScript(faults=tuple(map(parsing.fault, texts)), seed=seed))

    def behaves(self) -> tuple[FaultReport, ...]:
        """No faults any more; answers with what they have counted."""
        reports = self.board.reports()
        self.board.clear()
        return reports

    def _all(self, collection: str) -> dict[str, dict[str, Any]]:
        request = urllib.request.Request(
            f"{self.sound.base_url}/{collection}?count=100", headers=self.sound.headers
        )
        with urllib.request.urlopen(request) as answer:
            page = json.load(answer)
        assert page["totalResults"] == len(page["Resources"]), "a test needs no more than one page"
        return {one["id"]: one for one in page["Resources"]}


@contextlib.contextmanager
def serving(folder: Path, *, profile: str, clock: Clock) -> Iterator[ProviderPeer]:
    """A provider of a profile until the block ends; penalties and delays go by the clock."""
    url = f"sqlite:///{folder}/provider.db"
    board = FaultBoard(clock=clock.monotonic)
    with (
        background.running_provider(database_url=url, profile=profile, faults=board, seats=90) as faulty,
        background.running_provider(database_url=url, profile=profile, faults=FaultBoard()) as sound,
    ):
        yield ProviderPeer(faulty=faulty, sound=sound, board=board, has_groups=profile == "full")
