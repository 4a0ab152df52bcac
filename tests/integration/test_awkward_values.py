"""Values with every awkward character, between our client and our RingCentral service provider over real HTTP."""

import random

import pytest

from provisor.core.objects import ObjectType
from provisor.ringcentral import background
from provisor.targets import profile
from provisor.targets.scim_target import ScimTarget
from support import told_clock

AWKWARD = (
    'say "hello"',
    "back\\slash",
    'end\\"',
    "100%25 + 1 & 2 = 3?",
    "o'neil; drop table users--",
    "zoë \u00df \u4e2d\u6587 \U0001f600",
    "a#b/c?d=e",
    "like_%_",
    "  blanks around  ",
    'x" or userName pr or userName eq "y',
)


@pytest.fixture
async def target(tmp_path):
    with background.running_provider(
        database_url=f"sqlite:///{tmp_path}/provider.db", profile="full"
    ) as provider:
        client = ScimTarget(
            tenant_url_text=provider.base_url,
            token=provider.token,
            settings=profile.TargetProfile(),
            time=told_clock.ToldClock(),
            random=random.Random(7),
        )
        yield client
        await client.aclose()


async def test_each_account_is_found_by_its_own_awkward_value_and_by_no_other(target):
    made = {}
    for number, value in enumerate(AWKWARD):
        created = await target.create(
            ObjectType.USER,
            {
                "userName": f"person{number}@example.com",
                "externalId": value,
                "name.givenName": f"Given{number}",
                "name.familyName": value,
                'emails[type eq "work"].value': f"person{number}@example.com",
                "active": "True",
            },
        )
        made[value] = created.id
    for value, target_id in made.items():
        found = await target.find(ObjectType.USER, "externalId", value)
        assert [one.id for one in found] == [target_id], value
        assert found[0].document["name"]["familyName"].strip() == value.strip()
    assert await target.find(ObjectType.USER, "externalId", 'nobody"s\\') == ()
