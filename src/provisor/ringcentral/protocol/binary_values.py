"""Binary attributes hold base64 (RFC 7643 section 2.3.6); scim2-models skips whatever is not."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from scim2_models import InvalidValueException, Path, Resource

_SELECTION = re.compile(r"\[.*?\]")


class BinaryPaths:
    """The binary attributes of a resource type, and the check of what a body gives them."""

    def __init__(self, model: type[Resource[Any]]) -> None:
        self._schema = f"{model.__schema__}:".casefold()
        self._extensions = tuple(f"{urn}".casefold() for urn in model.get_extension_models())
        paths = Path[model].iter_paths(target_type=[bytes])  # type: ignore[valid-type]
        self._paths = frozenset(self._name(str(path)) for path in paths)

    def check(self, payload: dict[str, Any]) -> None:
        """Accept the body of a POST, PUT or PATCH whose binary values are base64.

        :raises InvalidValueException: for one that is not.
        """
        operations = next((value for key, value in payload.items() if key.casefold() == "operations"), None)
        if not isinstance(operations, list):
            self._check(payload, "")
            return
        for operation in operations:
            if isinstance(operation, dict):
                members = {key.casefold(): value for key, value in operation.items()}
                self._check(members.get("value"), self._name(str(members.get("path") or "")))

    def _check(self, value: Any, path: str) -> None:
        if isinstance(value, dict):
            joint = "" if not path else ":" if path in self._extensions else "."
            for key, each in value.items():
                self._check(each, self._name(f"{path}{joint}{key}"))
        elif isinstance(value, list):
            for each in value:
                self._check(each, path)
        elif isinstance(value, str) and path in self._paths and not _is_base64(value):
            raise InvalidValueException(detail=f"{path} is not base64")

    def _name(self, path: str) -> str:
        return _SELECTION.sub("", path).casefold().removeprefix(self._schema)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
