"""A server's side of PATCH, written apart from the client so that one does not repeat the other's mistakes.

Lenient as targets that work with Entra are: operations in any case, dotted and URN keys in an operation without a path,
booleans as text, references in three shapes, elements made for a filtered path. `strict` is RFC 7644 to the letter.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Any

_PATH = re.compile(
    r"(?:(?P<urn>urn:[^\[]*):)?(?P<name>[$\w-]+)(?:\[(?P<filter>.*)\])?(?:\.(?P<sub>[$\w-]+))?$", re.DOTALL
)
_TERM = re.compile(r"([$\w-]+) eq (\"(?:[^\"\\]|\\.)*\"|true|false)", re.DOTALL)


class PatchRefusedError(Exception):
    """The operation cannot be carried out; the document is as it was."""

    def __init__(self, scim_type: str, detail: str) -> None:
        super().__init__(detail)
        self.scim_type = scim_type
        self.detail = detail


def patched(document: dict[str, Any], body: dict[str, Any], *, strict: bool = False) -> dict[str, Any]:
    """The document after all the operations of the PatchOp message."""
    changed = copy.deepcopy(document)
    for operation in body["Operations"]:
        verb = operation["op"]
        if strict and verb not in ("add", "replace", "remove"):
            raise PatchRefusedError("invalidSyntax", f"unknown op {verb}")
        _apply(changed, verb.lower(), operation, strict=strict)
    return changed


def _apply(document: dict[str, Any], verb: str, operation: dict[str, Any], *, strict: bool) -> None:
    path, value = operation.get("path"), operation.get("value")
    if path is None:
        for key, member in value.items():
            if strict and ("." in key and not key.startswith("urn:")):
                raise PatchRefusedError("invalidPath", key)
            _apply(document, verb, {"path": key, "value": member}, strict=strict)
        return
    match = _PATH.match(path)
    if match is None:
        raise PatchRefusedError("invalidPath", path)
    urn, name, terms, sub = match.group("urn", "name", "filter", "sub")
    parent = document
    if urn is not None and not urn.endswith(("core:2.0:User", "core:2.0:Group")):
        parent = document.setdefault(urn, {})
    if terms is not None:
        for element in _elements(parent, verb, name, terms, strict=strict):
            _apply_to_element(parent[name], element, verb, sub, value)
    elif sub is not None:
        holder = parent.setdefault(name, {})
        _set(holder, verb, sub, value)
    elif name == "members":
        _apply_members(parent, verb, value)
    else:
        _set(parent, verb, name, value)


def _set(holder: dict[str, Any], verb: str, name: str, value: Any) -> None:
    if verb == "remove":
        holder.pop(name, None)
        return
    if name in ("active", "primary") and isinstance(value, str):
        value = {"true": True, "false": False}[value.lower()]
    if name == "manager":
        value = value[0] if isinstance(value, list) else value
        value = value if isinstance(value, dict) else {"value": value}
    if verb == "add" and isinstance(value, list):
        holder.setdefault(name, []).extend(copy.deepcopy(value))
    else:
        holder[name] = copy.deepcopy(value)


def _elements(
    parent: dict[str, Any], verb: str, name: str, terms: str, *, strict: bool
) -> list[dict[str, Any]]:
    wanted = {key: json.loads(literal) for key, literal in _TERM.findall(terms)}
    chosen = [
        element
        for element in parent.get(name, [])
        if all(str(element.get(key)).lower() == str(literal).lower() for key, literal in wanted.items())
    ]
    if chosen:
        return chosen
    if strict or name == "members":
        raise PatchRefusedError("noTarget", f"nothing passes {name}[{terms}]")
    if verb == "remove":
        return []
    made = {key: True if literal == "True" else literal for key, literal in wanted.items()}
    parent.setdefault(name, []).append(made)
    return [made]


def _apply_to_element(
    elements: list[dict[str, Any]], element: dict[str, Any], verb: str, sub: str | None, value: Any
) -> None:
    if sub is not None:
        _set(element, verb, sub, value)
    elif verb == "remove":
        elements.remove(element)
    else:
        element.update(value)


def _apply_members(parent: dict[str, Any], verb: str, value: Any) -> None:
    ids = [member["value"] for member in value or ()]
    present = {member["value"]: member for member in parent.get("members", ())}
    if verb == "remove":
        present = {} if value is None else {key: m for key, m in present.items() if key not in ids}
    elif verb == "replace":
        present = {member: {"value": member} for member in ids}
    else:
        present.update({member: {"value": member} for member in ids})
    parent["members"] = list(present.values())
