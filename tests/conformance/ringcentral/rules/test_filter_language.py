"""RFC 7644 section 3.4.2.2: how a filter is written. Each test is named after its rule in docs/scim-conformance.md."""

import json

import pytest

from support.scim_http import ENTERPRISE, unused

NASTY = [
    'quo"te',
    "back\\slash",
    "é",
    "sl/ash",
    "new\nline",
    "tab\t",
    "🦊",
    "a) or (b",
    "x[1] and y",
    "not (x) or true",
    '" or userName pr or "',
    "per%cent_under",
    "semi;colon'",
]


@pytest.fixture(scope="module")
def nick_names(scim):
    return {scim.user(nickName=name).id: name for name in NASTY}


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("operator", ["eq", "co", "sw", "ew"])
def test_c6_35_and_c6_36_a_literal_may_hold_anything(scim, nick_names, text, operator):
    user = next(each for each, name in nick_names.items() if name == text)

    answer = scim.find("/Users", f'id eq "{user}" and nickName {operator} {json.dumps(text)}')
    assert answer.body["totalResults"] == 1
    exact = scim.find("/Users", f"nickName eq {json.dumps(text, ensure_ascii=False)}")
    assert [each["id"] for each in exact.body["Resources"]] == [user]


def test_c6_35_escapes_are_those_of_json(scim, nick_names):
    for literal, text in [(r'"\u00e9"', "é"), (r'"sl\/ash"', "sl/ash"), (r'"\ud83e\udd8a"', "🦊")]:
        found = scim.find("/Users", f"nickName eq {literal}").body["Resources"]
        assert [nick_names.get(each["id"]) for each in found] == [text]


@pytest.mark.parametrize("blanks", ['userName  eq  "{}"', '  userName eq "{}" ', '( userName eq "{}" )'])
def test_c6_37_more_blanks_change_nothing(scim, blanks):
    name = unused("blank")
    scim.user(userName=name)

    assert scim.find("/Users", blanks.format(name)).body["totalResults"] == 1


@pytest.mark.parametrize(
    "text",
    ['userNameeq"x"', 'userName eq"x"', 'userName eq "x"and title pr', "active eq true or(title pr)and"],
)
def test_c6_37_missing_blanks_are_a_syntax_error(scim, text):
    assert scim.find("/Users", text).error == (400, "invalidFilter")


def test_c6_38_an_unknown_operator_is_named(scim):
    answer = scim.find("/Users", 'userName regex "x"')

    assert answer.error == (400, "invalidFilter")
    assert "column 10" in answer.body["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "userName eq",
        'eq "x"',
        '(userName eq "x"',
        'userName eq "x")',
        'userName eq "x',
        "userName",
        "",
        'userName eq "x" and',
        'userName eq "x" userName eq "y"',
        "userName eq 'x'",
        'userName eq "\\x"',
        "emails[type eq]",
        'emails[type eq "work"',
        'emails[emails[type eq "work"]]',
        "userName pr pr",
        "active eq yes",
        "badge eq 01",
    ],
)
def test_c6_39_a_syntax_error_is_an_invalid_filter(scim, text):
    answer = scim.find("/Users", text)

    assert answer.error == (400, "invalidFilter")
    assert answer.body["detail"]


@pytest.mark.parametrize(
    "text",
    [
        'foo eq "x"',
        "foo pr",
        'name.foo eq "x"',
        'emails[foo eq "x"]',
        f'{ENTERPRISE}:foo eq "x"',
        'urn:x:y:foo eq "x"',
    ],
)
def test_c6_40_an_unknown_attribute_is_an_invalid_filter(scim, text):
    answer = scim.find("/Users", text)

    assert answer.error == (400, "invalidFilter")
    assert "foo" in answer.body["detail"]


@pytest.mark.parametrize("text", ['password eq "t1me-And-tide"', "password pr", 'password sw "t"'])
def test_c6_42_a_password_cannot_be_guessed_by_filters(scim, text):
    scim.user(password="t1me-And-tide")

    answer = scim.find("/Users", text)
    assert answer.error == (400, "invalidFilter")
    assert "t1me" not in answer.body["detail"]


def test_c6_44_personal_data_may_be_in_a_filter(scim):
    name = unused("personal")
    scim.user(userName=name)

    assert scim.find("/Users", f'userName eq "{name}"').body["totalResults"] == 1


@pytest.mark.parametrize(
    "query", ["filter=userName+eq+%22{}%2Bb%40x.io%22", "filter=userName%20eq%20%22{}%2bb@x.io%22"]
)
def test_c6_45_a_query_is_decoded_once(scim, query):
    name = unused("plus")
    scim.user(userName=f"{name}+b@x.io")
    scim.user(userName=f"{name} b@x.io")

    found = scim.get("/Users", query=query.format(name)).body["Resources"]
    assert [each["userName"] for each in found] == [f"{name}+b@x.io"]


@pytest.mark.parametrize("text", ["externalId eq {}", "externalId eq {} and active eq true"])
def test_c6_46_a_literal_without_quotes_is_tolerated(scim, text):
    """Unless the provider is told to be strict: see `unquotedFilterLiterals` among the recordings of clients."""
    word = unused("word")
    user = scim.user(externalId=word, active=True).body

    found = scim.find("/Users", text.format(word)).body["Resources"]
    assert [each["id"] for each in found] == [user["id"]]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000 + "title pr" + ")" * 1000,
        "not (" * 100 + "title pr" + ")" * 100,
        " or ".join(["title pr"] * 300),
        "title pr" + " and title pr" * 5000,
    ],
)
def test_c6_47_a_filter_without_end_is_bounded(scim, text):
    answer = scim.send(
        "POST",
        "/Users/.search",
        {"filter": text, "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]},
    )

    assert answer.status in {200, 400}
    if answer.status == 400:
        assert answer.error == (400, "invalidFilter")
