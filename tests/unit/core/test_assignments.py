"""What the roles that somebody holds amount to."""

import pytest

from provisor.core import assignments
from provisor.core.assignments import (
    DEFAULT_ACCESS,
    AppRole,
    Entitled,
    Grant,
    NotAssigned,
    NotEffectivelyEntitled,
)
from provisor.core.identifiers import RoleId

USER = AppRole(id=RoleId("r-user"), value="user", display_name="The user")
ADMIN = AppRole(id=RoleId("r-admin"), value="admin", display_name="The admin")
RETIRED = AppRole(id=RoleId("r-retired"), value="retired", display_name="The retired", enabled=False)


@pytest.mark.parametrize(
    ("held", "amounts_to"),
    [
        ([], NotAssigned()),
        ([USER.id, ADMIN.id, USER.id], Entitled(("admin", "user"))),
        ([DEFAULT_ACCESS], NotEffectivelyEntitled()),
        ([RETIRED.id], NotEffectivelyEntitled()),
        ([RETIRED.id, USER.id], Entitled(("user",))),
        ([RoleId("r-unknown")], NotEffectivelyEntitled()),
    ],
)
def test_only_roles_that_are_declared_and_enabled_entitle(held, amounts_to):
    grants = [Grant(role) for role in held]
    assert assignments.entitlement(grants, [USER, ADMIN, RETIRED]) == amounts_to


def test_where_no_role_is_declared_any_assignment_entitles():
    assert assignments.entitlement([Grant(DEFAULT_ACCESS)], []) == Entitled(())
    assert assignments.entitlement([], []) == NotAssigned()
