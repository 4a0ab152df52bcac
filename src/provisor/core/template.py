"""What the gallery offers (Graph: `applicationTemplate` with its synchronization template)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisor.core.application import ApplicationSettings
from provisor.core.assignments import AppRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One entry of the gallery; `schema` is what its job starts with, `notes` what an administrator should know."""

    id: str
    display_name: str
    description: str
    publisher: str
    categories: tuple[str, ...]
    notes: tuple[str, ...]
    roles: tuple[AppRole, ...]
    settings: ApplicationSettings
    schema: Mapping[str, Any]
