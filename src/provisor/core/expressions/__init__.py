"""The attribute-mapping expression language, as Entra's provisioning service speaks it.

    expression = compile_expression('Switch([IsSoftDeleted], , "False", "True", "True", "False")')
    expression.evaluate({"IsSoftDeleted": False})       # "True"

The language knows text, lists of text and null. Booleans of the directory are the texts `True` and `False`, numbers
their decimal text, an empty list is null. A call that drops the attribute (`Drop`) drops it wherever it stands in the
expression, and so does the keyword that leaves the whole object alone (`SkipObject`). Time, chance and the tenant's
default domain come with the attributes (`circumstances`); nothing in here looks at a clock. Source: Entra "Reference for writing expressions for attribute mappings".
"""

from __future__ import annotations

from provisor.core.expressions.checking import require_attributes
from provisor.core.expressions.circumstances import Circumstances, without_circumstances
from provisor.core.expressions.compiled import CompiledExpression, RolesShape, compile_expression, parse
from provisor.core.expressions.errors import ExpressionError, ExpressionSyntaxError, MappingSourceError
from provisor.core.expressions.mapping_source import MappingSource, from_graph, to_graph
from provisor.core.expressions.tracing import Outcome, Step, trace
from provisor.core.expressions.tree import Attribute, Constant, Node
from provisor.core.expressions.values import Drop, Dropped, ObjectSkipped, Result, SkipObject

__all__ = [
    "Attribute",
    "Circumstances",
    "CompiledExpression",
    "Constant",
    "Drop",
    "Dropped",
    "ExpressionError",
    "ExpressionSyntaxError",
    "MappingSource",
    "MappingSourceError",
    "Node",
    "ObjectSkipped",
    "Outcome",
    "Result",
    "RolesShape",
    "SkipObject",
    "Step",
    "compile_expression",
    "from_graph",
    "parse",
    "require_attributes",
    "to_graph",
    "trace",
    "without_circumstances",
]
