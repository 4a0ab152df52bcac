r"""Reads a .NET regular expression and writes it in the dialect of our engine, or refuses what it cannot say.

What differs: names of groups in quotes, `\k<name>`, `\Z` and `\z`, control characters, literal brackets and subtracted
sets inside a set, braces that are no quantifier, and the numbers of groups: .NET counts the groups without a name first.
Source: .NET "Regular Expression Language - Quick Reference".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST_PATTERN = 1_000
DEEPEST_PATTERN = 50
MOST_REPETITIONS = 5_000
"""What the engine may have to write out before it begins: `a{3000}` counts 3,000, `(a{100}){100}` 10,000."""

_GROUP_OPENING = re.compile(
    r"\((?:\?(?:<(?![=!])(?P<angle>[^>]*)>|'(?P<quoted>[^']*)'|P<(?P<python>[^>]*)>)|(?!\?))"
)
_PLAIN_OPENING = re.compile(r"\(\?(?::|>|=|!|<=|<!|[imsIMS]*(?:-[imsIMS]+)?:)")
_OPTIONS = re.compile(r"\(\?([A-Za-z-]+)[:)]")
_CONDITION = re.compile(r"\(\?\(([A-Za-z_0-9]+)\)")
_COMMENT = re.compile(r"\(\?#[^)]*\)")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(?P<least>[0-9]{1,9})(?:,[0-9]{0,9})?\})\??")
_NAME = re.compile(r"[^\W\d]\w*")
_NAMED_REFERENCE = re.compile(r"\\k(?:<(\w+)>|'(\w+)')")
_NUMBERED_REFERENCE = re.compile(r"\\([1-9][0-9]{0,2})")
_CATEGORY = re.compile(r"\\[pP]\{[^}]+\}")
_CODED = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|0[0-7]{0,2})")
_CONTROL = re.compile(r"\\c([A-Za-z\[\\\]^_@])")
_REWRITTEN_ESCAPES = {"Z": r"(?=\n?\Z)", "z": r"\Z", "e": r"\x1B"}
_KEPT_ESCAPES = frozenset("abfnrtvdDsSwWBAG")
_SET_ESCAPES = frozenset("abfnrtvdDsSwW")
_DOUBLED_IN_SETS = "-&|~"
"""Two of them in a row are an operator to our engine, and two characters to .NET."""


class Untranslatable(Exception):  # noqa: N818 - becomes a PatternSyntaxError that shows the whole pattern
    """The pattern is malformed, or asks for what our engine does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The pattern in our dialect; `groups` leads from a name or .NET number to the engine's number."""

    pattern: str
    groups: dict[str, int]


def translate(text: str) -> Translation:
    """The .NET pattern in the engine's dialect. Raises `Untranslatable`."""
    if len(text) > LONGEST_PATTERN:
        raise Untranslatable(f"it has {len(text)} characters, {LONGEST_PATTERN} are allowed")
    return _Translator(text, _numbered(text)).translation()


def _numbered(text: str) -> dict[str, int]:
    """Names and .NET numbers of the groups: those without a name come first, whatever their places."""
    unnamed: list[int] = []
    named: dict[str, int] = {}
    place = offset = 0
    while offset < len(text):
        if text[offset] == "\\":
            offset += 2
        elif text[offset] == "[":
            offset = _end_of_set(text, offset)
        elif comment := _COMMENT.match(text, offset):
            offset = comment.end()
        elif opening := _GROUP_OPENING.match(text, offset):
            name = opening["angle"] or opening["quoted"]
            if name not in named:
                place += 1
                if name is None:
                    unnamed.append(place)
                else:
                    named[name] = place
            offset = opening.end()
        else:
            offset += 1
    numbers = {str(number): index for number, index in enumerate([*unnamed, *named.values()], start=1)}
    return {"0": 0, **numbers, **named}


def _end_of_set(text: str, offset: int) -> int:
    """The offset behind a set that begins here; the end of the text where it is never closed."""
    offset += 2 if text[offset + 1 : offset + 2] == "^" else 1
    first = True
    while offset < len(text):
        if text[offset] == "\\":
            offset += 1
        elif text[offset] == "]" and not first:
            return offset + 1
        elif text.startswith("-[", offset) and not first:
            offset = _end_of_set(text, offset + 1) - 1
        first = False
        offset += 1
    return offset


@dataclass(slots=True)
class _Translator:
    """One walk over the pattern. `_sizes` holds, for each open group, what it would be written out."""

    _text: str
    _groups: dict[str, int]
    _offset: int = 0
    _written: list[str] = field(default_factory=list)
    _sizes: list[int] = field(default_factory=lambda: [0])
    _atom: int | None = None

    def translation(self) -> Translation:
        while self._offset < len(self._text):
            match self._text[self._offset]:
                case "\\":
                    self._escape()
                case "[":
                    self._set()
                case "(":
                    self._open()
                case ")":
                    self._close()
                case "*" | "+" | "?" | "{":
                    self._quantifier()
                case "}":
                    self._literal("}", r"\}")
                case character:
                    self._literal(character, character)
        if len(self._sizes) > 1:
            raise Untranslatable("a parenthesis is never closed")
        return Translation(pattern="".join(self._written), groups=self._groups)

    def _write(self, consumed: str, written: str) -> None:
        self._offset += len(consumed)
        self._written.append(written)

    def _literal(self, consumed: str, written: str) -> None:
        self._write(consumed, written)
        self._finish_atom(1)

    def _finish_atom(self, size: int) -> None:
        self._atom = size
        self._grow(size)

    def _grow(self, size: int) -> None:
        self._sizes[-1] += size
        if self._sizes[-1] > MOST_REPETITIONS:
            raise Untranslatable(f"its repetitions, written out, come to more than {MOST_REPETITIONS}")

    def _quantifier(self) -> None:
        found = _QUANTIFIER.match(self._text, self._offset)
        if found is None:
            self._literal("{", r"\{")
            return
        if self._atom is None:
            raise Untranslatable(f"{found.group()} follows nothing that could be repeated")
        self._grow(self._atom * (max(int(found["least"] or 1), 1) - 1))
        self._atom = None
        self._write(found.group(), found.group())

    def _open(self) -> None:
        if comment := _COMMENT.match(self._text, self._offset):
            self._offset = comment.end()
            return
        if condition := _CONDITION.match(self._text, self._offset):
            self._write(condition.group(), f"(?({self._group(condition[1])})")
        elif plain := _PLAIN_OPENING.match(self._text, self._offset):
            self._write(plain.group(), plain.group())
        elif options := _OPTIONS.match(self._text, self._offset):
            self._options(options)
            return
        elif opening := _GROUP_OPENING.match(self._text, self._offset):
            self._open_group(opening)
        else:
            raise Untranslatable(f"{self._text[self._offset : self._offset + 4]} opens no group of .NET")
        self._sizes.append(0)
        self._atom = None
        if len(self._sizes) > DEEPEST_PATTERN:
            raise Untranslatable(f"more than {DEEPEST_PATTERN} groups stand inside one another")

    def _open_group(self, opening: re.Match[str]) -> None:
        if opening["python"] is not None:
            raise Untranslatable(f"a named group is written (?<{opening['python']}>…), without P")
        name = opening["angle"] if opening["angle"] is not None else opening["quoted"]
        if name is None:
            self._write(opening.group(), "(")
            return
        if "-" in name:
            raise Untranslatable(
                f"balancing groups such as {opening.group()}…) are not available; match what stands between the "
                "outermost pair, or take it apart in several calls of Replace"
            )
        if not _NAME.fullmatch(name):
            raise Untranslatable(
                f'"{name}" is no name of a group; write a letter first, then letters and digits'
            )
        self._write(opening.group(), f"(?P<{name}>")

    def _options(self, options: re.Match[str]) -> None:
        if re.fullmatch(r"[imsIMS]*(?:-[imsIMS]+)?", options[1]) is None:
            raise Untranslatable(
                f"of the options in {options.group()}, i, m and s are available, before and after a minus"
            )
        self._write(options.group(), options.group().lower())
        self._atom = None

    def _close(self) -> None:
        if len(self._sizes) == 1:
            raise Untranslatable("a parenthesis is closed that was never opened")
        self._write(")", ")")
        self._finish_atom(max(self._sizes.pop(), 1))

    def _escape(self) -> None:
        text, offset = self._text, self._offset
        following = text[offset + 1 : offset + 2]
        if not following:
            raise Untranslatable("it ends with a backslash")
        if named := _NAMED_REFERENCE.match(text, offset):
            self._literal(named.group(), rf"\g<{self._group(named[1] or named[2])}>")
        elif numbered := _NUMBERED_REFERENCE.match(text, offset):
            self._literal(numbered.group(), rf"\g<{self._group(numbered[1])}>")
        elif following == "b":
            self._literal(r"\b", r"\b")
        elif following in _REWRITTEN_ESCAPES:
            self._literal("\\" + following, _REWRITTEN_ESCAPES[following])
        else:
            consumed, written = self._character(offset, _KEPT_ESCAPES)
            self._literal(consumed, written)

    def _group(self, reference: str) -> int:
        if (place := self._groups.get(reference)) is not None:
            return place
        raise Untranslatable(f"there is no group {reference}")

    def _character(self, offset: int, kept: frozenset[str]) -> tuple[str, str]:
        """An escaped character or class at this offset: as it is written, and as the engine reads it."""
        for form in (_CATEGORY, _CODED):
            if found := form.match(self._text, offset):
                return found.group(), found.group()
        if control := _CONTROL.match(self._text, offset):
            return control.group(), f"\\x{ord(control[1].upper()) ^ 64:02X}"
        following = self._text[offset + 1]
        if following == "e":
            return r"\e", r"\x1B"
        if following in kept or not following.isalnum():
            return "\\" + following, "\\" + following
        raise Untranslatable(f"\\{following} is no escape of .NET")

    def _set(self) -> None:
        if _end_of_set(self._text, self._offset) > len(self._text) or not self._closed_set():
            raise Untranslatable("a bracket is never closed")
        self._write_set()
        self._finish_atom(1)

    def _closed_set(self) -> bool:
        return self._text[_end_of_set(self._text, self._offset) - 1] == "]"

    def _write_set(self) -> None:
        opening = "[^" if self._text.startswith("[^", self._offset) else "["
        self._write(opening, opening)
        first = True
        while first or self._text[self._offset : self._offset + 1] != "]":
            character = self._text[self._offset : self._offset + 1]
            if not character:
                raise Untranslatable("a bracket is never closed")
            if character == "\\" and self._offset + 1 < len(self._text):
                self._write(*self._character(self._offset, _SET_ESCAPES))
            elif not first and self._text.startswith("-[", self._offset):
                self._write("-", "--")
                self._write_set()
            elif (
                character in "[]\\"
                or character == self._text[self._offset + 1 : self._offset + 2] in _DOUBLED_IN_SETS
            ):
                self._write(character, "\\" + character)
            else:
                self._write(character, character)
            first = False
        self._write("]", "]")
