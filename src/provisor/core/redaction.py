"""Values that flow to the application and are shown to nobody (Entra: Redact)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from provisor.core.changes import Modification

REDACTED = "[Redact]"
"""What stands in place of the value, as in Entra's log."""


def shown(modification: Modification, redacted: Collection[str]) -> Modification:
    """The modification as it may be shown: values of redacted paths are not told, only whether there is one."""
    if modification.path not in redacted:
        return modification
    return dataclasses.replace(
        modification, old=_covered(modification.old), new=_covered(modification.new), added=()
    )


def texts(values: Iterable[Any]) -> frozenset[str]:
    """The texts that must not appear anywhere, from redacted values of whatever shape."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, list | tuple):
            found |= texts(value)
        elif isinstance(value, dict):
            found |= texts(value.values())
        elif value is not None and not isinstance(value, bool):
            found.add(str(value).strip())
    return frozenset(found - {""})


def covered(values: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The values, those of hidden names and others with the same text covered."""
    secret = texts(values[name] for name in hidden if name in values)
    return {
        name: REDACTED if value is not None and (name in hidden or texts([value]) & secret) else value
        for name, value in values.items()
    }


def without(message: str, hidden: Collection[str]) -> str:
    """The message with each hidden text covered where it stands as a word of its own, in any case."""
    for text in sorted(hidden, key=len, reverse=True):
        message = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", REDACTED, message, flags=re.IGNORECASE)
    return message


def _covered(value: Any) -> Any:
    return None if value is None else REDACTED
