import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisor.core.objects import ImportedMembership, ImportedObject, ObjectType
from provisor.demo import company
from provisor.ports.source import Completeness
from provisor.sources.csv_folder import CsvFolder

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
USERS = b"userPrincipalName\nann@x.example\nbob@x.example\n"


def csv_folder(folder: Path, completeness: Completeness = Completeness.COMPLETE, **files: bytes) -> CsvFolder:
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content)
    return CsvFolder(name="files", folder=folder, completeness=completeness)


def objects(source: CsvFolder) -> list[ImportedObject]:
    return [each for page in source.read() for each in page.objects]


def memberships(source: CsvFolder) -> list[ImportedMembership]:
    return [each for page in source.read() for each in page.memberships]


def only(source: CsvFolder) -> ImportedObject:
    (found,) = objects(source)
    return found


def test_a_user_has_the_attributes_of_the_row(tmp_path):
    users = (
        "\ufeffID;UserPrincipalName;MANAGER;AccountEnabled;mobilePhone;surname;extensionattribute3;Floor;"
        "Extension_badge;proxyAddresses;state\r\n"
        "7;zoé@x.example;12;FALSE;+33639980001;O'Brien;blue;3;B-4;SMTP:z@x.example|smtp:zz@x.example;\r\n"
    )
    assert only(csv_folder(tmp_path, users=users.encode())) == ImportedObject(
        object_type=ObjectType.USER,
        anchor="7",
        account_enabled=False,
        manager="12",
        attributes={
            "objectId": "7",
            "userPrincipalName": "zoé@x.example",
            "mobile": "+33639980001",
            "surname": "O'Brien",
            "extensionAttribute3": "blue",
            "extension_Floor": "3",
            "extension_badge": "B-4",
            "proxyAddresses": ("SMTP:z@x.example", "smtp:zz@x.example"),
        },
    )


def test_proxy_addresses_are_divided_by_semicolons_in_a_file_with_commas(tmp_path):
    users = b"userPrincipalName,proxyAddresses\nann,SMTP:a@x.example; smtp:b|c@x.example;\n"
    assert only(csv_folder(tmp_path, users=users)).attributes["proxyAddresses"] == (
        "SMTP:a@x.example",
        "smtp:b|c@x.example",
    )


def test_a_user_without_id_is_anchored_by_user_principal_name_and_is_enabled(tmp_path):
    found = only(csv_folder(tmp_path, users=b"id,userPrincipalName,accountEnabled\n,Ann@x.example,\n"))
    assert (found.anchor, found.account_enabled, found.attributes) == (
        "Ann@x.example",
        True,
        {"userPrincipalName": "Ann@x.example"},
    )


def test_a_group_is_anchored_by_id_else_by_display_name(tmp_path):
    groups = b"displayName,objectId,description,securityEnabled\nSales,g1,People who sell,TRUE\nParis,,,\n"
    found = objects(csv_folder(tmp_path, users=USERS, groups=groups))
    assert found[2:] == [
        ImportedObject(
            object_type=ObjectType.GROUP,
            anchor="g1",
            attributes={
                "displayName": "Sales",
                "objectId": "g1",
                "description": "People who sell",
                "securityEnabled": True,
            },
        ),
        ImportedObject(object_type=ObjectType.GROUP, anchor="Paris", attributes={"displayName": "Paris"}),
    ]


def test_members_are_users_or_groups(tmp_path):
    source = csv_folder(
        tmp_path,
        users=USERS,
        groups=b"displayName\nSales\nParis\n",
        memberships=b"group,note,member\nSales,first,bob@x.example\nSales,second,Paris\n",
    )
    assert memberships(source) == [
        ImportedMembership(group="Sales", member="bob@x.example", member_type=ObjectType.USER),
        ImportedMembership(group="Sales", member="Paris", member_type=ObjectType.GROUP),
    ]


def test_groups_may_contain_one_another(tmp_path):
    source = csv_folder(
        tmp_path,
        users=USERS,
        groups=b"displayName\nSales\nParis\n",
        memberships=b"group,member\nSales,Paris\nParis,Sales\n",
    )
    assert [(each.group, each.member) for each in memberships(source)] == [
        ("Sales", "Paris"),
        ("Paris", "Sales"),
    ]


def test_a_partial_read_accepts_a_last_line_without_line_break(tmp_path):
    source = csv_folder(tmp_path, Completeness.PARTIAL, users=USERS[:-1])
    assert [each.anchor for each in objects(source)] == ["ann@x.example", "bob@x.example"]


def test_a_partial_read_of_a_header_without_rows_brings_nothing(tmp_path):
    source = csv_folder(tmp_path, Completeness.PARTIAL, users=b"userPrincipalName\n", groups=b"displayName\n")
    assert list(source.read()) == []


def test_a_full_read_is_complete_for_the_files_that_are_there_and_no_others(tmp_path):
    alone = csv_folder(tmp_path, users=USERS)
    assert alone.objects_read(ObjectType.USER) is Completeness.COMPLETE
    assert alone.objects_read(ObjectType.GROUP) is Completeness.PARTIAL
    assert alone.memberships_read is Completeness.PARTIAL

    whole = csv_folder(
        tmp_path, groups=b"displayName\nSales\n", memberships=b"group,member\nSales,ann@x.example\n"
    )
    assert whole.objects_read(ObjectType.GROUP) is Completeness.COMPLETE
    assert whole.memberships_read is Completeness.COMPLETE


def test_a_file_that_appears_after_the_source_was_made_is_not_part_of_it(tmp_path):
    source = csv_folder(tmp_path, users=USERS)
    csv_folder(tmp_path, groups=b"displayName\nSales\n")
    assert source.objects_read(ObjectType.GROUP) is Completeness.PARTIAL
    assert [each.object_type for each in objects(source)] == [ObjectType.USER, ObjectType.USER]


def test_a_partial_read_is_never_complete(tmp_path):
    source = csv_folder(
        tmp_path,
        Completeness.PARTIAL,
        users=USERS,
        groups=b"displayName\nSales\n",
        memberships=b"group,member\nSales,ann@x.example\n",
    )
    assert {source.objects_read(each) for each in ObjectType} == {Completeness.PARTIAL}
    assert source.memberships_read is Completeness.PARTIAL


def test_the_demo_company_is_read_as_it_was_written(tmp_path):
    made = company.with_cycle(company.generate(people=300, groups=60, seed=3))
    made.write(tmp_path)
    source = csv_folder(tmp_path)

    found = objects(source)
    assert [each.anchor for each in found] == [each.id for each in (*made.people, *made.groups)]
    for person, read in zip(made.people, found, strict=False):
        assert read.account_enabled is person.account_enabled
        assert (read.manager or "") == person.manager
        assert read.attributes.get("mail", "") == person.mail
        assert read.attributes.get("proxyAddresses", ()) == person.proxy_addresses
        assert read.attributes["extension_costCenter"] == person.cost_center
    assert [(each.group, each.member) for each in memberships(source)] == [
        (each.group, each.member) for each in made.memberships
    ]


@settings(max_examples=50)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4))
def test_any_text_a_person_can_have_is_written_and_read_back(texts):
    made = company.generate(people=len(texts), groups=1, seed=5)
    people = tuple(
        replace(person, display_name=name, job_title=title, cost_center=center)
        for person, (name, title, center) in zip(made.people, texts, strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        replace(made, people=people).write(Path(folder))
        found = objects(csv_folder(Path(folder)))[: len(texts)]
    names = ("displayName", "jobTitle", "extension_costCenter")
    assert [tuple(each.attributes.get(name, "") for name in names) for each in found] == texts


@pytest.mark.parametrize("people", [499, 500, 501, 1001])
def test_nobody_is_lost_where_a_page_ends(tmp_path, people):
    users = "userPrincipalName\n" + "".join(f"user{number}\n" for number in range(people))
    assert len({each.anchor for each in objects(csv_folder(tmp_path, users=users.encode()))}) == people


def test_a_company_without_groups_leaves_no_older_groups_in_the_folder(tmp_path):
    company.generate(people=4, groups=2, seed=1).write(tmp_path)
    company.generate(people=4, groups=0, seed=1).write(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["users.csv"]
    source = csv_folder(tmp_path)
    assert source.name == "files"
    assert len(objects(source)) == 4
