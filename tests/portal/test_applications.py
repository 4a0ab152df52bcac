"""The way from the gallery to an application with people assigned to it."""

import html
import json
from datetime import UTC, datetime

import pytest

from provisor.core import audit, objects
from provisor.core.identifiers import ApplicationId
from provisor.look.sign_in.roles import Role

HOSTILE = "<script>alert('x')</script>"


def people(portal, *names):
    """Put people into the directory; their ids by name."""
    batch = [
        objects.ImportedObject(
            object_type=objects.ObjectType.USER,
            anchor=name,
            attributes={"displayName": name, "userPrincipalName": f"{name.split()[0].lower()}@example.com"},
        )
        for name in names
    ]
    with portal.store.write() as unit:
        unit.directory.save("test", batch, datetime(2026, 11, 24, tzinfo=UTC))
        found = unit.directory.changed(objects.ObjectType.USER, 0, 10**9, 100)
    return {item.display_name: item.id for item in found}


@pytest.fixture
def application(portal, owner):
    """The address of RingCentral, added from the gallery."""
    return owner.post("/applications/new/ringcentral", {"name": "RingCentral"}).path.removeprefix("/portal")


def held(portal, application):
    with portal.store.read() as unit:
        return unit.applications.assignments(ApplicationId(application.rpartition("/")[2]))


def test_ringcentral_is_found_in_the_gallery_and_added(portal, owner):
    gallery = owner.get("/applications/new?search=ringc")
    assert "RingCentral" in gallery.words
    assert "/portal/applications/new/scim" not in gallery.text
    added = owner.post("/applications/new/ringcentral", {"name": "Telephony"})
    assert "Telephony was added" in added.words
    assert "Telephony" in owner.get("/applications").words


def test_two_applications_are_not_called_the_same_and_what_was_typed_is_kept(owner, application):
    answer = owner.post("/applications/new/scim", {"name": "ringcentral"})
    assert answer.status == 422
    assert answer.page.find("input", name="name")[0]["value"] == "ringcentral"
    assert "already" in answer.words


def test_many_are_found_as_one_types_and_assigned_at_once(portal, owner, application):
    ids = people(portal, "Zoë Durand", "Ada Moss", "Bo Li")
    found = owner.get(f"{application}/users-and-groups/found?search=zoe")
    assert [item["name"] for item in json.loads(found.text)] == ["Zoë Durand"]
    chosen = [ids["Zoë Durand"], ids["Ada Moss"]]
    answer = owner.post(f"{application}/users-and-groups", {"principal": chosen, "role": "Standard"})
    assert "Newly assigned: 2" in answer.words
    again = owner.post(
        f"{application}/users-and-groups", {"principal": [*chosen, ids["Bo Li"]], "role": "Standard"}
    )
    assert "Newly assigned: 1" in again.words
    assert {item.principal_id for item in held(portal, application)} == set(ids.values())


def test_default_access_is_shown_as_provisioning_nobody_where_roles_are_declared(portal, owner, application):
    ids = people(portal, "Ada Moss")
    answer = owner.post(f"{application}/users-and-groups", {"principal": ids["Ada Moss"], "role": ""})
    assert "Some assignments provision nobody" in answer.words
    assert "provisions nobody" in answer.words


def test_assignments_are_ended_also_of_people_who_are_gone(portal, owner, application):
    ids = people(portal, "Ada Moss", "Bo Li")
    owner.post(f"{application}/users-and-groups", {"principal": list(ids.values()), "role": "Standard"})
    with portal.store.write() as unit:
        unit.directory.set_lifecycle(
            [ids["Ada Moss"]], objects.Lifecycle.HARD_DELETED, datetime(2026, 11, 24, tzinfo=UTC)
        )
    answer = owner.post(
        f"{application}/users-and-groups/end",
        {"assignment": [item.id for item in held(portal, application)]},
    )
    assert "Assignments ended: 2" in answer.words
    assert held(portal, application) == []


def test_who_acts_is_in_the_audit_log(portal, owner, application):
    ids = people(portal, "Ada Moss")
    owner.post(f"{application}/users-and-groups", {"principal": ids["Ada Moss"], "role": "Standard"})
    with portal.store.read() as unit:
        entries = unit.audit.entries(audit.AuditQuery(), limit=10)
    assert {entry.act.actor for entry in entries} == {"olga"}


def test_an_application_is_removed_after_a_question(portal, owner, application):
    assert "Remove RingCentral?" in owner.get(f"{application}/remove").words
    assert "was removed" in owner.post(f"{application}/remove").words
    assert owner.get(application).status == 404


def test_a_reader_sees_and_is_offered_nothing_to_change(portal, owner, application):
    reader = portal.administrator("rita", Role.READER)
    for path in (
        "/applications",
        application,
        f"{application}/users-and-groups",
        f"{application}/properties",
    ):
        page = reader.get(path)
        assert page.status == 200
        offered = [form["action"] for form in page.page.find("form") if (form.get("method") or "") == "post"]
        assert {action.rpartition("/")[2] for action in offered} <= {"preferences", "sign-out"}, path
        assert "New application" not in page.words
        assert "Add user/group" not in page.words


def test_hostile_names_stay_text(portal, owner):
    added = owner.post("/applications/new/scim", {"name": HOSTILE})
    ids = people(portal, HOSTILE)
    application = added.path.removeprefix("/portal")
    owner.post(f"{application}/users-and-groups", {"principal": list(ids.values())})
    for path in (
        "/applications",
        "/",
        application,
        f"{application}/users-and-groups",
        f"{application}/properties",
        f"{application}/remove",
        f"{application}/users-and-groups/add?search=script",
    ):
        text = owner.get(path).text
        assert HOSTILE not in text
    assert html.escape("<script>") in owner.get("/applications").text
