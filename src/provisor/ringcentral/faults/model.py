"""What a fault is: its kind, the requests it concerns, and which of them it strikes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Method(StrEnum):
    """A kind of request. A search sent with POST to `/.search` is `SEARCH` and never `POST`."""

    GET = "GET"
    SEARCH = "SEARCH"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


READS = frozenset({Method.GET, Method.SEARCH})
WRITES = frozenset({Method.POST, Method.PUT, Method.PATCH, Method.DELETE})


class When(StrEnum):
    """Where in the life of a request a fault strikes: before it is carried out, or after, instead of the answer."""

    BEFORE = "before commit"
    AFTER = "after commit"
    DURING_BODY = "during body"
    """After it was carried out, in the middle of the answer's body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """429. With a penalty, every request of that token and rate group is refused until it has passed in silence.

    :param retry_after: the seconds in `Retry-After`; None for no such header.
    :param penalty: seconds of silence, which any request starts anew; None for none.
    """

    retry_after: int | None = None
    penalty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """An error of the service: any status from 400 on but 429."""

    status: int
    when: When = When.BEFORE
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowHeaders:
    """The request is carried out at once; its answer begins so many seconds later."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowBody:
    """The status and the headers come at once, half of the body too; the rest so many seconds later."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The TCP connection is closed without an answer, or in the middle of it."""

    when: When


@dataclass(frozen=True, slots=True)
class RepeatedPage:
    """A list answers with the page before the one that was asked for, as if it were that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPage:
    """A list has at most so many resources on a page, however many were asked for. 0: empty pages."""

    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTotal:
    """`totalResults` is off by `shift`, or says `total`. Exactly one of them is set."""

    shift: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class IgnoredPatch:
    """PATCH is answered 200 with the resource as it was, and changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedVisibility:
    """What was created is not found by reads, lists and filters for so many seconds. Writes reach it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ExpiredToken:
    """401, as if the token were not valid any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """A web page instead of JSON, as a proxy or a sign-in page would answer."""

    status: int = 200
    when: When = When.BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongContentType:
    """The proper answer under another `Content-Type`."""

    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedBody:
    """The body ends after this share of it, and `Content-Length` agrees: whole HTTP, broken JSON."""

    kept: float


Kind = (
    Throttled
    | Status
    | SlowHeaders
    | SlowBody
    | Dropped
    | RepeatedPage
    | ShortPage
    | WrongTotal
    | IgnoredPatch
    | DelayedVisibility
    | ExpiredToken
    | HtmlPage
    | WrongContentType
    | TruncatedBody
)
"""All there is to go wrong."""

Listing = RepeatedPage | ShortPage | WrongTotal
"""The kinds that only lists and searches know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The requests a fault concerns.

    :param methods: empty for all that the kind can strike.
    :param path: below the SCIM base path, such as `/Users`; it covers what is below it, and `*` stands for one segment.
    """

    methods: frozenset[Method] = frozenset()
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of the requests a fault concerns it strikes; numbers count those requests from 1.

    :param share: the chance of each, from 0 to 1.
    :param every: 3 strikes the third, the sixth and so on, counted from `first`.
    :param most: how often at most.
    :param lasting: seconds after its first strike for which it goes on.
    :param between: from and to so many seconds after the fault was set.
    """

    share: float = 1.0
    every: int = 1
    first: int = 1
    last: int | None = None
    most: int | None = None
    lasting: float | None = None
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: what happens, to which requests, and when."""

    kind: Kind
    selection: Selection = field(default_factory=Selection)
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultScript:
    """Faults that are in force together. Those that strike the same request wrap each other, the first outermost.

    :param seed: what `share` is drawn from: the same seed and the same requests give the same faults.
    """

    faults: tuple[Fault, ...] = ()
    seed: int = 0


def method_of(method: str, path: str) -> Method | None:
    """The kind of a request; None for one that no fault can name, such as OPTIONS."""
    if method == "POST" and path.rstrip("/").endswith("/.search"):
        return Method.SEARCH
    return Method.__members__.get(method)


def concerns(fault: Fault, method: str, path: str) -> bool:
    """Whether a request is one of those that the fault counts."""
    asked = method_of(method, path)
    wanted = fault.selection.methods
    if (wanted and asked not in wanted) or not _covers(fault.selection.path, path):
        return False
    match fault.kind:
        case RepeatedPage() | ShortPage() | WrongTotal():
            return asked in READS and is_listing(path)
        case IgnoredPatch():
            return asked is Method.PATCH
        case DelayedVisibility():
            return asked is Method.POST and is_listing(path)
        case _:
            return True


def is_listing(path: str) -> bool:
    """Whether a path leads to many resources: `/Users`, `/.search`, `/Users/.search`, but not `/Users/7`."""
    parts = segments(path)
    return len(parts) <= 1 or parts[-1] == ".search"


def segments(path: str) -> list[str]:
    """The parts of a path between its slashes."""
    return [part for part in path.split("/") if part]


def _covers(wanted: str | None, path: str) -> bool:
    if wanted is None:
        return True
    expected, given = segments(wanted), segments(path)
    return len(expected) <= len(given) and _alike(expected, given)


def _alike(expected: Iterable[str], given: Iterable[str]) -> bool:
    return all(part in ("*", other) for part, other in zip(expected, given, strict=False))
