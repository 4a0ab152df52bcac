"""An expression that is ready to be evaluated for one object after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisor.core.expressions import checking, compiling, parser, tree
from provisor.core.expressions.errors import DropSignal
from provisor.core.expressions.signatures import Evaluator, Yields
from provisor.core.expressions.values import Drop, Result
from provisor.core.objects import Attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledExpression:
    """An expression, parsed, checked and compiled once. Two of them are equal if their trees are.

    `text` is as it was written; `str(tree)` is its canonical form. `attributes` are the source attributes it reads:
    while none of them changes, neither does the result.
    """

    text: str = field(compare=False)
    tree: tree.Node
    attributes: frozenset[str]
    yields_boolean: bool
    """Whether every result is `True`, `False` or null, whatever the object. An attribute's own type is not known."""
    _run: Evaluator = field(compare=False, repr=False)

    def evaluate(self, attributes: Attributes) -> Result:
        """The value for an object with these attributes; `Drop` if the attribute is not to flow.

        A boolean result is the text `True` or `False`. Raises `ExpressionError`.
        """
        try:
            return self._run(attributes)
        except DropSignal:
            return Drop


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
    node = parse(text)
    operand = compiling.operand(node)
    return CompiledExpression(
        text=text,
        tree=node,
        attributes=tree.attributes_of(node),
        yields_boolean=operand.yields is Yields.BOOLEAN,
        _run=operand.run,
    )
