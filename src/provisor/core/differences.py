"""What an account lacks to be what the directory says (Entra: building the export)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisor.core.changes import Modification
from provisor.core.objects import Value
from provisor.scim import comparison, paths, resources


def between(
    document: Mapping[str, Any], wanted: Mapping[str, Value], case_exact: frozenset[str]
) -> tuple[Modification, ...]:
    """The modifications that turn the resource into one with the wanted values; what is equal already is left out."""
    found = []
    for name, value in wanted.items():
        path = paths.parse(name)
        current = resources.value_at(document, path)
        normaliser = comparison.normaliser_for(path)
        if not comparison.same(current, value, case_exact=name in case_exact, normaliser=normaliser):
            found.append(
                Modification(
                    path=name, old=current, new=value, container=resources.container_at(document, path)
                )
            )
    return tuple(found)
