"""How literals stand in a filter: what the grammar of scim2-models does not ask for."""

from __future__ import annotations

import re

from scim2_models import InvalidFilterException

_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_AFTER = frozenset(")] \t\r\n")


def check_blanks(scim_filter: str) -> None:
    """Accept a filter whose literals stand apart (RFC 7644 figure 1); its syntax is right otherwise.

    :raises InvalidFilterException: for `userName eq"x"` and for `"x"and`.
    """
    for literal in _LITERAL.finditer(scim_filter):
        after = scim_filter[literal.end() : literal.end() + 1]
        if not scim_filter[literal.start() - 1].isspace() or (after and after not in _AFTER):
            raise InvalidFilterException(
                detail=f"invalid syntax at column {literal.start() + 1}: a text stands between blanks"
            )
