"""What can go wrong with an expression: when it is saved, and when it is evaluated for one object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provisor.core import errors

LONGEST_SHOWN_VALUE = 60
"""Characters of an input that an error message shows; a photo in base64 must not fill the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the text of an expression. Lines and columns start at 1; a column is a code point."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


START = Position(line=1, column=1)


class ExpressionSyntaxError(errors.InvalidInputError):
    """The expression cannot be saved: it is malformed, names an unknown function or misuses a known one."""

    def __init__(self, message: str, *, position: Position, hint: str = "") -> None:
        self.message = message
        self.line = position.line
        self.column = position.column
        self.hint = hint
        """What to write instead, or the empty string."""
        super().__init__(f"{message} ({position})." + (f" {hint}" if hint else ""))


class MappingSourceError(errors.InvalidInputError):
    """A Graph `attributeMappingSource` that is not one, or that contradicts itself. `path` leads to the culprit."""

    def __init__(self, message: str, *, path: str) -> None:
        self.path = path
        super().__init__(f"{path}: {message}.")


class ExpressionError(errors.ProvisorError):
    """One object's attributes do not suit the expression. Only this object fails; the others are unaffected.

    `inputs` are the parameters of the failing call with the values they had, as far as they were evaluated.
    """

    def __init__(
        self,
        reason: str,
        *,
        function: str,
        position: Position,
        inputs: Sequence[tuple[str, str | tuple[str, ...] | None]],
    ) -> None:
        self.reason = reason
        self.function = function
        self.line = position.line
        self.column = position.column
        self.inputs = tuple(inputs)
        given = ", ".join(f"{name} = {shown(value)}" for name, value in self.inputs)
        super().__init__(f"{function} ({position}): {reason}. Inputs: {given or 'none'}.")


class ArgumentProblem(Exception):  # noqa: N818 - becomes an ExpressionError once the call around it is known
    """Raised by a function's implementation for a value it cannot work with."""


class DropSignal(Exception):  # noqa: N818 - a signal, not an error
    """Leaves the expression at once: the attribute is not to flow."""


class SkipSignal(Exception):  # noqa: N818 - a signal, not an error
    """Leaves the expression at once: the whole object is to be left alone."""


def shown(value: str | tuple[str, ...] | None) -> str:
    """The value as an error message shows it: quoted, at most `LONGEST_SHOWN_VALUE` characters a value."""
    match value:
        case None:
            return "null"
        case str() if len(value) > LONGEST_SHOWN_VALUE:
            return f'"{value[:LONGEST_SHOWN_VALUE]}…"'
        case str():
            return f'"{value}"'
        case (first, _, *_):
            return f"{len(value)} values, the first {shown(first)}"
        case _:
            return "[" + ", ".join(map(shown, value)) + "]"
