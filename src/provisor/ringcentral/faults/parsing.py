"""Faults from their text: in words (`phrases`) or in `name=value` pairs; both say the same by the same names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from provisor.ringcentral.faults import readings, wording
from provisor.ringcentral.faults.model import (
    READS,
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
    When,
    WrongContentType,
    WrongTotal,
)
from provisor.ringcentral.faults.phrases import Sentence
from provisor.ringcentral.faults.wording import FaultSyntaxError, Given

Value = TypeVar("Value")

_CHOOSING = {"method", "path", "rate", "every", "nth", "from", "to", "count", "for", "between"}
_NAMES: Mapping[str, set[str]] = {
    "status": {"status", "when", "retry-after", "penalty"},
    "slow-headers": {"seconds"},
    "slow-body": {"seconds"},
    "drop": {"when"},
    "repeat-page": set(),
    "short-page": {"size"},
    "wrong-total": {"shift", "total"},
    "ignore-patch": set(),
    "delay-visibility": {"seconds"},
    "expired-token": set(),
    "html-page": {"status", "when"},
    "content-type": {"type"},
    "truncate-body": {"kept"},
}
"""The names that each kind knows, besides those that choose requests."""

KIND_NAMES = tuple(_NAMES)


def fault(text: str) -> Fault:
    """The fault that a text describes. Raises `FaultSyntaxError` with the column of what is wrong, and what to write."""
    return built(givens_of(text), text)


def givens_of(text: str) -> list[Given]:
    """The named values of a text in words or in pairs. Raises `FaultSyntaxError`."""
    return list(wording.pairs(text)) if wording.is_in_pairs(text) else Sentence(text).givens()


def built(givens: Iterable[Given], text: str) -> Fault:
    """The fault of values by their names; `text` is where they stand. Raises `FaultSyntaxError`."""
    values = _Values(givens, text)
    kind_name = values.required("kind", readings.word(KIND_NAMES))
    values.allow_only(kind_name, _NAMES[kind_name] | _CHOOSING | {"kind"})
    made = Fault(
        kind=_KINDS[kind_name](values),
        selection=Selection(
            methods=frozenset().union(*values.all("method", readings.methods)),
            path=values.get("path", readings.path, None),
        ),
        choice=_choice(values),
    )
    _check_methods(made, values)
    return made


class _Values:
    """What was given, by name; each only once, but for methods."""

    def __init__(self, givens: Iterable[Given], text: str) -> None:
        self._text = text
        self._givens: dict[str, list[Given]] = {}
        for given in givens:
            known = self._givens.setdefault(given.name, [])
            if known and given.name != "method":
                raise self._error(f"{given.name} is given twice", given)
            known.append(given)

    def allow_only(self, kind: str, names: set[str]) -> None:
        for name, givens in self._givens.items():
            if name not in names:
                hint = wording.did_you_mean(name, sorted(names - {"kind"}))
                raise self._error(f"{name} makes no sense with {kind}", givens[0], hint)

    def has(self, name: str) -> bool:
        return name in self._givens

    def all(self, name: str, read: Callable[[str], Value]) -> list[Value]:
        return [self._read(given, read) for given in self._givens.get(name, ())]

    def get(self, name: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        found = self.all(name, read)
        return found[0] if found else otherwise

    def required(self, name: str, read: Callable[[str], Value]) -> Value:
        found = self.all(name, read)
        if not found:
            raise FaultSyntaxError(
                f"{name} is missing", text=self._text, column=len(self._text) + 1, hint=_HINTS.get(name, "")
            )
        return found[0]

    def refuse(self, name: str, message: str, hint: str = "") -> FaultSyntaxError:
        return self._error(message, self._givens[name][0], hint)

    def _read(self, given: Given, read: Callable[[str], Value]) -> Value:
        try:
            return read(given.value)
        except readings.UnreadableError as why:
            raise self._error(why.message, given, why.hint) from None

    def _error(self, message: str, given: Given, hint: str = "") -> FaultSyntaxError:
        return FaultSyntaxError(message, text=self._text, column=given.column, hint=hint)


_HINTS = {
    "kind": f"There are: {', '.join(KIND_NAMES)}.",
    "seconds": "Write by 3 s, or seconds=3.",
    "size": "Write of 2, or size=2.",
    "kept": "Write at 50%, or kept=50%.",
    "type": "Write text/plain, or type=text/plain.",
    "when": "Write before commit, after commit or during body.",
    "status": "Write status=503.",
}

# -- kinds -------------------------------------------------------------------


def _status(values: _Values) -> Kind:
    status = values.required("status", readings.number(400, 599))
    retry_after = values.get("retry-after", readings.retry_after, None)
    if status != 429:
        if values.has("penalty"):
            raise values.refuse("penalty", "only 429 has a penalty")
        return Status(
            status=status, when=values.get("when", readings.when, When.BEFORE), retry_after=retry_after
        )
    if values.get("when", readings.when, When.BEFORE) is not When.BEFORE:
        raise values.refuse("when", "a request answered 429 is never carried out")
    penalty = values.get("penalty", readings.seconds, None)
    if penalty is not None and not values.has("retry-after"):
        retry_after = math.ceil(penalty)
    return Throttled(retry_after=retry_after, penalty=penalty)


def _drop(values: _Values) -> Kind:
    return Dropped(when=values.required("when", readings.any_when))


def _wrong_total(values: _Values) -> Kind:
    if values.has("total") == values.has("shift"):
        raise values.refuse("kind", "it is not said how the total is wrong", "Write by -3 or of 0.")
    return WrongTotal(
        shift=values.get("shift", readings.shift, None),
        total=values.get("total", readings.number(0, 10**9), None),
    )


def _html_page(values: _Values) -> Kind:
    return HtmlPage(
        status=values.get("status", readings.number(200, 599), 200),
        when=values.get("when", readings.when, When.BEFORE),
    )


_KINDS: Mapping[str, Callable[[_Values], Kind]] = {
    "status": _status,
    "slow-headers": lambda values: SlowHeaders(seconds=values.required("seconds", readings.seconds)),
    "slow-body": lambda values: SlowBody(seconds=values.required("seconds", readings.seconds)),
    "drop": _drop,
    "repeat-page": lambda _values: RepeatedPage(),
    "short-page": lambda values: ShortPage(size=values.required("size", readings.number(0, 10_000))),
    "wrong-total": _wrong_total,
    "ignore-patch": lambda _values: IgnoredPatch(),
    "delay-visibility": lambda values: DelayedVisibility(
        seconds=values.required("seconds", readings.seconds)
    ),
    "expired-token": lambda _values: ExpiredToken(),
    "html-page": _html_page,
    "content-type": lambda values: WrongContentType(
        content_type=values.required("type", readings.content_type)
    ),
    "truncate-body": lambda values: TruncatedBody(kept=values.required("kept", readings.share)),
}


def _choice(values: _Values) -> Choice:
    first = values.get("from", readings.number(1, 10**9), 1)
    last = values.get("to", readings.number(1, 10**9), None)
    most = values.get("count", readings.number(1, 10**9), None)
    if values.has("nth"):
        if values.has("from"):
            raise values.refuse("nth", "nth and from exclude each other")
        first = values.required("nth", readings.number(1, 10**9))
        most = 1 if most is None else most
    between = None
    if values.has("between"):
        told = values.required("between", readings.between)
        if isinstance(told[0], int) and isinstance(told[1], int):
            first, last = told[0], told[1]
        else:
            between = (float(told[0]), float(told[1]))
    if last is not None and last < first:
        raise values.refuse("to" if values.has("to") else "between", f"{last} comes before {first}")
    return Choice(
        share=values.get("rate", readings.share, 1.0),
        every=values.get("every", readings.number(1, 10**9), 1),
        first=first,
        last=last,
        most=most,
        lasting=values.get("for", readings.seconds, None),
        between=between,
    )


def _check_methods(made: Fault, values: _Values) -> None:
    """Refuse a fault that no request could ever meet."""
    possible: frozenset[Method] = frozenset(Method)
    match made.kind:
        case RepeatedPage() | ShortPage() | WrongTotal():
            possible = READS
        case IgnoredPatch():
            possible = frozenset({Method.PATCH})
        case DelayedVisibility():
            possible = frozenset({Method.POST})
        case _:
            pass
    if made.selection.methods and not made.selection.methods & possible:
        names = " or ".join(each for each in Method if each in possible)
        raise values.refuse("method", f"this fault strikes only {names}")
