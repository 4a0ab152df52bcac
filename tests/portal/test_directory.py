"""The directory in the portal: found, read, and who is kept where."""

import pytest

from provisor.core import audit, objects
from provisor.core.errors import InvalidInputError
from provisor.engine import importing
from provisor.engine.built_in_rules import Problem
from provisor.look.sign_in.roles import Role
from provisor.portal.directory.fields import PROBLEMS
from provisor.ports.source import Completeness
from provisor.sources.csv_folder import CsvFolder
from support.portal_company import NOW, person

HOSTILE = "<img src=x onerror=alert(1)> Bo"


def group(anchor, name):
    return objects.ImportedObject(
        object_type=objects.ObjectType.GROUP, anchor=anchor, attributes={"displayName": name}
    )


@pytest.fixture
def directory(portal):
    """Zoë leads Ada, who is in the group Sales with Bo; Eve's sign-in is blocked and Max was deleted."""
    with portal.store.write() as unit:
        people = (
            person("zoe", "Zoë Durand", department="Sales"),
            person("bo", HOSTILE),
            person("eve", "Eve Blocked", account_enabled=False),
            person("max", "Max Gone"),
        )
        unit.directory.save("hr", people, NOW)
        unit.directory.save("hr", [led_by("zoe", person("ada", "Ada Moss"))], NOW)
        unit.directory.save("hr", [group("sales", "Sales EMEA")], NOW)
        unit.directory.save("ldap", [person("lea", "Léa Autre")], NOW)
        sales = unit.directory.named(objects.ObjectType.GROUP, "Sales EMEA")[0].id
        members = [id_of(unit, name) for name in ("ada", "bo")]
        unit.directory.save_memberships([(sales, member, objects.ObjectType.USER) for member in members])
        unit.directory.set_lifecycle([id_of(unit, "max")], objects.Lifecycle.SOFT_DELETED, NOW)
    return Directory(portal)


def led_by(manager, item):
    return objects.ImportedObject(
        object_type=item.object_type, anchor=item.anchor, attributes=item.attributes, manager=manager
    )


def id_of(unit, anchor):
    return unit.directory.named(objects.ObjectType.USER, f"{anchor}@example.com")[0].id


class Directory:
    def __init__(self, portal):
        self.store = portal.store

    def user(self, anchor):
        with self.store.read() as unit:
            return f"/directory/users/{id_of(unit, anchor)}"

    def group(self, name):
        with self.store.read() as unit:
            return f"/directory/groups/{unit.directory.named(objects.ObjectType.GROUP, name)[0].id}"


def names(answer):
    return [link.text for row in answer.page.find("th", scope="row") for link in row.find("a")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [  "Ada Moss", HOSTILE, "Eve Blocked", "Léa Autre", "Max Gone", "Zoë Durand"]),
        ("search=durand+zoe", ["Zoë Durand"]),
        ("state=active", ["Ada Moss", HOSTILE, "Léa Autre", "Zoë Durand"]),
        ("state=blocked", ["Eve Blocked"]),
        ("state=deleted", ["Max Gone"]),
        ("source=ldap", ["Léa Autre"]),
        ("state=nonsense&search=lea", ["Léa Autre"]),
        ("search=nobody", []),
    ],
)  # fmt: skip
def test_users_are_searched_by_name_state_and_source(reader, directory, query, found):
    answer = reader.get(f"/directory/users?{query}")
    assert names(answer) == found
    assert found or "Nothing fits what you look for" in answer.words


def test_pages_follow_each_other_without_gap_or_repetition(reader, directory, monkeypatch):
    monkeypatch.setattr("provisor.portal.directory.pages.PAGE", 2)
    seen, address = [], "/directory/users?search=a"
    while address:
        answer = reader.get(address)
        seen += names(answer)
        address = next((item["href"] for item in answer.page.find("a", rel="next")), None)
    assert len(seen) == len(set(seen)) == 6


def test_a_user_is_shown_with_attributes_manager_groups_and_reports(reader, directory):
    words = reader.get(directory.user("ada")).words
    for expected in ("Ada Moss", "ada@example.com", "Zoë Durand", "Sales EMEA", "givenName", "hr"):
        assert expected in words
    assert "Ada Moss" in reader.get(directory.user("zoe")).words


def test_an_object_leads_to_its_place_in_every_application(reader, directory):
    for address in (directory.user("ada"), directory.group("Sales EMEA")):
        object_id = address.rpartition("/")[2]
        [link] = reader.get(address).page.find("a", href=f"/portal/people/{object_id}")
        assert reader.get(link["href"]).status == 200


def test_a_user_is_shown_with_the_accounts_they_have(owner, company):
    company.employ(person("zoe", "Zoë Durand"))
    company.assign("zoe")
    company.run()
    page = owner.get(f"/directory/users/{company.object('zoe').id}").page
    assert [link.text for link in page.find("a", href=f"/portal{company.address}")] == ["RingCentral"]


def test_the_members_of_a_group_are_shown_page_by_page(reader, directory, monkeypatch):
    monkeypatch.setattr("provisor.portal.directory.pages.PAGE", 1)
    first = reader.get(directory.group("Sales EMEA"))
    second = reader.get(first.page.find("a", rel="next")[0]["href"])
    assert {name for name in ("Ada Moss", HOSTILE) if name in first.words + second.words} == {
        "Ada Moss",
        HOSTILE,
    }
    assert second.page.find("a", rel="next") == []


def test_groups_are_listed(reader, directory):
    assert names(reader.get("/directory/groups")) == ["Sales EMEA"]


def test_sources_are_shown_with_their_last_import(portal, reader, directory):
    with portal.store.write() as unit:
        unit.imports.close("1", "ldap", {"created": 7}, NOW.replace(day=1))
        unit.imports.close("2", "ldap", {"created": 3}, NOW)
    rows = [row.text for row in reader.get("/directory/sources").page.find("tr")[1:]]
    assert rows[0].startswith("builtin kept here")
    assert rows[1].startswith("hr never imported")
    assert rows[2].startswith("ldap")
    assert " 3 0 0 " in rows[2]


def test_what_is_not_there_is_not_found(reader, directory):
    assert reader.get("/directory/users/00000000-0000-0000-0000-000000000000").status == 404
    assert reader.get(directory.user("ada").replace("users", "groups")).status == 404
    assert reader.get("/directory/users?after=nonsense").status == 404


def test_hostile_names_stay_text(reader, directory):
    for address in ("/directory/users", directory.user("bo"), directory.group("Sales EMEA")):
        assert "<img src=x" not in reader.get(address).text


def test_the_directory_is_told_in_french(portal, directory):
    french = portal.administrator("fanny", Accept_Language="fr")
    assert "Connexion bloquée" in french.get(directory.user("eve")).words
    assert "Dernière importation" in french.get("/directory/sources").words


ZOE = {"displayName": "Zoë Built", "userPrincipalName": "built@example.com", "jobTitle": "Buyer"}


@pytest.fixture
def operator(portal):
    return portal.administrator("anna", Role.APPLICATION_ADMINISTRATOR)


def made(visitor, kind="users", **fields):
    """The address of a new user or group, made with the portal's form."""
    answer = visitor.post(f"/directory/{kind}/new", fields, follow=False)
    assert answer.status == 303, answer.words
    return answer.headers["Location"].removeprefix("/portal")


def stored(portal, address):
    with portal.store.read() as unit:
        return unit.directory.get(address.rpartition("/")[2])


def saved(visitor, address, **fields):
    """The answer to the object's own form, sent with some fields changed."""
    form = visitor.get(f"{address}/edit").page
    values = {item["name"]: item.get("value", "") for item in form.find("input", class_="input")}
    [sequence] = form.find("input", name="sequence")
    return visitor.post(f"{address}/edit", {**values, "sequence": sequence["value"], **fields})


def acts(portal):
    """Who did what to whom, the newest first; that somebody became an administrator is left out."""
    with portal.store.read() as unit:
        entries = unit.audit.entries(audit.AuditQuery())
    return [
        (item.act.actor, item.act.activity, item.act.subject)
        for item in entries
        if item.act.activity is not audit.Activity.ADD_ADMINISTRATOR
    ]


def test_a_user_is_made_changed_and_audited(portal, operator):
    address = made(operator, **ZOE)
    assert stored(portal, address).source == "builtin"
    answer = saved(operator, address, jobTitle="", department="Sales")
    assert "Zoë Built was saved." in answer.words
    attributes = stored(portal, address).attributes
    assert attributes["department"] == "Sales"
    assert "jobTitle" not in attributes
    assert acts(portal)[:2] == [
        ("anna", audit.Activity.UPDATE_USER, "Zoë Built"),
        ("anna", audit.Activity.ADD_USER, "Zoë Built"),
    ]


def test_attributes_that_are_not_edited_stay(portal, operator):
    address = made(operator, **ZOE)
    before = stored(portal, address).attributes["objectId"]
    saved(operator, address, city="Lyon")
    assert stored(portal, address).attributes["objectId"] == before


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"userPrincipalName": ""}, "Enter a user principal name."),
        ({"userPrincipalName": "no address"}, "a name, @ and a domain"),
        ({"userPrincipalName": "ADA@example.com"}, "Another active user has this user principal name."),
        ({"displayName": " "}, "Enter a display name."),
        ({"city": "x" * 1025}, "at most 1024 characters"),
        ({"manager": "nobody@example.com"}, "No active user that is kept here"),
        ({"manager": "zoe@example.com"}, "No active user that is kept here"),
    ],
)
def test_what_is_unusable_is_refused_beside_its_field_and_kept(portal, operator, directory, fields, told):
    answer = operator.post("/directory/users/new", {**ZOE, **fields})
    [blamed] = fields
    [field] = answer.page.find("input", name=blamed)
    assert answer.status == 422
    assert field["aria-invalid"] == "true"
    assert told in answer.words
    assert field["value"] == fields[blamed]
    assert acts(portal) == []


def test_a_user_has_a_manager_who_is_kept_here_and_not_themselves(portal, operator):
    boss = made(operator, displayName="Boss", userPrincipalName="boss@example.com")
    address = made(operator, **ZOE, manager="boss@example.com")
    assert stored(portal, address).manager_id == stored(portal, boss).id
    assert "Nobody is their own manager." in saved(operator, boss, manager="boss@example.com").words
    saved(operator, address, city="Lyon")
    assert stored(portal, address).manager_id == stored(portal, boss).id
    operator.post(f"{address}/block")
    assert stored(portal, address).manager_id == stored(portal, boss).id


def test_nobody_overwrites_what_they_did_not_see(portal, operator):
    address = made(operator, **ZOE)
    seen = stored(portal, address).sequence
    saved(operator, address, city="Lyon")
    answer = operator.post(f"{address}/edit", {**ZOE, "city": "Nice", "sequence": str(seen)})
    assert "Somebody else changed the object meanwhile." in answer.words
    assert stored(portal, address).attributes["city"] == "Lyon"


def test_signing_in_is_blocked_and_allowed_again(portal, operator):
    address = made(operator, **ZOE)
    assert "Sign-in blocked" in operator.post(f"{address}/block").words
    assert not stored(portal, address).account_enabled
    operator.post(f"{address}/block")
    operator.post(f"{address}/allow")
    assert stored(portal, address).account_enabled
    assert [activity for _who, activity, _whom in acts(portal)] == [
        audit.Activity.ENABLE_ACCOUNT,
        audit.Activity.DISABLE_ACCOUNT,
        audit.Activity.ADD_USER,
    ]


def test_an_object_is_deleted_restored_and_deleted_for_good(portal, operator):
    address = made(operator, "groups", displayName="Projects")
    assert "Delete Projects?" in operator.get(f"{address}/delete").words
    assert "Deleted" in operator.post(f"{address}/delete").words
    assert "Restore it first" in operator.get(f"{address}/edit").words
    operator.post(f"{address}/restore")
    assert stored(portal, address).lifecycle is objects.Lifecycle.ACTIVE
    assert "The object is not deleted." in operator.post(f"{address}/delete-for-good").words
    operator.post(f"{address}/delete")
    assert "Delete Projects for good?" in operator.get(f"{address}/delete-for-good").words
    assert "Projects was deleted for good." in operator.post(f"{address}/delete-for-good").words
    assert operator.get(address).status == 404
    assert [activity for _who, activity, _whom in acts(portal)] == [
        audit.Activity.HARD_DELETE_GROUP,
        audit.Activity.DELETE_GROUP,
        audit.Activity.RESTORE_GROUP,
        audit.Activity.DELETE_GROUP,
        audit.Activity.ADD_GROUP,
    ]


def test_a_user_is_not_restored_beside_another_of_the_same_name(portal, operator):
    address = made(operator, **ZOE)
    operator.post(f"{address}/delete")
    made(operator, **ZOE)
    assert "Another active user has this user principal name." in operator.post(f"{address}/restore").words
    assert stored(portal, address).lifecycle is objects.Lifecycle.SOFT_DELETED


def test_members_of_every_source_are_added_and_taken_out(portal, operator, directory):
    address = made(operator, "groups", displayName="Projects")
    found = operator.get(f"{address}/members/add?search=moss").page.find("input", name="member")
    ticked = [item["value"] for item in found]
    assert len(ticked) == 1
    answer = operator.post(f"{address}/members/add", {"member": [*ticked, address.rpartition("/")[2]]})
    assert "Members added: 1." in answer.words
    assert names(answer)[0] == "Ada Moss"
    assert "Members added: 0." in operator.post(f"{address}/members/add", {"member": ticked}).words
    assert "Members taken out: 1." in operator.post(f"{address}/members/end", {"member": ticked}).words
    assert [activity for _who, activity, _whom in acts(portal)[:2]] == [
        audit.Activity.REMOVE_MEMBER,
        audit.Activity.ADD_MEMBER,
    ]


def test_what_another_source_brought_is_shown_with_why_it_is_not_changed_here(portal, owner, directory):
    user, sales = directory.user("ada"), directory.group("Sales EMEA")
    before = stored(portal, user), stored(portal, sales)
    assert "comes from the source hr" in owner.get(user).words
    assert owner.get(user).page.find("a", href=f"/portal{user}/edit") == []
    assert "comes from another source" in owner.get(f"{user}/edit").words
    for act in ("block", "delete", "restore", "delete-for-good"):
        assert "comes from another source" in owner.post(f"{user}/{act}").words
    answer = owner.post(f"{user}/edit", {**ZOE, "sequence": str(before[0].sequence)})
    assert "comes from another source" in answer.words
    assert "comes from another source" in owner.get(f"{sales}/members/add").words
    owner.post(f"{sales}/members/add", {"member": [directory.user("lea").rpartition("/")[2]]})
    assert "Léa Autre" not in owner.get(sales).words
    assert (stored(portal, user), stored(portal, sales)) == before
    assert acts(portal) == []


def test_a_reader_is_offered_nothing_to_change(operator, reader):
    address, group_address = made(operator, **ZOE), made(operator, "groups", displayName="Projects")
    for page in (address, group_address, "/directory/users"):
        answer = reader.get(page)
        forms = [form["action"] for form in answer.page.find("form", method="post")]
        assert [action for action in forms if "/directory/" in action] == []
        assert answer.page.find("a", href=f"/portal{page}/edit") == []
        assert answer.page.find("a", href=f"/portal{page}/new") == []
    assert reader.post(f"{address}/delete", follow=False).status == 403


def test_an_import_may_not_take_the_name_of_what_is_kept_here(portal, operator, tmp_path):
    address = made(operator, **ZOE)
    (tmp_path / "users.csv").write_text("userPrincipalName\nnew@example.com\n")
    source = CsvFolder(name="builtin", folder=tmp_path, completeness=Completeness.COMPLETE)
    with pytest.raises(InvalidInputError, match="cannot be called 'builtin'"):
        importing.import_source(
            portal.store,
            source,
            clock=portal.services.clock,
            new_id=portal.services.new_id,
            progress=lambda _count: None,
        )
    assert stored(portal, address).lifecycle is objects.Lifecycle.ACTIVE


def test_what_is_made_hostile_stays_text(operator):
    address = made(operator, **{**ZOE, "displayName": HOSTILE, "city": HOSTILE})
    for page in (address, f"{address}/edit", f"{address}/delete", "/directory/users"):
        assert "<img src=x" not in operator.get(page).text


def test_the_portal_says_what_the_engine_says():
    for problem in Problem:
        assert PROBLEMS[problem] == problem.value


def test_a_refusal_is_told_in_french(portal):
    french = portal.administrator("fanny", Accept_Language="fr")
    words = french.post("/directory/users/new", {**ZOE, "displayName": ""}).words
    assert "Saisissez un nom d’affichage." in words
