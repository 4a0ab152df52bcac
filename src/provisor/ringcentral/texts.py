"""How the provider treats the texts it is sent: which it can store, and in which form it compares them."""

from __future__ import annotations

import unicodedata
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


def comparison_key(binding: Any, value: str) -> str:
    """The form a text is compared in: normalised, and case-folded unless its attribute is case-exact.

    It is its own comparison key, as the storage applies it again to what it stored.
    """
    normalised = unicodedata.normalize("NFC", value)
    if binding.case_exact:
        return normalised
    folded = unicodedata.normalize("NFC", normalised.casefold())
    # A few Greek letters only reach their folded form once they are composed.
    return unicodedata.normalize("NFC", folded.casefold())
