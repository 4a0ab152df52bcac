"""Putting attributes back to what they were: only those that still hold what the change wrote."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from provisor.core import differences, mapping, plan
from provisor.core.changes import Modification
from provisor.core.identifiers import TargetId
from provisor.core.objects import ObjectType
from provisor.ports.target import Target
from provisor.scim import comparison, paths, resources

Mappings = Mapping[ObjectType, mapping.CompiledMapping]


async def put_back(
    target: Target, mappings: Mappings, row: plan.PlanRow, target_id: TargetId
) -> tuple[str, ...]:
    """Write the old values of a row that takes a change back; returns why some attributes were left as they are.

    Reads the account first, so that nobody else's change is overwritten. Raises what the target raises.
    """
    if not row.details.changed:
        return ()
    document = (await target.read(row.object_type, target_id)).document
    wanted, strayed = still_ours(document, row.details.changed, mappings[row.object_type].rules)
    if wanted:
        await target.update(row.object_type, target_id, wanted)
    return tuple(f"{item.path} was changed in the application since; it is left as it is" for item in strayed)


def still_ours(
    document: Mapping[str, Any], changed: tuple[Modification, ...], rules: differences.Rules
) -> tuple[tuple[Modification, ...], tuple[Modification, ...]]:
    """The modifications that are still to be written, and those whose attribute holds something else by now.

    What holds the wanted value already is in neither.
    """
    wanted, strayed = [], []
    for item in changed:
        path = paths.parse(item.path)
        current = resources.value_at(document, path)

        equal = functools.partial(
            comparison.same,
            current,
            case_exact=item.path in rules.case_exact,
            normaliser=comparison.Normaliser.MOMENT
            if item.path in rules.moments
            else comparison.normaliser_for(path),
        )
        if equal(item.new):
            continue
        if equal(item.old):
            container = resources.container_at(document, path)
            wanted.append(Modification(path=item.path, old=current, new=item.new, container=container))
        else:
            strayed.append(Modification(path=item.path, old=item.old, new=current))
    return tuple(wanted), tuple(strayed)
