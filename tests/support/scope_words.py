"""Scoping filters in the words of a scenario: groups by name, each a list of clauses.

{User: {Paris office: ["city EQUALS Paris", "jobTitle IS NOT NULL"]}}
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from provisor.core import scoping_filters

Said = Mapping[str, Mapping[str, Sequence[str]] | None]


def with_filters(document: Mapping[str, Any], said: Said, key: str = "groups") -> dict[str, Any]:
    """The schema document with these filters by object type in the place of those it had; null for none."""
    changed = copy.deepcopy(dict(document))
    for rule in changed["synchronizationRules"]:
        for item in rule["objectMappings"]:
            if item["sourceObjectName"] in said:
                groups = said[item["sourceObjectName"]]
                item["scope"] = {**(item["scope"] or {}), key: _groups(groups)}
    return changed


def _groups(said: Mapping[str, Sequence[str]] | None) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "clauses": [scoping_filters.to_graph(scoping_filters.clause_of(text, {})) for text in clauses],
        }
        for name, clauses in (said or {}).items()
    ]
