"""Lists that an answer does not show are not read."""

import pytest
from scim2_models import ResponseParameters

from provisor.ringcentral.resources.full import EnterpriseUser, Group, User
from provisor.ringcentral.storage import left_out

PERSON = User[EnterpriseUser]
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"excludedAttributes": "members"}, {"members"}),
        ({"excludedAttributes": "MEMBERS,displayName"}, {"members"}),
        ({"excludedAttributes": f"{GROUP}:members"}, {"members"}),
        ({"attributes": "displayName"}, {"members"}),
        ({"attributes": "members.value"}, set()),
        ({"excludedAttributes": "members.display"}, set()),
        ({"excludedAttributes": "displayName"}, set()),
        ({}, set()),
    ],
)
def test_the_members_of_a_group_are_read_where_any_of_them_is_shown(parameters, names):
    assert left_out.of(Group, ResponseParameters[Group].model_validate(parameters)) == names


def test_of_a_user_only_what_is_complex_is_left_out():
    names = left_out.of(PERSON, ResponseParameters[PERSON].model_validate({"attributes": "userName,emails"}))

    assert {"groups", "phoneNumbers", "name"} <= names
    assert not {"emails", "userName", "title"} & names


def test_without_parameters_everything_is_read():
    assert left_out.of(Group, None) == frozenset()
