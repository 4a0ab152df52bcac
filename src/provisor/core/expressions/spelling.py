"""Guesses what a misspelt name was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest known name, or the empty string where none is near."""
    by_folded = {name.casefold(): name for name in known}
    nearest = difflib.get_close_matches(written.casefold(), by_folded, n=1, cutoff=0.6)
    if not nearest:
        return ""
    name = by_folded[nearest[0]]
    reminder = " Names are case-sensitive." if name.casefold() == written.casefold() else ""
    return f"Did you mean {name}?{reminder}"
