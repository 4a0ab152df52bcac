"""Members changed without reading the group: the same group, and the same rows to find it by, as in the general way."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_models import GroupMember, InvalidValueException
from sqlalchemy import select

from provisor.ringcentral.profiles import FULL
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.group_members import MemberChange
from provisor.ringcentral.storage.sql_storage import SqlStorage
from support import postgres

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
PEOPLE = 6


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def storage(request, tmp_path_factory):
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path_factory.mktemp('members')}/provider.db")
        return
    with postgres.fresh_database_url() as url:
        yield from opened(url)


def opened(url):
    database = Database(url)
    database.create_tables()
    made = SqlStorage(database, FULL.provider, clock=lambda: NOW, rules=FULL.rules(None, lambda: NOW))
    made.database = database
    made.user_type, made.group_type = FULL.provider.resource_types
    with FULL.provider:
        user = FULL.provider.model_for(made.user_type)
        made.people = [
            made.create(made.user_type, user(user_name=f"p{number}@example.com")).id
            for number in range(PEOPLE)
        ]
    yield made
    database.close()


def group_of(storage, numbers):
    model = FULL.provider.model_for(storage.group_type)
    members = [GroupMember(value=storage.people[number], ref=None, type=None) for number in numbers]
    with FULL.provider:
        return storage.create(storage.group_type, model(display_name="A group", members=members or None)).id


def read(storage, group_id):
    with FULL.provider:
        return storage.get(storage.group_type, group_id)


def found_by(storage, group_id):
    """The rows the group is found by, without the numbers of its elements."""
    values, resources = tables.attribute_values, tables.resources
    query = (
        select(values.c.path, values.c.key, values.c.number, values.c.leading, values.c.element)
        .join(resources, resources.c.sequence == values.c.resource)
        .where(resources.c.id == group_id, values.c.path != "id")
    )
    with storage.database.transaction(Access.READ) as connection:
        rows = connection.execute(query).all()
    elements = {}
    for path, key, number, leading, element in rows:
        head = path.partition(".")[0]
        elements.setdefault((head, element), set()).add((path, key, number, head != "members" and leading))
    leading = {(row.path, row.element) for row in rows if row.leading and row.path == "members.value"}
    return sorted(map(sorted, map(list, elements.values())), key=str), len(leading)


def member(storage, number):
    return GroupMember(value=storage.people[number], ref=None, type=None)


numbers = st.lists(st.integers(0, PEOPLE - 1), max_size=4, unique=True)
changes = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=numbers, steps=changes)
def test_a_group_becomes_what_it_becomes_in_the_general_way(storage, before, steps):
    quick, general = group_of(storage, before), group_of(storage, before)
    with FULL.provider:
        storage.change_members(
            storage.group_type,
            quick,
            [
                MemberChange(
                    added=[member(storage, number) for number in added],
                    removed=frozenset(storage.people[number] for number in removed),
                )
                for added, removed in steps
            ],
            lambda _group: None,
        )
        held = list(before)
        for added, removed in steps:
            held += [number for number in added if number not in held]
            held = [number for number in held if number not in removed]
        if set(held) != set(before):
            wanted = read(storage, general)
            wanted.members = [member(storage, number) for number in held] or None
            storage.update(storage.group_type, wanted)
    one, other = read(storage, quick), read(storage, general)
    assert {(each.value, each.type) for each in one.members or ()} == {
        (each.value, each.type) for each in other.members or ()
    }
    assert one.meta.version == other.meta.version
    assert found_by(storage, quick) == found_by(storage, general)


def test_who_is_nobody_becomes_no_member_and_nothing_is_changed(storage):
    group = group_of(storage, [0])
    nobody = MemberChange(added=[member(storage, 1), GroupMember(value="nobody", ref=None, type=None)])
    with FULL.provider, pytest.raises(InvalidValueException):
        storage.change_members(storage.group_type, group, [nobody], lambda _group: None)
    assert [each.value for each in read(storage, group).members] == [storage.people[0]]


def test_a_refused_condition_changes_nothing(storage):
    group = group_of(storage, [])

    def refuse(_group):
        raise ZeroDivisionError

    with FULL.provider, pytest.raises(ZeroDivisionError):
        storage.change_members(storage.group_type, group, [MemberChange(added=[member(storage, 1)])], refuse)
    assert read(storage, group).members is None
