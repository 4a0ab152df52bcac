"""Schema documents with one thing changed; what is given stays as it is.

A schema is edited as the document it is stored as, so that whatever else is in it survives.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from provisor.core import scoping_filters
from provisor.core.attribute_mapping import FlowBehavior, FlowType
from provisor.core.errors import NotFoundError
from provisor.core.objects import ObjectType
from provisor.core.schema import TargetAction
from provisor.core.scoping_filters import editing

Document = Mapping[str, Any]

_PRIORITY = "matchingPriority"
_UNSAID = {
    "defaultValue": None,
    "flowType": FlowType.ALWAYS.value,
    "flowBehavior": FlowBehavior.WHEN_CHANGED.value,
    "flowNullValues": False,
}
"""What is meant by an attribute mapping that does not say it."""
_SAID = object()


def mapping_of(document: Document, object_type: ObjectType) -> Document:
    """The object mapping of a type. Raises `NotFoundError`."""
    return editing.mapping_and_rule(document, object_type)[0]


def object_types(document: Document) -> Sequence[ObjectType]:
    """The object types that have a mapping, in the order of `ObjectType`."""
    found = {
        item["sourceObjectName"]
        for rule in document["synchronizationRules"]
        for item in rule["objectMappings"]
    }
    return [item for item in ObjectType if item.value in found]


def attribute_named(document: Document, object_type: ObjectType, target: str) -> Document:
    """The attribute mapping that writes a target attribute. Raises `NotFoundError`."""
    for entry in mapping_of(document, object_type)["attributeMappings"]:
        if entry["targetAttributeName"] == target:
            found: Document = entry
            return found
    raise NotFoundError(f"No mapping writes {target!r}; it may have been removed meanwhile.")


def target_attributes(document: Document, object_type: ObjectType) -> Sequence[Document]:
    """The definitions of the target object's attributes, as far as the schema lists any."""
    item, rule = editing.mapping_and_rule(document, object_type)
    wanted = item.get("targetObjectName") or item["sourceObjectName"]
    return [
        attribute
        for directory in document.get("directories") or ()
        if directory.get("name") != rule.get("sourceDirectoryName")
        for definition in directory.get("objects") or ()
        if definition.get("name") == wanted
        for attribute in definition.get("attributes") or ()
    ]


def matching(document: Document, object_type: ObjectType) -> Sequence[str]:
    """The target attributes that accounts are matched by, the first to be tried first."""
    entries = [
        entry for entry in mapping_of(document, object_type)["attributeMappings"] if entry.get(_PRIORITY)
    ]
    return [
        entry["targetAttributeName"] for entry in sorted(entries, key=lambda entry: int(entry[_PRIORITY]))
    ]


def with_switches(
    document: Document, object_type: ObjectType, *, enabled: bool, actions: Collection[TargetAction]
) -> Document:
    """The document with an object mapping switched on or off, and its target object actions."""

    def edit(item: dict[str, Any]) -> None:
        item["enabled"] = enabled
        item["flowTypes"] = ", ".join(action for action in TargetAction if action in actions)

    return _edited(document, object_type, edit)


def with_attribute(
    document: Document, object_type: ObjectType, entry: Document, *, replacing: str | None, precedence: int
) -> Document:
    """The document with an attribute mapping, in the place of the one that writes `replacing`, or at the end.

    :param precedence: its place among the matching attributes, from 1; 0 where accounts are not matched by it. The
        others move up or down.
    :raises NotFoundError: where nothing writes `replacing` any more.
    """
    if replacing is not None:
        attribute_named(document, object_type, replacing)
    order = [name for name in matching(document, object_type) if name != replacing]
    target = str(entry["targetAttributeName"])
    if precedence:
        order.insert(precedence - 1, target)

    def edit(item: dict[str, Any]) -> None:
        entries = item["attributeMappings"]
        places = [index for index, each in enumerate(entries) if each["targetAttributeName"] == replacing]
        if places:
            present = entries[places[0]]
            entries[places[0]] = {**present, **_worth_writing(entry, present)}
        else:
            entries.append(dict(entry))
        _number(entries, order)

    return _edited(document, object_type, edit)


def without_attribute(document: Document, object_type: ObjectType, target: str) -> Document:
    """The document without the mapping that writes a target attribute. Raises `NotFoundError`."""
    attribute_named(document, object_type, target)
    order = [name for name in matching(document, object_type) if name != target]

    def edit(item: dict[str, Any]) -> None:
        item["attributeMappings"] = [
            entry for entry in item["attributeMappings"] if entry["targetAttributeName"] != target
        ]
        _number(item["attributeMappings"], order)

    return _edited(document, object_type, edit)


def with_precedence(document: Document, object_type: ObjectType, order: Sequence[str]) -> Document:
    """The document with accounts matched by these target attributes, in this order."""
    return _edited(document, object_type, lambda item: _number(item["attributeMappings"], order))


def with_scope(document: Document, object_type: ObjectType, scope: scoping_filters.ScopingFilter) -> Document:
    """The document with the scoping filter of an object type; one without groups lets everybody pass."""

    def edit(item: dict[str, Any]) -> None:
        others = {
            key: value
            for key, value in (item.get("scope") or {}).items()
            if key not in (editing.GROUPS, editing.INPUT_GROUPS)
        }
        groups = {editing.GROUPS: _written(scope.groups)} if scope.groups else {}
        early = {editing.INPUT_GROUPS: _written(scope.input_groups)} if scope.input_groups else {}
        item["scope"] = (
            {editing.GROUPS: [], **others, **groups, **early} if groups or early or others else None
        )

    return _edited(document, object_type, edit)


def _written(groups: Sequence[scoping_filters.ClauseGroup]) -> list[dict[str, Any]]:
    return [
        {"name": group.name, "clauses": [scoping_filters.to_graph(clause) for clause in group.clauses]}
        for group in groups
    ]


def _worth_writing(entry: Document, present: Document) -> Document:
    """What an entry says beside what is meant anyway where nothing is said: an edit taken back leaves no trace."""
    return {key: value for key, value in entry.items() if key in present or value != _UNSAID.get(key, _SAID)}


def _number(entries: Sequence[dict[str, Any]], order: Sequence[str]) -> None:
    places = {name: place for place, name in enumerate(order, start=1)}
    for entry in entries:
        place = places.get(entry["targetAttributeName"], 0)
        if place or entry.get(_PRIORITY):
            entry[_PRIORITY] = place


def _edited(document: Document, object_type: ObjectType, edit: Callable[[dict[str, Any]], None]) -> Document:
    changed = copy.deepcopy(dict(document))
    item = mapping_of(changed, object_type)
    edit(item)  # type: ignore[arg-type]  # of our own copy, so it is a dict
    return changed
