"""PATCH bodies from changes, in a peer's dialect (RFC 7644 section 3.5.2; Entra: PATCH shapes)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from provisor.scim import dialects, filters, paths, resources, role_elements, urns

Operation = dict[str, Any]


class Change(Protocol):
    """One attribute to write: its path in mapping spelling, what the target has, what it shall have.

    `new` of `None` removes the value. `container` (a `resources.Container`) matters for filtered paths only. Where
    `added` names elements, only they are sent, to be added to those that are there.
    """

    @property
    def path(self) -> str: ...
    @property
    def old(self) -> Any: ...
    @property
    def new(self) -> Any: ...
    @property
    def container(self) -> str: ...
    @property
    def added(self) -> tuple[Any, ...]: ...


class _Verb(enum.StrEnum):
    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


def body(operations: Sequence[Operation]) -> dict[str, Any]:
    """The PatchOp message that carries the operations."""
    return {"schemas": [urns.PATCH_OP], "Operations": list(operations)}


def operations(changes: Sequence[Change], dialect: dialects.Dialect = dialects.RFC) -> list[Operation]:
    """The operations that make all the changes, in their order.

    Nothing is said about a value that is absent and shall be: a target may answer `noTarget`. Raises `InvalidPath`.
    """
    effective = [change for change in changes if not (_absent(change.old) and _absent(change.new))]
    made = _Operations(dialect, kept=_kept_elements(effective))
    for change in effective:
        made.write(paths.parse(change.path), change)
    return made.done


def member_operations(
    *, add: Sequence[str] = (), remove: Sequence[str] = (), dialect: dialects.Dialect = dialects.RFC
) -> list[Operation]:
    """The operations that take members out of a group and put members in, and touch no other member."""
    removed: list[Operation] = []
    if dialect.member_removal is dialects.MemberRemoval.VALUE_PATH:
        removed = [
            {
                "op": _verb(_Verb.REMOVE, dialect),
                "path": f"members[{paths.Term(attribute='value', value=member)}]",
            }
            for member in remove
        ]
    elif remove:
        removed = [
            {
                "op": _verb(_Verb.REMOVE, dialect),
                "path": "members",
                "value": [{"value": member} for member in remove],
            }
        ]
    if not add:
        return removed
    null_reference = dialect.member_shape is dialects.MemberShape.NULL_REFERENCE
    members = [{"$ref": None, "value": member} if null_reference else {"value": member} for member in add]
    return [*removed, {"op": _verb(_Verb.ADD, dialect), "path": "members", "value": members}]


def _absent(value: Any) -> bool:
    return value is None or value in ((), [])


def _verb(verb: _Verb, dialect: dialects.Dialect) -> str:
    return verb.value if dialect.operation_case is dialects.OperationCase.LOWER else verb.value.capitalize()


def _kept_elements(changes: Iterable[Change]) -> frozenset[tuple[object, ...]]:
    """The elements that some change writes to: they must not be removed with their value."""
    return frozenset(paths.parse(change.path).container for change in changes if not _absent(change.new))


_MERGEABLE: Final = frozenset({_Verb.ADD, _Verb.REPLACE})


class _Operations:
    """The operations made so far, and which of them further changes may join."""

    def __init__(self, dialect: dialects.Dialect, *, kept: frozenset[tuple[object, ...]]) -> None:
        self.done: list[Operation] = []
        self._dialect = dialect
        self._kept = kept
        self._elements: dict[tuple[object, ...], dict[str, Any]] = {}
        self._removed: set[tuple[object, ...]] = set()
        self._merged: dict[_Verb, dict[str, Any]] = {}

    def write(self, path: paths.AttributePath, change: Change) -> None:
        if _absent(change.new):
            self._remove(path, change)
            return
        adds = bool(change.added) or _absent(change.old)
        verb = _Verb.ADD if adds else _Verb.REPLACE
        value = self._value(path, change.added or change.new, verb)
        if self._needs_element(path, change):
            self._element(path)[path.sub_attribute or "value"] = value
        elif self._dialect.grouping is dialects.Grouping.MERGED and not path.terms:
            self._merge(verb, path, value)
        else:
            self._append(verb, self._spelt(path), value)

    def _append(self, verb: _Verb, path: str | None, value: Any = None) -> None:
        operation: Operation = {"op": _verb(verb, self._dialect)}
        if path is not None:
            operation["path"] = path
        if verb in _MERGEABLE:
            operation["value"] = value
        self.done.append(operation)

    def _remove(self, path: paths.AttributePath, change: Change) -> None:
        """Remove the value, and with it an element that loses its reason to be (RFC dialect only)."""
        if path.container in self._removed:
            return
        whole = (
            path.terms
            and path.leaf == "value"
            and path.container not in self._kept
            and self._dialect.absent_element is dialects.AbsentElement.ADD_ELEMENT
        )
        if whole:
            self._removed.add(path.container)
            path = paths.AttributePath(schema=path.schema, attribute=path.attribute, terms=path.terms)
        elif (empty := self._empty(path, change.old)) is not None:
            self._append(_Verb.REPLACE, self._spelt(path), empty)
            return
        self._append(_Verb.REMOVE, self._spelt(path))

    def _empty(self, path: paths.AttributePath, old: Any) -> Any | None:
        """What the peer wants written in place of a removal, if it wants that; a truth value has no empty one."""
        if self._dialect.removal is dialects.Removal.REMOVE or resources.may_be_boolean(path.leaf):
            return None
        if isinstance(old, list | tuple):
            return []
        return "" if isinstance(old, str) and not resources.is_reference(path) else None

    def _needs_element(self, path: paths.AttributePath, change: Change) -> bool:
        return (
            bool(path.terms)
            and change.container == resources.Container.ABSENT
            and self._dialect.absent_element is dialects.AbsentElement.ADD_ELEMENT
        )

    def _element(self, path: paths.AttributePath) -> dict[str, Any]:
        """The new element that the path leads into, which all its siblings share."""
        element = self._elements.get(path.container)
        if element is None:
            element = self._elements[path.container] = resources.new_element(path)
            whole = paths.AttributePath(schema=path.schema, attribute=path.attribute)
            self._append(_Verb.ADD, str(whole), [element])
        return element

    def _merge(self, verb: _Verb, path: paths.AttributePath, value: Any) -> None:
        merged = self._merged.get(verb)
        if merged is None:
            merged = self._merged[verb] = {}
            self._append(verb, None, merged)
        merged[str(path)] = value

    def _spelt(self, path: paths.AttributePath) -> str:
        """The path as the peer reads it: where filters follow RFC 7644, booleans in them are no texts."""
        if path.terms and self._dialect.element_filter is filters.ElementFilter.VALUE_PATH:
            return str(path.with_json_terms())
        return str(path)

    def _value(self, path: paths.AttributePath, new: Any, verb: _Verb) -> Any:
        value = resources.json_value(path.leaf, new)
        if isinstance(value, tuple):
            value = list(value)
        texts = verb is _Verb.ADD and self._dialect.role_shape is dialects.RoleShape.JSON_TEXT
        if texts and isinstance(value, list) and role_elements.is_list_of_roles(path):
            return [role_elements.as_json_text(element) for element in value]
        if isinstance(value, bool) and self._dialect.booleans is dialects.Booleans.STRING:
            return str(value)
        if resources.is_reference(path) and isinstance(value, str):
            return self._reference(value)
        return value

    def _reference(self, target_id: str) -> Any:
        match self._dialect.reference_shape:
            case dialects.ReferenceShape.OBJECT:
                return {"value": target_id}
            case dialects.ReferenceShape.STRING:
                return target_id
            case dialects.ReferenceShape.LIST:
                return [{"$ref": None, "value": target_id}]
