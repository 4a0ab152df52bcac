"""Every knob is turned once, and what it changes is seen on the wire."""

import pytest

from provisor.ringcentral.account import activity
from provisor.ringcentral.account.activity import Kind
from provisor.ringcentral.account.knob_texts import KNOBS
from provisor.ringcentral.account.settings import Name, ScimService
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.storage.database import Access

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MOBILE = {"type": "mobile", "value": "+14155550123"}
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def renamed(user, address):
    return user | {"userName": address, "emails": [{"type": "work", "value": address}]}


@pytest.fixture
def turned(make_wire):
    """Start a provider with knobs turned."""

    def start(*knobs, **how):
        return make_wire("ringcentral", knobs=knobs, **({"seats": 20} | how))

    return start


def create(wire, user):
    answer = wire.send("POST", "/Users", user)
    assert answer.status == 201, answer.body
    return answer.body


def status_of(wire, user):
    return wire.app.state.account.get(user["id"]).seat.status


def mails(wire):
    with wire.app.state.database.transaction(Access.READ) as connection:
        return [event for event in activity.latest(connection) if event.kind is Kind.WELCOME_MAIL]


def test_every_knob_is_turned_in_this_file():
    text = __import__("pathlib").Path(__file__).read_text(encoding="utf-8")

    assert [name for name in KNOBS if f'"{name}=' not in text] == []


def test_the_platform_envelope_of_401_and_429(turned):
    wire = turned("error-envelope=platform", throttling=Throttling(light=1))
    stranger = wire.send("GET", "/Users", headers={"authorization": "Bearer " + "x" * 43})
    wire.send("GET", "/Users")
    throttled = wire.send("GET", "/Users")

    assert stranger.status == 401
    assert stranger.body["errorCode"] == "OAU-213"
    assert stranger.body["errors"] == [{"errorCode": "OAU-213", "message": stranger.body["message"]}]
    assert stranger.headers["content-type"] == "application/json"
    assert (throttled.status, throttled.body["errorCode"]) == (429, "CMN-301")
    assert throttled.headers["retry-after"] == "60"


def test_what_scim_refuses_stays_a_scim_error_in_the_platform_envelope(turned):
    wire = turned("error-envelope=platform")

    assert wire.send("GET", "/Users/1").body["status"] == "404"


def test_the_platform_envelope_wherever_there_is_a_code(turned, ada):
    wire = turned("error-envelope=platform-everywhere", "absent-endpoints=404")
    ada["addresses"][0]["region"] = "Bavaria"

    invalid = wire.send("POST", "/Users", ada)
    found = {path: wire.send("GET", path).body["errorCode"] for path in ("/Users/1", "/Groups")}

    assert invalid.status == 400
    assert invalid.body["errors"] == [
        {
            "errorCode": "CMN-101",
            "message": "Parameter [extension.contact.businessAddress.state] value is invalid.",
            "parameterName": "extension.contact.businessAddress.state",
        }
    ]
    assert found == {"/Users/1": "CMN-102", "/Groups": "CMN-120"}


def test_without_a_code_the_platform_envelope_is_a_scim_error(turned, ada):
    wire = turned("error-envelope=platform-everywhere", seats=0)

    assert wire.send("POST", "/Users", ada).body["detail"] == "License limit has been reached."


@pytest.mark.parametrize(("asked", "got"), [("", 3), ("count=2", 2), ("count=50", 3), ("count=0", 0)])
def test_a_page_never_holds_more_than_max_count(turned, ada, asked, got):
    wire = turned("max-count=3")
    for number in range(5):
        create(wire, renamed(ada, f"user{number}@example.com"))

    page = wire.send("GET", "/Users", query=asked).body

    assert (page["totalResults"], page["itemsPerPage"], len(page["Resources"])) == (5, got, got)
    assert wire.send("GET", "/ServiceProviderConfig").body["filter"]["maxResults"] == 3


def test_without_a_count_a_page_holds_a_hundred_even_where_more_are_allowed(turned, ada):
    wire = turned("max-count=200", seats=120)
    for number in range(120):
        create(wire, renamed(ada, f"user{number}@example.com"))

    assert wire.send("GET", "/Users").body["itemsPerPage"] == 100
    assert wire.send("GET", "/Users", query="count=150").body["itemsPerPage"] == 120


@pytest.mark.parametrize(
    ("operators", "scim_filter", "status"),
    [
        ("eq", 'userName eq "a" and email eq "a"', 400),
        ("eq-and", 'userName eq "ada.moss@example.com" and email eq "ada.moss@example.com"', 200),
        ("eq-and", 'userName eq "a" or email eq "a"', 400),
        ("eq-and", 'userName sw "ada"', 400),
        ("all", 'userName sw "ADA" and not (email co "zzz")', 200),
        ("all", "userName pr", 200),
        ("all", 'title sw "a"', 400),
    ],
)
def test_filter_operators(turned, ada, operators, scim_filter, status):
    wire = turned(f"filter-operators={operators}")
    create(wire, ada)

    answer = wire.find("/Users", scim_filter)

    assert answer.status == status
    if status == 200:
        assert answer.body["totalResults"] == 1
    else:
        assert answer.body["scimType"] == "invalidFilter"


@pytest.mark.parametrize(
    ("attribute", "scim_filter"),
    [
        ("externalId", 'externalId eq "hr-4411"'),
        ("id", 'id eq "1600000101"'),
        ("active", "active eq true"),
        ("emails.value", 'emails.value eq "ada.moss@example.com"'),
        ("work-email", 'emails[type eq "work"].value eq "ada.moss@example.com"'),
    ],
)
def test_filter_attributes(turned, ada, attribute, scim_filter):
    wire = turned("filter-attributes=" + attribute)
    found = create(wire, ada | {"active": True})
    create(wire, renamed(ada, "bo@example.com") | {"externalId": "HR-4411"})

    answer = wire.find("/Users", scim_filter)

    assert [each["id"] for each in answer.body["Resources"]] == [found["id"]]
    assert wire.find("/Users", 'title eq "x"').status == 400


def test_an_active_filter_takes_no_text(turned):
    assert turned("filter-attributes=active").find("/Users", 'active eq "true"').status == 400


@pytest.mark.parametrize(
    "unknown", [{"displayName": "Ada"}, {"name": {"givenName": "A", "familyName": "M", "x": 1}}]
)
def test_unknown_attributes_are_refused(turned, ada, unknown):
    wire = turned("unknown-attributes=reject")
    known = create(wire, ada)

    answers = [
        wire.send("POST", "/Users", renamed(ada, "bo@example.com") | unknown),
        wire.send("PUT", f"/Users/{known['id']}", ada | unknown),
        wire.patch(f"/Users/{known['id']}", {"op": "replace", "value": unknown}),
    ]

    assert [answer.status for answer in answers] == [400, 400, 400]


def test_an_active_user_is_created_not_activated(turned, ada):
    wire = turned("active-on-create=not-activated")

    user = create(wire, ada | {"active": True})

    assert (user["active"], user["phoneNumbers"]) == (False, [])
    assert status_of(wire, user) == "NotActivated"


@pytest.mark.parametrize(("knob", "status"), [("not-activated", "NotActivated"), ("disabled", "Disabled")])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_deactivating_whom_nobody_activated(turned, ada, knob, status, method):
    wire = turned("never-activated=" + knob)
    user = create(wire, ada)
    wire.patch(f"/Users/{user['id']}", {"op": "replace", "path": "title", "value": "Pilot"})
    assert status_of(wire, user) == "NotActivated"

    if method == "PUT":
        answer = wire.send("PUT", f"/Users/{user['id']}", ada | {"active": False})
    else:
        answer = wire.patch(f"/Users/{user['id']}", {"op": "Replace", "path": "active", "value": "False"})

    assert (answer.status, answer.body["active"]) == (200, False)
    assert status_of(wire, user) == status


@pytest.mark.parametrize(
    ("when", "after_create", "after_activation"),
    [("never", 0, 0), ("create", 1, 1), ("activate", 0, 1), ("both", 1, 2)],
)
def test_a_welcome_mail_is_recorded(turned, ada, when, after_create, after_activation):
    wire = turned("welcome-mail=" + when)
    user = create(wire, ada)
    assert len(mails(wire)) == after_create

    for active in (True, False, True):
        wire.patch(f"/Users/{user['id']}", {"op": "replace", "path": "active", "value": active})

    assert len(mails(wire)) == after_activation
    assert {event.detail["to"] for event in mails(wire)} <= {"ada.moss@example.com"}


@pytest.mark.parametrize(
    ("knob", "expected"),
    [
        ("reject", None),
        ("user-name-wins", ("other@example.com", "other@example.com")),
        ("email-wins", ("ada.moss@example.com", "ada.moss@example.com")),
        ("allow", ("other@example.com", "ada.moss@example.com")),
    ],
)
def test_a_user_name_that_is_not_the_work_email(turned, ada, knob, expected):
    wire = turned("email-divergence=" + knob)

    answer = wire.send("POST", "/Users", ada | {"userName": "other@example.com"})

    if expected is None:
        assert answer.status == 400
        return
    assert (answer.body["userName"], answer.body["emails"][0]["value"]) == expected


def test_diverging_addresses_are_changed_one_by_one_where_they_may_diverge(turned, ada):
    wire = turned("email-divergence=allow")
    user = create(wire, ada)

    answer = wire.patch(
        f"/Users/{user['id']}", {"op": "replace", "path": "userName", "value": "x@example.com"}
    )

    assert answer.body["userName"] == "x@example.com"
    assert answer.body["emails"][0]["value"] == "ada.moss@example.com"


@pytest.mark.parametrize("kept", ["", "title", "department", "addresses", "externalId", "photos", "mobile"])
def test_what_a_put_keeps_when_it_is_left_out(turned, ada, kept):
    wire = turned("put-keeps=" + kept)
    more = {"title": "Pilot", "phoneNumbers": [MOBILE], "photos": [{"type": "photo", "value": GIF}]}
    user = create(wire, ada | more)
    bare = {name: ada[name] for name in ("userName", "name", "emails")}

    after = wire.send("PUT", f"/Users/{user['id']}", bare).body

    held = {
        "title": after.get("title"),
        "department": after.get(ENTERPRISE, {}).get("department"),
        "addresses": after["addresses"],
        "externalId": after.get("externalId"),
        "photos": after.get("photos"),
        "mobile": after["phoneNumbers"],
    }
    assert [name for name, value in held.items() if value] == [kept] * bool(kept)


@pytest.mark.parametrize(
    ("formats", "url", "data"),
    [("any", 201, 201), ("url", 201, 400), ("data", 400, 201), ("none", 400, 400)],
)
def test_photo_formats(turned, ada, formats, url, data):
    wire = turned("photo-formats=" + formats)
    photos = ("https://pictures.example/ada.png", GIF)
    people = [renamed(ada, f"{number}@example.com") for number in range(2)]

    statuses = [
        wire.send("POST", "/Users", person | {"photos": [{"type": "photo", "value": photo}]}).status
        for person, photo in zip(people, photos, strict=True)
    ]

    assert statuses == [url, data]


@pytest.mark.parametrize("shown", ["shown", "hidden"])
def test_photos_read_back(turned, ada, shown):
    wire = turned("photos-read-back=" + shown)
    user = create(wire, ada | {"photos": [{"type": "photo", "value": GIF}]})

    bodies = [
        user,
        wire.send("GET", f"/Users/{user['id']}").body,
        wire.send("GET", "/Users").body["Resources"][0],
    ]

    assert ["photos" in body for body in bodies] == [shown == "shown"] * 3


@pytest.mark.parametrize(
    ("knob", "status", "number"), [("store", 201, "+33155550000"), ("reject", 400, None)]
)
def test_numbers_of_the_seat_a_client_writes(turned, ada, knob, status, number):
    wire = turned("number-writes=" + knob)
    own = {"active": True, "phoneNumbers": [{"type": "work", "value": "+33155550000"}, MOBILE]}

    answer = wire.send("POST", "/Users", ada | own)

    assert answer.status == status
    if number is not None:
        assert answer.body["phoneNumbers"][0] == {"type": "work", "value": number}


def test_numbers_that_are_sent_back_as_they_were_are_no_write(turned, ada):
    wire = turned("number-writes=reject")
    user = create(wire, ada | {"active": True})

    assert wire.send("PUT", f"/Users/{user['id']}", user).status == 200


def test_a_create_without_a_seat_answers_404(turned, ada):
    answer = turned("create-not-found=no-seat", seats=0).send("POST", "/Users", ada)

    assert (answer.status, answer.body["status"]) == (404, "404")


def test_a_create_while_the_service_is_disabled_answers_404(turned, ada):
    wire = turned("create-not-found=service-disabled")
    wire.app.state.settings.write(Name.SCIM_SERVICE, ScimService.DISABLED, by="jo")

    assert wire.send("POST", "/Users", ada).status == 404
    assert wire.send("POST", "/Users/.search", {}).status == 403
    assert wire.send("GET", "/Users").status == 403


@pytest.mark.parametrize(("knob", "same"), [("new", False), ("same", True)])
def test_the_id_of_a_seat_whose_user_was_deleted(turned, ada, knob, same):
    wire = turned("id-reuse=" + knob, seats=1)
    first = create(wire, ada)
    wire.send("DELETE", f"/Users/{first['id']}")

    again = create(wire, ada)

    assert (again["id"] == first["id"]) is same


def test_a_created_user_without_a_location_header(turned, ada):
    answer = turned("location-header=off").send("POST", "/Users", ada)

    assert "location" not in answer.headers
    assert answer.body["meta"]["location"].endswith(answer.body["id"])


@pytest.mark.parametrize(
    ("knob", "shown"),
    [("all", "abc"), ("no-disabled", "ab"), ("no-not-activated", "ac"), ("enabled", "a")],
)
def test_which_users_are_listed(turned, ada, knob, shown):
    wire = turned("listed-users=" + knob)
    for name, active in (("a", True), ("b", False), ("c", True)):
        user = create(wire, renamed(ada, f"{name}@example.com") | {"active": active})
    wire.patch(f"/Users/{user['id']}", {"op": "replace", "path": "active", "value": False})

    listed = wire.send("GET", "/Users").body
    searched = wire.send("POST", "/Users/.search", {"filter": 'userName eq "c@example.com"'}).body

    assert "".join(each["userName"][0] for each in listed["Resources"]) == shown
    assert listed["totalResults"] == len(shown)
    assert searched["totalResults"] == ("c" in shown)
    assert wire.send("GET", f"/Users/{user['id']}").status == 200


def test_lists_as_they_were_before_2025(turned, ada):
    wire = turned("list-shape=legacy")
    create(wire, ada)

    [row] = wire.send("GET", "/Users").body["Resources"]

    assert row["phoneNumbers"] == []
    assert row["addresses"][0]["country"] == "United States"
    assert "primary" not in row["addresses"][0]


@pytest.mark.parametrize("path", ["/Me", "/Bulk", "/Groups", "/.search"])
def test_absent_endpoints_are_not_implemented(turned, path):
    wire = turned("absent-endpoints=501")

    assert wire.send("POST", path, {}).status == 501
    assert wire.send("GET", "/Nope").status == 404


@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"])
def test_a_filter_on_discovery_is_ignored(turned, path):
    assert turned("discovery-filter=ignored").find(path, 'name eq "User"').status == 200


def test_the_type_of_the_authentication_scheme(turned):
    wire = turned("scheme-type=shown")

    [scheme] = wire.send("GET", "/ServiceProviderConfig").body["authenticationSchemes"]

    assert scheme["type"] == "oauthbearertoken"


@pytest.mark.parametrize(
    ("knob", "headers", "query", "status"),
    [
        ("method-override=on", {"x-http-method-override": "delete"}, "", 204),
        ("method-override=on", {}, "_method=DELETE", 204),
        ("method-override=on", {"x-http-method-override": "DELETE"}, "_method=delete", 204),
        ("method-override=on", {"x-http-method-override": "DELETE"}, "_method=PUT", 400),
        ("method-override=off", {"x-http-method-override": "DELETE"}, "", 405),
    ],
)
def test_a_post_that_stands_for_another_method(turned, ada, *, knob, headers, query, status):
    wire = turned(knob)
    user = create(wire, ada)

    answer = wire.send("POST", f"/Users/{user['id']}", headers=headers, query=query)

    assert answer.status == status


def test_a_get_never_stands_for_another_method(turned, ada):
    wire = turned("method-override=on")
    user = create(wire, ada)

    answer = wire.send("GET", f"/Users/{user['id']}", headers={"x-http-method-override": "DELETE"})

    assert (answer.status, answer.body["id"]) == (200, user["id"])


def test_a_write_in_the_guise_of_a_post_is_counted_as_a_write(turned):
    wire = turned("method-override=on", throttling=Throttling())
    headers = {"x-http-method-override": "GET"}

    assert wire.send("POST", "/Users", headers=headers).headers["x-rate-limit-group"] == "light"


@pytest.mark.parametrize(("knob", "status"), [("query-token=on", 200), ("query-token=off", 401)])
def test_a_token_in_the_query(turned, knob, status):
    wire = turned(knob)

    answer = wire.send("GET", "/Users", query=f"access_token={wire.token}", headers={"authorization": ""})

    assert answer.status == status


def test_the_header_goes_before_a_token_in_the_query(turned):
    wire = turned("query-token=on")
    query = f"access_token={wire.token}"

    assert wire.send("GET", "/Users", query=query, headers={"authorization": "Bearer no"}).status == 401


def test_the_full_profile_has_no_gateway_that_takes_tokens_in_urls(full):
    answer = full.send("GET", "/Users", query=f"access_token={full.token}", headers={"authorization": ""})

    assert answer.status == 401
