"""What identity providers send that is not RFC 7643 or 7644, rewritten before it is validated.

scim2-models already takes `op` in any case, booleans as texts, dotted keys without a path, value paths that match
nothing, and a `remove` with a list of values. What is left is here. Each habit is understood only where its
tolerance is on; what is never understood, whatever is on, is a change of members that does not say whom it means.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from scim2_models import InvalidSyntaxException, InvalidValueException

from provisor.ringcentral import resources, texts
from provisor.ringcentral.protocol import filter_dialects
from provisor.ringcentral.protocol.tolerances import Tolerance, Tolerances
from provisor.ringcentral.protocol.vocabulary import Declared, Vocabulary

_ENTERPRISE = str(resources.ENTERPRISE_SCHEMA).casefold()
_MANAGER = f"{_ENTERPRISE}:manager"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Reads bodies about one resource type as their senders mean them.

    :param vocabulary: what the resource type declares.
    :param tolerances: the habits that are understood.
    """

    vocabulary: Vocabulary
    tolerances: Tolerances

    def resource(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The body of a POST or PUT, or the value of a PATCH without a path, in the shapes of RFC 7643.

        :raises InvalidValueException: for members that are not objects with a `value`.
        """
        read: dict[str, Any] = {}
        for written, value in payload.items():
            key = self._today(written)
            if key.casefold() == "schemas" and isinstance(value, list):
                read[key] = self._schemas(value)
            elif (extension := self.vocabulary.extension(key)) is not None and isinstance(value, dict):
                read[key] = {name: self._extended(extension, name, each) for name, each in value.items()}
            else:
                read[key] = self._attribute(self.vocabulary.find(key), value)
        return read

    def patch(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The body of a PATCH in the shapes of RFC 7644.

        :raises InvalidValueException: for a change of members that cannot be understood, so that it is never read as
            "all of them".
        """
        return {
            key: [self._operation(each) for each in value]
            if key.casefold() == "operations" and isinstance(value, list)
            else value
            for key, value in payload.items()
        }

    def _operation(self, operation: Any) -> Any:
        if not isinstance(operation, dict):
            return operation
        names = {key.casefold(): key for key in operation}
        path = operation.get(names.get("path", "path"))
        op = str(operation.get(names.get("op", "op"))).casefold()
        if isinstance(path, str):
            path = self._path(path)
            operation = {**operation, names["path"]: path}
        target = self.vocabulary.find(path) if isinstance(path, str) else None
        if op == "replace" and "value" not in names and path and self._clears_without_value(target):
            return {"op": "remove", "path": path}
        if "value" not in names:
            return operation
        name = names["value"]
        value = operation[name]
        if op == "remove":
            return _removal(operation, name, value, target)
        if not isinstance(path, str):
            return {**operation, name: self._whole(value)} if isinstance(value, dict) else operation
        value = self._attribute(target, self._single(target, value))
        return self._write({**operation, name: value}, name, path, target)

    def _write(
        self, operation: dict[str, Any], name: str, path: str, target: Declared | None
    ) -> dict[str, Any]:
        """An `add` or a `replace` with a path and a value."""
        if target is None or "[" in path:
            return operation
        if _is_manager(target) and operation[name] is None:
            return {"op": "remove", "path": path}
        if target.is_read_only and Tolerance.READ_ONLY_ECHO in self.tolerances:
            # Without a path the library compares it with what is stored, and takes what is equal.
            return {"op": operation.get("op", "replace"), "value": {path: operation[name]}}
        return operation

    def _whole(self, value: dict[str, Any]) -> dict[str, Any]:
        """The value of a change without a path; `meta`, which is read back and differs at every change, says nothing."""
        if Tolerance.READ_ONLY_ECHO in self.tolerances:
            value = {key: each for key, each in value.items() if key.casefold() != "meta"}
        return self.resource(
            {key: self._single(self.vocabulary.find(key), each) for key, each in value.items()}
        )

    def _today(self, key: str) -> str:
        if Tolerance.LEGACY_URN_ALIASES in self.tolerances:
            return self.vocabulary.without_legacy(key)
        return key

    def _path(self, path: str) -> str:
        return filter_dialects.path(self._today(path), self.vocabulary, self.tolerances)

    def _schemas(self, schemas: list[Any]) -> list[Any]:
        known = [self._today(each) if isinstance(each, str) else each for each in schemas]
        return [each for index, each in enumerate(known) if each not in known[:index]]

    def _extended(self, extension: Any, name: str, value: Any) -> Any:
        return self._attribute(extension.get(name.casefold()), value)

    def _attribute(self, declared: Declared | None, value: Any) -> Any:
        """The value of an attribute in the shape its schema gives it, as far as it can be told."""
        if declared is None:
            return value
        if declared.is_list:
            return self._list(declared, value)
        if _is_manager(declared):
            return self._manager(value)
        if declared.is_complex and isinstance(value, dict):
            return {
                key: self._attribute(declared.parts.get(key.casefold()), each) for key, each in value.items()
            }
        return value

    def _list(self, declared: Declared, value: Any) -> Any:
        if declared.name == "members":
            return _members(value)
        if declared.is_read_only and isinstance(value, list):
            # A user's groups are echoed with the `$ref` that is only made when they are sent.
            return [_without_reference(each) for each in value]
        if (
            declared.name == "roles"
            and isinstance(value, list)
            and Tolerance.JSON_IN_STRING in self.tolerances
        ):
            return [_role(each) for each in value]
        return value

    def _single(self, declared: Declared | None, value: Any) -> Any:
        """A value out of a list of one, as Entra ID sends it in a PATCH before its flag for RFC 7644 is set."""
        if declared is None or declared.is_list or Tolerance.SINGULAR_ARRAY not in self.tolerances:
            return value
        if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
            return value
        only = value[0]
        if not declared.is_complex:
            return next((each for key, each in only.items() if key.casefold() == "value"), only)
        return only

    def _manager(self, value: Any) -> Any:
        if isinstance(value, list) and len(value) == 1 and Tolerance.SINGULAR_ARRAY in self.tolerances:
            value = value[0]
        if value == "" and Tolerance.EMPTY_STRING_CLEARS in self.tolerances:
            return None
        if isinstance(value, str) and Tolerance.MANAGER_SCALAR in self.tolerances:
            return {"value": value}
        if not isinstance(value, dict):
            return value
        # `$ref` and `displayName` are computed from `value`; `managerId` is its name in SCIM 1.1.
        known = {key.casefold(): each for key, each in value.items()}
        if "value" not in known and Tolerance.LEGACY_URN_ALIASES in self.tolerances:
            known["value"] = known.get("managerid")
        if known.get("value") in (None, "", []) and Tolerance.EMPTY_STRING_CLEARS in self.tolerances:
            return None
        return {"value": known.get("value")}

    def _clears_without_value(self, target: Declared | None) -> bool:
        """Whether a `replace` without a value clears its target: a manager, or what is ignored anyway."""
        if target is None:
            return Tolerance.UNKNOWN_ATTRIBUTES in self.tolerances
        return _is_manager(target) and Tolerance.EMPTY_STRING_CLEARS in self.tolerances


def _without_reference(entry: Any) -> Any:
    return {key: each for key, each in entry.items() if key != "$ref"} if isinstance(entry, dict) else entry


def _is_manager(declared: Declared) -> bool:
    return declared.name == "manager" and declared.is_complex


def _removal(operation: dict[str, Any], name: str, value: Any, target: Declared | None) -> dict[str, Any]:
    """A `remove` with a value: of members, only those it lists by `value` are meant."""
    path = operation.get("path")
    if target is None or target.name != "members" or not target.is_list or "[" in str(path):
        return operation
    entries = value if isinstance(value, list) else [value]
    return {**operation, name: [{"value": _member(entry)["value"]} for entry in entries]}


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
    text = entry.get("value") if isinstance(entry, dict) else None
    if not isinstance(text, str) or not text.startswith("{"):
        return entry
    try:
        role = json.loads(text)
    except ValueError:
        return entry
    if not isinstance(role.get("value"), str):
        return entry
    display = role.get("displayName")
    return {**entry, "value": role["value"]} | ({"display": display} if isinstance(display, str) else {})
