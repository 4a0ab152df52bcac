import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.core import errors
from provisor.ports.source import Completeness
from provisor.sources.csv_rows import LONGEST_LINE, CsvRows

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


def reading(content: bytes, completeness: Completeness = Completeness.COMPLETE) -> CsvRows:
    return CsvRows(io.BytesIO(content), file="users.csv", completeness=completeness)


def rows(content: bytes, completeness: Completeness = Completeness.COMPLETE) -> list[tuple[int, list[str]]]:
    return [(row.line, row.cells) for row in reading(content, completeness).rows()]


@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=5), st.sampled_from(",;"), st.sampled_from(["", "\ufeff"])
)
def test_any_text_that_was_written_is_read_back(table, delimiter, mark):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([("first", "second", "third"), *table])
    content = (mark + written.getvalue()).encode()

    assert [tuple(cells) for _, cells in rows(content)] == table


@given(st.binary(max_size=200), st.sampled_from(Completeness))
def test_any_bytes_are_read_or_refused_and_nothing_else(content, completeness):
    with contextlib.suppress(errors.InvalidInputError):
        read = reading(content, completeness)
        width = len(read.header.cells)
        assert all(len(row.cells) == width for row in read.rows())


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
def test_rows_carry_the_physical_line_they_begin_on(line_break):
    content = line_break.join([b"a,b", b'"one', b'more",2', b"", b"3,4", b""])

    assert [line for line, _ in rows(content)] == [2, 5]


def test_line_breaks_inside_quotation_marks_are_kept():
    assert rows(b'a,b\n"one\r\ntwo","""three""\n"\n') == [(2, ["one\r\ntwo", '"three"\n'])]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [("a,b", ","), ("a;b", ";"), ('"a,x,y";b', ";"), ('"a;x;y",b', ","), ("a", ","), ("a;b;c,d", ";")],
)
def test_the_delimiter_is_that_of_the_header_line_outside_quotation_marks(header, delimiter):
    assert reading(f"{header}\n".encode()).delimiter == delimiter


def test_two_readings_of_the_same_bytes_have_the_same_digest_and_other_bytes_another():
    def digest(content: bytes) -> bytes:
        read = reading(content)
        assert list(read.rows())
        return read.digest

    assert digest(b"a,b\n1,2\n") == digest(b"a,b\n1,2\n") != digest(b"a,b\n1,3\n")


def test_a_line_without_end_is_refused_before_it_fills_the_memory():
    with pytest.raises(errors.InvalidInputError, match=r"users\.csv, line 2: the line is longer than"):
        rows(b"a,b\n" + b"x" * (LONGEST_LINE + 1) + b"\n")


def test_a_value_longer_than_any_attribute_is_refused():
    with pytest.raises(errors.InvalidInputError, match=r"users\.csv, line 2: .* field larger than"):
        rows(b"a,b\n" + b"x" * 200_000 + b",2\n")
