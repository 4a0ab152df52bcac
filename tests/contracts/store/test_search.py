"""Searching the directory: by any part of a name, whatever its case and accents, page by page."""

from datetime import UTC, datetime

import pytest

from provisor.core import objects, searching

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def person(number, name, **attributes):
    principal = f"person{number:02}@example.com"
    return objects.ImportedObject(
        object_type=objects.ObjectType.USER,
        anchor=f"p{number}",
        attributes={"displayName": name, "userPrincipalName": principal, **attributes},
    )


@pytest.fixture
def directory(store):
    people = [
        person(1, "Zoë Durand", mail="zoe.d@mail.example"),
        person(2, "Łukasz Ünal"),
        person(3, "100% Ada_B"),
        *(person(number, f"Somebody {number}") for number in range(10, 20)),
    ]
    group = objects.ImportedObject(
        object_type=objects.ObjectType.GROUP, anchor="g", attributes={"displayName": "Durand's group"}
    )
    with store.write() as unit:
        unit.directory.save("hr", [*people, group], NOW)
    return store


def names(store, text, kind=objects.ObjectType.USER, **wanted):
    query = searching.DirectoryQuery(object_type=kind, text=text, **wanted)
    with store.read() as unit:
        return [item.display_name for item in unit.search.page(query)[0]]


@pytest.mark.parametrize("text", ["zoe", "DURAND zoë", "urand", "person01@", "mail.example  zo"])
def test_a_person_is_found_by_any_parts_of_their_names(directory, text):
    assert names(directory, text) == ["Zoë Durand"]


def test_what_stands_for_anything_in_sql_stands_for_itself(directory):
    assert names(directory, "0%") == ["100% Ada_B"]
    assert names(directory, "a_b") == ["100% Ada_B"]
    assert names(directory, "d_rand") == []


def test_users_and_groups_are_searched_apart(directory):
    assert names(directory, "durand", objects.ObjectType.GROUP) == ["Durand's group"]


def test_pages_follow_each_other_without_gap_or_repetition(directory):
    query = searching.DirectoryQuery(object_type=objects.ObjectType.USER, text="somebody")
    seen, place = [], None
    with directory.read() as unit:
        while True:
            page, place = unit.search.page(query, after=place, limit=3)
            seen += [item.display_name for item in page]
            if place is None:
                break
    assert seen == [f"Somebody {number}" for number in range(10, 20)]


def test_deleted_people_are_found_where_they_are_asked_for(directory):
    with directory.write() as unit:
        [zoe], _ = unit.search.page(searching.DirectoryQuery(object_type=objects.ObjectType.USER, text="zoe"))
        unit.directory.set_lifecycle([zoe.id], objects.Lifecycle.SOFT_DELETED, NOW)
    assert names(directory, "zoe") == ["Zoë Durand"]
    assert names(directory, "zoe", lifecycle=objects.Lifecycle.ACTIVE) == []
    assert names(directory, "", lifecycle=objects.Lifecycle.SOFT_DELETED) == ["Zoë Durand"]
    assert names(directory, "ada", source="elsewhere") == []
