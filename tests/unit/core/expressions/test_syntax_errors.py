import pytest

from provisor.core import errors
from provisor.core.expressions import ExpressionSyntaxError, compile_expression, parse
from provisor.core.expressions.parser import DEEPEST_NESTING, LONGEST_EXPRESSION

# expression, line, column, part of the message, part of the hint
REFUSALS = [
    ("", 1, 1, "empty", "function call"),
    (" \n ", 2, 2, "empty", "function call"),
    ("ToLowr([mail])", 1, 1, "Unknown function ToLowr", "Did you mean ToLower?"),
    ("tolower([mail])", 1, 1, "Unknown function tolower", "Did you mean ToLower? Names are case-sensitive."),
    ("Zzzz([mail])", 1, 1, "Unknown function Zzzz", "The functions are AppRoleAssignments, "),
    ('Join("",\n  Apend([mail], "x"))', 2, 3, "Unknown function Apend", "Did you mean Append?"),
    ("Left([mail])", 1, 1, "Left cannot take 1 argument", "Left(String, NumChars)"),
    ("Mid([a], 1, 2, 3)", 1, 1, "Mid cannot take 4 arguments", "Mid(source, start, length)"),
    ("ToLower()", 1, 1, "ToLower cannot take 0 arguments", "ToLower(source, culture?)"),
    (
        'Switch([a], , "1")',
        1,
        1,
        "Switch cannot take 3",
        "Switch(source, defaultValue?, switchValue, switchValue, …)",
    ),
    ('Switch([a], , "1", "x", "2")', 1, 1, "Switch cannot take 5", "switchValue"),
    ('Switch([a], "x")', 1, 1, "Switch cannot take 2", "switchValue"),
    ('Switch([a], , , "x")', 1, 15, "The argument switchValue of Switch is missing", 'written ""'),
    ('Append(, "x")', 1, 8, "The argument source of Append is missing", 'written ""'),
    ('Mid([a], "x", 1)', 1, 10, 'argument start of Mid: a whole number is expected, not "x"', ""),
    ("Left([a], 99999999999999999999)", 1, 11, "a whole number is expected", ""),
    ('ToLower([a], "klingon")', 1, 14, 'a culture such as en-US is expected, not "klingon"', ""),
    ('ToUpper([a], "xx-YY")', 1, 14, "a culture such as en-US", ""),
    ('Join(", ", [a] = "x")', 1, 16, "The argument source of Join cannot be a comparison", "inside IIF"),
    ("SingleAppRoleAssignment([roles])", 1, 25, "must be the attribute [appRoleAssignments]", "Write Single"),
    ('SingleAppRoleAssignment("Admin")', 1, 25, "must be the attribute [appRoleAssignments]", "Write Single"),
    ('[a] = "x"', 1, 5, "A comparison cannot stand alone", "Put it into IIF"),
    ("42", 1, 1, "42 cannot stand alone", '"42"'),
    ("IgnoreAttributeFlow", 1, 1, "IgnoreAttributeFlow cannot stand alone", "quotes"),
    (
        'Append("x", SelectUniqueValue([a], [b]))',
        1,
        13,
        "must be the outermost call",
        "into each of its rules",
    ),
    (
        "SelectUniqueValue([a])",
        1,
        1,
        "SelectUniqueValue cannot take 1",
        "uniqueValueRule, uniqueValueRule, …",
    ),
    ("Append([a], vbTextCompare)", 1, 13, "suffix of Append cannot be vbTextCompare", "InStr"),
    (
        "AppRoleAssignmentsComplex([roles])",
        1,
        27,
        "must be the attribute [appRoleAssignments]",
        "Write AppRole",
    ),
    (
        'Replace([a], , "b", , , , "c")',
        1,
        1,
        "these arguments make no replacement (regexPattern, template). Give oldValue with replacementValue or template",
        "Usage: Replace(",
    ),
    ("Replace([a])", 1, 1, "these arguments make no replacement (none)", "Usage: Replace("),
    (
        'Replace([a], , "(?<n>b)", "m", "c", , )',
        1,
        27,
        'the regular expression has no group "m"; its groups: n',
        "",
    ),
    ('Replace([a], , "(b", , "c", , )', 1, 16, "a parenthesis is never closed", ""),
    ('DateAdd("q", 1, [a])', 1, 9, "an interval is expected (yyyy, m, ww, d, h, n or s)", ""),
    ('DateDiff("w", [a], [b])', 1, 10, 'not "w"', ""),
    ('FormatDateTime([a], "Sloppy", "yyyy", "yyyy")', 1, 21, "is no style for dates", ""),
    ('InStr([a], "b", 1, 7)', 1, 20, "vbTextCompare or vbBinaryCompare is expected", ""),
    ("[mail", 1, 1, "no closing bracket", "[name]"),
    ("[]", 1, 1, "without a name", "[name]"),
    ("mail", 1, 1, "Unknown word mail", "[mail]"),
    ("mail]", 1, 5, "] means nothing here", "closes nothing"),
    ("ToLower([mail]])", 1, 15, "] means nothing here", "closes nothing"),
    ('ToLower("abc)', 1, 9, "no closing quote", r"\""),
    ('"ends with a backslash\\"', 1, 1, "no closing quote", r"\\"),
    ("ToLower('abc')", 1, 9, "' means nothing here", "straight double quotes"),
    ("ToLower(\u201cabc\u201d)", 1, 9, "means nothing here", "straight double quotes"),
    ("Join([a]; [b])", 1, 9, "; means nothing here", "separated by commas"),
    ('[a] & "x"', 1, 5, "& means nothing here", "Append"),
    ('[a] + "x"', 1, 5, "+ means nothing here", "Append"),
    ("Left(%mail%, 3)", 1, 6, "% means nothing here", "Entra Connect"),
    ("Left($mail, 3)", 1, 6, "$ means nothing here", "Entra Connect"),
    ("Left([a], 1.5)", 1, 11, "1.5 is not a whole number", '"1.5"'),
    ('IIF(!IsNull([a]), "x", "y")', 1, 5, "! means nothing here", "nest IIF"),
    ('IIF([a] = "x" AND [b] = "y", "1", "2")', 1, 15, "expected before AND", "nest IIF"),
    ('IIF([a] = "x" = "y", "1", "2")', 1, 15, "expected before =", "two values only"),
    ('IIF([a] == "x", "1", "2")', 1, 10, "is expected, not =", "= <> > >= < <="),
    ('IIF(([a] = "x"), "1", "2")', 1, 5, "is expected, not (", "only follows the name of a function"),
    ('IIF([a] = True, "1", "2")', 1, 11, "Unknown word True", 'Write "True".'),
    ('IIF([a] = NULL, "1", "2")', 1, 11, "Unknown word NULL", 'Write ""'),
    ('IIF([a] = "x", IgnoreAttributFlow, "2")', 1, 16, "Unknown word", "Did you mean IgnoreAttributeFlow?"),
    ("Not(IsNull)", 1, 5, "Unknown word IsNull", "IsNull(…)"),
    ('Join(" " [a])', 1, 10, "comma or ) is expected before [a]", ""),
    ('Join(" ", [a]', 1, 5, "parenthesis of Join is never closed", "line 1, column 14"),
    ("Append([a],\n  ToLower([b])", 1, 7, "parenthesis of Append is never closed", "line 2, column 15"),
    ("[a] [b]", 1, 5, "complete before [b]", "Append"),
    ("ToLower([a]))", 1, 13, "complete before )", "Remove it"),
    ("[a], [b]", 1, 4, "complete before ,", "separated by commas"),
    ("Append([a],", 1, 12, "not the end of the expression", ""),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"), REFUSALS, ids=[row[0] for row in REFUSALS]
)
def test_a_refusal_points_at_the_place_and_says_what_to_write(text, line, column, message, hint):
    with pytest.raises(ExpressionSyntaxError) as refusal:
        parse(text)
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert message in refusal.value.message
    assert hint in refusal.value.hint
    assert str(refusal.value).startswith(f"{refusal.value.message} (line {line}, column {column}).")


def test_a_refusal_is_an_error_in_what_a_person_gave():
    with pytest.raises(errors.InvalidInputError):
        compile_expression("ToLowr([mail])")


def test_an_expression_longer_than_the_limit_is_refused():
    longest = f'"{"x" * (LONGEST_EXPRESSION - 2)}"'
    assert compile_expression(longest).evaluate({}) == "x" * 9_998
    with pytest.raises(ExpressionSyntaxError, match="has 10001 characters, 10000 are allowed"):
        parse(longest + " ")


def test_the_deepest_nesting_is_evaluated_and_anything_deeper_refused():
    deepest = "Not(" * DEEPEST_NESTING + "[a]" + ")" * DEEPEST_NESTING
    expression = compile_expression(deepest)
    assert expression.evaluate({"a": "True"}) == "True"
    assert str(expression.tree) == deepest
    with pytest.raises(ExpressionSyntaxError, match="More than 100 calls inside one another"):
        parse(f"Not({deepest})")


def test_thousands_of_open_parentheses_are_refused_like_any_other_mistake():
    with pytest.raises(ExpressionSyntaxError):
        parse("Not(" * 2_400)


def test_a_text_full_of_backslashes_is_refused_at_once():
    with pytest.raises(ExpressionSyntaxError, match="no closing quote"):
        parse('"' + "\\" * 9_997)
