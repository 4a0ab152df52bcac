"""Filters as clients write them, in the grammar; what says nothing clear stays as it is, to be refused."""

import pytest

from provisor.ringcentral.profiles import FULL
from provisor.ringcentral.protocol import filter_dialects, vocabulary
from provisor.ringcentral.protocol.tolerances import LENIENT, STRICT

SCHEMAS = {str(schema.id): schema for schema in FULL.provider.schemas}
USER = vocabulary.of(
    [
        SCHEMAS["urn:ietf:params:scim:schemas:core:2.0:User"],
        SCHEMAS["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
    ]
)
GROUP = vocabulary.of([SCHEMAS["urn:ietf:params:scim:schemas:core:2.0:Group"]])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("externalId eq jyoung", 'externalId eq "jyoung"'),
        ("(userName eq a.b@c.example)", '(userName eq "a.b@c.example")'),
        ("userName Eq ada and active eq true", 'userName Eq "ada" and active eq true'),
        ("externalId eq 12", 'externalId eq "12"'),
        ("emails.primary eq True", "emails.primary eq True"),
        ("emails[type eq work].value co corp", 'emails[type eq "work"].value co "corp"'),
        ("emails[type eq work and primary eq true]", 'emails[type eq "work" and primary eq true]'),
        ("title eq DOMAIN\\ada", 'title eq "DOMAIN\\\\ada"'),
        (
            "urn:scim:schemas:extension:enterprise:1.0:department eq Labs",
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Labs"',
        ),
        ("urn:scim:schemas:core:1.0:userName eq ada", 'userName eq "ada"'),
    ],
)
def test_a_filter_is_read_as_it_is_meant(written, meant):
    assert filter_dialects.understood(written, USER, LENIENT) == meant


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "ada"',
        'title eq "externalId eq jyoung"',
        'title eq "a \\" eq b"',
        'title eq "urn:scim:schemas:core:1.0:userName"',
        "userName eq 'ada'",
        "active eq yes",
        "userName eq and active eq true",
        "userName eq",
        "userName pr",
        'userName eq "unfinished',
        "userName eq (ada)",
        "eq eq eq",
        "x" * 5000,
        "",
    ],
)
def test_what_is_in_the_grammar_or_says_nothing_clear_is_left_alone(text):
    assert filter_dialects.understood(text, USER, LENIENT) == text


def test_nothing_is_rewritten_where_nothing_is_tolerated():
    written = "urn:scim:schemas:core:1.0:externalId eq jyoung"

    assert filter_dialects.understood(written, USER, STRICT) == written


def test_a_filter_that_is_no_text_is_left_to_be_refused():
    assert filter_dialects.understood(["x"], USER, LENIENT) == ["x"]


def test_the_path_of_a_member_is_read_as_it_is_meant():
    assert (
        filter_dialects.path("members[value eq 2819c223]", GROUP, LENIENT) == 'members[value eq "2819c223"]'
    )
    assert filter_dialects.path("members", GROUP, LENIENT) == "members"
