from hypothesis import assume, given
from hypothesis import strategies as st

from provisor.core.expressions import (
    Drop,
    ExpressionError,
    ExpressionSyntaxError,
    SkipObject,
    compile_expression,
    from_graph,
    parse,
    to_graph,
)
from provisor.core.expressions.circumstances import DEFAULT_DOMAIN, NOW, SEED
from provisor.core.expressions.parser import LONGEST_EXPRESSION
from provisor.core.expressions.tree import Attribute, Call, Comparison, Constant
from support.expression_trees import objects, trees


@given(trees)
def test_printing_a_tree_and_parsing_it_gives_the_tree(tree):
    text = str(tree)
    assume(len(text) <= LONGEST_EXPRESSION)
    assert parse(text) == tree
    assert str(parse(text)) == text


@given(trees)
def test_graphs_form_of_a_tree_leads_back_to_it(tree):
    assert from_graph(to_graph(tree)) == tree


@given(trees, objects)
def test_evaluating_gives_a_result_or_an_expression_error(tree, attributes):
    expression = compile_expression(str(tree))
    try:
        result = expression.evaluate(attributes)
    except ExpressionError:
        return
    assert result in (None, Drop, SkipObject) or isinstance(result, str | tuple)
    if expression.yields_boolean:
        assert result in (None, Drop, SkipObject, "True", "False")


def _outcome(expression, attributes):
    try:
        return expression.evaluate(attributes)
    except ExpressionError as failure:
        return failure.function, failure.reason


@given(trees, objects, objects)
def test_attributes_that_an_expression_does_not_read_do_not_change_its_result(tree, before, other):
    expression = compile_expression(str(tree))
    after = {**other, **{name: before.get(name) for name in expression.attributes}}
    after |= {name: before.get(name) for name in (NOW, SEED, DEFAULT_DOMAIN)}
    assert _outcome(expression, before) == _outcome(expression, after)


class _ConstantsAsAttributes:
    """The same tree with each free constant read from the object instead, so that nothing is folded."""

    def __init__(self):
        self.attributes = {}

    def node(self, node):
        match node:
            case Constant(value=value):
                name = f"constant{len(self.attributes)}"
                self.attributes[name] = value
                return Attribute(name=name)
            case Comparison(left=left, operator=operator, right=right):
                return Comparison(left=self.node(left), operator=operator, right=self.node(right))
            case Call(name=name, arguments=arguments):
                return Call(name=name, arguments=tuple(map(self.node, arguments)))
            case _:
                return node


@given(trees, objects)
def test_folding_constants_never_changes_an_outcome(tree, attributes):
    unfolded = _ConstantsAsAttributes()
    twin = compile_expression(str(unfolded.node(tree)))
    folded = compile_expression(str(tree))
    assume(not folded.volatile)
    assert _outcome(folded, attributes) == _outcome(twin, {**attributes, **unfolded.attributes})


def _refusal(text):
    try:
        parse(text)
    except ExpressionSyntaxError as refusal:
        return refusal
    return None


@given(st.text(alphabet='ab[]"\\(),=<>&H1 -\n', max_size=30) | st.text(max_size=30))
def test_any_text_is_parsed_or_refused(text):
    refusal = _refusal(text)
    if refusal is None:
        assert parse(str(parse(text))) == parse(text)
    else:
        lines = text.split("\n")
        assert 1 <= refusal.line <= len(lines)
        assert 1 <= refusal.column <= len(lines[refusal.line - 1]) + 1
