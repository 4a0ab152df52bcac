"""Filter texts (RFC 7644 section 3.4.2.2)."""

from __future__ import annotations

import enum
import json

from provisor.scim import paths


class ElementFilter(enum.StrEnum):
    """How a filter names a value inside one element of a multi-valued attribute.

    `VALUE_PATH` is the grammar of RFC 7644: `emails[type eq "work" and value eq "x"]`. `SUB_ATTRIBUTE` is what Entra
    sends and what many targets therefore expect: `emails[type eq "work"].value eq "x"`.
    """

    VALUE_PATH = "valuePath"
    SUB_ATTRIBUTE = "subAttribute"


def literal(value: str | bool) -> str:  # noqa: FBT001 - the boolean is the value itself
    """A value as a filter spells it: a JSON string with its quotes and backslashes escaped, `true` or `false`."""
    return json.dumps(value, ensure_ascii=False)


def eq(
    path: paths.AttributePath | str,
    value: str | bool,  # noqa: FBT001 - the boolean is the value itself
    form: ElementFilter = ElementFilter.SUB_ATTRIBUTE,
) -> str:
    """The filter that selects resources holding the value at the path; raises `InvalidPath`."""
    where = paths.of(path)
    if form is ElementFilter.SUB_ATTRIBUTE or not where.terms or where.sub_attribute is None:
        return f"{where} eq {literal(value)}"
    last = paths.Term(attribute=where.sub_attribute, value=value)
    element = where.with_json_terms()
    return str(
        paths.AttributePath(schema=where.schema, attribute=where.attribute, terms=(*element.terms, last))
    )
