"""What is refused of a mapping before it is saved, because it could never be evaluated or would never do what it says.

Source: Entra, *Customize user provisioning attribute-mappings*, and the remarks of its function reference.
"""

from __future__ import annotations

from provisor.core import conversion, expressions, role_flows
from provisor.core.attribute_mapping import AttributeMapping, FlowType
from provisor.core.errors import InvalidInputError


def check(item: AttributeMapping, where: str) -> None:
    """Raises `InvalidInputError` with the place of what is wrong and what to write instead."""
    role_flows.check(item, where)
    _check_unique(item, where)
    _check_text(item, item.default_value, f"{where}.defaultValue")
    _check_text(
        item, item.target.default_value, f"{where}.targetAttributeName, default value of its definition"
    )
    tree = item.expression.tree if item.expression else None
    if isinstance(tree, expressions.Constant):
        _check_text(item, tree.value, f"{where}.source.expression")


def _check_unique(item: AttributeMapping, where: str) -> None:
    """A unique value is chosen while the account is being created, so it can neither find it nor change later."""
    if item.expression is None or not item.expression.candidates:
        return
    if item.matching_priority > 0:
        raise InvalidInputError(
            f"{where}.matchingPriority: {item.target.name} is made by SelectUniqueValue, which gives a new value to "
            "everybody, so no account can be matched by it; match by an attribute that stays."
        )
    if item.flow_type is not FlowType.ON_CREATE:
        raise InvalidInputError(
            f"{where}.flowType: SelectUniqueValue applies while the account is being created only; use ObjectAddOnly."
        )


def _check_text(item: AttributeMapping, text: str | None, where: str) -> None:
    """A text that is written into the attribute as it stands has to fit its type."""
    if not text:
        return
    try:
        conversion.converter(item.target)(text)
    except ValueError as error:
        raise InvalidInputError(
            f"{where}: {item.target.name} is of type {item.target.type}, and {error}."
        ) from error
