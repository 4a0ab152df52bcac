"""Schema documents with clauses of a scoping filter added or taken away; what is given stays as it is."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from provisor.core.errors import NotFoundError
from provisor.core.scoping_filters.model import Clause
from provisor.core.scoping_filters.parsing import to_graph

Document = Mapping[str, Any]

GROUPS, INPUT_GROUPS = "groups", "inputFilterGroups"
"""The lists of a scope: failing the first takes the account away, failing the second leaves everything as it is."""


def mapping_and_rule(document: Document, object_type: str) -> tuple[Document, Document]:
    """The object mapping of a type, and the rule it stands in. Raises `NotFoundError`."""
    for rule in document["synchronizationRules"]:
        for item in rule["objectMappings"]:
            if item["sourceObjectName"] == object_type:
                return item, rule
    raise NotFoundError(
        f"The schema has no object mapping for {object_type} objects, so nothing can be filtered."
    )


def with_clauses(
    document: Document, object_type: str, group: str, clauses: Sequence[Clause], key: str = GROUPS
) -> dict[str, Any]:
    """The document with clauses added to a group, which is made where there is none of that name."""
    changed, scope = _copied(document, object_type)
    groups = scope.setdefault(key, [])
    found = next((item for item in groups if item.get("name") == group), None)
    if found is None:
        found = {"name": group, "clauses": []}
        groups.append(found)
    found["clauses"] += [to_graph(clause) for clause in clauses]
    return changed


def without(
    document: Document, object_type: str, group: str, clauses: Sequence[Clause], key: str = GROUPS
) -> dict[str, Any]:
    """The document without these clauses of a group; without the whole group where none is named or left.

    Raises `NotFoundError` naming the groups or clauses there are.
    """
    changed, scope = _copied(document, object_type)
    groups = scope.get(key) or []
    found = next((item for item in groups if item.get("name") == group), None)
    if found is None:
        known = ", ".join(repr(item.get("name")) for item in groups) or "none"
        raise NotFoundError(f"There is no filter group {group!r} for {object_type} objects. Groups: {known}.")
    for clause in clauses:
        written = to_graph(clause)
        if written not in found["clauses"]:
            raise NotFoundError(f"The group {group!r} has no clause {clause.label}.")
        found["clauses"].remove(written)
    if not clauses or not found["clauses"]:
        groups.remove(found)
    return changed


def _copied(document: Document, object_type: str) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = copy.deepcopy(dict(document))
    item, _ = mapping_and_rule(changed, object_type)
    if not item.get("scope"):
        item["scope"] = {GROUPS: []}  # type: ignore[index]
    scope: dict[str, Any] = item["scope"]
    return changed, scope
