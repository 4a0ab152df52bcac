"""How a peer wants its requests spelt, as data (Entra: PATCH shapes, flags in the tenant URL)."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisor.scim import filters


class OperationCase(enum.StrEnum):
    """`replace` (RFC 7644 section 3.5.2) or `Replace` (Entra without its compliance flag)."""

    LOWER = "lower"
    CAPITALISED = "capitalised"


class Booleans(enum.StrEnum):
    """`false`, or `"False"`."""

    JSON = "json"
    STRING = "string"


class MemberRemoval(enum.StrEnum):
    """`path: members[value eq "id"]`, or `path: members` with a list of values."""

    VALUE_PATH = "valuePath"
    VALUE_LIST = "valueList"


class AbsentElement(enum.StrEnum):
    """How to write into an element that is not there yet.

    `ADD_ELEMENT` adds a whole element to the attribute, which RFC 7644 section 3.5.2.1 provides for. `FILTERED_PATH`
    adds at the filtered path and expects the target to make the element, as Entra does; a strict target answers
    `noTarget`.
    """

    ADD_ELEMENT = "addElement"
    FILTERED_PATH = "filteredPath"


class ReferenceShape(enum.StrEnum):
    """A reference such as `manager`: `{"value": id}`, the bare id, or a list of one."""

    OBJECT = "object"
    STRING = "string"
    LIST = "list"


class MemberShape(enum.StrEnum):
    """A member of a group: `{"value": id}`, or with a `$ref` of null as Entra sends it."""

    VALUE = "value"
    NULL_REFERENCE = "nullReference"


class UpdateMethod(enum.StrEnum):
    """Changes alone, or the whole resource read and written back."""

    PATCH = "patch"
    PUT = "put"


class Grouping(enum.StrEnum):
    """One operation an attribute, or one without a path for all attributes outside filtered paths."""

    SEPARATE = "separate"
    MERGED = "merged"


class RoleShape(enum.StrEnum):
    """A role that is added to a list of roles: an object as in a creation, or a JSON document as text."""

    OBJECT = "object"
    JSON_TEXT = "jsonText"


class Removal(enum.StrEnum):
    """How a value is cleared: by the operation `remove`, or by replacing it with an empty text or list.

    Some targets accept `remove` and keep the value all the same.
    """

    REMOVE = "remove"
    EMPTY_VALUE = "emptyValue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One peer's way of being written to; the defaults are the RFC's."""

    name: str
    operation_case: OperationCase = OperationCase.LOWER
    booleans: Booleans = Booleans.JSON
    member_removal: MemberRemoval = MemberRemoval.VALUE_PATH
    absent_element: AbsentElement = AbsentElement.ADD_ELEMENT
    reference_shape: ReferenceShape = ReferenceShape.OBJECT
    member_shape: MemberShape = MemberShape.VALUE
    role_shape: RoleShape = RoleShape.OBJECT
    removal: Removal = Removal.REMOVE
    update_method: UpdateMethod = UpdateMethod.PATCH
    grouping: Grouping = Grouping.SEPARATE
    element_filter: filters.ElementFilter = filters.ElementFilter.VALUE_PATH


RFC: Final = Dialect(name="rfc")

ENTRA_DEFAULT: Final = Dialect(
    name="entra-default",
    operation_case=OperationCase.CAPITALISED,
    booleans=Booleans.STRING,
    member_removal=MemberRemoval.VALUE_LIST,
    absent_element=AbsentElement.FILTERED_PATH,
    reference_shape=ReferenceShape.LIST,
    member_shape=MemberShape.NULL_REFERENCE,
    role_shape=RoleShape.JSON_TEXT,
    element_filter=filters.ElementFilter.SUB_ATTRIBUTE,
)

ENTRA_COMPLIANT: Final = Dialect(
    name="entra-aadOptscim062020",
    absent_element=AbsentElement.FILTERED_PATH,
    reference_shape=ReferenceShape.STRING,
    grouping=Grouping.MERGED,
    element_filter=filters.ElementFilter.SUB_ATTRIBUTE,
)

RFC_EMPTY_VALUES: Final = dataclasses.replace(RFC, name="rfc-empty-values", removal=Removal.EMPTY_VALUE)
"""For targets that accept `remove` and keep the value."""

DIALECTS: Final[Mapping[str, Dialect]] = {
    dialect.name: dialect for dialect in (RFC, RFC_EMPTY_VALUES, ENTRA_DEFAULT, ENTRA_COMPLIANT)
}
