"""Functions over the app roles that the object's assignments carry.

Whoever evaluates puts the role values of the object under the attribute name `appRoleAssignments`.
"""

from __future__ import annotations

from provisor.core.expressions.signatures import Eager, Function, Parameter, Takes
from provisor.core.expressions.values import Computed, texts


def _single_app_role_assignment(roles: Computed) -> str | None:
    """The lowest role value in ordinal order, so that the same assignments always give the same role.

    Entra leaves the choice among several roles open.
    """
    return min(filter(None, texts(roles)), default=None)


FUNCTIONS = (
    Function(
        name="SingleAppRoleAssignment",
        parameters=(Parameter(name="source", takes=Takes.APP_ROLE_ASSIGNMENTS),),
        implementation=Eager(apply=_single_app_role_assignment),
    ),
)
