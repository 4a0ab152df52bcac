"""What an administrator sees and does: seats, and users with their state, role and site (sections A.9, A.10, B.2)."""

import pytest

from provisor.ringcentral.account.activity import Kind
from provisor.ringcentral.account.extensions import ExtensionError, Having
from provisor.ringcentral.account.seats import Line, SeatError
from provisor.ringcentral.account.settings import Name
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.serving import AsStored


@pytest.fixture
def account(ringcentral):
    return ringcentral.app.state.account


@pytest.fixture
def user(ringcentral, ada):
    return ringcentral.send("POST", "/Users", ada | {"active": True}).body


def renamed(user, address):
    return user | {"userName": address, "emails": [{"type": "work", "value": address}]}


def activate(wire, user, active):
    return wire.patch(f"/Users/{user['id']}", {"op": "replace", "path": "active", "value": active})


def test_a_created_user_is_the_seat_that_was_taken(account, user):
    held = account.get(user["id"])

    assert held.seat.status is ExtensionStatus.ENABLED
    assert (held.seat.extension_number, held.seat.direct_number) == ("101", "+16505550000")
    assert held.seat.role == "Standard (International)"
    assert held.user.user_name == "ada.moss@example.com"
    assert {number["value"] for number in user["phoneNumbers"]} == {"101", "+16505550000"}


def test_a_new_user_gets_the_default_role_of_the_account(ringcentral, account, ada):
    ringcentral.app.state.settings.write(Name.DEFAULT_ROLE, "Manager", by="jo")

    made = ringcentral.send("POST", "/Users", ada).body

    assert account.get(made["id"]).seat.role == "Manager"


def test_the_state_follows_active(ringcentral, account, ada):
    made = ringcentral.send("POST", "/Users", ada).body
    seen = [account.get(made["id"]).seat.status]
    for active in (False, True, False, True):
        activate(ringcentral, made, active)
        seen.append(account.get(made["id"]).seat.status)

    assert seen == ["NotActivated", "NotActivated", "Enabled", "Disabled", "Enabled"]


def test_a_deleted_user_leaves_a_new_extension_with_the_same_numbers(ringcentral, account, user):
    before = account.get(user["id"]).seat
    ringcentral.send("DELETE", f"/Users/{user['id']}")

    [after] = account.find(before.extension_number)

    assert after.user is None
    assert after.seat.status is ExtensionStatus.UNASSIGNED
    assert after.seat.extension_id != user["id"]
    assert after.seat.role is None
    assert (after.seat.direct_number, after.seat.device_id) == (before.direct_number, before.device_id)
    with pytest.raises(ExtensionError, match="no extension"):
        account.get(user["id"])


def test_seats_are_counted_by_state(ringcentral, account, user, ada):
    ringcentral.send("POST", "/Users", renamed(ada, "bo@example.com"))
    account.add_seats(by="jo", line=Line.NONE, how_many=2)

    counts = account.counts()

    assert counts.by_status == {
        ExtensionStatus.ENABLED: 1, ExtensionStatus.NOT_ACTIVATED: 1, ExtensionStatus.UNASSIGNED: 50,
    }  # fmt: skip
    assert (counts.total, counts.assigned, counts.unassigned, counts.available) == (52, 2, 50, 48)


def test_a_create_takes_only_a_seat_with_a_digital_line(make_wire, ada):
    wire = make_wire("ringcentral", seats=0)
    account = wire.app.state.account
    account.add_seats(by="jo", line=Line.NONE)
    refused = wire.send("POST", "/Users", ada)
    [seat] = account.add_seats(by="jo", extension_number="4711", direct_number="+14155550100", site="Lyon")

    made = wire.send("POST", "/Users", ada | {"active": True})

    assert (refused.status, made.status) == (403, 201)
    assert made.body["id"] == seat.extension_id
    assert {number["value"] for number in made.body["phoneNumbers"]} == {"4711", "+14155550100"}
    assert account.get(seat.extension_id).seat.site == "Lyon"


@pytest.mark.parametrize("number", ["12", "123456789", "10a", "101", "١٢٣"])
def test_an_extension_number_that_is_none_or_is_taken_is_refused(account, number):
    with pytest.raises(SeatError, match=number):
        account.add_seats(by="jo", extension_number=number)


def test_seats_that_were_added_are_there_after_a_restart(make_wire):
    for how_many in (3, 4):
        wire = make_wire("ringcentral", throttling=AsStored.LIMITS, **({"seats": 3} if how_many == 3 else {}))
        assert wire.app.state.account.counts().total == how_many
        wire.app.state.account.add_seats(by="jo")


def test_making_the_pool_smaller_never_takes_a_users_seat(make_wire, ada):
    wire = make_wire("ringcentral", seats=2)
    for name in ("a", "b"):
        wire.send("POST", "/Users", renamed(ada, f"{name}@example.com"))

    smaller = make_wire("ringcentral", seats=1)

    assert smaller.app.state.account.counts().assigned == 2


def test_a_frozen_user_is_inactive_and_no_directory_activates_him(ringcentral, account, user):
    account.set_status(user["id"], ExtensionStatus.FROZEN, by="jo")
    shown = ringcentral.send("GET", f"/Users/{user['id']}").body

    refused = activate(ringcentral, user, True)
    renamed_all_the_same = ringcentral.patch(
        f"/Users/{user['id']}", {"op": "replace", "path": "title", "value": "x"}
    )

    assert shown["active"] is False
    assert (refused.status, "frozen" in refused.body["detail"]) == (403, True)
    assert renamed_all_the_same.status == 200
    assert account.get(user["id"]).seat.status is ExtensionStatus.FROZEN


def test_an_administrator_disables_and_enables_and_scim_sees_it(ringcentral, account, user):
    seen = []
    for status in (ExtensionStatus.DISABLED, ExtensionStatus.ENABLED):
        account.set_status(user["id"], status, by="jo")
        seen.append(ringcentral.send("GET", f"/Users/{user['id']}").body["active"])

    assert seen == [False, True]
    assert [event.detail for event in account.events(user["id"]) if event.kind is Kind.STATUS_CHANGED] == [
        {"from": "Disabled", "to": "Enabled"},
        {"from": "Enabled", "to": "Disabled"},
    ]


def test_enabling_whom_nobody_activated_gives_the_numbers_of_the_seat(ringcentral, account, ada):
    made = ringcentral.send("POST", "/Users", ada).body

    account.set_status(made["id"], ExtensionStatus.ENABLED, by="jo")

    numbers = ringcentral.send("GET", f"/Users/{made['id']}").body["phoneNumbers"]
    assert [number["type"] for number in numbers] == ["work", "other"]


def test_an_administrator_deletes_only_whom_he_disabled_first(ringcentral, account, user):
    with pytest.raises(ExtensionError, match="disable the user first"):
        account.delete_user(user["id"], by="jo")
    account.set_status(user["id"], ExtensionStatus.DISABLED, by="jo")

    account.delete_user(user["id"], by="jo")

    assert ringcentral.send("GET", f"/Users/{user['id']}").status == 404
    assert account.counts().assigned == 0
    assert account.events(user["id"])[0].kind is Kind.USER_DELETED


def test_roles_and_sites_are_assigned(account, user):
    account.set_role(user["id"], "User Admin", by="jo")
    account.set_site(user["id"], "Lyon", by="jo")

    seat = account.get(user["id"]).seat

    assert (seat.role, seat.site) == ("User Admin", "Lyon")
    with pytest.raises(ExtensionError, match="There are: Super Admin"):
        account.set_role(user["id"], "King", by="jo")


def test_a_seat_nobody_has_is_not_treated_as_a_user(account):
    [free] = account.page(having=Having.NOBODY, limit=1)

    for act in (
        lambda: account.set_status(free.seat.extension_id, ExtensionStatus.DISABLED, by="jo"),
        lambda: account.set_role(free.seat.extension_id, "Manager", by="jo"),
        lambda: account.delete_user(free.seat.extension_id, by="jo"),
    ):
        with pytest.raises(ExtensionError, match="unassigned seat"):
            act()


def test_no_administrator_makes_a_user_unassigned(account, user):
    for status in (ExtensionStatus.UNASSIGNED, ExtensionStatus.NOT_ACTIVATED):
        with pytest.raises(ExtensionError, match="enables, disables or freezes"):
            account.set_status(user["id"], status, by="jo")


def test_extensions_are_listed_by_page_and_found(ringcentral, account, user):
    assert [each.seat.extension_id for each in account.page(having=Having.USER)] == [user["id"]]
    assert [each.seat.extension_number for each in account.page(offset=1, limit=2)] == ["102", "103"]
    assert [each.seat.status for each in account.page(status=ExtensionStatus.DISABLED)] == []
    for text in (user["id"], "101", "+16505550000", "Ada.Moss@example.com"):
        assert [each.user.id for each in account.find(text)] == [user["id"]]
