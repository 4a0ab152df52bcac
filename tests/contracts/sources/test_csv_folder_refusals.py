"""Every way in which a folder of CSV files is refused whole, with the file and the physical line."""

from pathlib import Path

import pytest

from provisor.core import errors
from provisor.ports.source import Completeness
from provisor.sources.csv_folder import CsvFolder

USERS = b"id,userPrincipalName,accountEnabled\n1,ann@x.example,true\n2,bob@x.example,false\n"
GROUPS = b"id,displayName\ng1,Sales\ng2,Paris\n"


def refused(folder: Path, files: dict[str, bytes], completeness: Completeness = Completeness.COMPLETE) -> str:
    for name, content in {"users.csv": USERS, **files}.items():
        (folder / name).write_bytes(content)
    with pytest.raises(errors.InvalidInputError) as caught:
        next(CsvFolder(name="files", folder=folder, completeness=completeness).read())
    return str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\r\n"])
@pytest.mark.parametrize("completeness", Completeness)
def test_an_empty_file_is_refused(tmp_path, content, completeness):
    assert refused(tmp_path, {"users.csv": content}, completeness).startswith(
        "users.csv: the file is empty. "
    )


def test_a_header_without_the_required_column_is_refused_with_the_columns_it_has(tmp_path):
    message = refused(tmp_path, {"users.csv": b"id,mail\n1,ann@x.example\n"})
    assert message.startswith(
        "users.csv, line 1: the header has no column userPrincipalName; its columns are id, mail. "
    )


def test_a_column_without_a_name_is_refused(tmp_path):
    message = refused(tmp_path, {"users.csv": b"userPrincipalName,,mail\na,b,c\n"})
    assert message.startswith("users.csv, line 1: column 2 has no name. ")


@pytest.mark.parametrize(
    ("first", "second", "attribute"),
    [
        ("mail", "MAIL", "mail"),
        ("mobile", "mobilePhone", "mobile"),
        ("Floor", "extension_Floor", "extension_Floor"),
    ],
)
def test_two_columns_for_one_attribute_are_refused(tmp_path, first, second, attribute):
    message = refused(tmp_path, {"users.csv": f"userPrincipalName,{first},{second}\na,b,c\n".encode()})
    assert message.startswith(
        f"users.csv, line 1: columns 2 ({first}) and 3 ({second}) are both {attribute}. "
    )


def test_a_row_with_too_few_cells_is_refused(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,eve@x.example\n"})
    assert message.startswith("users.csv, line 4: this row has 2 cells where the header has 3. ")


def test_a_row_with_too_many_cells_is_refused(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,eve@x.example,true,Smith\n"})
    assert message.startswith("users.csv, line 4: this row has 4 cells where the header has 3. ")


def test_a_line_number_counts_the_line_breaks_inside_values(tmp_path):
    message = refused(tmp_path, {"users.csv": b'userPrincipalName,city\nann,"a\nb\nc"\n\nbob\n'})
    assert message.startswith("users.csv, line 6: this row has 1 cells where the header has 2. ")


def test_a_quotation_mark_that_is_never_closed_is_refused_where_its_row_begins(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b'3,"eve@x.example,true\n4,joe@x.example,true\n'})
    assert message.startswith(
        "users.csv, line 4: the row that begins here opens a quotation mark that is never closed. "
    )


def test_a_quotation_mark_that_closes_in_another_row_is_refused_where_the_first_row_begins(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b'3,"eve,true\n4,"joe",true\n'})
    assert message.startswith("users.csv, line 4: the row that begins here is not well-formed CSV (line 5: ")


def test_bytes_that_are_not_utf_8_are_refused_with_line_and_byte(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + "3,Zoé@x.example,true\n".encode("cp1252")})
    assert message.startswith("users.csv, line 4: byte 5 of the line (0xE9) is not UTF-8. ")
    assert "CSV UTF-8" in message


def test_a_nul_byte_is_refused_with_line_and_byte(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,e\0e,true\n"})
    assert message.startswith("users.csv, line 4: byte 4 of the line is NUL")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04\x14\0\x06\0", "Excel workbook (.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook of the old kind"),
        ("\ufeffuserPrincipalName\n".encode("utf-16-le"), "UTF-16"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><body>Sign in</body></html>\n", "HTML"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_the_kind_it_is(tmp_path, content, kind):
    message = refused(tmp_path, {"users.csv": content})
    assert message.startswith("users.csv, line 1: this is not a CSV file but ")
    assert kind in message


def test_two_rows_with_one_anchor_are_refused_with_both_lines(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"1,eve@x.example,true\n"})
    assert message.startswith("users.csv, line 4: anchor '1' is already that of line 2. ")


def test_a_name_that_serves_as_anchor_may_not_be_the_id_of_another_row(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"eve,ben@x.example,\n,eve,\n"})
    assert message.startswith("users.csv, line 5: anchor 'eve' is already that of line 4. ")


def test_two_names_that_differ_only_in_case_are_refused_with_both_lines(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,BOB@X.example,true\n"})
    assert message.startswith("users.csv, line 4: userPrincipalName 'BOB@X.example' is already in line 3 ")


def test_a_row_without_user_principal_name_is_refused(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,,true\n"})
    assert message.startswith("users.csv, line 4: userPrincipalName is empty. ")


@pytest.mark.parametrize("name", [b" eve@x.example", b"eve@x.example ", b"   "])
def test_blanks_around_what_names_a_user_are_refused(tmp_path, name):
    message = refused(tmp_path, {"users.csv": USERS + b"3," + name + b",true\n"})
    assert message.startswith("users.csv, line 4: userPrincipalName ")
    assert "begins or ends with blanks" in message


@pytest.mark.parametrize("word", ["yes", "1", "vrai"])
def test_a_boolean_that_is_neither_true_nor_false_is_refused(tmp_path, word):
    message = refused(tmp_path, {"users.csv": USERS + f"3,eve@x.example,{word}\n".encode()})
    assert message.startswith(f"users.csv, line 4: accountEnabled is {word!r}. ")


def test_a_full_read_refuses_a_last_line_without_line_break_as_cut_short(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,eve@x.example,true"})
    assert message.startswith(
        "users.csv, line 4: the last line has no line break, so the file may have been cut short"
    )
    assert "add a line break at its end or import it as a partial read" in message


def test_a_full_read_refuses_groups_and_memberships_that_were_cut_short(tmp_path):
    assert "groups.csv, line 3: the last line" in refused(tmp_path, {"groups.csv": GROUPS[:-1]})
    files = {"groups.csv": GROUPS, "memberships.csv": b"group,member\ng1,1"}
    assert "memberships.csv, line 2: the last line" in refused(tmp_path, files)


def test_a_partial_read_refuses_a_last_line_whose_cells_are_missing(tmp_path):
    message = refused(tmp_path, {"users.csv": USERS + b"3,eve@x.exa"}, Completeness.PARTIAL)
    assert message.startswith("users.csv, line 4: this row has 2 cells where the header has 3. ")


@pytest.mark.parametrize(
    ("file", "content", "consequence"),
    [
        ("users.csv", b"userPrincipalName\n", "an empty users.csv would remove everybody"),
        ("groups.csv", b"displayName\n", "an empty groups.csv would remove every group"),
        (
            "memberships.csv",
            b"group,member\n",
            "an empty memberships.csv would take everybody out of every group",
        ),
    ],
)
def test_a_full_read_refuses_a_header_without_rows_and_says_what_it_would_do(
    tmp_path, file, content, consequence
):
    message = refused(tmp_path, {"groups.csv": GROUPS, file: content})
    assert message.startswith(f"{file}, line 1: there is a header and no row: {consequence}. ")


def test_two_groups_with_one_anchor_are_refused_with_both_lines(tmp_path):
    message = refused(tmp_path, {"groups.csv": b"displayName\nSales\nParis\nSales\n"})
    assert message.startswith("groups.csv, line 4: anchor 'Sales' is already that of line 2. ")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("g9,1", "there is no group 'g9' in groups.csv"),
        ("g1,9", "member '9' is neither in users.csv nor in groups.csv"),
        ("g1,g1", "group 'g1' would be a member of itself"),
        ("g1,", "member is empty"),
        (",1", "group is empty"),
    ],
)
@pytest.mark.parametrize("completeness", Completeness)
def test_a_membership_that_leads_nowhere_is_refused(tmp_path, row, problem, completeness):
    files = {"groups.csv": GROUPS, "memberships.csv": f"group,member\ng2,1\n{row}\n".encode()}
    assert refused(tmp_path, files, completeness).startswith(f"memberships.csv, line 3: {problem}. ")


def test_a_member_that_could_be_a_user_or_a_group_is_refused_with_both_lines(tmp_path):
    files = {"groups.csv": GROUPS + b"2,Lyon\n", "memberships.csv": b"group,member\ng1,2\n"}
    assert refused(tmp_path, files).startswith(
        "memberships.csv, line 2: member '2' is both the user of line 3 in users.csv "
        "and the group of line 4 in groups.csv. "
    )


def test_memberships_without_groups_are_refused(tmp_path):
    message = refused(tmp_path, {"memberships.csv": b"group,member\ng1,1\n"})
    assert message.startswith("memberships.csv, line 2: there is no group 'g1' in groups.csv. ")


def test_a_folder_without_users_is_refused_with_what_it_contains(tmp_path):
    (tmp_path / "Users.txt").write_bytes(USERS)
    with pytest.raises(errors.InvalidInputError, match=r"has no users\.csv; it contains Users\.txt\."):
        next(CsvFolder(name="files", folder=tmp_path, completeness=Completeness.COMPLETE).read())


@pytest.mark.parametrize("name", ["users.csv", "nowhere"])
def test_a_path_that_is_no_folder_is_refused(tmp_path, name):
    (tmp_path / "users.csv").write_bytes(USERS)
    folder = CsvFolder(name="files", folder=tmp_path / name, completeness=Completeness.COMPLETE)
    with pytest.raises(errors.InvalidInputError, match="is not a folder that can be read"):
        next(folder.read())


def test_a_file_that_vanished_meanwhile_is_refused(tmp_path):
    (tmp_path / "users.csv").write_bytes(USERS)
    folder = CsvFolder(name="files", folder=tmp_path, completeness=Completeness.COMPLETE)
    (tmp_path / "users.csv").unlink()
    with pytest.raises(errors.InvalidInputError, match=r"users\.csv cannot be opened: No such file"):
        next(folder.read())


def test_a_file_that_changes_between_validation_and_delivery_is_refused(tmp_path):
    users = tmp_path / "users.csv"
    users.write_bytes(USERS)
    (tmp_path / "groups.csv").write_bytes(GROUPS)
    pages = CsvFolder(name="files", folder=tmp_path, completeness=Completeness.COMPLETE).read()
    assert next(pages).objects
    (tmp_path / "groups.csv").write_bytes(GROUPS.replace(b"Paris", b"Nantes"))
    with pytest.raises(
        errors.InvalidInputError, match=r"groups\.csv: the file changed while it was being read"
    ):
        list(pages)
