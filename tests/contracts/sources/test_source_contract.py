"""What every source owes the import, whatever it reads from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from provisor.core import errors
from provisor.demo import company
from provisor.ports.source import Completeness, Source
from provisor.sources.csv_folder import CsvFolder

Make = Callable[[Path], Source]


def _usable_csv_folder(folder: Path) -> Source:
    company.generate(people=1200, groups=40, seed=9).write(folder)
    return CsvFolder(name="files", folder=folder, completeness=Completeness.COMPLETE)


def _unusable_csv_folder(folder: Path) -> Source:
    _usable_csv_folder(folder)
    with (folder / "memberships.csv").open("a", encoding="utf-8") as memberships:
        memberships.write("nothing,nobody\n")
    return CsvFolder(name="files", folder=folder, completeness=Completeness.COMPLETE)


usable = pytest.mark.parametrize("make", [pytest.param(_usable_csv_folder, id="csv folder")])
unusable = pytest.mark.parametrize("make", [pytest.param(_unusable_csv_folder, id="csv folder")])


@usable
def test_every_object_is_delivered_once(make: Make, tmp_path):
    found = [(each.object_type, each.anchor) for page in make(tmp_path).read() for each in page.objects]
    assert len(found) == 1240
    assert len(set(found)) == len(found)


@usable
def test_objects_come_before_the_memberships_that_name_them(make: Make, tmp_path):
    known = set()
    for page in make(tmp_path).read():
        known |= {each.anchor for each in page.objects}
        assert all({each.group, each.member} <= known for each in page.memberships)


@usable
def test_reading_again_delivers_the_same(make: Make, tmp_path):
    source = make(tmp_path)
    assert list(source.read()) == list(source.read())


@usable
def test_no_attribute_is_an_empty_text(make: Make, tmp_path):
    for page in make(tmp_path).read():
        assert all(value not in ("", ()) for each in page.objects for value in each.attributes.values())


@usable
def test_a_reader_may_stop_early(make: Make, tmp_path):
    pages = make(tmp_path).read()
    assert next(pages).objects
    pages.close()


@unusable
def test_an_unusable_source_says_so_before_its_first_page(make: Make, tmp_path):
    with pytest.raises(errors.InvalidInputError, match="Nothing was imported"):
        next(make(tmp_path).read())
