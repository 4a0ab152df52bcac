"""Requests to one target, with its flow control obeyed, passing faults waited out and errors sorted by recovery.

Three kinds of request differ in what a lost answer means. A *read* changes nothing, so it is repeated. A *repeatable*
write (PATCH, PUT, DELETE of one resource) gives the same end when it is carried out twice, so it is repeated, too. A
*creation* makes somebody twice: it is repeated only where it certainly was not received.
"""

from __future__ import annotations

import enum
from collections import Counter
from random import Random
from typing import Any

import orjson

from provisor.core import errors
from provisor.core.requests import RequestCounts, status_class
from provisor.ports import clock
from provisor.targets import answers, connection, profile, rate_budget, refusals, tenant_url


class Effect(enum.StrEnum):
    """What carrying out a request twice would do."""

    READ = "read"
    REPEATABLE = "repeatable"
    CREATION = "creation"


Query = tuple[tuple[str, str], ...]


class Transport:
    """The one way out to a target.

    `exchange` answers whatever is definite; `succeed` answers successes and raises for the rest.
    """

    def __init__(
        self,
        *,
        url: tenant_url.TenantUrl,
        token: connection.BearerToken,
        settings: profile.TargetProfile,
        time: clock.Clock,
        random: Random,
    ) -> None:
        self._url = url
        self._token = token
        self._retry = settings.retry
        self._time = time
        self._random = random
        self._by_method: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self.budget = rate_budget.RateBudget(
            reads_per_minute=settings.reads_per_minute,
            writes_per_minute=settings.writes_per_minute,
            concurrency=settings.concurrency,
            time=time,
            random=random,
        )
        self._connection = connection.Connection(
            token=token,
            concurrency=settings.concurrency,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            ca_file=settings.ca_file,
        )

    @property
    def requests(self) -> RequestCounts:
        """Requests sent or waiting for their turn, and what the rate limit cost, so far."""
        reads, writes = self.budget.reads.statistics, self.budget.writes.statistics
        return RequestCounts(
            by_method=dict(self._by_method),
            seconds_waited=reads.seconds_waited + writes.seconds_waited,
            throttled=reads.throttled + writes.throttled,
            answered=dict(self._answered),
        )

    async def succeed(
        self,
        errand: refusals.Errand,
        method: str,
        path: str,
        *,
        effect: Effect,
        query: Query = (),
        document: Any = None,
    ) -> answers.Answer:
        """A 2xx answer; raises the error of `core.errors` that fits any other."""
        answer = await self.exchange(errand, method, path, effect=effect, query=query, document=document)
        if answer.succeeded:
            return answer
        raise self.refusal(errand, answer)

    async def exchange(
        self,
        errand: refusals.Errand,
        method: str,
        path: str,
        *,
        effect: Effect,
        query: Query = (),
        document: Any = None,
    ) -> answers.Answer:
        """A definite answer: anything but 429, 503 with `Retry-After` and the 5xx that leave open what was done.

        Raises `TryLaterError`, `OutcomeUnknownError` or `TargetUnusableError` where there is none, and
        `ObjectRefusedError` where the document cannot be written as JSON.
        """
        url = _encoded(self._url, path, query, errand)
        body = None if document is None else _serialised(document, errand)
        pacer = self.budget.reads if effect is Effect.READ else self.budget.writes
        doubt: answers.Answer | connection.NoAnswer | None = None
        failures = throttled = 0
        while True:
            outcome = await self._attempt(pacer, method, url, body)
            if isinstance(outcome, answers.Answer):
                if _asks_to_wait(outcome):
                    throttled += 1
                    self._obey(errand, pacer, outcome, throttled)
                    continue
                pacer.answered(outcome.headers)
                if outcome.status < 500 or outcome.status == 501:
                    return outcome if effect is Effect.CREATION else _from_the_service(errand, outcome)
            if _may_have_been_done(outcome):
                doubt = outcome
                if effect is Effect.CREATION:
                    break
            failures += 1
            if failures >= self._retry.attempts or (
                isinstance(outcome, connection.NoAnswer) and outcome.trouble.lasting
            ):
                break
            await self._time.sleep(self._retry.delay(failures, self._random.random()))
        raise self._given_up(errand, effect, outcome, doubt)

    def refusal(self, errand: refusals.Errand, answer: answers.Answer) -> errors.TargetError:
        """The error for a definite answer that is no success."""
        return refusals.refusal(errand, answer, secret=self._token.reveal())

    def filter_refusal(self, errand: refusals.Errand, answer: answers.Answer) -> errors.TargetError:
        """The error for a filter that the target does not take."""
        return refusals.filter_refusal(errand, answer, secret=self._token.reveal())

    def fault(self, answer: answers.Answer) -> answers.Fault:
        """What the target said about a refusal."""
        return answers.fault(answer, secret=self._token.reveal())

    async def aclose(self) -> None:
        """Release connections."""
        await self._connection.aclose()

    async def _attempt(
        self, pacer: rate_budget.Pacer, method: str, url: str, body: bytes | None
    ) -> answers.Answer | connection.NoAnswer:
        """One request in its turn."""
        self._by_method[method] += 1
        await pacer.turn()
        status: int | None = None
        try:
            outcome = await self._connection.exchange(method, url, body)
            status = outcome.status if isinstance(outcome, answers.Answer) else None
            return outcome
        finally:
            pacer.done()
            self._answered[f"{method} {status_class(status)}"] += 1

    def _obey(
        self, errand: refusals.Errand, pacer: rate_budget.Pacer, answer: answers.Answer, throttled: int
    ) -> None:
        """Silence the group for as long as the target wants; the next turn waits it out."""
        pacer.throttled(answer.headers)
        if throttled >= self._retry.throttled_attempts:
            raise refusals.throttled_for_too_long(errand, answer, secret=self._token.reveal())

    def _given_up(
        self,
        errand: refusals.Errand,
        effect: Effect,
        outcome: answers.Answer | connection.NoAnswer,
        doubt: answers.Answer | connection.NoAnswer | None,
    ) -> errors.TargetError:
        """The error after the last attempt; a doubt of an earlier one outweighs that the last was certainly unsent."""
        secret = self._token.reveal()
        if doubt is not None and effect is not Effect.READ:
            return refusals.outcome_unknown(errand, doubt, secret=secret)
        if isinstance(outcome, connection.NoAnswer) and (
            outcome.trouble.certainly_unsent or outcome.trouble is connection.Trouble.NOT_HTTP
        ):
            return refusals.unreachable(errand, outcome)
        return refusals.try_later(errand, outcome, secret=secret)


def _asks_to_wait(answer: answers.Answer) -> bool:
    return answer.status == 429 or (answer.status == 503 and "Retry-After" in answer.headers)


def _may_have_been_done(outcome: answers.Answer | connection.NoAnswer) -> bool:
    return isinstance(outcome, answers.Answer) or not outcome.trouble.certainly_unsent


def _encoded(url: tenant_url.TenantUrl, path: str, query: Query, errand: refusals.Errand) -> str:
    try:
        return url.resource(path, query)
    except UnicodeEncodeError:
        raise _unwritable(errand) from None


def _serialised(document: Any, errand: refusals.Errand) -> bytes:
    try:
        return orjson.dumps(document)
    except TypeError:
        raise _unwritable(errand) from None


def _unwritable(errand: refusals.Errand) -> errors.ObjectRefusedError:
    return errors.ObjectRefusedError(
        f"{errand.doing} in {errand.target}: a value cannot be written as JSON, for it is no text, number or truth "
        "value, or holds half a character. Nothing was sent. Correct the value in the directory.",
        code=errors.ErrorCode.ATTRIBUTE_VALIDATION_FAILED,
    )


def _from_the_service(errand: refusals.Errand, answer: answers.Answer) -> answers.Answer:
    """The answer, unless a web page stands where the service was to say that it did something, or has no such thing.

    A sign-in page or a proxy's "not found" is no word about an account: nothing was written, and nobody is gone.
    """
    if answers.is_markup(answer) and (answer.succeeded or answer.status == 404):
        raise refusals.not_scim(errand, answer, "its own answer")
    return answer
