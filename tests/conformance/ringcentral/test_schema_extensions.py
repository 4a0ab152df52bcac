"""Extensions of one's own: read from a schema document, and full members of the profile from then on."""

import json

import pytest

from provisor.ringcentral import profiles
from provisor.ringcentral.resources import extensions
from provisor.ringcentral.resources.extensions import ExtensionError
from support.scim_http import GROUP, USER
from support.scim_provider import full_provider

URN = "urn:example:params:scim:schemas:extension:badges:2.0:User"


def document(**changes):
    return {
        "id": URN,
        "name": "title",
        "description": "Badges, under the name of an attribute.",
        "attributes": [
            {"name": "badge", "type": "string", "multiValued": False, "caseExact": True, "required": False},
            {"name": "level", "type": "integer", "multiValued": False, "required": False},
        ],
    } | changes


@pytest.fixture
def scim(tmp_path):
    (tmp_path / "badges.json").write_text(json.dumps(document()))
    of_groups = document(id=URN.replace("User", "Group").replace("badges", "rooms"))
    extras = [extensions.read(str(tmp_path / "badges.json")), extensions.parse(of_groups)]
    url = f"sqlite:///{tmp_path}/provider.db"
    with full_provider(url, extensions=extras) as client:
        yield client


def names(answer):
    return [each["userName"] for each in answer.body["Resources"]]


def test_an_extension_is_described(scim):
    shown = scim.get(f"/Schemas/{URN}").body
    types = {each["name"]: each for each in scim.get("/ResourceTypes").body["Resources"]}

    assert (shown["name"], [each["name"] for each in shown["attributes"]]) == ("title", ["badge", "level"])
    assert {"schema": URN, "required": False} in types["User"]["schemaExtensions"]
    assert [each["schema"] for each in types["Group"]["schemaExtensions"]] == [
        "urn:example:params:scim:schemas:extension:rooms:2.0:Group"
    ]


def test_an_extension_is_written_found_sorted_and_projected(scim):
    scim.user(userName="ada", title="Pilot", **{URN: {"badge": "B-7", "level": 12}})
    scim.user(userName="bob", **{URN: {"badge": "b-7", "level": 3}})
    scim.user(userName="cleo")

    assert names(scim.find("/Users", f'{URN}:badge eq "B-7"')) == ["ada"]
    assert names(scim.find("/Users", f"{URN}:level gt 3")) == ["ada"]
    assert names(scim.find("/Users", f"not ({URN}:badge pr)")) == ["cleo"]
    assert names(scim.find("/Users", f'schemas eq "{URN}" and title eq "pilot"')) == ["ada"]
    assert names(scim.get("/Users", query=f"sortBy={URN}:level")) == ["bob", "ada", "cleo"]
    shown = scim.get("/Users", query=f"attributes={URN}:level&count=1").body["Resources"][0]
    assert (shown["schemas"], shown[URN]) == ([USER, URN], {"level": 12})


def test_an_extension_is_patched(scim):
    user = scim.user(userName="ada", **{URN: {"badge": "B-7"}})
    path = f"/Users/{user.id}"

    by_path = scim.patch(path, {"op": "replace", "path": f"{URN}:badge", "value": "B-8"})
    by_value = scim.patch(path, {"op": "add", "value": {f"{URN}:level": 4}})
    nested = scim.patch(path, {"op": "add", "value": {URN: {"level": 5}}})
    removed = scim.patch(
        path, {"op": "remove", "path": f"{URN}:badge"}, {"op": "remove", "path": f"{URN}:level"}
    )

    assert by_path.body[URN] == {"badge": "B-8"}
    assert by_value.body[URN] == {"badge": "B-8", "level": 4}
    assert nested.body[URN] == {"badge": "B-8", "level": 5}
    assert (URN in removed.body, removed.body["schemas"]) == (False, [USER])
    assert scim.find("/Users", f"{URN}:badge pr").body["totalResults"] == 0
    assert scim.patch(path, {"op": "add", "path": f"{URN}:level", "value": "high"}).error == (
        400,
        "invalidValue",
    )


def test_a_group_has_its_own_extension(scim):
    urn = "urn:example:params:scim:schemas:extension:rooms:2.0:Group"
    group = scim.group(**{urn: {"badge": "R-1"}})

    assert group.body["schemas"] == [GROUP, urn]
    assert scim.find("/Groups", f'{urn}:badge eq "R-1"').body["totalResults"] == 1


def test_a_value_outlives_a_start_without_its_extension(tmp_path):
    url = f"sqlite:///{tmp_path}/provider.db"
    extra = extensions.parse(document())
    with full_provider(url, extensions=[extra]) as client:
        user = client.user(**{URN: {"badge": "B-7"}})
    for extras, shown in (([], None), ([extra], {"badge": "B-7"})):
        with full_provider(url, extensions=extras) as client:
            assert client.get(f"/Users/{user.id}").body.get(URN) == shown


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "must be a JSON object"),
        ({"id": URN}, "'attributes'"),
        (document(id="not a urn"), "no schema"),
        (document(attributes=[{"name": "a", "type": "text"}]), r"attributes\.0\.type"),
        (
            document(attributes=[{"name": "a", "type": "string"}, {"name": "A", "type": "string"}]),
            "same attribute",
        ),
    ],
)
def test_what_is_no_schema_is_refused(wrong, message):
    with pytest.raises(ExtensionError, match=message):
        extensions.parse(wrong, source="badges.json")


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("urn:example:params:scim:schemas:badges:2.0:Badge", "must end in the resource type it extends"),
        (USER, "is there already"),
    ],
)
def test_a_schema_that_fits_nowhere_is_refused(identifier, message):
    extra = extensions.parse(document(id=identifier))

    with pytest.raises(ExtensionError, match=message):
        profiles.with_extensions(profiles.FULL, [extra])


def test_the_ringcentral_profile_takes_no_extension():
    with pytest.raises(ExtensionError, match="serve the full profile"):
        profiles.with_extensions(profiles.RINGCENTRAL, [extensions.read(extensions.DEMONSTRATION)])
