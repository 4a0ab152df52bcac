"""Functions over the app roles that the object's assignments carry.

Whoever evaluates puts the role values of the object under the attribute name `appRoleAssignments`.
"""

from __future__ import annotations

from provisor.core.expressions.signatures import Eager, Function, Parameter, Takes, Yields
from provisor.core.expressions.values import Computed, texts


def _single_app_role_assignment(roles: Computed) -> str | None:
    """The lowest role value in ordinal order, so that the same assignments always give the same role.

    Entra leaves the choice among several roles open.
    """
    return min(filter(None, texts(roles)), default=None)


def _all_app_role_assignments(roles: Computed) -> Computed:
    """Every role value, in the order of the assignments; an empty list where there is none.

    How they are written (added to what the account has, or in place of it) is for the mapping.
    """
    return texts(roles)


_ASSIGNMENTS = Parameter(name="source", takes=Takes.APP_ROLE_ASSIGNMENTS)

FUNCTIONS = (
    Function(
        name="AppRoleAssignments",
        meaning="All roles of the object as a list of texts.",
        parameters=(_ASSIGNMENTS,),
        implementation=Eager(apply=_all_app_role_assignments, yields=Yields.ANY),
    ),
    Function(
        name="AppRoleAssignmentsComplex",
        meaning="All roles of the object; an update adds them and removes none.",
        parameters=(_ASSIGNMENTS,),
        implementation=Eager(apply=_all_app_role_assignments, yields=Yields.ANY),
    ),
    Function(
        name="AssertiveAppRoleAssignmentsComplex",
        meaning="All roles of the object; an update replaces every role the account has.",
        parameters=(_ASSIGNMENTS,),
        implementation=Eager(apply=_all_app_role_assignments, yields=Yields.ANY),
    ),
    Function(
        name="SingleAppRoleAssignment",
        meaning="One role of the object, the lowest by name where it has several.",
        parameters=(_ASSIGNMENTS,),
        implementation=Eager(apply=_single_app_role_assignment),
    ),
)
