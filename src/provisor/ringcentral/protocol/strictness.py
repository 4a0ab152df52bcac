"""What is refused where a tolerance is off, though the library would take it."""

from __future__ import annotations

from typing import Any

from scim2_models import (
    Attribute,
    InvalidPathException,
    InvalidSyntaxException,
    InvalidValueException,
    MutabilityException,
)

from provisor.ringcentral.protocol import filter_dialects
from provisor.ringcentral.protocol.tolerances import Tolerance, Tolerances
from provisor.ringcentral.protocol.vocabulary import Declared, Vocabulary

_OPS = frozenset({"add", "remove", "replace"})
_NUMBERS = frozenset({"startindex", "count"})


def check_resource(payload: dict[str, Any], vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    """Refuse a resource that is only understood by tolerance.

    :raises InvalidValueException: for an extension that `schemas` does not list, or a boolean as a text.
    """
    schemas = next((value for key, value in payload.items() if key.casefold() == "schemas"), None)
    listed = {str(each).casefold() for each in schemas} if isinstance(schemas, list) else set()
    for key, value in payload.items():
        is_extension = vocabulary.extension(key) is not None
        if is_extension and Tolerance.UNDECLARED_EXTENSION not in tolerances and key.casefold() not in listed:
            raise InvalidValueException(detail=f"the extension {key!r} is not listed in 'schemas'")
        _check_value(key, value, vocabulary, tolerances)


def check_patch(payload: dict[str, Any], vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    """Refuse a PATCH that is only understood by tolerance.

    :raises SCIMException: 400, with the scimType each tolerance names.
    """
    operations = next((value for key, value in payload.items() if key.casefold() == "operations"), None)
    for operation in operations if isinstance(operations, list) else []:
        if isinstance(operation, dict):
            _check_operation(operation, vocabulary, tolerances)


def check_search(payload: dict[str, Any], tolerances: Tolerances) -> None:
    """Refuse numbers written as texts in the body of a search.

    :raises InvalidValueException: for a `startIndex` or `count` that is a text.
    """
    if Tolerance.NUMERIC_STRINGS in tolerances:
        return
    for key, value in payload.items():
        if key.casefold() in _NUMBERS and isinstance(value, str):
            raise InvalidValueException(detail=f"{key!r} must be a number, not a text")


def _check_operation(operation: dict[str, Any], vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    known = {key.casefold(): value for key, value in operation.items()}
    op, path, value = known.get("op"), known.get("path"), known.get("value")
    if Tolerance.OP_CASE not in tolerances and isinstance(op, str) and op not in _OPS and op.lower() in _OPS:
        raise InvalidSyntaxException(detail=f"'op' is written {op.lower()!r}, not {op!r}")
    if isinstance(path, str):
        filter_dialects.check_path(path, vocabulary, tolerances)
        _check_value(path, value, vocabulary, tolerances)
        return
    for key, each in value.items() if isinstance(value, dict) else ():
        _check_key(key, vocabulary, tolerances)
        _check_value(key, each, vocabulary, tolerances)


def _check_key(key: str, vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    """A key of a value without a path."""
    is_schema = vocabulary.extension(key) is not None
    if Tolerance.PATHLESS_DOTTED_KEYS not in tolerances and not is_schema and "." in key.rpartition(":")[2]:
        raise InvalidPathException(path=key, detail=f"{key!r} is a path: write it as 'path', or nest it")
    declared = vocabulary.find(key)
    if Tolerance.READ_ONLY_ECHO not in tolerances and declared is not None and declared.is_read_only:
        raise MutabilityException(attribute=key, detail=f"{key!r} is read-only")


def _check_value(key: str, value: Any, vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    if Tolerance.BOOLEAN_STRINGS in tolerances:
        return
    extension = vocabulary.extension(key)
    if extension is not None and isinstance(value, dict):
        for name, each in value.items():
            _check_boolean(extension.get(name.casefold()), each)
    else:
        _check_boolean(vocabulary.find(key), value)


def _check_boolean(declared: Declared | None, value: Any) -> None:
    if declared is None:
        return
    if isinstance(value, list):
        for each in value:
            _check_boolean(declared, each)
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_boolean(declared.parts.get(name.casefold()), each)
    elif declared.type is Attribute.Type.boolean and value is not None and not isinstance(value, bool):
        raise InvalidValueException(detail=f"{declared.name!r} must be true or false, not {value!r}")
