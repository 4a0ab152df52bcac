"""The elements of `roles` as Entra writes them (Entra: app role functions; RFC 7643 section 4.1.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from provisor.scim import paths

ATTRIBUTE: Final = "roles"
TYPE: Final = "WindowsAzureActiveDirectoryRole"
"""The `type` of a role that comes from an assignment in the directory."""


def element(value: str, display: str) -> dict[str, Any]:
    """One role among several: none of them is the primary one."""
    return {"primary": False, "type": TYPE, "display": display, "value": value}


def is_list_of_roles(path: paths.AttributePath) -> bool:
    """Whether the path names the list of roles itself, not an element or a part of one."""
    return path.leaf == ATTRIBUTE and not path.terms and path.sub_attribute is None


def as_json_text(role: Any) -> Any:
    """The element in the shape of Entra without its compliance flag: a JSON document as text (Entra: PATCH shapes)."""
    if not isinstance(role, Mapping) or "value" not in role:
        return role
    said = {"value": role["value"], "displayName": role.get("display", role["value"])}
    return {"value": json.dumps(said, ensure_ascii=False, separators=(",", ":"))}
