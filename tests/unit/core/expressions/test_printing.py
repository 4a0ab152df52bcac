import pytest

from provisor.core.expressions import parse
from provisor.core.expressions.errors import Position
from provisor.core.expressions.tree import Attribute, Call, Constant, Omitted

CANONICAL = [
    (
        'Switch([IsSoftDeleted],,"False","True","True","False")',
        'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    ),
    ("ToLower([mail],)", "ToLower([mail], )"),
    ("Join(,[a] ,[b])", "Join(, [a], [b])"),
    ("Mid\n(\n[mail],\u00a01 , 3)", 'Mid([mail], "1", "3")'),
    ('Join("",1000,-10,&HF)', 'Join("", "1000", "-10", "&HF")'),
    ('IIF([a]<>"x",[b],IgnoreAttributeFlow)', 'IIF([a] <> "x", [b], IgnoreAttributeFlow)'),
    (r'Append([a], "\+(?<isd>\\d*)\"")', r'Append([a], "\\+(?<isd>\\d*)\"")'),
    ("[ a.b:c ]", "[ a.b:c ]"),
]


@pytest.mark.parametrize(("typed", "canonical"), CANONICAL)
def test_the_canonical_text_has_one_spelling_and_the_same_meaning(typed, canonical):
    assert str(parse(typed)) == canonical
    assert parse(canonical) == parse(typed)


def test_omitted_arguments_are_kept_in_their_places():
    tree = parse('Switch([a], , "1", "x")')
    assert tree == Call(
        name="Switch",
        arguments=(Attribute(name="a"), Omitted(), Constant(value="1"), Constant(value="x")),
    )


def test_every_node_knows_where_it_stands():
    tree = parse('Append(\n  [mail],\r\n\t"x\ny")')
    assert isinstance(tree, Call)
    places = [node.position for node in (tree, *tree.arguments)]
    assert places == [Position(line=1, column=1), Position(line=2, column=3), Position(line=3, column=2)]


def test_a_line_break_inside_a_text_moves_what_follows_to_the_next_line():
    tree = parse('Append("x\ny", [mail])')
    assert isinstance(tree, Call)
    assert tree.arguments[1].position == Position(line=2, column=5)
