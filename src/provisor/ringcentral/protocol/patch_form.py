"""Whether a PATCH body has the form of RFC 7644 section 3.5.2, before its paths and values are looked at.

A body without that form is refused with `invalidSyntax`. Table 9 of the RFC does not name PATCH there, but no other
keyword fits.
"""

from __future__ import annotations

import re
from typing import Any

from scim2_models import (
    InvalidFilterException,
    InvalidPathException,
    InvalidSyntaxException,
    NoTargetException,
    PatchOp,
    Path,
    PayloadTooLargeException,
)

from provisor.ringcentral.protocol.request_limits import LIMITS, RequestLimits

_OPS = frozenset({"add", "remove", "replace"})
_SELECTION = re.compile(r"(?P<head>[^\[\]]+)\[(?P<filter>.*)\](\.[^\[\].]+)?", re.DOTALL)


def check(payload: Any, limits: RequestLimits = LIMITS) -> None:
    """Refuse a body that is no PATCH.

    :raises InvalidSyntaxException: without the schema, without operations, or with one that is none.
    :raises PayloadTooLargeException: for more operations than the limit.
    :raises NoTargetException: for a `remove` without a path.
    :raises InvalidPathException: for a path that is no text, too long, or malformed outside of its filter.
    :raises InvalidFilterException: for a path whose filter is malformed.
    """
    members = named(payload)
    schemas = members.get("schemas")
    urn = str(PatchOp.__schema__)
    if not isinstance(schemas, list) or urn.casefold() not in {str(each).casefold() for each in schemas}:
        raise InvalidSyntaxException(detail=f"The 'schemas' of a PATCH must hold {urn!r}.")
    operations = members.get("operations")
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntaxException(detail="'Operations' must be a list of at least one operation.")
    if len(operations) > limits.patch_operations:
        raise PayloadTooLargeException(
            detail=f"A PATCH may have {limits.patch_operations} operations; this one has {len(operations)}."
        )
    for number, operation in enumerate(operations):
        _check_operation(operation, f"Operations[{number}]", limits)


def named(payload: Any) -> dict[str, Any]:
    """The members of an object by their names in lower case; none for what is no object."""
    return {key.casefold(): value for key, value in payload.items()} if isinstance(payload, dict) else {}


def _check_operation(operation: Any, place: str, limits: RequestLimits) -> None:
    members = named(operation)
    op = members.get("op")
    if not isinstance(op, str) or op.casefold() not in _OPS:
        raise InvalidSyntaxException(detail=f"{place}: 'op' must be one of 'add', 'remove' and 'replace'.")
    path = members.get("path")
    if op.casefold() == "remove" and path in (None, ""):
        raise NoTargetException(detail=f"{place}: a remove needs a path that says what to remove.")
    if path is None:
        return
    if not isinstance(path, str) or len(path) > limits.filter_characters:
        raise InvalidPathException(
            detail=f"{place}: 'path' must be a text of at most {limits.filter_characters} characters."
        )
    _check_path(path, place)


def _check_path(path: str, place: str) -> None:
    if "[" not in path:
        return
    selection = _SELECTION.fullmatch(path)
    try:
        Path(path)
    except InvalidPathException as error:
        if selection is None or selection["filter"].strip().isdecimal():
            raise InvalidPathException(path=path, detail=f"{place}: {error.detail}") from error
        raise InvalidFilterException(
            filter=selection["filter"], detail=f"{place}: the filter in the path {path!r} is malformed."
        ) from error
