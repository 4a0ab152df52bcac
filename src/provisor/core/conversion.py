"""From the texts that expressions give to what a target attribute holds, by its type (Graph: `attributeDefinition`)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from provisor.core.attribute_mapping import AttributeDefinition, AttributeType
from provisor.core.objects import Value

Convert = Callable[[Value], Value]
"""Gives the attribute's value, None for no value. Raises `ValueError` for what the attribute cannot hold."""

_CANONICAL: Final = "%m/%d/%Y %I:%M:%S %p"
"""How date functions write a moment: `7/2/2021 3:33:38 PM`, in UTC."""

_ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?", re.IGNORECASE
)


class SeveralValuesError(ValueError):
    """Several values arrived for an attribute that holds one."""


def converter(definition: AttributeDefinition) -> Convert:
    """What makes values of the attribute; `as_text` itself where they are plain text."""
    if definition.multivalued:
        return _many
    match definition.type:
        case AttributeType.BOOLEAN:
            return _boolean
        case AttributeType.INTEGER:
            return _integer
        case AttributeType.DATE_TIME:
            return _moment
        case AttributeType.BINARY:
            return _binary
        case AttributeType.STRING | AttributeType.REFERENCE:
            return as_text


def as_text(value: Value) -> Value:
    """One text."""
    return value if type(value) is str else _single(value)


def _single(value: Value) -> str | None:
    if isinstance(value, tuple):
        if len(value) > 1:
            raise SeveralValuesError(f"{len(value)} values for an attribute that holds one")
        return value[0] if value else None
    if isinstance(value, bool):
        return "True" if value else "False"
    return None if value is None else str(value)


def _boolean(value: Value) -> Value:
    text = (_single(value) or "").strip().casefold()
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    if not text:
        return None
    raise ValueError(f"{value!r} is neither True nor False")


def _integer(value: Value) -> Value:
    text = _single(value)
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{value!r} is not a whole number") from None


def _moment(value: Value) -> Value:
    """ISO 8601 in UTC (RFC 7643, section 2.3.5), from that or from what date functions give; without an offset, UTC."""
    text = (_single(value) or "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text) if _ISO.fullmatch(text) else datetime.strptime(text, _CANONICAL)  # noqa: DTZ007 - the offset follows
    except ValueError:
        raise ValueError(f"{value!r} is not a date and time") from None
    utc = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")


def _binary(value: Value) -> Value:
    text = _single(value)
    if not text:
        return None
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("the value is not base64, which binary attributes are written in") from None
    return text


def _many(value: Value) -> Value:
    if isinstance(value, tuple):
        return value
    text = _single(value)
    return () if text is None else (text,)
