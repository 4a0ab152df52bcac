"""Which texts both databases can store."""

from __future__ import annotations

from typing import Any


def is_storable(text: str) -> bool:
    """Whether both databases can hold a text: PostgreSQL has no NUL, and UTF-8 no lone surrogate."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def holds_only_storable(value: Any) -> bool:
    """Whether every text of a JSON value, keys included, can be stored."""
    if isinstance(value, str):
        return is_storable(value)
    if isinstance(value, dict):
        return all(is_storable(key) and holds_only_storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(holds_only_storable(item) for item in value)
    return True
