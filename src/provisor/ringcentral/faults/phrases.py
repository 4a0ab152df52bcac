"""A fault in words, read into named values: `429 on POST /Users, 5% of requests, retry-after 2`."""

from __future__ import annotations

from collections.abc import Callable

from provisor.ringcentral.faults import wording
from provisor.ringcentral.faults.wording import FaultSyntaxError, Given, Token

KINDS = {
    ("slow", "headers"): "slow-headers",
    ("slow", "body"): "slow-body",
    ("drop", "connection"): "drop",
    ("drop",): "drop",
    ("repeat", "page"): "repeat-page",
    ("duplicate", "page"): "repeat-page",
    ("short", "page"): "short-page",
    ("shrink", "page"): "short-page",
    ("wrong", "total"): "wrong-total",
    ("ignore", "patch"): "ignore-patch",
    ("delay", "visibility"): "delay-visibility",
    ("expired", "token"): "expired-token",
    ("html", "page"): "html-page",
    ("wrong", "content", "type"): "content-type",
    ("truncate", "body"): "truncate-body",
}
"""The words that begin a fault, besides a status, and the kind they name. Longer ones come first."""

_UNITS = ("ms", "s", "m", "min", "h", "second", "seconds", "minute", "minutes", "hour", "hours")
_AMOUNT_OF = {
    "slow-headers": "seconds",
    "slow-body": "seconds",
    "delay-visibility": "seconds",
    "short-page": "size",
    "wrong-total": "total",
    "truncate-body": "kept",
}


class Sentence:
    """Reads one text from its left to its right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(wording.tokens(text))
        self._next = 0
        self._given: list[Given] = []
        self._kind = ""

    def givens(self) -> list[Given]:
        """Every value by its name, the kind first. Raises `FaultSyntaxError`."""
        self._read_kind()
        while (token := self._peek()) is not None:
            if token.folded in (",", "and", "with"):
                self._next += 1
            else:
                self._read_phrase(token)
        return self._given

    # -- the kind ------------------------------------------------------------

    def _read_kind(self) -> None:
        token = self._take("a fault is expected")
        if token.text[0].isdigit():
            self._kind = "status"
            self._add("kind", "status", token)
            self._add("status", token.text, token)
            return
        for words, kind in KINDS.items():
            following = self._tokens[self._next - 1 : self._next - 1 + len(words)]
            if tuple(each.folded for each in following) == words:
                self._next += len(words) - 1
                self._kind = kind
                self._add("kind", kind, token)
                if kind == "content-type" and (name := self._peek()) is not None and "/" in name.text:
                    self._next += 1
                    self._add("type", name.text, name)
                return
        written = " ".join(each.text for each in self._tokens[:2] if each.text != ",")
        known = dict.fromkeys(" ".join(words) for words in KINDS)
        raise self._error(
            f"{written!r} is no fault", token, wording.did_you_mean(written, [*known, "429", "503"])
        )

    # -- what follows it -----------------------------------------------------

    def _read_phrase(self, token: Token) -> None:
        if token.text[0].isdigit():
            self._read_number()
            return
        phrases: dict[str, Callable[[Token], None]] = {
            "on": self._read_selection,
            "before": self._read_when,
            "after": self._read_when,
            "during": self._read_when,
            "every": self._read_every,
            "request": self._read_request,
            "requests": self._read_requests,
            "from": self._read_from,
            "first": self._read_first,
            "once": lambda word: self._add("count", "1", word),
            "at": self._read_at,
            "for": self._read_for,
            "between": self._read_between,
            "retry-after": self._read_retry_after,
            "without": self._read_without,
            "penalty": lambda _word: self._add_duration("penalty"),
            "by": self._read_amount,
            "of": self._read_amount,
            "to": self._read_amount,
            "status": lambda _word: self._add_number("status"),
        }
        read = phrases.get(token.folded)
        if read is None:
            raise self._error(
                f"{token.text!r} is not understood", token, wording.did_you_mean(token.text, phrases)
            )
        self._next += 1
        read(token)

    def _read_number(self) -> None:
        number = self._take("a number is expected")
        following = self._peek()
        if number.text.endswith("%") or self._accept("%"):
            self._add("rate", f"{number.text.removesuffix('%')}%", number)
            self._skip("of", "requests")
        elif following is not None and following.folded in ("times", "time"):
            self._next += 1
            self._add("count", number.text, number)
        else:
            raise self._error(
                f"it is not said what {number.text} counts",
                number,
                f"Write {number.text}% of requests, at most {number.text} times, request {number.text} or for {number.text} s.",
            )

    def _read_selection(self, word: Token) -> None:
        methods: list[Token] = []
        while (token := self._peek()) is not None and token.text != "," and not token.text.startswith("/"):
            if token.folded in ("or", "any"):
                self._next += 1
            elif methods and self._tokens[self._next - 1].folded != "or":
                break
            else:
                self._next += 1
                methods.append(token)
        for method in methods:
            self._add("method", method.text, method)
        if token is not None and token.text.startswith("/"):
            self._next += 1
            self._add("path", token.text, token)
        elif not methods:
            raise self._error("a method or a path is expected after 'on'", word, "Write on POST /Users.")

    def _read_when(self, word: Token) -> None:
        expected = {"before": "commit", "after": "commit", "during": "body"}[word.folded]
        token = self._take(f"{expected!r} is expected after {word.text!r}")
        if token.folded != expected:
            raise self._error(f"{expected!r} is expected after {word.text!r}", token)
        self._add("when", word.folded, word)

    def _read_every(self, _word: Token) -> None:
        self._add_number("every")
        self._skip("requests")
        self._skip("request")

    def _read_request(self, _word: Token) -> None:
        self._add_number("nth")

    def _read_requests(self, _word: Token) -> None:
        self._add_number("from")
        self._require("to")
        self._add_number("to")

    def _read_from(self, _word: Token) -> None:
        self._require("request")
        self._add_number("from")
        self._skip("on")

    def _read_first(self, word: Token) -> None:
        if self._accept("request"):
            self._add("to", "1", word)
            return
        self._add_number("to")
        self._require("requests")

    def _read_at(self, _word: Token) -> None:
        if self._accept("most"):
            self._add_number("count")
            self._skip("times")
            self._skip("time")
        else:
            self._add_amount("at")

    def _read_for(self, _word: Token) -> None:
        self._add_duration("for")

    def _read_between(self, _word: Token) -> None:
        self._skip("requests")
        begin, end = self._duration(), None
        self._require("and")
        end = self._duration()
        self._given.append(Given(name="between", value=f"{begin.value}..{end.value}", column=begin.column))

    def _read_retry_after(self, _word: Token) -> None:
        self._add_duration("retry-after")

    def _read_without(self, word: Token) -> None:
        self._require("retry-after")
        self._add("retry-after", "none", word)

    def _read_amount(self, word: Token) -> None:
        self._add_amount(word.text)

    def _add_amount(self, after: str) -> None:
        name = _AMOUNT_OF.get(self._kind)
        if name is None:
            word = self._tokens[self._next - 1]
            raise self._error(f"{self._kind} knows no amount {word.text!r}", word)
        if name == "seconds":
            self._add_duration(name)
            return
        number = self._take(f"a number is expected after {after!r}")
        text = number.text
        if name == "total" and after.casefold() == "by":
            name = "shift"
        if name == "kept" and not text.endswith("%") and self._accept("%"):
            text += "%"
        self._add(name, text, number)

    # -- pieces --------------------------------------------------------------

    def _add_number(self, name: str) -> None:
        number = self._take("a number is expected")
        self._add(name, number.text, number)

    def _add_duration(self, name: str) -> None:
        found = self._duration()
        self._given.append(Given(name=name, value=found.value, column=found.column))

    def _duration(self) -> Given:
        number = self._take("a length of time is expected")
        unit = self._peek()
        if unit is not None and unit.folded in _UNITS:
            self._next += 1
            return Given(name="", value=f"{number.text}{unit.folded}", column=number.column)
        return Given(name="", value=number.text, column=number.column)

    def _add(self, name: str, value: str, token: Token) -> None:
        self._given.append(Given(name=name, value=value, column=token.column))

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, otherwise: str) -> Token:
        token = self._peek()
        if token is None or token.text == ",":
            column = len(self._text) + 1 if token is None else token.column
            raise FaultSyntaxError(otherwise, text=self._text, column=column)
        self._next += 1
        return token

    def _accept(self, word: str) -> bool:
        token = self._peek()
        if token is None or token.folded != word:
            return False
        self._next += 1
        return True

    def _skip(self, *words: str) -> None:
        for word in words:
            self._accept(word)

    def _require(self, word: str) -> None:
        token = self._peek()
        if not self._accept(word):
            column = len(self._text) + 1 if token is None else token.column
            raise FaultSyntaxError(f"{word!r} is expected here", text=self._text, column=column)

    def _error(self, message: str, token: Token, hint: str = "") -> FaultSyntaxError:
        return FaultSyntaxError(message, text=self._text, column=token.column, hint=hint)
