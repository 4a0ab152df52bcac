"""What users, groups and the enterprise extension mean (RFC 7643 section 4). Each test is named after its rule."""

import pytest

from provisor.ringcentral import choices
from provisor.ringcentral.background import running_provider
from support.scim_http import ENTERPRISE, GROUP, USER, ScimHttp, unused


def post(scim, **attributes):
    return scim.send("POST", "/Users", {"schemas": [USER], "userName": unused("user"), **attributes})


@pytest.fixture(scope="module")
def scim_of_tags(tmp_path_factory):
    """A client of a provider whose locales are language tags."""
    database = tmp_path_factory.mktemp("tags") / "provider.db"
    with running_provider(
        database_url=f"sqlite:///{database}", profile="full", choices=choices.parse(["locales=tags"])
    ) as running:
        client = ScimHttp(base_url=running.base_url, token=running.token)
        yield client
        client.close()


def members(scim, group_id):
    return scim.get(f"/Groups/{group_id}").body.get("members", [])


def test_c19_01_a_user_name_is_there_and_belongs_to_one_user_in_any_case(scim):
    user = scim.user(userName=unused("Case"))
    other = scim.user()
    taken = user.body["userName"].swapcase()

    assert scim.send("POST", "/Users", {"schemas": [USER]}).error == (400, "invalidValue")
    assert post(scim, userName=taken).error == (409, "uniqueness")
    rename = {"op": "replace", "path": "userName", "value": taken}
    assert scim.patch(f"/Users/{other.id}", rename).error == (409, "uniqueness")
    assert scim.patch(f"/Users/{user.id}", rename).body["userName"] == taken


def test_c19_02_a_user_who_is_not_active_is_still_returned(scim):
    user = scim.user(active=False)

    assert scim.get(f"/Users/{user.id}").body["active"] is False
    found = scim.find("/Users", f'active eq false and id eq "{user.id}"')
    assert found.body["totalResults"] == 1
    assert scim.find("/Users", f'active eq true and id eq "{user.id}"').body["totalResults"] == 0


def test_c19_03_a_user_who_is_not_active_can_be_activated_again(scim):
    user = scim.user(active=False)

    answer = scim.patch(f"/Users/{user.id}", {"op": "replace", "path": "active", "value": True})

    assert answer.body["active"] is True


def test_c19_04_emails_are_shown_as_they_were_sent(scim):
    emails = [{"value": "Ada.Moss@EXAMPLE.com", "type": "work"}]

    user = scim.user(emails=emails)

    assert scim.get(f"/Users/{user.id}").body["emails"] == emails
    found = scim.find("/Users", f'emails.value eq "ada.moss@example.com" and id eq "{user.id}"')
    assert found.body["totalResults"] == 1


@pytest.mark.parametrize(
    "number", ["tel:+1-201-555-0123", "+1 (201) 555-0123", "tel:863-1234;phone-context=+1-914-555", "ext. 7"]
)
def test_c19_05_phone_numbers_come_back_as_they_were_sent(scim, number):
    numbers = [{"value": number, "type": "work"}]

    user = scim.user(phoneNumbers=numbers)

    assert scim.get(f"/Users/{user.id}").body["phoneNumbers"] == numbers


@pytest.mark.parametrize("country", ["US", "FR", "de", "United States", "Deutschland"])
def test_c19_06_a_country_is_a_code_or_a_name_and_comes_back_as_it_was_sent(scim, country):
    user = scim.user(addresses=[{"type": "work", "country": country}])

    assert user.body["addresses"] == [{"type": "work", "country": country}]


@pytest.mark.parametrize("country", ["XX", "zz", "U1", "??"])
def test_c19_06_two_letters_that_are_no_country_are_refused(scim, country):
    address = {"type": "work", "country": country}
    user = scim.user(addresses=[{"type": "work", "country": "US"}])
    path = f"/Users/{user.id}"

    assert post(scim, addresses=[address]).error == (400, "invalidValue")
    assert scim.send("PUT", path, {**user.body, "addresses": [address]}).error == (400, "invalidValue")
    operation = {"op": "replace", "path": 'addresses[type eq "work"].country', "value": country}
    assert scim.patch(path, operation).error == (400, "invalidValue")


@pytest.mark.parametrize(
    "locale", ["en", "en-US", "en_US", "zh-Hant-TW", "es-419", "de-CH-1996", "x-private"]
)
def test_c19_07_a_locale_is_a_language_tag(scim, locale):
    assert scim.user(locale=locale).body["locale"] == locale


@pytest.mark.parametrize("locale", ["not a locale", "e", "en--US", "en-", "français", "en-toolongsubtag"])
def test_c19_07_what_is_no_language_tag_is_refused_where_that_is_chosen(scim, scim_of_tags, locale):
    assert scim.user(locale=locale).body["locale"] == locale
    scim = scim_of_tags
    user = scim.user(locale="en-US")

    assert post(scim, locale=locale).error == (400, "invalidValue")
    operation = {"op": "replace", "path": "locale", "value": locale}
    creation = {"method": "POST", "path": "/Users", "bulkId": "a"}
    data = {"schemas": [USER], "userName": unused("user"), "locale": locale}
    assert scim.bulk({**creation, "data": data}).body["Operations"][0]["status"] == "400"
    assert scim.patch(f"/Users/{user.id}", operation).error == (400, "invalidValue")


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC"])
def test_c19_08_a_time_zone_comes_back_as_it_was_sent(scim, zone):
    assert scim.user(timezone=zone).body["timezone"] == zone


@pytest.mark.parametrize("language", ["en-US", "fr, en-US;q=0.7", "da, en-gb;q=0.8, en;q=0.7", "*"])
def test_c19_09_a_preferred_language_comes_back_as_it_was_sent(scim, language):
    assert scim.user(preferredLanguage=language).body["preferredLanguage"] == language


def test_c19_10_photos_are_addresses_of_pictures(scim):
    photos = [
        {"value": "https://photos.example.com/profilephoto/72930000000Ccne/F", "type": "photo"},
        {"value": "https://photos.example.com/profilephoto/72930000000Ccne/T", "type": "thumbnail"},
    ]

    assert scim.user(photos=photos).body["photos"] == photos


def test_c19_11_the_groups_of_a_user_are_those_that_hold_him(scim):
    user = scim.user(groups=[{"value": "4711"}])
    group = scim.group(user.id)

    shown = scim.get(f"/Users/{user.id}").body["groups"]

    assert "groups" not in user.body
    assert [(each["value"], each["$ref"]) for each in shown] == [
        (group.id, f"{scim.base_url}/Groups/{group.id}")
    ]
    assert scim.get(f"/Groups/{shown[0]['value']}").status == 200


def test_c19_12_a_direct_membership_is_told_as_direct(scim):
    user = scim.user().id
    inner = scim.group(user)
    scim.group(inner.id)

    shown = scim.get(f"/Users/{user}").body["groups"]

    assert [(each["value"], each["type"]) for each in shown] == [(inner.id, "direct")]


@pytest.mark.parametrize("name", [None, "", "absent"])
def test_c19_13_a_group_has_a_name(scim, name):
    body = {"schemas": [GROUP], "displayName": name}
    if name == "absent":
        del body["displayName"]

    assert scim.send("POST", "/Groups", body).error == (400, "invalidValue")


def test_c19_14_a_member_is_somebody_who_is_there(scim):
    user = scim.user().id
    group = scim.group(user)
    stranger = {"value": "4711"}
    body = {"schemas": [GROUP], "displayName": "x", "members": [stranger]}

    assert scim.send("POST", "/Groups", body).error == (400, "invalidValue")
    assert scim.send("PUT", f"/Groups/{group.id}", body).error == (400, "invalidValue")
    add = {"op": "add", "path": "members", "value": [stranger]}
    assert scim.patch(f"/Groups/{group.id}", add).error == (400, "invalidValue")
    assert [each["value"] for each in members(scim, group.id)] == [user]


def test_c19_14_the_reference_of_a_member_leads_to_it(scim):
    user, inner = scim.user().id, scim.group().id
    group = scim.send(
        "POST",
        "/Groups",
        {
            "schemas": [GROUP],
            "displayName": "x",
            "members": [{"value": user, "$ref": "https://elsewhere.example/Users/1"}, {"value": inner}],
        },
    )

    assert group.body["members"] == [
        {"value": user, "type": "User", "$ref": f"{scim.base_url}/Users/{user}"},
        {"value": inner, "type": "Group", "$ref": f"{scim.base_url}/Groups/{inner}"},
    ]


def test_c19_15_members_are_added_and_removed_and_not_changed(scim):
    ann, bob = scim.user().id, scim.user().id
    group = scim.group(ann)
    operation = {"op": "replace", "path": f'members[value eq "{ann}"].value', "value": bob}

    assert scim.patch(f"/Groups/{group.id}", operation).error == (400, "mutability")
    assert [each["value"] for each in members(scim, group.id)] == [ann]


@pytest.mark.parametrize(
    "sent",
    [{}, {"type": "User"}, {"display": "Ann"}, {"$ref": None}, {"$ref": None, "type": None, "display": None}],
)
def test_c19_16_to_c19_18_a_member_is_its_value_and_the_rest_is_optional(scim, sent):
    ann = scim.user().id
    group = scim.group()

    answer = scim.patch(
        f"/Groups/{group.id}", {"op": "add", "path": "members", "value": [{"value": ann, **sent}]}
    )

    assert answer.status == 204
    (member,) = members(scim, group.id)
    assert (member["value"], member["type"]) == (ann, "User")
    assert member.get("display") == sent.get("display")


def test_c19_19_the_name_of_a_manager_is_not_written(scim):
    boss = scim.user(displayName="The Boss").id

    clerk = scim.user(**{ENTERPRISE: {"manager": {"value": boss, "displayName": "Somebody Else"}}})

    assert "Somebody Else" not in str(clerk.body)
    assert clerk.body[ENTERPRISE]["manager"]["value"] == boss


def test_c19_20_a_manager_who_is_not_there_yet_is_kept(scim):
    clerk = scim.user(**{ENTERPRISE: {"manager": {"value": "4711"}}})

    assert clerk.body[ENTERPRISE]["manager"]["value"] == "4711"


def test_c19_21_groups_may_hold_each_other_and_themselves(scim):
    first, second = scim.group().id, scim.group().id
    user = scim.user().id
    for group, held in ((first, second), (second, first), (first, first), (second, user)):
        add = {"op": "add", "path": "members", "value": [{"value": held}]}
        assert scim.patch(f"/Groups/{group}", add).status == 204

    assert {each["value"] for each in members(scim, first)} == {second, first}
    assert [each["value"] for each in scim.get(f"/Users/{user}").body["groups"]] == [second]
    assert scim.find("/Groups", f'members.value eq "{first}"').body["totalResults"] == 2
    assert scim.send("DELETE", f"/Groups/{first}").status == 204
    assert [each["value"] for each in members(scim, second)] == [user]


def test_c19_22_two_groups_may_have_one_name(scim):
    name = unused("Twins")

    assert scim.group(displayName=name).id != scim.group(displayName=name).id


def test_c19_23_an_empty_text_is_no_value(scim):
    user = scim.user(title="", displayName="named")

    assert scim.find("/Users", f'title pr and id eq "{user.id}"').body["totalResults"] == 0
    assert user.body.get("title", "") == ""
