"""What two configurations have different, as the audit log tells it."""

from provisor.core import audit

MAIL = {"targetAttributeName": "emails", "source": "[mail]"}
NAME = {"targetAttributeName": "displayName", "source": "[displayName]"}
TITLE = {"targetAttributeName": "title", "source": "[jobTitle]"}


def test_only_what_changed_is_told_by_its_path():
    before = {"guard": {"percent": 10.0, "floor": 4}, "scope": "assigned"}
    after = {"guard": {"percent": 5.0, "floor": 4}, "scope": "assigned"}
    assert audit.differences(before, after) == ({"guard.percent": 10.0}, {"guard.percent": 5.0})


def test_a_mapping_that_was_added_first_leaves_the_others_unchanged():
    before, after = audit.differences({"mappings": [MAIL, NAME]}, {"mappings": [TITLE, MAIL, NAME]})
    assert before == {}
    assert after == {
        "mappings[title].targetAttributeName": "title",
        "mappings[title].source": "[jobTitle]",
    }


def test_a_mapping_that_was_removed_is_told_as_it_was():
    before, after = audit.differences({"mappings": [MAIL, NAME]}, {"mappings": [NAME]})
    assert before == {"mappings[emails].targetAttributeName": "emails", "mappings[emails].source": "[mail]"}
    assert after == {}


def test_an_array_without_names_is_told_whole():
    assert audit.differences({"days": [1, 2]}, {"days": [2, 3]}) == ({"days": [1, 2]}, {"days": [2, 3]})


def test_null_is_told_from_absent():
    assert audit.differences({"url": None}, {}) == ({"url": None}, {})
    assert audit.differences({"url": None}, {"url": None}) == ({}, {})
