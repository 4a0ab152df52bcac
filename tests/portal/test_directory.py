"""The directory in the portal: found, read, and who is kept where."""

import pytest

from provisor.core import objects
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
    return [row.find("a")[0].text for row in answer.page.find("th", scope="row")]


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
    assert rows[0].startswith("hr never imported")
    assert rows[1].startswith("ldap")
    assert " 3 0 0 " in rows[1]


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
