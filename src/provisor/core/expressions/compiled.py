"""An expression that is ready to be evaluated for one object after the other."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from provisor.core.expressions import checking, compiling, parser, tree
from provisor.core.expressions.errors import DropSignal, SkipSignal
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.expressions.signatures import Evaluator, Stability, Yields
from provisor.core.expressions.values import Drop, Result, SkipObject
from provisor.core.objects import Attributes


class RolesShape(enum.Enum):
    """How the role values that an expression yields are to be written (Entra: *Provisioning a role*)."""

    NONE = "the expression yields no roles"
    SINGLE = "one role, the primary one"
    COMPLEX = "all roles, none of them primary; an update adds roles and removes none"
    ASSERTIVE = "all roles, none of them primary; an update replaces the whole list"


_ROLES_SHAPES = {
    "SingleAppRoleAssignment": RolesShape.SINGLE,
    "AppRoleAssignmentsComplex": RolesShape.COMPLEX,
    "AssertiveAppRoleAssignmentsComplex": RolesShape.ASSERTIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledExpression:
    """An expression, parsed, checked and compiled once. Two of them are equal if their trees are.

    `text` is as it was written; `str(tree)` is its canonical form. `attributes` are the source attributes it reads:
    while none of them changes, neither does the result, unless the expression is `volatile`.
    """

    text: str = field(compare=False)
    tree: tree.Node
    attributes: frozenset[str]
    yields_boolean: bool
    """Whether every result is `True`, `False` or null, whatever the object. An attribute's own type is not known."""
    redacted: bool = False
    """Whether `Redact` occurs anywhere: the value flows as usual, and whatever shows it shows `[Redact]` instead."""
    volatile: bool = False
    """Whether time or chance has a say in the result (`Now`, `Guid`, `RandomString`, `RandomNum`)."""
    roles_shape: RolesShape = RolesShape.NONE
    """How the result is written where the whole expression is one of the role functions."""
    candidates: tuple[CompiledExpression, ...] = ()
    """The rules of `SelectUniqueValue`, to be tried against the target in this order; empty for anything else.

    `evaluate` gives the first of them that is neither null nor empty, without asking the target.
    """
    _run: Evaluator = field(compare=False, repr=False)

    def evaluate(self, attributes: Attributes) -> Result:
        """The value for an object with these attributes.

        `Drop` if the attribute is not to flow, `SkipObject` if nothing of the object is. A boolean result is the text
        `True` or `False`. Raises `ExpressionError`.
        """
        try:
            return self._run(attributes)
        except DropSignal:
            return Drop
        except SkipSignal:
            return SkipObject


def parse(text: str) -> tree.Node:
    """The tree of an expression, its functions and their arguments checked.

    The text is a function call, an `[attribute]` or a constant `"text"`, of at most 10,000 characters.
    Raises `ExpressionSyntaxError` with line, column and, where there is one, a hint.
    """
    node = parser.expression(text)
    checking.check(node)
    return node


def compile_expression(text: str) -> CompiledExpression:
    """The expression, ready to be evaluated. Raises `ExpressionSyntaxError` as `parse` does."""
    return _compiled(parse(text), text)


def _compiled(node: tree.Node, text: str) -> CompiledExpression:
    operand = compiling.operand(node)
    called = {each.name for each in tree.walk(node) if isinstance(each, tree.Call)}
    return CompiledExpression(
        text=text,
        tree=node,
        attributes=tree.attributes_of(node),
        yields_boolean=operand.yields is Yields.BOOLEAN,
        redacted="Redact" in called,
        volatile=any(FUNCTIONS[name].stability is Stability.VOLATILE for name in called),
        roles_shape=_roles_shape(node),
        candidates=_candidates(node),
        _run=operand.run,
    )


def _roles_shape(node: tree.Node) -> RolesShape:
    return _ROLES_SHAPES.get(node.name, RolesShape.NONE) if isinstance(node, tree.Call) else RolesShape.NONE


def _candidates(node: tree.Node) -> tuple[CompiledExpression, ...]:
    if isinstance(node, tree.Call) and node.name == checking.SELECT_UNIQUE_VALUE:
        return tuple(_compiled(rule, str(rule)) for rule in node.arguments)
    return ()
