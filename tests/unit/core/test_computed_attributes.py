"""What expressions see of an object beside what the source delivered."""

import dataclasses

import pytest

from provisor.core import mapping
from provisor.core.identifiers import ObjectId, Sequence
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType

ADA = DirectoryObject(
    id=ObjectId("our-id"),
    object_type=ObjectType.USER,
    source="csv",
    anchor="ada",
    display_name="Ada",
    account_enabled=False,
    lifecycle=Lifecycle.ACTIVE,
    attributes={"mail": "ada@mail.example", "accountEnabled": "as it was delivered"},
    manager_id=None,
    sequence=Sequence(7),
)


def seen(**attributes):
    subject = dataclasses.replace(ADA, attributes={**ADA.attributes, **attributes})
    return mapping.source_attributes(subject, soft_deleted=True, roles=("admin", "user"))


def test_an_object_without_an_id_of_the_sources_has_ours():
    assert seen()["objectId"] == "our-id"
    assert seen(objectId="their-id")["objectId"] == "their-id"


def test_what_is_computed_is_not_what_was_delivered():
    assert seen(IsSoftDeleted="no", appRoleAssignments=("made up",)) == {
        "mail": "ada@mail.example",
        "objectId": "our-id",
        "IsSoftDeleted": True,
        "appRoleAssignments": ("admin", "user"),
        "accountEnabled": False,
    }


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("zoe_d_fabrikam.com#EXT#@contoso.com", "zoe_d@fabrikam.com"),
        ("ada@contoso.com", "ada@contoso.com"),
        ("ada_b@contoso.com", "ada_b@contoso.com"),
    ],
)
def test_a_guest_is_read_by_the_address_at_home(stored, read):
    found = seen(userPrincipalName=stored)
    assert (found["userPrincipalName"], found["originalUserPrincipalName"]) == (read, stored)
