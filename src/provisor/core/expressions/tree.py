"""The tree of a parsed expression. `str(node)` is its canonical text, and parsing that text gives an equal tree.

Two nodes are equal when they say the same; where they stood in the text (`position`) does not count.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from provisor.core.expressions.errors import START, Position


class Operator(enum.Enum):
    """The comparisons that a condition can make."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="


class Word(enum.Enum):
    """The keywords: names that are neither called nor quoted."""

    IGNORE_ATTRIBUTE_FLOW = "IgnoreAttributeFlow"
    IGNORE_OBJECT_FLOW = "IgnoreObjectFlow"
    TEXT_COMPARE = "vbTextCompare"
    BINARY_COMPARE = "vbBinaryCompare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Literal text. A number is the text of its digits as it was written."""

    value: str
    position: Position = field(default=START, compare=False)

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A source attribute. Its name is case-sensitive and holds no `]`."""

    name: str
    position: Position = field(default=START, compare=False)

    def __str__(self) -> str:
        return f"[{self.name}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A keyword standing as an argument."""

    word: Word
    position: Position = field(default=START, compare=False)

    def __str__(self) -> str:
        return self.word.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """An argument left out between two commas. It is null."""

    position: Position = field(default=START, compare=False)

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two operands and what is asked of them; only a condition can be one."""

    left: Node
    operator: Operator
    right: Node
    position: Position = field(default=START, compare=False)

    def __str__(self) -> str:
        return f"{self.left} {self.operator.value} {self.right}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function and its arguments by position, omitted ones included."""

    name: str
    arguments: tuple[Node, ...]
    position: Position = field(default=START, compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"


Node: TypeAlias = Constant | Attribute | Keyword | Omitted | Comparison | Call


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in reading order."""
    yield node
    match node:
        case Call(arguments=children):
            for child in children:
                yield from walk(child)
        case Comparison(left=left, right=right):
            yield from walk(left)
            yield from walk(right)
        case _:
            return


def attributes_of(node: Node) -> frozenset[str]:
    """The names of all source attributes that the tree reads, in branches not always taken too."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Attribute))
