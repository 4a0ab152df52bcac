"""What the RFCs leave open: each alternative of docs/scim-conformance.md, and the decisions that are fixed."""

import pytest

from provisor.ringcentral import choices, profiles, serving
from support.scim_http import ENTERPRISE, USER, unused
from support.scim_provider import full_provider


@pytest.fixture
def deciding(tmp_path):
    """Run a provider with choices, spelled as on a command line."""

    def run(*texts):
        return full_provider(f"sqlite:///{tmp_path}/provider.db", choices=choices.parse(texts))

    return run


def post(scim, **attributes):
    return scim.send("POST", "/Users", {"schemas": [USER], "userName": unused("user"), **attributes})


def total(scim, condition, path="/Users"):
    return scim.find(path, condition).body["totalResults"]


def test_missing_schemas_can_be_refused(deciding):
    with deciding("missing-schemas=refuse") as scim:
        assert scim.send("POST", "/Users", {"userName": "ada"}).error == (400, "invalidSyntax")
        assert post(scim, schemas=[]).error == (400, "invalidSyntax")
        assert scim.send("POST", "/Users/.search", {"count": 1}).error == (400, "invalidSyntax")
        assert post(scim).status == 201


def test_absent_values_can_match_nothing(deciding):
    with deciding("absent-values=match-nothing") as scim:
        scim.user(title="Pilot")
        scim.user(title="Clerk")
        scim.user()
        assert total(scim, 'title ne "Pilot"') == 1
        assert total(scim, 'not (title eq "Pilot")') == 2


def test_attributes_can_outdo_excluded_attributes(deciding):
    with deciding("both-projections=attributes") as scim:
        user = scim.user(title="Pilot")
        shown = scim.get(f"/Users/{user.id}", query="attributes=title&excludedAttributes=title,meta")
        assert set(shown.body) == {"schemas", "id", "title"}


def test_a_count_above_the_largest_page_can_be_cut(deciding):
    with deciding("cursor-count=cut") as scim:
        scim.user()
        assert scim.get("/Users", query="cursor=&count=5000").status == 200


def test_a_filter_on_discovery_can_be_ignored(deciding):
    with deciding("discovery-filter=ignore") as scim:
        for path in ("/Schemas", "/ResourceTypes", f"/Schemas/{USER}", "/ServiceProviderConfig"):
            assert scim.find(path, 'name eq "User"').body == scim.get(path).body


def test_inactive_users_can_be_hidden(deciding):
    with deciding("inactive-users=hide") as scim:
        gone = scim.user(active=False)
        here = [scim.user(active=True).id, scim.user().id]
        group = scim.group(displayName="Pilots")

        assert [each["id"] for each in scim.get("/Users").body["Resources"]] == here
        assert total(scim, f'userName eq "{gone.body["userName"]}"') == 0
        assert [each["id"] for each in scim.get("/").body["Resources"]] == [*here, group.id]
        assert scim.get(f"/Users/{gone.id}").status == 200
    with deciding() as scim:
        assert total(scim, "active eq false") == 1


def test_group_names_can_be_unique(deciding):
    with deciding("group-names=unique") as scim:
        first, second = scim.group(displayName="Pilots"), scim.group(displayName="Clerks")
        taken = scim.send("POST", "/Groups", {"displayName": "PILOTS"})
        renamed = {"op": "replace", "path": "displayName", "value": "pilots"}

        assert taken.error == (409, "uniqueness")
        assert scim.patch(f"/Groups/{second.id}", renamed).error == (409, "uniqueness")
        assert scim.patch(f"/Groups/{first.id}", renamed).status == 204
    with deciding() as scim:
        assert scim.send("POST", "/Groups", {"displayName": "PILOTS"}).status == 201


def test_choices_are_spelled_exactly():
    with pytest.raises(
        choices.InvalidChoiceError, match=r"no choice 'group-name'\. There are: missing-schemas"
    ):
        choices.parse(["group-name=unique"])
    with pytest.raises(choices.InvalidChoiceError, match="group-names is one of free, unique, not 'maybe'"):
        choices.parse(["group-names=maybe"])


def test_the_ringcentral_profile_has_no_choices():
    with pytest.raises(choices.InvalidChoiceError, match="ringcentral profile has no choices"):
        profiles.with_choices(profiles.RINGCENTRAL, choices.parse(["group-names=unique"]))


def test_choices_and_extensions_go_together(tmp_path):
    from provisor.ringcentral.resources import extensions

    app = serving.create_app(
        database_url=f"sqlite:///{tmp_path}/provider.db",
        profile="full",
        throttling=None,
        choices=choices.parse(["inactive-users=hide"]),
        extensions=[extensions.read(extensions.DEMONSTRATION)],
    )
    app.state.database.close()


ADA = {
    "title": "Pilot",
    "name": {"givenName": "Ada", "familyName": "Moss"},
    "emails": [{"value": "a@x.example", "type": "work"}],
}


@pytest.mark.parametrize(
    ("operation", "outcome"),
    [
        pytest.param({"op": "remove", "path": 'emails[type eq "home"]'}, {}, id="1"),
        pytest.param(
            {"op": "replace", "path": 'emails[type eq "home"].value', "value": "b@x.example"},
            {"emails": [*ADA["emails"], {"value": "b@x.example", "type": "home"}]},
            id="2",
        ),
        pytest.param({"op": "replace", "path": "id", "value": "mine"}, (400, "mutability"), id="5"),
        pytest.param({"op": "jump", "path": "title", "value": "x"}, (400, "invalidSyntax"), id="6"),
        pytest.param(
            {"op": "replace", "path": "emails[type eq].value", "value": "x"}, (400, "invalidFilter"), id="7"
        ),
        pytest.param(
            {"op": "replace", "path": "emails..value", "value": "x"}, (400, "invalidPath"), id="7 outside"
        ),
        pytest.param({"op": "add", "path": "title", "value": None}, (400, "invalidValue"), id="15"),
        pytest.param({"op": "add", "value": {"title": None}}, {"title": None}, id="15 without a path"),
        pytest.param(
            {"op": "replace", "path": "name", "value": {"givenName": None}},
            {"name": {"familyName": "Moss"}},
            id="16",
        ),
    ],
)
def test_c21_01_to_16_a_patch_is_decided_as_the_page_says(scim, operation, outcome):
    user = scim.user(**ADA)

    answer = scim.patch(f"/Users/{user.id}", operation)

    if isinstance(outcome, tuple):
        assert answer.error == outcome
    else:
        assert {name: answer.body.get(name) for name in ADA} == ADA | outcome


def test_c21_03_a_value_that_is_taken_is_a_conflict_in_every_write(scim):
    taken, user = scim.user().body["userName"], scim.user()
    path = f"/Users/{user.id}"

    assert scim.send("PUT", path, {"schemas": [USER], "userName": taken}).error == (409, "uniqueness")
    change = {"op": "replace", "path": "userName", "value": taken}
    assert scim.patch(path, change).error == (409, "uniqueness")


def test_c21_19_two_groups_may_have_one_name(scim):
    name = unused("Twins")

    assert {scim.group(displayName=name).status, scim.group(displayName=name).status} == {201}


def test_c21_20_deactivated_users_are_listed(scim):
    user = scim.user(active=False)

    assert total(scim, f'id eq "{user.id}"') == 1


def test_c22_the_schema_documents_have_the_errata(scim):
    documents = {each["id"]: each for each in scim.get("/Schemas").body["Resources"]}

    def attribute(urn, path):
        found = {"subAttributes": documents[urn]["attributes"]}
        for name in path.split("."):
            found = next(each for each in found["subAttributes"] if each["name"] == name)
        return found

    core = USER.removesuffix("User")
    group = f"{core}Group"
    assert attribute(group, "displayName")["required"] is True
    assert attribute(USER, "groups.$ref")["referenceTypes"] == ["Group"]
    assert attribute(ENTERPRISE, "manager.value")["caseExact"] is True
    for container in ("name", "emails", "addresses"):
        assert "uniqueness" not in attribute(USER, container)
    assert attribute(f"{core}ResourceType", "schemaExtensions")["multiValued"] is True
    assert attribute(f"{core}Schema", "attributes.referenceTypes")["multiValued"] is True
    assert attribute(f"{core}Schema", "attributes.subAttributes.referenceTypes")["multiValued"] is True
    assert "binary" in attribute(f"{core}Schema", "attributes.type")["canonicalValues"]
    assert attribute(group, "members.display")["type"] == "string"
    for urn, path in [(group, "members.$ref"), (USER, "profileUrl"), (ENTERPRISE, "manager.$ref")]:
        assert attribute(urn, path)["caseExact"] is True


def test_c22_complex_is_no_type_of_a_sub_attribute(scim):
    schema = scim.get(f"/Schemas/{USER.removesuffix('User')}Schema").body
    attributes = next(each for each in schema["attributes"] if each["name"] == "attributes")
    subs = next(each for each in attributes["subAttributes"] if each["name"] == "subAttributes")
    kind = next(each for each in subs["subAttributes"] if each["name"] == "type")

    assert "complex" not in kind["canonicalValues"]


def test_c22_a_reference_is_named_with_its_dollar(scim):
    assert scim.find("/Groups", "members.$ref pr").status == 200
