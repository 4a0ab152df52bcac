"""How a function of the language is declared: its name, its parameters, and how its result is computed.

A function is either *eager*: a pure function of its converted arguments, which are all evaluated before it runs; or
*lazy*: it receives its operands unevaluated and decides which of them to run. An eager call whose arguments are all
constant is computed once, when the expression is compiled; a function whose result is not determined by its
arguments must therefore be lazy.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from provisor.core.expressions.tree import Node
from provisor.core.expressions.values import Computed, is_true
from provisor.core.objects import Attributes

Scope: TypeAlias = Attributes
"""What one evaluation can see. Functions pass it on; only an attribute's own node looks into it."""

Evaluator: TypeAlias = Callable[[Scope], Computed]
Predicate: TypeAlias = Callable[[Scope], bool]


class Takes(enum.Enum):
    """What a parameter accepts, and what the function receives for it."""

    VALUE = "any value, as it is"
    TEXT = "one text or null"
    WHOLE_NUMBER = "a whole number, as int; null only where the parameter is optional"
    CULTURE = "the name of a culture (RFC 4646), or null"
    COMPARE_METHOD = "vbTextCompare, vbBinaryCompare or null"
    CONDITION = "any value or a comparison; one text or null"
    APP_ROLE_ASSIGNMENTS = "the attribute [appRoleAssignments] and nothing else"


class Presence(enum.Enum):
    """Whether an argument may be left out."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Evaluation(enum.Enum):
    """When an argument is computed."""

    EAGER = "always, before the function"
    LAZY = "only if the function needs it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter. `name` is its key in Graph's `attributeMappingSource.parameters`."""

    name: str
    takes: Takes = Takes.TEXT
    presence: Presence = Presence.REQUIRED
    evaluation: Evaluation = Evaluation.EAGER
    reader: Callable[[str], Any] | None = None
    """Turns one text into what the function receives, or raises `ArgumentProblem`; null stays null.

    A constant is read when the expression is saved, so that a mistake in it is seen then.
    """


class Yields(enum.Enum):
    """What is known about a result before any object is seen. Null is possible in every case."""

    NULL = "nothing else than null"
    BOOLEAN = "True or False"
    TEXT = "one text"
    ANY = "one text or several"


def either(first: Yields, second: Yields) -> Yields:
    """What is known of a result that comes from one of two sources."""
    if first is second or second is Yields.NULL:
        return first
    if first is Yields.NULL:
        return second
    return Yields.ANY if Yields.ANY in (first, second) else Yields.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A compiled part of an expression.

    `run` gives its value, `test` its truth as a condition. A constant ignores the scope, so it can be run at once.
    """

    run: Evaluator
    test: Predicate
    constant: bool
    yields: Yields
    run_single: Callable[[Scope], str | None] | None = None
    """Gives the one text that the value stands for, where there is a quicker way to it than through `run`."""


def varying(run: Evaluator, yields: Yields) -> Operand:
    """An operand whose value depends on the object."""
    return Operand(run=run, test=lambda scope: is_true(run(scope)), constant=False, yields=yields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eager:
    """`apply` receives one converted argument per parameter (one at least), null for each that was left out.

    It may raise `ArgumentProblem`. Where a function has several forms, `choose` gives the one to apply.
    """

    apply: Callable[..., Computed]
    choose: Callable[[Sequence[Node]], Callable[..., Computed]] | None = None
    yields: Yields = Yields.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Lazy:
    """`build` receives one operand per parameter, a constant null for each that was left out.

    What it builds may raise `ArgumentProblem` when it runs.
    """

    build: Callable[[Sequence[Operand]], Operand]


class Origin(enum.Enum):
    """Where a function comes from."""

    PROVISIONING = "Entra provisioning"
    HERITAGE = "Entra Connect and cloud sync"
    """An extra: Entra's provisioning of applications does not have it, so an exported schema would not work there."""


class Stability(enum.Enum):
    """Whether the same arguments always give the same result."""

    STABLE = "the arguments decide"
    VOLATILE = "time or chance decides too"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the language. `repeating` parameters follow the others, as a group, one time or more.

    `meaning` is one line for a list of functions. `unless_short` is the place of a parameter that a call with exactly
    one argument too few leaves out.
    """

    name: str
    meaning: str
    origin: Origin = Origin.PROVISIONING
    stability: Stability = Stability.STABLE
    unless_short: int | None = None
    check: Callable[[Sequence[Node]], None] | None = None
    """Passes if the arguments go together. Raises `ArgumentProblem` or `ExpressionSyntaxError`."""
    parameters: tuple[Parameter, ...] = ()
    repeating: tuple[Parameter, ...] = ()
    implementation: Eager | Lazy

    @property
    def required_count(self) -> int:
        """The position of the last argument that must be written, counted from 1."""
        positions = [
            index
            for index, parameter in enumerate(self.parameters + self.repeating, start=1)
            if parameter.presence is Presence.REQUIRED or index > len(self.parameters)
        ]
        return max(positions, default=0)

    def parameter(self, index: int) -> Parameter:
        """The parameter that the argument at this index (from 0) belongs to."""
        if index < len(self.parameters):
            return self.parameters[index]
        return self.repeating[(index - len(self.parameters)) % len(self.repeating)]

    def accepts(self, count: int) -> bool:
        """Whether a call may have this many arguments."""
        if count < self.required_count:
            return False
        beyond = count - len(self.parameters)
        return beyond <= 0 if not self.repeating else beyond % len(self.repeating) == 0

    @property
    def usage(self) -> str:
        """The call as a reference page shows it: `?` after what may be left out, `…` after what repeats."""
        shown = [
            parameter.name + ("?" if parameter.presence is Presence.OPTIONAL else "")
            for parameter in self.parameters
        ]
        if self.repeating:
            shown += [*(parameter.name for parameter in self.repeating), "…"]
        return f"{self.name}({', '.join(shown)})"
