"""The body of a bulk request, each operation read as the single request it stands for would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from scim2_models import (
    BulkOperation,
    BulkRequest,
    Context,
    InvalidSyntaxException,
    InvalidValueException,
    PayloadTooLargeException,
    Resource,
    SCIMException,
)

from provisor.ringcentral.protocol import patch_form
from provisor.ringcentral.protocol.request_limits import LIMITS, RequestLimits

Operation: TypeAlias = "BulkOperation[Resource[Any]]"
Validate: TypeAlias = "Callable[[dict[str, Any]], BulkRequest[Any]]"
Rewrite: TypeAlias = "Callable[[Context, str, dict[str, Any]], dict[str, Any]]"
Check: TypeAlias = "Callable[[Resource[Any]], None]"

_CONTEXTS = {
    BulkOperation.Method.post: Context.RESOURCE_CREATION_REQUEST,
    BulkOperation.Method.put: Context.RESOURCE_REPLACEMENT_REQUEST,
    BulkOperation.Method.patch: Context.RESOURCE_PATCH_REQUEST,
}


def _rows(payload: Any, limits: RequestLimits = LIMITS) -> list[Any]:
    """The operations of a body, once it is known to be a bulk request.

    :raises InvalidSyntaxException: without the schema or without a list of operations.
    :raises PayloadTooLargeException: for more operations than the limit.
    """
    members = patch_form.named(payload)
    urn = str(BulkRequest.__schema__)
    schemas = members.get("schemas")
    if not isinstance(schemas, list) or urn.casefold() not in {str(each).casefold() for each in schemas}:
        raise InvalidSyntaxException(detail=f"The 'schemas' of a bulk request must hold {urn!r}.")
    operations = members.get("operations")
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntaxException(detail="'Operations' must be a list of at least one operation.")
    if len(operations) > limits.bulk_operations:
        raise PayloadTooLargeException(
            detail=f"The number of operations exceeds the maxOperations ({limits.bulk_operations})."
        )
    return operations


def operations(
    payload: dict[str, Any], *, rewrite: Rewrite, validate: Validate, check: Check
) -> tuple[list[Operation], int | None]:
    """The operations of a bulk request and its `failOnErrors`. One that is invalid carries its error.

    :param rewrite: brings the data of an operation, by its kind and its endpoint, into the shapes of the RFCs.
    :param validate: makes the message of a body, under the policies in force.
    :param check: refuses a resource whose values break a rule.
    """
    rows = _rows(payload)
    prepared, refused = [], {}
    for index, row in enumerate(rows):
        try:
            prepared.append(_prepared(row, rewrite))
        except SCIMException as error:
            refused[index] = error
            prepared.append(row)
    members = {key: value for key, value in payload.items() if key.casefold() != "operations"}
    request = validate({**members, "Operations": prepared})
    if request.fail_on_errors is not None and request.fail_on_errors < 1:
        raise InvalidValueException(detail="'failOnErrors' must be a number of at least 1.")
    found = list(request.operations or [])
    for index, refusal in refused.items():
        found[index] = _failed(found[index], refusal)
    return [_checked(operation, check) for operation in found], request.fail_on_errors


def _prepared(row: Any, rewrite: Rewrite) -> Any:
    members = patch_form.named(row)
    method, data, path = (members.get(name) for name in ("method", "data", "path"))
    if not isinstance(method, str) or method not in _CONTEXTS or not isinstance(data, dict):
        return row
    context = _CONTEXTS[BulkOperation.Method(method)]
    data = rewrite(context, str(path).strip("/").partition("/")[0], data)
    return {key: data if key.casefold() == "data" else value for key, value in row.items()}


def _checked(operation: Operation, check: Check) -> Operation:
    if not isinstance(operation.data, Resource):
        return operation
    try:
        check(operation.data)
    except SCIMException as error:
        return _failed(operation, error)
    return operation


def _failed(operation: Operation, error: SCIMException) -> Operation:
    return operation.model_copy(update={"data": None, "status": error.status, "response": error.to_error()})
