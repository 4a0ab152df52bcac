"""Mappings from the roles that an object holds in the application to `roles` in the target.

Source: Entra, *Reference for writing expressions*, app role functions. Here they give the same structured elements on
creation and on update; the text-in-a-text of Entra's old PATCH is left to the dialect that wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisor.core import conversion
from provisor.core.assignments import AppRole
from provisor.core.attribute_mapping import AttributeMapping
from provisor.core.changes import Written
from provisor.core.errors import InvalidInputError
from provisor.core.expressions import RolesShape
from provisor.core.objects import Value
from provisor.scim import paths, role_elements

_LISTS = (RolesShape.COMPLEX, RolesShape.ASSERTIVE)

APP_ROLE_ASSIGNMENTS = "appRoleAssignments"
"""Computed source attribute: the values of the roles the object holds in this application."""


def shape_of(item: AttributeMapping) -> RolesShape:
    """How the roles that the mapping is made from are to be written, if it is made from roles."""
    return item.expression.roles_shape if item.expression else RolesShape.NONE


def check(item: AttributeMapping, where: str) -> None:
    """Refuse a list of roles for anything but the list of roles; raises `InvalidInputError`."""
    if shape_of(item) in _LISTS and not role_elements.is_list_of_roles(paths.parse(item.target.name)):
        raise InvalidInputError(
            f"{where}.targetAttributeName: the expression gives a list of roles, which belongs into `roles`; use "
            f"SingleAppRoleAssignment for one role in {item.target.name}."
        )


def converter(item: AttributeMapping, roles: Sequence[AppRole]) -> Callable[[Value], Written] | None:
    """What makes the attribute's value from role values; None where the mapping has nothing to do with roles."""
    shape, path = shape_of(item), paths.parse(item.target.name)
    display = {role.value: role.display_name for role in roles}
    if shape in _LISTS:
        return lambda value: _elements(value, display)
    if shape is not RolesShape.SINGLE or path.lowered != role_elements.ATTRIBUTE:
        return None
    match path.leaf:
        case "display":
            return lambda value: display.get(str(value), str(value)) if value else None
        case "type":
            return lambda value: role_elements.TYPE if value else None
        case _:
            return conversion.as_text


def implied_type(mappings: Sequence[AttributeMapping]) -> tuple[AttributeMapping, str] | None:
    """The mapping of a single role whose element shall also say of what type it is, and the path that says so.

    Entra creates the element with `type` although only `value` is mapped; here an update that makes it does too.
    """
    for item in mappings:
        path = paths.parse(item.target.name)
        if shape_of(item) is RolesShape.SINGLE and path.lowered == role_elements.ATTRIBUTE and path.terms:
            kind = paths.AttributePath(
                schema=path.schema, attribute=path.attribute, terms=path.terms, sub_attribute="type"
            )
            mapped = {paths.parse(other.target.name) for other in mappings}
            named = any(term.attribute.lower() == "type" for term in path.terms)
            return None if named or kind in mapped else (item, str(kind))
    return None


def _elements(value: Value, display: Mapping[str, str]) -> Written:
    held = value if isinstance(value, tuple) else () if value in (None, "") else (str(value),)
    elements: tuple[Mapping[str, Any], ...] = tuple(
        role_elements.element(one, display.get(one, one)) for one in held
    )
    return elements
