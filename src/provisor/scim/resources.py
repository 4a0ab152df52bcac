"""Reading and writing values in a resource's JSON (RFC 7643 sections 2 and 3).

Attribute names are found in any case (RFC 7643 section 2.1). A document is never changed in place: `build` and
`with_values` answer a new one.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Iterable, Mapping
from typing import Any, Final

from provisor.scim import paths, urns

_BOOLEAN_ATTRIBUTES: Final = frozenset({"active", "primary"})
_BOOLEANS: Final = {"true": True, "false": False}
_REFERENCES: Final = frozenset({"manager"})
"""Attributes that a mapping names whole although the id stands in their `value` (RFC 7643 section 4.3)."""
_WORK_EMAIL: Final = paths.parse('emails[type eq "work"]').container


class Container(enum.StrEnum):
    """Whether the element or extension object that a path leads into is already in the resource."""

    EXISTS = "exists"
    ABSENT = "absent"


def value_at(document: Mapping[str, Any], path: paths.AttributePath | str) -> Any | None:
    """What the document holds at the path, `None` where it holds nothing; of several elements, the first that passes.

    A reference (`manager`) is answered by its id, in whichever of the three shapes in use the peer wrote it.
    """
    where = paths.of(path)
    parent = _extension_of(document, where)
    if parent is None:
        return None
    value = _member(parent, where.attribute)
    if where.terms:
        value = _first_passing(value, where.terms)
    if where.sub_attribute is not None:
        return _member(value, where.sub_attribute) if isinstance(value, Mapping) else None
    if is_reference(where):
        return _referenced_id(value)
    return value


def container_at(document: Mapping[str, Any], path: paths.AttributePath | str) -> Container:
    """Whether what the path leads into is there: the element, the complex attribute or the extension object."""
    where = paths.of(path)
    parent = _extension_of(document, where)
    if parent is None:
        return Container.ABSENT
    if where.terms:
        value = _first_passing(_member(parent, where.attribute), where.terms)
        return Container.ABSENT if value is None else Container.EXISTS
    if where.sub_attribute is not None and _member(parent, where.attribute) is None:
        return Container.ABSENT
    return Container.EXISTS


def build(pairs: Iterable[tuple[paths.AttributePath | str, Any]], *, resource_type: str) -> dict[str, Any]:
    """The body of a creation from paths and values; a value of `None` is left out.

    `schemas` names the core schema and the extensions in use. An element is made from its filter's terms, and the
    work e-mail is the primary one. Raises `InvalidPath`.
    """
    body: dict[str, Any] = {"schemas": [urns.core(resource_type)]}
    holders: dict[tuple[object, ...], dict[str, Any]] = {}
    parse = paths.parse
    for text, value in pairs:
        if value is None:
            continue
        path = parse(text) if isinstance(text, str) else text
        if path.sub_attribute is None and not path.terms:
            parent = body if path.extension is None else _extension(body, path.extension)
            parent[path.attribute] = _written(path, value)
            continue
        holder = holders.get(path.container)
        if holder is None:
            holder = holders[path.container] = _holder(body, path)
            if path.container == _WORK_EMAIL:
                holder.setdefault("primary", True)
        if path.sub_attribute is None:
            _fill(holder, path, value)
        else:
            holder[path.sub_attribute] = json_value(path.leaf, value)
    return body


def with_values(
    document: Mapping[str, Any], pairs: Iterable[tuple[paths.AttributePath | str, Any]]
) -> dict[str, Any]:
    """A copy of the document that holds the values; a value of `None` takes the attribute away."""
    body: dict[str, Any] = copy.deepcopy(dict(document))
    for text, value in pairs:
        path = paths.of(text)
        if value is None:
            _remove(body, path)
        else:
            _write(body, path, value)
    return body


def new_element(path: paths.AttributePath) -> dict[str, Any]:
    """The element that the path's filter selects, holding only what the filter says of it."""
    return {term.attribute: json_value(term.attribute.lower(), term.value) for term in path.terms}


def first_element(path: paths.AttributePath) -> dict[str, Any]:
    """As `new_element`, in a resource that is being created: its work e-mail is the primary one."""
    element = new_element(path)
    if path.container == _WORK_EMAIL:
        element.setdefault("primary", True)
    return element


def may_be_boolean(attribute: str) -> bool:
    """Whether `json_value` may change a value of the attribute."""
    return attribute in _BOOLEAN_ATTRIBUTES


def json_value(attribute: str, value: Any) -> Any:
    """The value as JSON has it: `"True"` and `"False"` become booleans where the attribute is one by definition.

    `attribute` is the last name of a path, in lower case (`AttributePath.leaf`).
    Mapping expressions have only strings, and Entra's default mapping of `active` is one (Entra: 3.6).
    """
    if attribute in _BOOLEAN_ATTRIBUTES and isinstance(value, str):
        return _BOOLEANS.get(value.strip().lower(), value)
    return value


def is_reference(path: paths.AttributePath) -> bool:
    """Whether the path names a reference whole, whose value is the id of another resource."""
    return path.lowered in _REFERENCES and path.sub_attribute is None and not path.terms


def passes(element: Any, terms: tuple[paths.Term, ...]) -> bool:
    """Whether an element satisfies every term, in any case; the literal `"True"` is satisfied by JSON `true`."""
    return isinstance(element, Mapping) and all(
        str(_member(element, term.attribute)).casefold() == str(term.value).casefold() for term in terms
    )


def _written(path: paths.AttributePath, value: Any) -> Any:
    """The JSON of an attribute that is written whole."""
    if is_reference(path) and not isinstance(value, Mapping):
        return {"value": value}
    return json_value(path.lowered, value)


def _fill(holder: dict[str, Any], path: paths.AttributePath, value: Any) -> None:
    """Put the value into an element or complex attribute; one without a sub-attribute goes into `value`."""
    if path.sub_attribute is None and isinstance(value, Mapping):
        holder.update(value)
        return
    name = path.sub_attribute or "value"
    holder[_key(holder, name) or name] = json_value(path.leaf, value)


def _member(document: Mapping[str, Any], name: str) -> Any | None:
    if name in document:
        return document[name]
    key = _key(document, name)
    return None if key is None else document[key]


def _key(document: Mapping[str, Any], name: str) -> str | None:
    """The document's own spelling of the name."""
    lowered = name.lower()
    return next((key for key in document if key.lower() == lowered), None)


def _extension_of(document: Mapping[str, Any], path: paths.AttributePath) -> Mapping[str, Any] | None:
    extension = path.extension
    if extension is None:
        return document
    found = _member(document, extension)
    return found if isinstance(found, Mapping) else None


def _first_passing(value: Any, terms: tuple[paths.Term, ...]) -> Any | None:
    """The first element that passes; a single complex value counts as a list of one (seen in targets)."""
    elements = value if isinstance(value, list | tuple) else (value,)
    return next((element for element in elements if passes(element, terms)), None)


def _referenced_id(value: Any) -> Any | None:
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return _member(value, "value") if isinstance(value, Mapping) else value


def _extension(body: dict[str, Any], extension: str) -> dict[str, Any]:
    """The object of an extension, made and named in `schemas` where it is not there yet."""
    key = extension if extension in body else _key(body, extension)
    if key is None:
        key = extension
        body[key] = {}
        schemas = body.get("schemas")
        if isinstance(schemas, list):
            schemas.append(extension)
    found: dict[str, Any] = body[key]
    return found


def _holder(body: dict[str, Any], path: paths.AttributePath) -> dict[str, Any]:
    """The complex attribute or element that the path leads into, made where it is not there yet."""
    parent = body if path.extension is None else _extension(body, path.extension)
    key = path.attribute if path.attribute in parent else _key(parent, path.attribute) or path.attribute
    present = parent.get(key)
    if not path.terms:
        if not isinstance(present, dict):
            present = parent[key] = {}
        return present
    if not isinstance(present, list):
        present = parent[key] = [] if present is None else [present]
    element: dict[str, Any] | None = _first_passing(present, path.terms)
    if element is None:
        element = new_element(path)
        present.append(element)
    return element


def _write(body: dict[str, Any], path: paths.AttributePath, value: Any) -> None:
    if path.terms or path.sub_attribute is not None:
        _fill(_holder(body, path), path, value)
        return
    parent = body if path.extension is None else _extension(body, path.extension)
    parent[_key(parent, path.attribute) or path.attribute] = _written(path, value)


def _remove(body: dict[str, Any], path: paths.AttributePath) -> None:
    """Take the value away, and with it an element that no longer has one."""
    parent = _extension_of(body, path)
    if not isinstance(parent, dict):
        return
    key = _key(parent, path.attribute)
    if key is None:
        return
    if path.terms:
        holder = _first_passing(parent[key], path.terms)
        whole = path.sub_attribute is None or path.sub_attribute.lower() == "value"
        if holder is not None and whole and isinstance(parent[key], list):
            parent[key].remove(holder)
            return
    else:
        holder = parent[key] if path.sub_attribute is not None else None
    if path.sub_attribute is None:
        del parent[key]
    elif isinstance(holder, dict):
        holder.pop(_key(holder, path.sub_attribute) or path.sub_attribute, None)
