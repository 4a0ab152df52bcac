"""Random expressions and objects for properties of the mapping language."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import assume
from hypothesis import strategies as st

from provisor.core.expressions import date_formats, functions
from provisor.core.expressions import values as values_of_expressions
from provisor.core.expressions.circumstances import Circumstances
from provisor.core.expressions.functions import FUNCTIONS
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
    functions.dates.ticks: ["", "0", "-1", "129699324000000000"],
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
    st.sampled_from([{}, HERE.attributes]),
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
