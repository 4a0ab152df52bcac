"""The settings of the portal: administrators, the audit log, mail, and one's own account."""

import pytest

from provisor.core.audit import Activity, AuditQuery
from provisor.look.sign_in.register import Outcome
from provisor.look.sign_in.roles import Role

ADMINISTRATORS = "/administration/administrators"
PASSWORD = "correct horse battery"
HOSTILE = "<script>alert(1)</script>/../é"


@pytest.fixture
def register(portal):
    return portal.entrance.register


def address_of(register, name):
    [found] = [item for item in register.administrators() if item.name == name]
    return f"{ADMINISTRATORS}/{found.id}"


def roles(register):
    return {item.name: item.role for item in register.administrators()}


def acts(portal, activity):
    with portal.store.read() as unit:
        return [entry.act for entry in unit.audit.entries(AuditQuery(activity=activity))]


def invitation(answer):
    [link] = [item["data-copy"] for item in answer.page.find("button") if item.get("data-copy")]
    return link


def test_administrators_are_listed_with_role_and_last_activity(owner, reader):
    words = reader.get(ADMINISTRATORS).words
    for expected in ("olga", "Owner", "rita", "Reader", "1 session"):
        assert expected in words


def test_a_reader_sees_no_button_that_acts(owner, reader):
    page = reader.get(ADMINISTRATORS).page
    assert [item["action"] for item in page.find("form") if "/administration" in item.get("action", "")] == []
    assert [item for item in page.find("a") if f"{ADMINISTRATORS}/" in (item.get("href") or "")] == []


@pytest.mark.parametrize("role", [Role.READER, Role.APPLICATION_ADMINISTRATOR])
def test_only_an_owner_decides_who_may_sign_in(portal, owner, register, role):
    visitor = portal.administrator("anna", role)
    olga = address_of(register, "olga")
    assert visitor.get(olga).status == 403
    assert visitor.post(f"{ADMINISTRATORS}/invite", {"role": "owner"}).status == 403
    for act in ("role", "sessions", "remove"):
        assert visitor.post(f"{olga}/{act}", {"role": "reader"}).status == 403
    assert roles(register) == {"olga": Role.OWNER, "anna": role}


def test_an_invitation_makes_an_administrator_of_its_role_once(portal, owner, register):
    link = invitation(owner.post(f"{ADMINISTRATORS}/invite", {"role": "applicationAdministrator"}))
    assert link.startswith(f"{portal.origin}/portal/welcome/")
    assert link not in owner.get(ADMINISTRATORS).text
    fields = {"name": "anna", "password": PASSWORD, "again": PASSWORD}
    anna, path = portal.visitor(), link.removeprefix(f"{portal.origin}/portal")
    assert anna.post(path, fields, follow=False).status == 303
    assert roles(register)["anna"] is Role.APPLICATION_ADMINISTRATOR
    assert portal.visitor().post(path, {**fields, "name": "eve"}).status == 410
    made, invited, *_others = acts(portal, Activity.ADD_ADMINISTRATOR)
    assert (made.actor, made.subject, made.after) == ("anna", "anna", {"role": "applicationAdministrator"})
    assert (invited.actor, invited.after["role"]) == ("olga", "applicationAdministrator")
    assert link.rpartition("/")[2] not in str(acts(portal, Activity.ADD_ADMINISTRATOR))


def test_an_invitation_needs_a_role_of_ours(owner):
    answer = owner.post(f"{ADMINISTRATORS}/invite", {"role": "emperor"})
    assert answer.status == 422
    assert "Choose a role." in answer.words


def test_a_link_for_a_lesser_role_takes_nobodys_place(portal, owner, register):
    secret = portal.entrance.invite(Role.READER)
    fields = {"name": "OLGA", "password": "another horse battery", "again": "another horse battery"}
    answer = portal.visitor().post(f"/welcome/{secret}", fields)
    assert answer.status == 422
    assert "has that name" in answer.words
    assert roles(register) == {"olga": Role.OWNER}
    assert owner.get(ADMINISTRATORS).status == 200
    assert portal.entrance.is_invited(secret)


def test_a_link_for_the_same_role_gives_a_new_password(portal, owner):
    secret = portal.entrance.invite(Role.OWNER)
    fields = {"name": "olga", "password": "another horse battery", "again": "another horse battery"}
    assert portal.visitor().post(f"/welcome/{secret}", fields, follow=False).status == 303
    assert owner.get(ADMINISTRATORS, follow=False).status == 303


def test_a_changed_role_counts_from_the_next_request_on(portal, owner, reader, register):
    assert reader.get("/applications/new").status == 403
    answer = owner.post(f"{address_of(register, 'rita')}/role", {"role": "applicationAdministrator"})
    assert "rita has the role Application administrator now." in answer.words
    assert reader.get("/applications/new").status == 200
    [act] = acts(portal, Activity.CHANGE_ADMINISTRATOR_ROLE)
    assert (act.actor, act.subject) == ("olga", "rita")
    assert (act.before, act.after) == ({"role": "reader"}, {"role": "applicationAdministrator"})


def test_a_removed_administrators_session_ends_at_once(portal, owner, reader, register):
    assert reader.get(ADMINISTRATORS, follow=False).status == 200
    answer = owner.post(f"{address_of(register, 'rita')}/remove")
    assert "rita was removed, and is signed out." in answer.words
    assert reader.get(ADMINISTRATORS, follow=False).headers["Location"].startswith("/portal/sign-in")
    again = reader.post("/sign-in", {"name": "rita", "password": PASSWORD})
    assert again.status == 401
    [act] = acts(portal, Activity.REMOVE_ADMINISTRATOR)
    assert (act.actor, act.subject, act.before) == ("olga", "rita", {"role": "reader"})


@pytest.mark.parametrize(("act", "fields"), [("remove", {}), ("role", {"role": "reader"})])
def test_the_last_owner_is_neither_removed_nor_demoted(portal, owner, register, act, fields):
    portal.administrator("anna", Role.APPLICATION_ADMINISTRATOR)
    answer = owner.post(f"{address_of(register, 'olga')}/{act}", fields)
    assert "olga is the last owner" in answer.words
    assert roles(register)["olga"] is Role.OWNER
    assert owner.get(address_of(register, "olga")).status == 200
    assert acts(portal, Activity.REMOVE_ADMINISTRATOR) == []
    assert acts(portal, Activity.CHANGE_ADMINISTRATOR_ROLE) == []


def test_an_owner_who_is_not_the_last_may_leave(portal, owner, register):
    portal.administrator("otto", Role.OWNER)
    owner.post(f"{address_of(register, 'olga')}/remove", follow=False)
    assert roles(register) == {"otto": Role.OWNER}
    assert owner.get("/", follow=False).status == 303
    assert register.remove("otto") is Outcome.LAST_OWNER


@pytest.mark.parametrize("act", ["remove", "role"])
def test_a_link_that_was_not_used_dies_with_a_change_of_who_may_sign_in(portal, owner, reader, register, act):
    secret = portal.entrance.invite(Role.OWNER)
    owner.post(f"{address_of(register, 'rita')}/{act}", {"role": "applicationAdministrator"})
    assert not portal.entrance.is_invited(secret)


def test_somebodys_sessions_are_ended_and_ones_own_stays(portal, owner, reader, register):
    answer = owner.post(f"{address_of(register, 'rita')}/sessions")
    assert "Sessions of rita ended: 1." in answer.words
    assert reader.get("/", follow=False).status == 303
    owner.post(f"{address_of(register, 'olga')}/sessions")
    assert owner.get("/", follow=False).status == 200


def test_who_is_no_administrator_any_more_is_not_found(owner, reader, register):
    rita = address_of(register, "rita")
    register.remove("rita")
    assert owner.get(rita).status == 404
    assert owner.post(f"{rita}/role", {"role": "owner"}).status == 404
    assert register.set_role("rita", Role.OWNER) is Outcome.UNKNOWN


def test_hostile_names_of_administrators_stay_text(portal, owner, register):
    portal.administrator(HOSTILE, Role.READER)
    hostile = address_of(register, HOSTILE)
    for page in (ADMINISTRATORS, hostile, f"{hostile}/remove"):
        answer = owner.get(page)
        assert answer.status == 200
        assert HOSTILE in answer.words
        assert "<script>alert" not in answer.text
    assert f"{HOSTILE} was removed" in owner.post(f"{hostile}/remove").words


def test_administrators_are_told_in_french(portal):
    french = portal.administrator("fanny", Accept_Language="fr")
    words = french.get(ADMINISTRATORS).words
    for expected in ("Paramètres", "Administrateurs", "Propriétaire", "Inviter un administrateur"):
        assert expected in words


def change_password(visitor, current, new):
    fields = {"current": current, "password": new, "again": new}
    return visitor.post("/account/password", fields)


def test_everybody_changes_their_own_password_and_their_other_sessions_end(portal, reader):
    other = portal.visitor()
    other.post("/sign-in", {"name": "rita", "password": PASSWORD})
    assert "another browser" in reader.get("/account").words
    assert "Your password was changed." in change_password(reader, PASSWORD, "a longer horse story").words
    assert reader.get("/account", follow=False).status == 200
    assert other.get("/account", follow=False).status == 303
    assert portal.visitor().post("/sign-in", {"name": "rita", "password": PASSWORD}).status == 401
    fresh = portal.visitor()
    entered = fresh.post("/sign-in", {"name": "rita", "password": "a longer horse story"}, follow=False)
    assert entered.status == 303


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("wrong horse battery", "a longer horse story", "This is not your password."),
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, "rita likes her horses", "contains the user name"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(portal, reader, current, new, said):
    answer = change_password(reader, current, new)
    assert answer.status == 422
    assert said in answer.words
    assert (
        portal.visitor().post("/sign-in", {"name": "rita", "password": PASSWORD}, follow=False).status == 303
    )


def test_who_found_an_open_browser_does_not_get_to_guess_the_password(reader):
    answers = [change_password(reader, f"wrong horse {i}", "a longer horse story").status for i in range(6)]
    assert answers[:3] == [422, 422, 422]
    assert answers[-1] == 429


def test_ones_other_sessions_are_ended(portal, reader):
    other = portal.visitor()
    other.post("/sign-in", {"name": "rita", "password": PASSWORD})
    assert "Other sessions ended: 1." in reader.post("/account/sessions").words
    assert other.get("/account", follow=False).status == 303
    assert "End the other sessions" not in reader.get("/account").words
