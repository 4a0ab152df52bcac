"""How much one request may ask for. Everything beyond is refused before any work is done on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scim2_models import (
    InvalidFilterException,
    InvalidSyntaxException,
    PayloadTooLargeException,
    SCIMException,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """The limits of a service provider.

    :param body_bytes: a request body; RingCentral's own limit for writes. Beyond: 413.
    :param json_depth: objects and lists within each other. Beyond: 400 invalidSyntax.
    :param url_characters: path and query of a request. Beyond: 414.
    :param filter_characters: a filter, or the path of a PATCH operation. Beyond: 400 invalidFilter or invalidPath, as
        for more than 32 expressions within each other (scim2-models) and more than 100 comparisons (the storage).
    :param patch_operations: operations of one PATCH. Beyond: 413.
    :param bulk_operations: operations of one bulk request, announced as `maxOperations`. Beyond: 413.
    :param bulk_bytes: the body of a bulk request, announced as `maxPayloadSize`. Beyond: 413.
    """

    body_bytes: int = 10 * 1024 * 1024
    json_depth: int = 64
    url_characters: int = 16 * 1024
    filter_characters: int = 8 * 1024
    patch_operations: int = 1000
    bulk_operations: int = 1000
    bulk_bytes: int = 1024 * 1024


LIMITS = RequestLimits()
"""The limits of both profiles."""


class UriTooLongException(SCIMException):
    """The URL is longer than is read (HTTP status 414)."""

    status = 414


def check_url(characters: int, limits: RequestLimits = LIMITS) -> None:
    """Refuse a URL that is too long.

    :raises UriTooLongException: with what to do instead.
    """
    if characters > limits.url_characters:
        raise UriTooLongException(
            detail=f"The URL has more than {limits.url_characters} characters. Send the search as the body of "
            "POST /.search instead."
        )


def check_body(size: int, limits: RequestLimits = LIMITS) -> None:
    """Refuse a body that is too large.

    :raises PayloadTooLargeException: with the limit.
    """
    if size > limits.body_bytes:
        raise PayloadTooLargeException(detail=f"The body has more than {limits.body_bytes} bytes.")


def check_filter(scim_filter: Any, limits: RequestLimits = LIMITS) -> None:
    """Refuse a filter that is too long, before it is parsed.

    :raises InvalidFilterException: with the limit.
    """
    if isinstance(scim_filter, str) and len(scim_filter) > limits.filter_characters:
        raise InvalidFilterException(
            detail=f"A filter may have {limits.filter_characters} characters; this one has {len(scim_filter)}."
        )


def check_depth(payload: Any, limits: RequestLimits = LIMITS) -> None:
    """Refuse JSON that is nested too deeply.

    :raises InvalidSyntaxException: with the limit.
    """
    level = [payload]
    for _ in range(limits.json_depth):
        level = [inner for outer in level for inner in _within(outer) if isinstance(inner, dict | list)]
        if not level:
            return
    raise InvalidSyntaxException(
        detail=f"The body nests objects and lists more than {limits.json_depth} deep."
    )


def _within(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
