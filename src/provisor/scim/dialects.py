"""How a peer wants its requests spelt, as data (Entra: PATCH shapes, flags in the tenant URL)."""

from __future__ import annotations

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
    element_filter=filters.ElementFilter.SUB_ATTRIBUTE,
)

ENTRA_COMPLIANT: Final = Dialect(
    name="entra-aadOptscim062020",
    absent_element=AbsentElement.FILTERED_PATH,
    reference_shape=ReferenceShape.STRING,
    grouping=Grouping.MERGED,
    element_filter=filters.ElementFilter.SUB_ATTRIBUTE,
)

DIALECTS: Final[Mapping[str, Dialect]] = {
    dialect.name: dialect for dialect in (RFC, ENTRA_DEFAULT, ENTRA_COMPLIANT)
}
