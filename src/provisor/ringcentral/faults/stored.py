"""The faults that an administrator stored, kept in step with the settings."""

from __future__ import annotations

import logging
import time

from sqlalchemy.exc import OperationalError

from provisor.ringcentral.account.settings import SettingsStore
from provisor.ringcentral.faults import scripts
from provisor.ringcentral.faults.board import FaultBoard, InForce, Seconds
from provisor.ringcentral.faults.model import FaultScript

_log = logging.getLogger(__name__)


class StoredFaultBoard(FaultBoard):
    """A board whose faults are the stored ones; what `set` is told holds until another script is stored.

    Stored faults that cannot be understood, as those of a later release, are none; the log says so once.
    """

    def __init__(self, settings: SettingsStore, *, clock: Seconds = time.monotonic) -> None:
        super().__init__(clock=clock)
        self._settings = settings
        self._text = ""

    @property
    def in_force(self) -> InForce | None:
        try:
            text = self._settings.current().faults
        except OperationalError:
            # the endpoint meets the same trouble, and answers it
            return super().in_force
        if text != self._text:
            self._text = text
            self.set(_understood(text))
        return super().in_force


def _understood(text: str) -> FaultScript:
    try:
        return scripts.of_lines(text, "the stored faults")
    except scripts.FaultScriptError as error:
        _log.warning("No faults are in force: %s", error)
        return FaultScript()
