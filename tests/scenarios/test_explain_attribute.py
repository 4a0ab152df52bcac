"""Where the value of an attribute comes from, and when it was last written."""

import pytest

from provisor.core import errors
from provisor.engine import explaining


def explained(company, name, attribute):
    with company.store.read() as unit:
        subject = unit.directory.get(company.object_id(name))
    return explaining.attribute(company.services, company.application, subject, attribute)


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {"jobTitle": "Clerk"}, "bob": {}}
    company.import_directory()
    company.add_application()
    return company


async def test_an_attribute_is_explained_from_its_mapping_to_the_last_time_it_was_written(ready):
    await ready.run()
    ready.directory.users["ada"]["jobTitle"] = "Director"
    ready.import_directory()
    await ready.run()
    ready.directory.users["ada"]["jobTitle"] = "Chair"
    ready.import_directory()

    [told] = explained(ready, "ada", "Title")

    assert (told.target, told.expression) == ("title", "[jobTitle]")
    assert told.inputs == {"jobTitle": "Chair"}
    assert told.value == "Chair"
    assert told.written is not None
    assert (told.written.old, told.written.new) == ("Clerk", "Director")
    assert told.written.reason == "the account differs from what the directory says"


async def test_an_attribute_may_be_named_as_in_the_directory(ready):
    assert [item.target for item in explained(ready, "ada", "jobTitle")] == ["title"]
    assert {item.target for item in explained(ready, "ada", "surname")} >= {"name.familyName"}


async def test_an_attribute_without_a_value_says_why(ready):
    [told] = explained(ready, "bob", "title")
    assert told.value is None
    assert told.problem is not None
    assert "gives nothing" in told.problem
    assert told.written is None


async def test_an_unknown_attribute_is_refused_with_those_there_are(ready):
    with pytest.raises(errors.NotFoundError, match=r"shoeSize.*userName"):
        explained(ready, "ada", "shoeSize")
