"""What was observed, as the row of the log it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from provisor.ringcentral import moments
from provisor.ringcentral.request_log import redaction
from provisor.ringcentral.request_log.observing import Observed

Row = dict[str, Any]

_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,39}(?:/[\w.+-]{1,20})?")
_METHOD = re.compile(r"[A-Z]{1,20}")


def row(seen: Observed, profile: str) -> Row:
    """The row of a request; nothing in it tells about a person, and no secret is in it."""
    query = seen.query.decode("latin-1")
    refused = seen.status is not None and seen.status >= 400
    return {
        "at": moments.microseconds(seen.at),
        "profile": profile,
        "method": seen.method if _METHOD.fullmatch(seen.method) else redaction.MASK,
        "path": redaction.path(seen.path),
        "query": redaction.query(query),
        "status": seen.status,
        "duration": round(seen.duration * 1_000_000),
        "caller": None if seen.caller is None else redaction.identifier(seen.caller),
        "client": _product(_header(seen.headers, b"user-agent")),
        "faults": "\n".join(seen.faults) or None,
        "rate_group": _header(seen.answer_headers, b"x-rate-limit-group"),
        "rate_remaining": _number(_header(seen.answer_headers, b"x-rate-limit-remaining")),
        "error": redaction.error(seen.answer.kept, seen.body.kept, query, seen.path) if refused else None,
        "body": redaction.body(seen.body.kept, of=seen.body.size),
        "answer": redaction.body(seen.answer.kept, of=seen.answer.size),
    }


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), None)


def _product(agent: str | None) -> str | None:
    """The first product of a `User-Agent`; its comments may hold anything."""
    match = _PRODUCT.match(agent or "")
    return match[0].strip() if match else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else None
