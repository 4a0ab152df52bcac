"""Which attributes an answer shows, where scim2-models leaves something to do (RFC 7644 section 3.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scim2_models import Context, PatchOp, Path, Resource, ResponseParameters, Returned
from scim2_server.utils import parametrize

_PARAMETERS = frozenset({"attributes", "excludedattributes"})
_SELECTION = re.compile(r"""\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\]""")


def without_selections(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters whose attributes name no values: `emails[type eq "work"]` means `emails` here.

    Microsoft Entra ID's reference client sends the former.
    """
    return {
        key: _without_selection(value) if key.casefold() in _PARAMETERS else value
        for key, value in parameters.items()
    }


def on_request(model: type[Resource[Any]]) -> tuple[str, ...]:
    """The attributes of a model that are returned only on request, its extensions' among them."""
    paths = Path[model].iter_paths(include_subattributes=False, returned=[Returned.request])  # type: ignore[valid-type]
    return tuple(str(path) for path in paths)


def written_in(resource: Resource[Any], names: Sequence[str]) -> list[str]:
    """Those of the named attributes that a POST or PUT gives a value."""
    path = parametrize(Path, type(resource))
    return [name for name in names if path(name).get(resource, strict=False) is not None]


def written_by(patch: PatchOp[Any], names: Sequence[str]) -> list[str]:
    """Those of the named attributes that a PATCH touches."""
    if not names:
        return []
    touched: set[str] = set()
    for operation in patch.operations or []:
        touched.update(_touched(str(operation.path or ""), operation.value))
    return [name for name in names if name.casefold() in touched]


def add(body: dict[str, Any], resource: Resource[Any], names: Sequence[str], scim_ctx: Context) -> None:
    """Put named attributes into an answer that would leave them out (RFC 7643 section 7, `returned`)."""
    wanted = parametrize(ResponseParameters, type(resource)).model_validate({"attributes": list(names)})
    shown = resource.model_dump(scim_ctx=scim_ctx, response_parameters=wanted)
    for key, value in shown.items():
        if key == "schemas":
            body[key] = [*body[key], *(each for each in value if each not in body[key])]
        elif isinstance(value, dict):
            body[key] = {**value, **body.get(key, {})}
        else:
            body.setdefault(key, value)


def _without_selection(value: Any) -> Any:
    if isinstance(value, str):
        return _SELECTION.sub("", value)
    if isinstance(value, list):
        return [_without_selection(each) for each in value]
    return value


def _touched(path: str, value: Any) -> Iterable[str]:
    """The names, in lower case, of what an operation writes: by its path, or by the keys of its value."""
    name = path.casefold()
    yield name
    if isinstance(value, dict):
        joint = ":" if name else ""
        for key, each in value.items():
            yield from _touched(f"{name}{joint}{key}", each)
