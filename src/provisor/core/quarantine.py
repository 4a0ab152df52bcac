"""Quarantine: the state of a job that fails too much, and goes slowly until it is well again.

Source: Entra, *Application provisioning in quarantine status*; Graph, `synchronizationQuarantine`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class QuarantineReason(enum.StrEnum):
    """Why a job is in quarantine (Graph: `quarantineReason`)."""

    BASE_ESCROW_THRESHOLD = "EncounteredBaseEscrowThreshold"
    TOTAL_ESCROW_THRESHOLD = "EncounteredTotalEscrowThreshold"
    ESCROW_PROPORTION_THRESHOLD = "EncounteredEscrowProportionThreshold"
    QUARANTINE_EXCEPTION = "EncounteredQuarantineException"
    ON_DEMAND = "QuarantinedOnDemand"
    TOO_MANY_DELETES = "TooManyDeletes"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineLimits:
    """When failures are too many, in numbers of objects; the documented ones unless an administrator says otherwise.

    `minimum_failures` must be reached before `percent` counts; `non_reference` and `total` count by themselves.
    `days` is how long a job is tried again before it is switched off.
    """

    minimum_failures: int = 5_000
    percent: float = 40.0
    non_reference: int = 40_000
    total: int = 60_000
    days: int = 28
