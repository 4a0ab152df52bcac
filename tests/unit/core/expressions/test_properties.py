from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from provisor.core.expressions import (
    Drop,
    ExpressionError,
    ExpressionSyntaxError,
    SkipObject,
    compile_expression,
    date_formats,
    from_graph,
    functions,
    parse,
    to_graph,
)
from provisor.core.expressions import values as values_of_expressions
from provisor.core.expressions.circumstances import DEFAULT_DOMAIN, NOW, SEED, Circumstances
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.expressions.parser import LONGEST_EXPRESSION
from provisor.core.expressions.signatures import Presence, Takes
from provisor.core.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Keyword,
    Omitted,
    Operator,
    Word,
)

INNER = sorted(FUNCTIONS.keys() - {"SelectUniqueValue"})
"""The functions that may stand inside others."""

NAMES = ["a", "b", "mail", "urn:x:2.0:User:c", "d e"]
DATES = ["2020-03-16-07:00", "7/2/2021 3:33:38 PM", "1/1/0001", "9999-12-31T23:59:59-08:00", "20150123"]
NUMBERS = st.integers(-3, 12).map(str) | st.just("&H2")
TEXTS = (
    st.text(max_size=12)
    | NUMBERS
    | st.sampled_from(["True", "False", "true", "", '"', "\\", '\\"', "é", *DATES])
)

READABLE = {
    functions.dates.interval: ["yyyy", "m", "ww", "d", "h", "n", "s"],
    functions.dates.styles: ["", "None", "AdjustToUniversal, AllowWhiteSpaces"],
    date_formats.reading: ["yyyyMMdd", "M/d/yyyy h:mm:ss tt", "yyyy-MM-ddzzz"],
    date_formats.writing: ["o", "ddd MMMM yy", "M/d/yyyy h:mm:ss tt", "'q'"],
    values_of_expressions.integer_64: ["0", "-1", "&HFFFFFFFFFFFFFFFF", "129699324000000000"],
    functions.replacing.pattern: ["a", "(?<x>[a-z]+)", "^$", "(a|b)*"],
    functions.replacing._dictionary: ["", "a:b", "ä:ae,ö:"],
    functions.lists._casing: ["CaseSensitive", "CaseInsensitive"],
    functions.converting.encoding: ["Unicode", "ASCII", "UTF8"],
}
"""Constants that the reader of a parameter can read."""

attributes = st.sampled_from(NAMES).map(lambda name: Attribute(name=name))
constants = TEXTS.map(lambda value: Constant(value=value))
keywords = st.sampled_from([Keyword(word=Word.IGNORE_ATTRIBUTE_FLOW), Keyword(word=Word.IGNORE_OBJECT_FLOW)])
leaves = attributes | constants
values = st.none() | TEXTS | st.booleans() | st.integers() | st.lists(TEXTS, max_size=3).map(tuple)
HERE = Circumstances(
    now=datetime(2026, 11, 24, 8, 30, tzinfo=UTC), seed="a seed", default_domain="contoso.com"
)
objects = st.builds(
    lambda attributes, circumstances: {**attributes, **circumstances},
    st.dictionaries(st.sampled_from([*NAMES, "appRoleAssignments"]), values),
    st.sampled_from([{}, HERE.beside("an object")]),
)


def _comparisons(inner):
    return st.builds(
        lambda left, operator, right: Comparison(left=left, operator=operator, right=right),
        inner,
        st.sampled_from(Operator),
        inner,
    )


def _arguments(parameter, inner):
    match parameter.takes:
        case Takes.APP_ROLE_ASSIGNMENTS:
            return st.just(Attribute(name="appRoleAssignments"))
        case _ if parameter.reader is not None:
            readable = st.sampled_from(READABLE[parameter.reader]).map(lambda value: Constant(value=value))
            given_values = readable | inner.filter(lambda node: not isinstance(node, Constant))
        case Takes.COMPARE_METHOD:
            given_values = st.sampled_from(
                [Keyword(word=Word.TEXT_COMPARE), Keyword(word=Word.BINARY_COMPARE)]
            )
        case Takes.WHOLE_NUMBER:
            given_values = NUMBERS.map(lambda value: Constant(value=value)) | attributes
        case Takes.CULTURE:
            given_values = (
                st.sampled_from(["", "tr-TR", "en"]).map(lambda value: Constant(value=value)) | attributes
            )
        case Takes.CONDITION:
            given_values = inner | _comparisons(inner)
        case _:
            given_values = inner | keywords
    return given_values | st.just(Omitted()) if parameter.presence is Presence.OPTIONAL else given_values


@st.composite
def replacements(draw, inner):
    given_places = draw(st.sampled_from([(1, 4), (1, 6), (2, 4), (2, 3, 4), (2, 3, 5)]))
    parameters = FUNCTIONS["Replace"].parameters
    arguments = [draw(inner)] + [
        (
            draw(_arguments(replace(parameters[place], presence=Presence.REQUIRED), inner))
            if place in given_places
            else Omitted()
        )
        for place in range(1, 7)
    ]
    if 3 in given_places:
        arguments[3] = Attribute(name="a") if not isinstance(arguments[2], Constant) else Constant(value="x")
        arguments[2] = Constant(value="(?<x>a)|b") if isinstance(arguments[2], Constant) else arguments[2]
    return Call(name="Replace", arguments=tuple(arguments))


@st.composite
def calls(draw, inner):
    function = FUNCTIONS[draw(st.sampled_from(INNER))]
    if function.name == "Replace":
        return draw(replacements(inner))
    if function.repeating:
        count = len(function.parameters) + len(function.repeating) * draw(st.integers(1, 3))
    else:
        count = draw(st.integers(function.required_count, len(function.parameters)))
    arguments = tuple(draw(_arguments(function.parameter(index), inner)) for index in range(count))
    assume(arguments != (Omitted(),))
    return Call(name=function.name, arguments=arguments)


trees = st.recursive(leaves, calls, max_leaves=12)


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
