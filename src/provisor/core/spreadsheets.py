"""Values as CSV has them, safe to be opened in a spreadsheet."""

from __future__ import annotations

import json
import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?", re.ASCII)


def cell(value: object) -> object:
    """A value as CSV has it; what a spreadsheet would take for a formula gets an apostrophe in front."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case str() if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
            return f"'{value}"
        case _:
            return value
