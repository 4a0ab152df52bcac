"""What each kind of fault does to a request and its answer, as a layer around what is inside."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, assert_never
from urllib.parse import quote

from starlette.types import ASGIApp

from provisor.ringcentral.account import throttling
from provisor.ringcentral.faults import exchange, listings, model, telling
from provisor.ringcentral.faults.board import InForce, Seconds
from provisor.ringcentral.faults.exchange import Answer, NoAnswer, Outcome, Proceed, Request
from provisor.ringcentral.faults.model import (
    DelayedVisibility,
    Dropped,
    ExpiredToken,
    Fault,
    HtmlPage,
    IgnoredPatch,
    RepeatedPage,
    ShortPage,
    SlowBody,
    SlowHeaders,
    Status,
    Throttled,
    TruncatedBody,
    When,
    WrongContentType,
    WrongTotal,
)


class Refusals(Protocol):
    """The answers with which the profile refuses."""

    def of(self, status: int, detail: str) -> Answer:
        """An error with this status, and a sentence for its body."""
        ...

    def of_expired_token(self) -> Answer:
        """What it says to a token whose time is over."""
        ...


_PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What layers need to know besides the request.

    :param refusals: how the profile words a refusal.
    """

    in_force: InForce
    clock: Seconds
    refusals: Refusals


def around(app: ASGIApp, request: Request, circumstances: Circumstances, struck: list[str]) -> Proceed:
    """What to call with the request: the first fault outermost, the application itself in the middle.

    Each fault that the request really meets is noted in `struck`.
    """
    in_force, now = circumstances.in_force, circumstances.clock()

    async def application(inner: Request) -> Outcome:
        return await exchange.carried_out(app, inner)

    striking = set(in_force.striking(request.method, request.path, now))
    striking.update(each for each in in_force.script.faults if _is_penalised(each, request, circumstances))
    met = [each for each in in_force.script.faults if each in striking]
    # it needs the answer that says who was created, so no other fault may come between
    met.sort(key=lambda each: isinstance(each.kind, DelayedVisibility))
    proceed = _hiding(application, circumstances)
    for fault in reversed(met):
        proceed = _noting(fault, _layer(fault, proceed, circumstances), struck)
    return proceed


def _noting(fault: Fault, proceed: Proceed, struck: list[str]) -> Proceed:
    async def noted(request: Request) -> Outcome:
        struck.append(telling.told(fault))
        return await proceed(request)

    return noted


def _layer(  # noqa: C901, PLR0911, PLR0912 - one case a kind
    fault: Fault, proceed: Proceed, circumstances: Circumstances
) -> Proceed:
    match fault.kind:
        case Throttled() as kind:
            return _throttling(fault, kind, circumstances)
        case Status() | HtmlPage() as kind:
            return _instead(proceed, kind.when, _refusal(kind, circumstances))
        case Dropped(when=When.DURING_BODY):
            return _changed(proceed, lambda answer: replace(answer, broken=True))
        case Dropped() as kind:
            return _instead(proceed, kind.when, NoAnswer())
        case SlowHeaders(seconds=seconds):
            return _changed(
                proceed, lambda answer: replace(answer, headers_after=answer.headers_after + seconds)
            )
        case SlowBody(seconds=seconds):
            return _changed(proceed, lambda answer: replace(answer, body_after=answer.body_after + seconds))
        case RepeatedPage():
            return _repeating(proceed)
        case ShortPage(size=size):
            return _asking(proceed, lambda asked: listings.no_more_than(asked, size))
        case WrongTotal() as kind:
            return _changed(proceed, lambda answer: listings.with_wrong_total(answer, kind))
        case IgnoredPatch():
            return _ignoring(proceed)
        case DelayedVisibility(seconds=seconds):
            return _delaying(proceed, seconds, circumstances)
        case ExpiredToken():
            return _instead(proceed, When.BEFORE, circumstances.refusals.of_expired_token())
        case WrongContentType(content_type=content_type):
            return _changed(
                proceed, lambda answer: answer.with_header(b"content-type", content_type.encode())
            )
        case TruncatedBody(kept=kept):
            return _changed(
                proceed, lambda answer: answer.with_body(answer.body[: int(len(answer.body) * kept)])
            )
        case _:
            assert_never(fault.kind)


# -- instead of an answer ----------------------------------------------------


def _instead(proceed: Proceed, when: When, outcome: Outcome) -> Proceed:
    async def instead(request: Request) -> Outcome:
        if when is not When.BEFORE:
            await proceed(request)
        return outcome

    return instead


def _refusal(kind: Status | HtmlPage, circumstances: Circumstances) -> Answer:
    if isinstance(kind, HtmlPage):
        page = Answer(status=kind.status, headers=((b"content-type", b"text/html; charset=utf-8"),), body=b"")
        return page.with_body(_PAGE)
    answer = circumstances.refusals.of(
        kind.status, f"A fault that was asked for: {kind.status} {kind.when.value}."
    )
    return (
        answer if kind.retry_after is None else answer.with_header(b"retry-after", b"%d" % kind.retry_after)
    )


def _throttling(fault: Fault, kind: Throttled, circumstances: Circumstances) -> Proceed:
    async def throttle(request: Request) -> Outcome:
        group = throttling.group_of(request.method, request.path).value
        answer = circumstances.refusals.of(
            429, "Request rate exceeded. Send nothing until Retry-After has passed."
        )
        answer = answer.with_header(b"x-rate-limit-group", group.encode())
        if kind.retry_after is not None:
            answer = answer.with_header(b"retry-after", b"%d" % kind.retry_after)
        if kind.penalty is not None and kind.retry_after is not None:
            answer = answer.with_header(b"x-rate-limit-remaining", b"0")
            answer = answer.with_header(b"x-rate-limit-window", b"%d" % kind.retry_after)
        if kind.penalty is not None:
            until = circumstances.clock() + kind.penalty
            circumstances.in_force.penalties[_penalty(fault, request)] = until
        return answer

    return throttle


def _is_penalised(fault: Fault, request: Request, circumstances: Circumstances) -> bool:
    if not isinstance(fault.kind, Throttled) or fault.kind.penalty is None:
        return False
    until = circumstances.in_force.penalties.get(_penalty(fault, request))
    return until is not None and circumstances.clock() < until


def _penalty(fault: Fault, request: Request) -> tuple[Fault, str, str]:
    sent = request.header(b"authorization") or request.query.get("access_token", "").encode()
    token = hashlib.sha256(sent).hexdigest()
    return fault, token, throttling.group_of(request.method, request.path).value


# -- another request ---------------------------------------------------------


def _asking(proceed: Proceed, change: Callable[[listings.Parameters], listings.Parameters]) -> Proceed:
    async def ask(request: Request) -> Outcome:
        return await proceed(listings.with_parameters(request, change))

    return ask


def _repeating(proceed: Proceed) -> Proceed:
    async def repeat(request: Request) -> Outcome:
        outcome = await proceed(listings.with_parameters(request, listings.page_before))
        if not isinstance(outcome, Answer):
            return outcome
        return listings.said_to_start_at(outcome, listings.parameters(request).get("startIndex", 1))

    return repeat


def _ignoring(proceed: Proceed) -> Proceed:
    async def ignore(request: Request) -> Outcome:
        outcome = await proceed(request.as_get())
        # it was counted as a read, and a client must not take the one for the other
        return outcome.without_headers(b"x-rate-limit-") if isinstance(outcome, Answer) else outcome

    return ignore


# -- another answer ----------------------------------------------------------


def _changed(proceed: Proceed, change: Callable[[Answer], Answer]) -> Proceed:
    async def changed(request: Request) -> Outcome:
        outcome = await proceed(request)
        return change(outcome) if isinstance(outcome, Answer) else outcome

    return changed


def _delaying(proceed: Proceed, seconds: float, circumstances: Circumstances) -> Proceed:
    async def delay(request: Request) -> Outcome:
        outcome = await proceed(request)
        if isinstance(outcome, Answer) and outcome.status == 201:
            created = f"{request.path.rstrip('/')}/{outcome.document().get('id')}"
            circumstances.in_force.hidden[created] = circumstances.clock() + seconds
        return outcome

    return delay


def _hiding(proceed: Proceed, circumstances: Circumstances) -> Proceed:
    """Keeps from readers whoever is not to be seen yet."""
    hidden, now = circumstances.in_force.hidden, circumstances.clock()
    for path in [path for path, until in hidden.items() if until <= now]:
        del hidden[path]
    if not hidden:
        return proceed

    async def hide(request: Request) -> Outcome:
        if model.method_of(request.method, request.path) not in model.READS:
            return await proceed(request)
        path = request.path.rstrip("/")
        if path in hidden:
            return await _not_found(proceed, request, path)
        outcome = await proceed(request)
        if not isinstance(outcome, Answer) or not model.is_listing(request.path):
            return outcome
        return listings.without(outcome, {each.rpartition("/")[2] for each in hidden})

    return hide


async def _not_found(proceed: Proceed, request: Request, path: str) -> Outcome:
    """What the application says about somebody who is not there, in its own words."""
    collection, _, resource_id = path.rpartition("/")
    nobody = secrets.token_hex(16)
    outcome = await proceed(request.with_path(f"{collection}/{quote(nobody)}"))
    if not isinstance(outcome, Answer):
        return outcome
    return outcome.with_body(outcome.body.replace(nobody.encode(), resource_id.encode()))
