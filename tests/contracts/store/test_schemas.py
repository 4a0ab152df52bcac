"""Versions of schemas and drafts, as every store keeps them."""

import pytest

from provisor import bootstrap, gallery
from provisor.core.audit import Actor
from provisor.core.schema_versions import SchemaDraft, digest
from provisor.engine import applications
from provisor.settings import Settings

ADA, BO = Actor("ada"), Actor("bo")


@pytest.fixture
def services(database_url, key_file):
    with bootstrap.services(Settings(database_url=database_url, key_file=key_file)) as services:
        yield services


def add(services, name="Scim"):
    return applications.add(
        services.store, gallery.template("scim"), name, clock=services.clock, new_id=services.new_id, by=ADA
    )


def numbers(services, application):
    with services.store.read() as unit:
        return [mark.number for mark in unit.schemas(application.id).versions()]


def switched(document, on):
    rule = document["synchronizationRules"][0]
    mapping = {**rule["objectMappings"][0], "enabled": on}
    return {
        **document,
        "synchronizationRules": [{**rule, "objectMappings": [mapping, *rule["objectMappings"][1:]]}],
    }


def test_every_schema_that_is_saved_is_kept_with_who_saved_it(services):
    made = add(services)
    first = gallery.template("scim").schema
    applications.save_schema(services.store, made, switched(first, False), by=BO)
    with services.store.read() as unit:
        schemas = unit.schemas(made.id)
        assert [(mark.number, mark.by) for mark in schemas.versions()] == [(2, BO), (1, ADA)]
        assert all(mark.saved is not None for mark in schemas.versions())
        assert schemas.version(1).document == first
        assert schemas.version(2).document == switched(first, False)
        assert schemas.version(3) is None


def test_a_second_save_by_who_holds_an_old_copy_of_the_application_is_a_version_of_its_own(services):
    made = add(services)
    first = gallery.template("scim").schema
    for on in (False, True):
        applications.save_schema(services.store, made, switched(first, on), by=BO)
    assert numbers(services, made) == [3, 2, 1]
    with services.store.read() as unit:
        assert applications.find(unit, made.id).schema_version == 3


def test_a_schema_from_before_versions_were_kept_is_kept_when_another_takes_its_place(services):
    made = add(services)
    with services.store.write() as unit:
        unit.schemas(made.id).record(7, {"old": True}, None, keep=0)
    assert numbers(services, made) == []
    applications.save_schema(services.store, made, switched(gallery.template("scim").schema, False), by=BO)
    with services.store.read() as unit:
        unknown = unit.schemas(made.id).versions()[-1]
    assert (unknown.number, unknown.saved, unknown.by) == (1, None, None)


def test_only_the_latest_are_kept(services):
    made = add(services)
    with services.store.write() as unit:
        for number in range(2, 8):
            unit.schemas(made.id).record(number, {"number": number}, ADA, keep=3)
    assert numbers(services, made) == [7, 6, 5]


def test_a_draft_is_its_authors_and_of_one_application(services):
    made, other = add(services), add(services, "Other")
    draft = SchemaDraft(author=ADA, base=digest({}), document={"a": 1})
    with services.store.write() as unit:
        schemas = unit.schemas(made.id)
        schemas.keep_draft(SchemaDraft(author=ADA, base="old", document={}))
        schemas.keep_draft(draft)
        schemas.keep_draft(SchemaDraft(author=BO, base="bo's", document={}))
    with services.store.read() as unit:
        assert unit.schemas(made.id).draft(ADA) == draft
        assert unit.schemas(other.id).draft(ADA) is None
    with services.store.write() as unit:
        unit.schemas(made.id).drop_draft(ADA)
        assert unit.schemas(made.id).draft(ADA) is None
        assert unit.schemas(made.id).draft(BO) is not None


def test_what_is_kept_of_an_application_goes_with_it(services):
    made = add(services)
    with services.store.write() as unit:
        unit.schemas(made.id).keep_draft(SchemaDraft(author=ADA, base="", document={}))
    applications.remove(services.store, made)
    assert numbers(services, made) == []
    with services.store.read() as unit:
        assert unit.schemas(made.id).draft(ADA) is None
