"""What was done with one object, step by step (Graph: `provisioningStep`); the provisioning log and provision on demand tell it.

Source: Entra, *Provisioning logs*, steps; *On-demand provisioning*.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class StepType(enum.StrEnum):
    """Graph: `provisioningStepType`, those that occur here."""

    IMPORT = "import"
    SCOPING = "scoping"
    MATCHING = "matching"
    EXPORT = "export"
    REFERENCE_RESOLUTION = "referenceResolution"


class StepStatus(enum.StrEnum):
    """Graph: `provisioningResult`."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"


class Mark(enum.StrEnum):
    """What a finding says."""

    YES = "yes"
    NO = "no"
    NEITHER = "neither"
    """It was not looked at, or tells neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a step found out, in words."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what it found or did, in words, as named details, and finding by finding.

    `type` is None for testing the connection, which Graph does not count among the steps.
    """

    name: str
    type: StepType | None
    status: StepStatus
    description: str
    details: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    taken: datetime | None = None


def document(step: Step) -> dict[str, Any]:
    """A step as JSON with Graph's names."""
    return {
        "name": step.name,
        "provisioningStepType": None if step.type is None else step.type.value,
        "status": step.status.value,
        "description": step.description,
        "details": dict(step.details),
    }
