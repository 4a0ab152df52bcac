"""Operations of a PATCH that apply one by one: with a filter on a single value, or with a target that must be there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, TypeVar

from pydantic import PrivateAttr
from scim2_models import (
    InvalidFilterException,
    NoTargetException,
    PatchOp,
    PatchOperation,
    Resource,
    ScimFilter,
)
from scim2_models.path import AttrPath, Comparison, FilterNode, LogicalExpr, Not, Path, Present

from provisor.ringcentral.protocol.tolerances import Tolerance, Tolerances
from provisor.ringcentral.protocol.vocabulary import Vocabulary

ResourceT = TypeVar("ResourceT", bound=Resource[Any])
_MEMBERS = "members"


class ConditionalPatch(PatchOp[ResourceT], Generic[ResourceT]):
    """A PATCH some operations of which ask something of the resource first.

    `conditions` holds, by the position of an operation, the filter the resource must match.
    """

    _conditions: dict[int, str] = PrivateAttr(default_factory=dict)

    @property
    def conditions(self) -> dict[int, str]:
        """The filters, by the position of the operation each belongs to."""
        return self._conditions


def needs_steps(patch_op: PatchOp[Any], tolerances: Tolerances) -> bool:
    """Whether the operations of a PATCH are to be applied one by one."""
    return Tolerance.REMOVE_MISSING not in tolerances or (
        isinstance(patch_op, ConditionalPatch) and bool(patch_op.conditions)
    )


def extracted(
    payload: dict[str, Any], vocabulary: Vocabulary, tolerances: Tolerances
) -> tuple[dict[str, Any], dict[int, str]]:
    """A PATCH without the filters on single values, and those filters by the position of their operation.

    :raises InvalidFilterException: for a filter that cannot be read.
    """
    if Tolerance.FILTER_ON_SINGLE_VALUE not in tolerances:
        return payload, {}
    conditions: dict[int, str] = {}
    read = {}
    for key, operations in payload.items():
        if key.casefold() == "operations" and isinstance(operations, list):
            read[key] = [_plain(each, index, conditions, vocabulary) for index, each in enumerate(operations)]
        else:
            read[key] = operations
    return read, conditions


def _plain(operation: Any, index: int, conditions: dict[int, str], vocabulary: Vocabulary) -> Any:
    """An operation without the filter on a single value, which goes to the conditions."""
    name = (
        next((key for key in operation if key.casefold() == "path"), "")
        if isinstance(operation, dict)
        else ""
    )
    found = split(operation[name], vocabulary) if name else None
    if found is None:
        return operation
    path, conditions[index] = found
    return {**operation, name: path}


def split(path: Any, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The plain path and the filter on the resource that a path with a filter on a single value stands for.

    `name[familyName eq "Moss"].givenName` is `name.givenName`, where `name.familyName eq "Moss"`.

    :return: None for any other path.
    :raises InvalidFilterException: for a filter that cannot be read.
    """
    if not isinstance(path, str) or "[" not in path:
        return None
    name, _, rest = path.partition("[")
    inner, bracket, after = rest.rpartition("]")
    declared = vocabulary.find(name)
    if declared is None or declared.is_list or not declared.is_complex or not bracket:
        return None
    uri, _, attribute = name.strip().rpartition(":")
    condition = _within(ScimFilter[Any](inner).ast, AttrPath(attr=attribute, uri=uri or None))
    return f"{name.strip()}{after.strip()}", str(condition)


def _within(node: FilterNode, parent: AttrPath) -> FilterNode:
    """A filter on the sub-attributes of an attribute as a filter on the resource."""
    match node:
        case Comparison(attr_path=path) | Present(attr_path=path) if path.sub_attr is None and not path.uri:
            return replace(node, attr_path=replace(parent, sub_attr=path.attr))
        case Not(expr=expr):
            return replace(node, expr=_within(expr, parent))
        case LogicalExpr(terms=terms):
            return replace(node, terms=tuple(_within(term, parent) for term in terms))
    raise InvalidFilterException(detail=f"{node} cannot be a filter on the one value of {parent}")


def apply_one_by_one(patch_op: PatchOp[Any], resource: Resource[Any], tolerances: Tolerances) -> bool:
    """Apply the operations in their order, each after what it asks for was found.

    :return: whether the resource was changed.
    :raises NoTargetException: where an operation finds nothing to apply to.
    """
    conditions = patch_op.conditions if isinstance(patch_op, ConditionalPatch) else {}
    model: Any = type(resource)
    is_changed = False
    for index, operation in enumerate(patch_op.operations or []):
        removes = operation.op == PatchOperation.Op.remove
        if index in conditions and not ScimFilter.__class_getitem__(model)(conditions[index]).match(resource):
            if removes:
                continue
            raise NoTargetException(detail=f"nothing matches {conditions[index]!r}, so nothing was changed")
        if removes and Tolerance.REMOVE_MISSING not in tolerances:
            _check_target(Path.__class_getitem__(model)(str(operation.path)), resource)
        step = type(patch_op).model_construct(operations=[operation])
        is_changed = step.patch(resource) or is_changed
    return is_changed


def _check_target(path: Any, resource: Resource[Any]) -> None:
    if not str(path).casefold().startswith(_MEMBERS) and path.get(resource, strict=False) in (None, []):
        raise NoTargetException(detail=f"there is nothing at {str(path)!r} to remove")
