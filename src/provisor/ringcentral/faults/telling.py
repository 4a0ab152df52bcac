"""A fault as a person writes it: `parsing.fault(told(fault))` is the same fault again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from provisor.ringcentral.faults.model import (
    READS,
    WRITES,
    Choice,
    DelayedVisibility,
    Dropped,
    ExpiredToken,
    Fault,
    HtmlPage,
    IgnoredPatch,
    Kind,
    Method,
    RepeatedPage,
    Selection,
    ShortPage,
    SlowBody,
    SlowHeaders,
    Status,
    Throttled,
    TruncatedBody,
    WrongContentType,
    WrongTotal,
)


def told(fault: Fault) -> str:
    """The fault in words, such as `503 after commit on POST /Users, 5% of requests`."""
    main = " ".join(filter(None, (_kind(fault.kind), _selection(fault.selection))))
    return ", ".join((main, *_choice(fault.choice), *_extras(fault.kind)))


def seconds(value: float) -> str:
    """A length of time: `2 s`, `0.5 s`."""
    return f"{_plain(Decimal(repr(value)))} s"


def _kind(kind: Kind) -> str:  # noqa: C901, PLR0911, PLR0912 - one sentence a kind
    match kind:
        case Throttled():
            return "429"
        case Status():
            return f"{kind.status} {kind.when.value}"
        case SlowHeaders():
            return f"slow headers by {seconds(kind.seconds)}"
        case SlowBody():
            return f"slow body by {seconds(kind.seconds)}"
        case Dropped():
            return f"drop {kind.when.value}"
        case RepeatedPage():
            return "repeat page"
        case ShortPage():
            return f"short page of {kind.size}"
        case WrongTotal(shift=None):
            return f"wrong total of {kind.total}"
        case WrongTotal():
            return f"wrong total by {kind.shift:+d}"
        case IgnoredPatch():
            return "ignore patch"
        case DelayedVisibility():
            return f"delay visibility by {seconds(kind.seconds)}"
        case ExpiredToken():
            return "expired token"
        case HtmlPage():
            return f"html page {kind.when.value} with status {kind.status}"
        case WrongContentType():
            return f"wrong content type {kind.content_type}"
        case TruncatedBody():
            return f"truncate body at {_percent(kind.kept)}"
        case _:
            assert_never(kind)


def _extras(kind: Kind) -> Iterator[str]:
    if isinstance(kind, Throttled | Status) and kind.retry_after is not None:
        yield f"retry-after {kind.retry_after}"
    if isinstance(kind, Throttled):
        if kind.penalty is not None and kind.retry_after is None:
            yield "without retry-after"
        if kind.penalty is not None:
            yield f"penalty {seconds(kind.penalty)}"


def _selection(selection: Selection) -> str:
    if not selection.methods and selection.path is None:
        return ""
    parts = ["on"]
    if selection.methods == READS:
        parts.append("reads")
    elif selection.methods == WRITES:
        parts.append("writes")
    elif selection.methods:
        parts.append(" or ".join(each for each in Method if each in selection.methods))
    if selection.path is not None:
        parts.append(selection.path)
    return " ".join(parts)


def _choice(choice: Choice) -> Iterator[str]:
    if choice.share != 1:
        yield f"{_percent(choice.share)} of requests"
    if choice.every != 1:
        yield f"every {choice.every} requests"
    if choice.last == 1:
        yield "first request"
    elif choice.last is not None and choice.first == 1:
        yield f"first {choice.last} requests"
    elif choice.last is not None:
        yield f"requests {choice.first} to {choice.last}"
    elif choice.first != 1:
        yield f"from request {choice.first}"
    if choice.most is not None:
        yield "once" if choice.most == 1 else f"at most {choice.most} times"
    if choice.lasting is not None:
        yield f"for {seconds(choice.lasting)}"
    if choice.between is not None:
        begin, end = choice.between
        yield f"between {seconds(begin)} and {seconds(end)}"


def _percent(share: float) -> str:
    return f"{_plain(Decimal(repr(share)) * 100)}%"


def _plain(number: Decimal) -> str:
    """The number without an exponent and without idle zeros."""
    return format(number.normalize(), "f")
