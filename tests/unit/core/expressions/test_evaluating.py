import pytest

from provisor.core import errors
from provisor.core.expressions import Drop, ExpressionError, RolesShape, compile_expression


def _evaluate(text, **attributes):
    return compile_expression(text).evaluate(attributes)


def test_a_list_of_one_value_stands_for_that_value():
    assert _evaluate("ToUpper([otherMails])", otherMails=("a@contoso.com",)) == "A@CONTOSO.COM"


def test_several_values_where_one_is_expected_fail_the_object_and_name_function_and_inputs():
    with pytest.raises(ExpressionError) as failure:
        _evaluate('Append("mail:", ToLower([otherMails]))', otherMails=("a@contoso.com", "b@fabrikam.com"))
    assert failure.value.function == "ToLower"
    assert (failure.value.line, failure.value.column) == (1, 17)
    assert failure.value.inputs == (("source", ("a@contoso.com", "b@fabrikam.com")), ("culture", None))
    assert str(failure.value) == (
        'ToLower (line 1, column 17): one value is expected where 2 values, the first "a@contoso.com" arrived; '
        'make one of them first, for example with Join. Inputs: source = 2 values, the first "a@contoso.com", culture = null.'
    )


def test_a_failure_is_a_message_to_a_person():
    with pytest.raises(errors.ProvisorError, match='a whole number is expected, not "three"'):
        _evaluate("Left([givenName], [length])", givenName="Jane", length="three")


def test_a_null_where_a_whole_number_is_required_fails_the_object():
    with pytest.raises(
        ExpressionError, match=r'length must be a whole number, and is null\. Inputs: source = "Jane"'
    ):
        _evaluate("Mid([givenName], 1, [length])", givenName="Jane")


def test_an_unknown_culture_from_an_attribute_fails_the_object():
    assert (
        _evaluate("ToLower([mail], [culture])", mail="I@x.COM", culture="az")
        == "\N{LATIN SMALL LETTER DOTLESS I}@x.com"
    )
    assert _evaluate("ToLower([mail], [culture])", mail="I@x.COM", culture="") == "i@x.com"
    with pytest.raises(ExpressionError, match='a culture such as en-US is expected, not "nowhere"'):
        _evaluate("ToLower([mail], [culture])", mail="I@x.COM", culture="nowhere")


def test_a_long_input_is_shortened_in_the_message():
    with pytest.raises(ExpressionError) as failure:
        _evaluate("Left([givenName], [photo])", givenName="Jane", photo="x" * 5_000)
    assert "x" * 60 + "…" in str(failure.value)
    assert len(str(failure.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        'IIF([choice] = "good", [mail], Left([mail], [choice]))',
        'Switch([choice], Left([mail], [choice]), "good", [mail], "bad", Left([mail], [choice]))',
        'Switch([choice], Left([mail], [choice]), [choice], [mail], Left([mail], [choice]), "x")',
        "Coalesce([mail], Left([mail], [choice]))",
    ],
)
def test_a_branch_that_is_not_taken_is_not_evaluated(text):
    assert _evaluate(text, choice="good", mail="jane@contoso.com") == "jane@contoso.com"


def test_a_failure_in_a_choice_lists_what_was_asked_and_not_the_branches():
    with pytest.raises(ExpressionError) as failure:
        _evaluate('Switch([lists], [secret], "a", "b")', lists=("1", "2"), secret="hidden")
    assert failure.value.inputs == (("source", ("1", "2")),)


def test_a_comparison_of_several_values_fails_the_object():
    with pytest.raises(ExpressionError, match=r"IIF \(line 1, column 1\): one value is expected"):
        _evaluate('IIF([lists] = "1", "x", "y")', lists=("1", "2"))


@pytest.mark.parametrize(
    "text",
    [
        'ToLower(IIF([mail] = "", IgnoreAttributeFlow, [mail]))',
        'Join("", "x", IgnoreFlowIfNullOrEmpty([mail]))',
        "Coalesce(IgnoreFlowIfNullOrEmpty([mail]), [givenName])",
        "IsPresent(IgnoreFlowIfNullOrEmpty([mail]))",
        'IIF(IgnoreFlowIfNullOrEmpty([mail]) = "x", "1", "2")',
        'IgnoreFlowIfNullOrEmpty("")',
    ],
)
def test_an_argument_that_drops_drops_the_whole_attribute(text):
    assert _evaluate(text, givenName="Jane") is Drop


def test_the_attributes_read_are_known_branches_included():
    expression = compile_expression(
        'IIF([country] = [home], ToLower([mail]), Switch([a b], "[no]", "1", [mail]))'
    )
    assert expression.attributes == {"country", "home", "mail", "a b"}


@pytest.mark.parametrize(
    "text",
    [
        "Not([IsSoftDeleted])",
        "IsPresent([mail])",
        'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        'IIF([country] = "US", "True", IIF([state] = "CA", "True", "False"))',
        'IIF([country] = "US", IsNull([mail]), IgnoreAttributeFlow)',
        'IgnoreFlowIfNullOrEmpty(Coalesce(IsNull([a]), "False"))',
        '"True"',
        'IIF("a" = "a", Not([b]), "maybe")',
    ],
)
def test_an_expression_that_can_only_be_true_or_false_is_known_to_be_boolean(text):
    assert compile_expression(text).yields_boolean


@pytest.mark.parametrize(
    "text",
    [
        "[accountEnabled]",
        "ToLower([mail])",
        'Switch([a], [b], "False", "True")',
        'Switch([a], "unknown", "False", "True")',
        'IIF([country] = "US", "True", [mail])',
        '"true"',
    ],
)
def test_an_expression_that_may_be_something_else_is_not_boolean(text):
    assert not compile_expression(text).yields_boolean


def test_an_expression_keeps_the_text_it_was_typed_as():
    expression = compile_expression(" ToLower( [mail],)")
    assert expression.text == " ToLower( [mail],)"
    assert str(expression.tree) == "ToLower([mail], )"
    assert expression == compile_expression("ToLower([mail], )")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('IIF("1" = 1, Append("a", "b"), [x])', "ab"),
        ('Switch("2", "d", "1", "one", 2, "two")', "two"),
        ('Coalesce(, "", "x")', ""),
        ('Not("a" = "b")', "True"),
        ("Join(, , )", ""),
        ('IIF("a" > "b", "x")', None),
    ],
)
def test_what_is_constant_is_computed_all_the_same(text, result):
    assert _evaluate(text, x="unused") == result


def test_a_constant_that_cannot_work_fails_only_where_it_is_reached():
    expression = compile_expression('IIF([a] = "1", Left("abc", Join("", "x")), "fine")')
    assert expression.evaluate({"a": "2"}) == "fine"
    with pytest.raises(ExpressionError, match=r'Left .*not "x"'):
        expression.evaluate({"a": "1"})


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("&H1F", "31", True),
        ("1.50", "1.5", True),
        ("-0", "0", True),
        ("+15551234567", "15551234567", False),
        ("1e3", "1000", False),
        (" 1", "1", False),
        ("\N{ARABIC-INDIC DIGIT ONE}", "1", False),
        ("9" * 5_000, "9" * 5_000 + ".0", True),
        ("", None, True),
        ("A", "a", False),
    ],
)
def test_only_plain_numbers_are_compared_as_numbers(left, right, equal):
    expected = "True" if equal else "False"
    assert _evaluate("Not(Not([left] = [right]))", left=left, right=right) == expected
    assert _evaluate("Not([left] <> [right])", left=left, right=right) == expected


def test_a_redacted_value_is_known_wherever_redact_stands():
    assert compile_expression('Append("x", Redact([mail]))').redacted
    assert not compile_expression('Append("x", [mail])').redacted


def test_the_rules_for_a_unique_value_can_be_tried_one_by_one():
    expression = compile_expression('SelectUniqueValue([mail], Append([mail], "2"), "nobody")')
    person = {"mail": "jane"}
    assert [rule.evaluate(person) for rule in expression.candidates] == ["jane", "jane2", "nobody"]
    assert [rule.text for rule in expression.candidates] == ["[mail]", 'Append([mail], "2")', '"nobody"']
    assert compile_expression("[mail]").candidates == ()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("SingleAppRoleAssignment([appRoleAssignments])", RolesShape.SINGLE),
        ("AppRoleAssignmentsComplex([appRoleAssignments])", RolesShape.COMPLEX),
        ("AssertiveAppRoleAssignmentsComplex([appRoleAssignments])", RolesShape.ASSERTIVE),
        ('Join(",", AppRoleAssignmentsComplex([appRoleAssignments]))', RolesShape.NONE),
        ("AppRoleAssignments([appRoleAssignments])", RolesShape.NONE),
        ("[appRoleAssignments]", RolesShape.NONE),
    ],
)
def test_the_shape_of_roles_is_known_where_a_role_function_is_the_whole_expression(text, shape):
    assert compile_expression(text).roles_shape is shape
