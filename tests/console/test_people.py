"""Users and seats: found, shown, and changed with what SCIM then says of them."""

import csv
import io

import pytest


def listed(administrator, query=""):
    return [
        link.text
        for link in administrator.get(f"/users?{query}").page.find("a")
        if link["href"].startswith("/admin/users/")
    ]


def state_of(administrator, user_id):
    return administrator.get(f"/users/{user_id}").page.find("p", class_="row lead")[0].find("span")[0].text


@pytest.fixture
def crowd(console):
    """Three users, one of them not activated."""
    return [
        console.create_user("zoe.muller@example.com", "Zoë", "Müller", title="Buyer", externalId="hr-7"),
        console.create_user("ravi@example.com", "Ravi", "Patel"),
        console.create_user("lea@example.com", "Léa", "Rousseau", active=False),
    ]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("muller", ["Zoë Müller"]),
        ("MÜLLER zoe", ["Zoë Müller"]),
        ("buyer", ["Zoë Müller"]),
        ("hr-7", ["Zoë Müller"]),
        ("ravi@example", ["Ravi Patel"]),
        ("102", ["Ravi Patel"]),
        ("+16505550001", ["Ravi Patel"]),
        ("1600000103", ["Léa Rousseau"]),
        ("example.com", ["Zoë Müller", "Ravi Patel", "Léa Rousseau"]),
        ("zoe patel", []),
        ("%", []),
    ],
)
def test_users_are_found_by_any_part_of_what_they_are_known_by(administrator, crowd, search, found):
    from urllib.parse import quote

    assert listed(administrator, f"search={quote(search)}") == found


def test_users_are_chosen_by_state(administrator, crowd):
    assert listed(administrator, "state=NotActivated") == ["Léa Rousseau"]
    assert listed(administrator, "state=Enabled") == ["Zoë Müller", "Ravi Patel"]
    assert len(listed(administrator, "state=<script>")) == 3
    assert "Nobody found" in administrator.get("/users?state=Frozen").words


def test_everybody_is_on_one_page_or_the_next_once(console, administrator):
    administrator.post("/seats", {"count": "50", "line": "yes"})
    names = [f"Person {number:02}" for number in range(60)]
    for number, name in enumerate(names):
        console.create_user(f"p{number}@example.com", *name.split())
    first = administrator.get("/users").page
    assert "60 users in this account" in first.text
    following = first.find("a", rel="next")[0]["href"].partition("?")[2]
    assert listed(administrator) + listed(administrator, following) == names
    assert "First page" in administrator.get(f"/users?{following}").words


def test_the_list_is_downloaded_as_it_was_chosen_and_without_formulas(console, administrator, crowd):
    console.create_user("bobby@example.com", "=1+1", "Tables")
    answer = administrator.get("/users.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows[0][:4] == ["User id", "Name", "User name", "State"]
    assert rows[1] == [
        crowd[0], "Zoë Müller", "zoe.muller@example.com", "Enabled", "101", "'+16505550000",
        "Standard (International)", "hr-7",
    ]  # fmt: skip
    assert rows[4][1] == "'=1+1 Tables"
    link = administrator.get("/users?state=NotActivated").page.find("a", class_="button")[0]["href"]
    assert [row[1] for row in csv.reader(io.StringIO(administrator.get(link).text))][1:] == ["Léa Rousseau"]


def test_a_user_is_shown_with_attributes_numbers_and_seat(console, administrator, crowd):
    answer = administrator.get(f"/users/{crowd[0]}")
    for word in (crowd[0], "hr-7", "zoe.muller@example.com", "Zoë", "Müller", "Buyer", "101", "+16505550000",
                 "803000001", "With digital line", "Standard (International)"):  # fmt: skip
        assert word in answer.words, word
    assert administrator.get("/users/999").status == 404


def test_disabling_and_enabling_changes_active_for_the_directory(console, administrator, crowd):
    user_id = crowd[0]
    assert "is still paid for" in administrator.get(f"/users/{user_id}/disable").words
    assert console.scim("GET", f"/Users/{user_id}")[1]["active"] is True
    answer = administrator.post(f"/users/{user_id}/disable")
    assert "Zoë Müller is disabled" in answer.words
    assert "State changed from Enabled to Disabled" in answer.words
    assert console.scim("GET", f"/Users/{user_id}")[1]["active"] is False
    administrator.post(f"/users/{user_id}/enable")
    assert console.scim("GET", f"/Users/{user_id}")[1]["active"] is True
    assert state_of(administrator, user_id) == "Enabled"


def test_a_frozen_user_is_not_activated_by_a_directory(console, administrator, crowd):
    user_id = crowd[0]
    assert "refused with 403" in administrator.get(f"/users/{user_id}/freeze").words
    administrator.post(f"/users/{user_id}/freeze")
    assert state_of(administrator, user_id) == "Frozen"
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": True}],
    }
    assert console.scim("PATCH", f"/Users/{user_id}", patch)[0] == 403


def test_a_user_is_disabled_first_and_then_deleted_and_the_seat_is_free_again(console, administrator, crowd):
    user_id = crowd[1]
    page = administrator.get(f"/users/{user_id}").page
    assert page.find("a", href=f"/admin/users/{user_id}/delete") == []
    assert "disable them first" in administrator.post(f"/users/{user_id}/delete").words
    administrator.post(f"/users/{user_id}/disable")
    asked = administrator.get(f"/users/{user_id}/delete").words
    assert "Extension 102 becomes an unassigned seat" in asked
    assert "The direct number +16505550001 stays with that seat." in asked
    answer = administrator.post(f"/users/{user_id}/delete")
    assert "Extension 102 is an unassigned seat again" in answer.words
    assert console.scim("GET", f"/Users/{user_id}")[0] == 404
    assert administrator.get(f"/users/{user_id}").status == 404
    [row] = [row for row in administrator.get("/seats").page.find("tr") if row.text.startswith("102 ")]
    assert "Unassigned" in row.text
    assert user_id not in row.text


def test_a_role_is_given_and_only_one_the_account_has(administrator, crowd):
    answer = administrator.post(f"/users/{crowd[0]}/role", {"role": "Manager"})
    assert "Role changed from Standard (International) to Manager" in answer.words
    answer = administrator.post(f"/users/{crowd[0]}/role", {"role": "Emperor"})
    assert "The account has no such role." in answer.words


# -- seats -----------------------------------------------------------------


def seats_left(administrator):
    figures = administrator.get("/seats").page.find("dd")
    return figures[0].text, figures[1].text


def test_seats_are_counted_and_added(console, administrator, crowd):
    assert seats_left(administrator) == ("17", "17")
    answer = administrator.post("/seats", {"count": "3", "line": "yes", "direct": "yes"})
    assert "3 seats were added, from extension 121 to 123." in answer.words
    assert seats_left(administrator) == ("20", "20")


def test_a_seat_without_a_digital_line_is_not_for_a_directory(administrator):
    answer = administrator.post("/seats", {"count": "1", "extension_number": "4711"})
    assert "A seat was added: extension 4711." in answer.words
    assert seats_left(administrator) == ("20", "21")
    [row] = [row for row in administrator.get("/seats").page.find("tr") if row.text.startswith("4711")]
    assert [cell.text for cell in row.find("td")][1:3] == ["–", "No"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"count": "0"}, "count"),
        ({"count": "10001"}, "count"),
        ({"count": "٣"}, "count"),
        ({"count": "1", "extension_number": "101"}, "extension_number"),
        ({"count": "1", "extension_number": "12"}, "extension_number"),
        ({"count": "2", "extension_number": "4711"}, "extension_number"),
    ],
)
def test_seats_that_cannot_be_added_are_refused_beside_their_field(administrator, fields, wrong):
    answer = administrator.post("/seats", fields)
    assert answer.status == 422
    [field] = [each for each in answer.page.find("input") if each.get("aria-invalid")]
    assert field["name"] == wrong
    assert seats_left(administrator) == ("20", "20")


def test_the_first_page_warns_before_creates_are_refused(console, administrator):
    assert "No seat is left." not in administrator.get("/").words
    for number in range(20):
        console.create_user(f"p{number}@example.com")
    words = administrator.get("/").words
    assert "No seat is left." in words
    assert "A directory can still create 0 users." in words
    assert console.scim("POST", "/Users", {"userName": "x"})[0] in {400, 403}


def test_the_first_page_leads_from_step_to_step(console, administrator):
    def current(page):
        [step] = page.find("li", class_="current")
        return step.text

    administrator.post("/directory/disable")
    assert current(administrator.get("/").page) == "Enable the SCIM service"
    administrator.post("/directory/enable")
    assert current(administrator.get("/").page) == "Enter both into the directory and test the connection"
    console.clock.tell(2)
    console.scim("GET", "/Users")
    assert current(administrator.get("/").page) == "Let the directory create its first user"
    console.create_user()
    assert "Connected" in administrator.get("/").words


def test_the_first_page_tells_of_silence_faults_and_expiring_tokens(console, administrator):
    administrator.post("/directory/tokens", {"description": "Soon", "lifetime": "7"})
    administrator.post("/faults", {"script": "503 on POST"})
    administrator.post(
        "/directory/limits",
        {"limited": "yes", "light": "1", "heavy": "1", "auth": "1", "window": "60", "penalty": "60"},
    )
    console.clock.tell(2)
    for _ in range(2):
        console.scim("GET", "/Users")
    words = administrator.get("/").words
    assert "A client sent too many requests." in words
    assert "Faults are in force." in words
    console.clock.tell(60)
    assert "A client sent too many requests." not in administrator.get("/").words
    console.clock.tell(3600)
    assert "The token “Soon” expires soon: in 7 days" in administrator.get("/").words


def test_users_of_the_full_profile_have_no_seats(full_administrator):
    console, administrator = full_administrator
    user_id = console.create_user("grace@example.com")
    assert listed(administrator) == ["Grace Hopper"]
    page = administrator.get(f"/users/{user_id}").page
    assert page.find("a", href=f"/admin/users/{user_id}/disable") == []
    assert page.find("a", href="/admin/seats") == []
    assert administrator.get("/seats").status == 404
    assert administrator.post(f"/users/{user_id}/disable").status == 404
    assert administrator.get("/").status == 200
