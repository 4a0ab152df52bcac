"""One request in the log, and what the log can be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """How requests ended, to choose them by."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    """Any status from 400 on, or no answer."""
    THROTTLED = "throttled"
    """429."""
    FAULTY = "faulty"
    """Met a fault on demand, whatever it was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A request and its answer, redacted.

    :param id: grows with time; pages go on after it.
    :param path: below the SCIM base path.
    :param query: decoded, without its values.
    :param status: None where the connection was closed without an answer.
    :param duration: milliseconds until the answer was handed over.
    :param caller: the id of the token, or whom the consent is of; None for whoever was not let in.
    :param client: the product its `User-Agent` names.
    :param faults: those it met, in words.
    :param group: the rate group it was counted in, `remaining` what was left in it; None without limits.
    :param error: what the answer said went wrong.
    :param body: the request's body: names and structure, values masked.
    :param answer: the same of the answer.
    """

    id: int
    at: dt.datetime
    profile: str
    method: str
    path: str
    query: str
    status: int | None
    duration: float
    caller: str | None
    client: str | None
    faults: tuple[str, ...]
    group: str | None
    remaining: int | None
    error: str | None
    body: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which requests; nothing set means all.

    :param path: the path itself, or what is below it.
    :param caller: the id of a token.
    """

    profile: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    methods: frozenset[str] = frozenset()
    path: str | None = None
    statuses: frozenset[int] = frozenset()
    ending: Ending | None = None
    caller: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How much the log keeps: the last so many requests, and none older than so long."""

    entries: int = 10_000
    age: dt.timedelta = dt.timedelta(days=7)
