"""What is kept of a schema beside the one in force: the versions before it, and drafts that are not saved yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisor.core.audit import Actor

MOST_VERSIONS = 50
"""Versions of a schema that are kept for each application; older ones are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMark:
    """Which version, when it was saved and by whom; both None for one that was saved before versions were kept."""

    number: int
    saved: datetime | None
    by: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaVersion:
    """A schema as it was saved."""

    mark: VersionMark
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaDraft:
    """A schema that somebody is editing; `base` is the digest of the saved one it began from."""

    author: Actor
    base: str
    document: Mapping[str, Any]


def digest(document: Mapping[str, Any]) -> str:
    """The same for two documents if, and only if, they say the same, in whatever order of keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
