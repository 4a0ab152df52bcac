"""Reconciliation: the target is read in full, and what strayed from the directory is found and dealt with.

Source: ours; Entra looks at an account only when its person changes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class DriftPolicy(enum.StrEnum):
    """What is done with an account that differs although nothing happened in the directory."""

    REPAIR = "repair"
    REPORT = "report"


class UnownedPolicy(enum.StrEnum):
    """What is done with an account of the target that nobody of the directory is linked to."""

    REPORT = "report"
    ADOPT = "adopt"
    """Link it to the person it matches. From then on it is managed like any other: that of somebody who does not belong
    into the application is disabled in the next initial cycle or reconciliation, and the guard counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationSettings:
    """How reconciliation works; `interval_hours` of None has it run only when asked for."""

    drift: DriftPolicy = DriftPolicy.REPAIR
    unowned: UnownedPolicy = UnownedPolicy.REPORT
    interval_hours: int | None = None
