"""Regular expressions in the dialect of .NET, with a time limit, so that no pattern and no text can hold up a cycle.

    pattern = compile_pattern(r"(?<user>[^@]+)@(?<domain>.+)")
    pattern.search("jane@contoso.com").group("user")      # "jane"
    pattern.replace("jane@contoso.com", "${domain}")      # "contoso.com"

The one module of the core that needs a library: `docs/decisions/0008-regular-expressions.md` says why.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import regex

from provisor.core import errors
from provisor.core.expressions import pattern_dialect

Answer = TypeVar("Answer")

if TYPE_CHECKING:
    _Found = regex.Match[str]

TIME_LIMIT_SECONDS = 0.2
"""Processor time that one search or replacement may take; an ordinary one takes some millionths of a second."""

LONGEST_REPLACED_TEXT = 100_000
"""Characters that a replacement may give, because `$_` or `$0` can double a text again and again."""

_MOST_REMEMBERED = 64

_SUBSTITUTION = re.compile(r"\$(?:(?P<number>[0-9]{1,3})|\{(?P<name>\w+)\}|(?P<whole>[&])|(?P<literal>\$))")


class PatternSyntaxError(errors.InvalidInputError):
    """The text is no regular expression of .NET, or one that is not supported. `reason` is without the pattern."""

    def __init__(self, text: str, reason: str) -> None:
        self.reason = reason
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        super().__init__(f"the regular expression {shown} cannot be used: {reason}")


class PatternTooCostlyError(errors.ProvisorError):
    """A pattern took too long for one text, or made too much of it. Only this text fails."""

    def __init__(self, text: str, reason: str) -> None:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        super().__init__(f"the regular expression {shown} {reason}")


_TOO_SLOW = (
    f"took longer than {TIME_LIMIT_SECONDS} seconds; avoid repetitions inside repetitions, such as (a+)+, and "
    "alternatives that begin alike"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a pattern matched, and what its groups hold."""

    start: int
    end: int
    text: str
    _found: _Found
    _groups: dict[str, int]

    def group(self, reference: str) -> str | None:
        """What the group with this name or .NET number holds; null where it took no part."""
        held: str | None = self._found.group(self._groups[reference])
        return held

    def span(self, reference: str) -> tuple[int, int] | None:
        """Where the group stands in the text; null where it took no part."""
        start, end = self._found.span(self._groups[reference])
        return None if start < 0 else (start, end)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is ready for use. Every method may raise `PatternTooCostlyError`."""

    text: str
    groups: frozenset[str]
    """Names and .NET numbers of the groups; `0` is the whole match."""
    _compiled: regex.Pattern[str]
    _places: dict[str, int]
    _replacements: dict[str, str | Callable[[_Found], str]] = field(default_factory=dict)
    """What the engine is given for a replacement; an expression has few of them."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def search(self, text: str) -> Match | None:
        """The first match anywhere in the text, or null."""
        return self._wrapped(self._timed(lambda: self._compiled.search(text, timeout=TIME_LIMIT_SECONDS)))

    def matches_whole(self, text: str) -> bool:
        """Whether the pattern describes the text from its first to its last character."""
        return self._timed(lambda: self._compiled.fullmatch(text, timeout=TIME_LIMIT_SECONDS)) is not None

    def replace(self, text: str, replacement: str) -> str:
        """The text with every match replaced; the replacement may hold `$1`, `${name}`, `$0`, `$&` and `$$`.

        A reference to a group that the pattern does not have stays as it is written, as in .NET.
        """
        made = self._replacements.get(replacement) or self._remembered(replacement)
        if (len(text) + 1) * (len(replacement) + replacement.count("$") * len(text)) > LONGEST_REPLACED_TEXT:
            return self.replace_each(text, self._expansion(replacement))
        try:
            return self._compiled.sub(made, text, timeout=TIME_LIMIT_SECONDS)
        except (TimeoutError, MemoryError):
            raise PatternTooCostlyError(self.text, _TOO_SLOW) from None

    def replace_group(self, text: str, group: str, replacement: str) -> str:
        """The text with only that group's part of every match replaced."""
        expand = self._expansion(replacement)

        def of_match(match: Match) -> str:
            span = match.span(group)
            if span is None:
                return match.text
            start, end = span[0] - match.start, span[1] - match.start
            return match.text[:start] + expand(match) + match.text[end:]

        return self.replace_each(text, of_match)

    def replace_each(self, text: str, replacement: Callable[[Match], str]) -> str:
        """The text with every match replaced by what is made of it."""
        written = 0

        def made(found: _Found) -> str:
            nonlocal written
            part = replacement(self._match(found))
            written += len(part)
            if written > LONGEST_REPLACED_TEXT:
                raise PatternTooCostlyError(
                    self.text, f"makes a text of more than {LONGEST_REPLACED_TEXT} characters"
                )
            return part

        return self._timed(lambda: self._compiled.sub(made, text, timeout=TIME_LIMIT_SECONDS))

    def _remembered(self, replacement: str) -> str | Callable[[_Found], str]:
        parts = self._parts(replacement)
        made: str | Callable[[_Found], str] = _joined(parts)
        if all(isinstance(part, str) for part in parts) and "\\" not in replacement:
            made = "".join(map(str, parts))
        if len(self._replacements) < _MOST_REMEMBERED:
            self._replacements[replacement] = made
        return made

    def _parts(self, replacement: str) -> list[str | int]:
        """Literal texts, and the engine's numbers of the groups between them."""
        parts: list[str | int] = []
        end = 0
        for found in _SUBSTITUTION.finditer(replacement):
            reference = "0" if found["whole"] else found["number"] or found["name"]
            place = None if found["literal"] else self._places.get(reference)
            literal = "$" if found["literal"] else found.group()
            parts += [replacement[end : found.start()], literal if place is None else place]
            end = found.end()
        return [*parts, replacement[end:]]

    def _expansion(self, replacement: str) -> Callable[[Match], str]:
        joined = _joined(self._parts(replacement))
        return lambda match: joined(match._found)  # noqa: SLF001 - the two classes are one thing

    def _wrapped(self, found: _Found | None) -> Match | None:
        return None if found is None else self._match(found)

    def _match(self, found: _Found) -> Match:
        return Match(
            start=found.start(), end=found.end(), text=found.group(), _found=found, _groups=self._places
        )

    def _timed(self, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except (TimeoutError, MemoryError):
            raise PatternTooCostlyError(self.text, _TOO_SLOW) from None


def _joined(parts: Sequence[str | int]) -> Callable[[_Found], str]:
    """What is made of a match; a group that took no part is empty."""

    def join(found: _Found) -> str:
        return "".join([part if isinstance(part, str) else found.group(part) or "" for part in parts])

    return join


@functools.lru_cache(maxsize=512)
def compile_pattern(text: str) -> Pattern:
    """The regular expression, ready for use. Raises `PatternSyntaxError`.

    The dialect is that of .NET, case-sensitive, without the options x and n, balancing groups and groups named by
    numbers. A pattern has at most 1,000 characters.
    """
    try:
        translation = pattern_dialect.translate(text)
        compiled = regex.compile(translation.pattern, regex.VERSION1)
    except pattern_dialect.Untranslatable as problem:
        raise PatternSyntaxError(text, str(problem)) from None
    except (regex.error, ValueError, OverflowError, RecursionError) as problem:
        raise PatternSyntaxError(text, re.sub(r" at position \d+$", "", str(problem))) from None
    return Pattern(text, frozenset(translation.groups), compiled, translation.groups)
