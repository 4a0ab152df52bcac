"""A schema that is bent in any one place is refused in words, or is a schema still; it never breaks its reader."""

import contextlib
import copy

import pytest

from provisor import gallery
from provisor.core.errors import InvalidInputError
from provisor.engine import applications

TEMPLATE = gallery.template("ringcentral").schema
WRONG = (None, 5, "x", [], {}, [1], [None], ["x"], {"a": 1}, True)


def places(node, path=()):
    """Every place in a document, of lists the first two."""
    if path:
        yield path
    match node:
        case dict():
            for key, each in node.items():
                yield from places(each, (*path, key))
        case list():
            for index, each in enumerate(node[:2]):
                yield from places(each, (*path, index))


def bent(path, value):
    document = copy.deepcopy(TEMPLATE)
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return document


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_schema_that_is_bent_anywhere_does_not_break_its_reader(value):
    for path in places(TEMPLATE):
        with contextlib.suppress(InvalidInputError):
            applications.check_schema(bent(path, value))


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("directories",), 5, "directories: a list"),
        (("directories", 0), 5, "directories[0]: an object"),
        (("directories", 1, "objects", 0, "attributes", 1), "x", "directories[1].objects[0].attributes[1]: an object"),
        (("synchronizationRules", 0, "objectMappings", 0), [], "synchronizationRules[0].objectMappings[0]: an object"),
        (
            ("synchronizationRules", 0, "objectMappings", 0, "attributeMappings", 2, "source"),
            "[city]",
            "synchronizationRules[0].objectMappings[0].attributeMappings[2].source: an object",
        ),
    ],
)  # fmt: skip
def test_the_place_of_what_has_the_wrong_shape_is_told(path, value, where):
    with pytest.raises(InvalidInputError) as refused:
        applications.check_schema(bent(path, value))
    assert str(refused.value).startswith(where)
