"""What to tell an administrator whose mappings and settings go together badly where roles are concerned.

Source: Entra, *Customize user provisioning attribute-mappings*, provisioning a role: not compatible with *Sync all*.
"""

from __future__ import annotations

from collections.abc import Iterator

from provisor.core import role_flows, schema
from provisor.core.application import ProvisioningScope
from provisor.core.expressions import RolesShape

_CONSEQUENCES = {
    RolesShape.SINGLE: "an account of theirs is given no role",
    RolesShape.COMPLEX: "an account of theirs is given no role",
    RolesShape.ASSERTIVE: "an account of theirs loses every role that it has in the application",
}


def advice(document: schema.SynchronizationSchema, scope: ProvisioningScope) -> Iterator[str]:
    """A sentence for each mapping from roles in an application that has everybody in scope, assigned or not."""
    if scope is not ProvisioningScope.ALL:
        return
    for mapping in document.object_mappings.values():
        for item in mapping.attribute_mappings:
            consequence = _CONSEQUENCES.get(role_flows.shape_of(item))
            if mapping.enabled and consequence is not None:
                yield (
                    f"{item.target.name} is made from app roles, which only assignments give, but the scope is `all`: "
                    f"people who are not assigned have none, so {consequence}. Set scope=assigned, or look at the plan "
                    "before it is applied."
                )
