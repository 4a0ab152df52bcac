import pytest

from provisor.core.expressions import ExpressionSyntaxError, MappingSourceError, from_graph, parse, to_graph


def _attribute(name):
    return {"type": "Attribute", "name": name, "expression": f"[{name}]", "parameters": []}


def _constant(text):
    return {"type": "Constant", "name": text, "expression": f'"{text}"', "parameters": []}


def test_an_attribute_has_its_graph_form():
    assert to_graph(parse("[mail]")) == _attribute("mail")


def test_a_constant_has_its_graph_form_with_its_raw_text_as_name():
    assert to_graph(parse(r'"a\"b\\c"')) == {
        "type": "Constant",
        "name": 'a"b\\c',
        "expression": r'"a\"b\\c"',
        "parameters": [],
    }


def test_a_call_has_its_graph_form_without_the_omitted_arguments():
    assert to_graph(parse('Switch([IsSoftDeleted],,"False","True")')) == {
        "type": "Function",
        "name": "Switch",
        "expression": 'Switch([IsSoftDeleted], , "False", "True")',
        "parameters": [
            {"key": "source", "value": _attribute("IsSoftDeleted")},
            {"key": "switchValue", "value": _constant("False")},
            {"key": "switchValue", "value": _constant("True")},
        ],
    }


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Mid([a], 1, 3)", ["source", "start", "length"]),
        ('Append([a], "x")', ["source", "suffix"]),
        ("Not([a])", ["source"]),
        ("SingleAppRoleAssignment([appRoleAssignments])", ["source"]),
        ('IIF([a] = "1", [b], [c])', ["condition", "valueIfTrue", "valueIfFalse"]),
        ('Join(" ", [a], [b])', ["separator", "source", "source"]),
    ],
)
def test_parameters_carry_the_names_that_graph_gives_them(text, keys):
    assert [parameter["key"] for parameter in to_graph(parse(text))["parameters"]] == keys


def test_a_comparison_is_a_function_named_by_its_operator():
    condition = to_graph(parse('IIF([a] >= "1", [b], IgnoreAttributeFlow)'))["parameters"][0]["value"]
    assert condition == {
        "type": "Function",
        "name": ">=",
        "expression": '[a] >= "1"',
        "parameters": [{"key": "left", "value": _attribute("a")}, {"key": "right", "value": _constant("1")}],
    }


WITHOUT_LOSS = [
    "[mail]",
    '"1"',
    '""',
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    'Switch([state], "elsewhere", "QLD", "Brisbane")',
    'IIF([a] <> "", Append(Mid([givenName], 1, 3), "x"), IgnoreAttributeFlow)',
    'IIF([a], , "x")',
    'ToLower([mail], "tr-TR")',
    "Join(, [a], [b])",
    'Append([a], "\\"")',
]


@pytest.mark.parametrize("text", WITHOUT_LOSS)
def test_graphs_form_leads_back_to_the_tree(text):
    assert from_graph(to_graph(parse(text))) == parse(text)


def _without_expressions(source):
    return {
        "type": source["type"],
        "name": source["name"],
        "parameters": [
            {"key": each["key"], "value": _keyword_or_without_expressions(each["value"])}
            for each in source["parameters"]
        ],
    }


def _keyword_or_without_expressions(source):
    return source if source["expression"] == "IgnoreAttributeFlow" else _without_expressions(source)


@pytest.mark.parametrize("text", WITHOUT_LOSS)
def test_a_form_without_expressions_is_put_together_by_its_keys(text):
    assert from_graph(_without_expressions(to_graph(parse(text)))) == parse(text)


def test_the_expression_counts_where_a_client_edited_it_and_left_the_parameters():
    edited = {**to_graph(parse('Append([mail], ".old")')), "expression": 'Append([mail], ".new")'}
    assert from_graph(edited) == parse('Append([mail], ".new")')


def test_an_unquoted_number_is_accepted_as_a_constant():
    assert from_graph({"type": "Constant", "name": "1", "expression": "1"}) == parse('"1"')


def test_a_syntax_error_in_the_expression_keeps_its_place():
    with pytest.raises(ExpressionSyntaxError) as refusal:
        from_graph({"type": "Function", "expression": "Append([a],\n  Apend([b]))"})
    assert (refusal.value.line, refusal.value.column) == (2, 3)


def test_a_comparison_alone_is_refused():
    with pytest.raises(ExpressionSyntaxError, match="A comparison cannot stand alone"):
        from_graph({"type": "Function", "name": "=", "expression": "[a] = [b]"})


CONTRADICTIONS = [
    (
        {"type": "Constant", "expression": "[a]"},
        "source: type is Constant, but the expression [a] is of type Attribute.",
    ),
    (
        {"type": "Function", "name": "ToUpper", "expression": "ToLower([a])"},
        "source: name is ToUpper, but the expression is ToLower([a]).",
    ),
    (
        {"name": "a"},
        "source.type: without an expression, the type must be one of Attribute, Constant, Function.",
    ),
    ({"type": "Attribute", "name": "a]b"}, 'source.name: "a]b" is no name of an attribute.'),
    ({"type": "Attribute"}, 'source.name: "" is no name of an attribute.'),
    ({"type": "Attribute", "name": 7}, "source.name: a text is expected."),
    ({"type": "Function", "name": "Not", "parameters": "x"}, "source.parameters: a list is expected."),
    (
        {"type": "Function", "name": "Not", "parameters": [{"key": "source"}]},
        "source.parameters[0]: a key and a value that is an attributeMappingSource are expected.",
    ),
    (
        {
            "type": "Function",
            "name": "Not",
            "parameters": [{"key": "sauce", "value": {"type": "Constant", "name": "1"}}],
        },
        "source.parameters: Not has no parameter sauce; it is Not(source).",
    ),
    (
        {
            "type": "Function",
            "name": "Not",
            "parameters": [{"key": "source", "value": {"type": "Constants"}}],
        },
        "source.parameters[0].value.type: without an expression, the type must be one of Attribute, Constant, Function.",
    ),
    (
        {
            "type": "Function",
            "name": "<",
            "parameters": [{"key": "left", "value": {"type": "Constant", "name": "1"}}],
        },
        "source.parameters: a comparison has the parameters left and right.",
    ),
]


@pytest.mark.parametrize(
    ("source", "message"), CONTRADICTIONS, ids=[message for _, message in CONTRADICTIONS]
)
def test_a_form_that_is_incomplete_or_contradicts_itself_is_refused_with_its_path(source, message):
    with pytest.raises(MappingSourceError) as refusal:
        from_graph(source)
    assert str(refusal.value) == message


def test_an_unknown_function_without_expression_is_refused_with_a_hint():
    with pytest.raises(ExpressionSyntaxError, match="Did you mean Not"):
        from_graph({"type": "Function", "name": "Nott", "parameters": []})


def test_a_bottomless_form_is_refused():
    source = {"type": "Attribute", "name": "a"}
    for _ in range(150):
        source = {"type": "Function", "name": "Not", "parameters": [{"key": "source", "value": source}]}
    with pytest.raises(MappingSourceError, match="more than 100 levels"):
        from_graph(source)
