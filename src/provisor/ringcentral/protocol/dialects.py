"""What identity providers send that is not RFC 7644, rewritten before it is validated.

scim2-models already takes `op` in any case, string booleans, dotted keys without a path, value paths that match
nothing, and a `remove` with a list of values. What is left is here: a manager that is not an object, members and
roles in odd shapes (shapes E11, E12, E14 and E15 of Microsoft Entra ID), and texts no database can hold.
"""

from __future__ import annotations

import json
from typing import Any

from scim2_models import InvalidSyntaxException, InvalidValueException

from provisor.ringcentral import resources, texts

_ENTERPRISE = str(resources.ENTERPRISE_SCHEMA).casefold()
_MANAGER = f"{_ENTERPRISE}:manager"
_MEMBERS = frozenset({"members", f"{resources.GROUP_SCHEMA}:members".casefold()})


def readable(payload: Any) -> dict[str, Any]:
    """The body of a request, once it is known to be an object every text of which can be stored.

    :raises InvalidSyntaxException: for anything but an object.
    :raises InvalidValueException: for a text with NUL or a lone surrogate.
    """
    if not isinstance(payload, dict):
        raise InvalidSyntaxException(detail="the body must be a JSON object")
    if not texts.holds_only_storable(payload):
        raise InvalidValueException(
            detail="the body holds a character that no text can hold: NUL or half a surrogate"
        )
    return payload


def resource(payload: dict[str, Any]) -> dict[str, Any]:
    """The body of a POST or PUT, or the value of a PATCH without a path, in the shapes of RFC 7643.

    :raises InvalidValueException: for members that are not objects with a `value`.
    """
    return {key: _attribute(key.casefold(), value) for key, value in payload.items()}


def patch(payload: dict[str, Any]) -> dict[str, Any]:
    """The body of a PATCH in the shapes of RFC 7644.

    :raises InvalidValueException: for a change of members that cannot be understood, so that it is never read as
        "all of them".
    """
    return {
        key: [_operation(each) for each in value]
        if key.casefold() == "operations" and isinstance(value, list)
        else value
        for key, value in payload.items()
    }


def _operation(operation: Any) -> Any:
    if not isinstance(operation, dict):
        return operation
    members = {key.casefold(): key for key in operation}
    path = operation.get(members.get("path", "path"))
    op = str(operation.get(members.get("op", "op"))).casefold()
    if "value" not in members:
        return operation
    name = members["value"]
    value = operation[name]
    if op == "remove":
        return _removal(operation, name, value, path)
    if not isinstance(path, str):
        return {**operation, name: resource(value)} if isinstance(value, dict) else operation
    if path.casefold() == _MANAGER and _is_cleared(value):
        return {"op": "remove", "path": path}
    return {**operation, name: _attribute(path.casefold(), value)}


def _removal(operation: dict[str, Any], name: str, value: Any, path: Any) -> dict[str, Any]:
    """A `remove` with a value: of members, only those it lists by `value` are meant."""
    if not isinstance(path, str) or path.casefold() not in _MEMBERS:
        return operation
    entries = value if isinstance(value, list) else [value]
    return {**operation, name: [{"value": _member(entry)["value"]} for entry in entries]}


def _attribute(name: str, value: Any) -> Any:
    if name == _MANAGER:
        return _manager(value)
    if name in _MEMBERS:
        return _members(value)
    if name == "roles" and isinstance(value, list):
        return [_role(each) for each in value]
    if name == _ENTERPRISE and isinstance(value, dict):
        return {key: _manager(each) if key.casefold() == "manager" else each for key, each in value.items()}
    return value


def _manager(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if _is_cleared(value):
        return None
    if isinstance(value, str):
        return {"value": value}
    if isinstance(value, dict):
        # `$ref` is computed from `value`, and null in Entra's requests.
        return {key: each for key, each in value.items() if key.casefold() != "$ref"}
    return value


def _is_cleared(manager: Any) -> bool:
    if isinstance(manager, dict):
        manager = next((value for key, value in manager.items() if key.casefold() == "value"), None)
    return manager in (None, "", [])


def _members(value: Any) -> Any:
    if value is None:
        return None
    return [_member(each) for each in (value if isinstance(value, list) else [value])]


def _member(entry: Any) -> dict[str, Any]:
    if isinstance(entry, str):
        entry = {"value": entry}
    known = {key.casefold(): value for key, value in entry.items()} if isinstance(entry, dict) else {}
    if not isinstance(known.get("value"), str) or not known["value"]:
        raise InvalidValueException(
            detail="each of the members must be an object with the id of the member as its 'value'; nothing was changed"
        )
    return {key: known[key] for key in ("value", "type", "display") if known.get(key) is not None}


def _role(entry: Any) -> Any:
    """Entra sends a role as an object in JSON, inside the `value` text."""
    if not isinstance(entry, dict) or not str(entry.get("value", "")).startswith("{"):
        return entry
    try:
        role = json.loads(entry["value"])
    except ValueError:
        return entry
    if not isinstance(role.get("value"), str):
        return entry
    display = role.get("displayName")
    return {**entry, "value": role["value"]} | ({"display": display} if isinstance(display, str) else {})
