"""What the log of requests keeps of them, and what it never does."""

import datetime as dt
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from provisor.ringcentral.request_log import redacting, redaction
from provisor.ringcentral.request_log.observing import LARGEST_BODY, Body, Observed

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def body_of(document):
    raw = json.dumps(document).encode()
    return redaction.body(raw, of=len(raw))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('userName eq "ada@example.com"', 'userName eq "•••"'),
        (
            'emails[type eq "work" and value co "ada"] or not (title pr)',
            'emails[type eq "work" and value co "•••"] or not (title pr)',
        ),
        ('emails[type eq "work"].value eq "x"', 'emails[type eq "work"].value eq "•••"'),
        ("active eq true and meta.lastModified gt 2026", "active eq true and meta.lastModified gt •••"),
        (f'{ENTERPRISE}:department eq "Labs"', f'{ENTERPRISE}:department eq "•••"'),
        ("userName eq ada@example.com", "userName eq •••"),
        ("ada@example.com", "•••"),
        ("ada moss", "••• •••"),
        ('userName eq "open', 'userName eq "•••"'),
        ('userName eq "quote \\" ada eq moss"', 'userName eq "•••"'),
        ("userName eq eq eq ada", "userName eq ••• ••• •••"),
        ("", ""),
    ],
)
def test_a_filter_keeps_attributes_and_operators_and_no_value(text, shown):
    assert redaction.scim_filter(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("startIndex=1&count=100", "startIndex=1&count=100"),
        (
            "filter=userName%20eq%20%22ada%22&attributes=id,name.givenName",
            'filter=userName eq "•••"&attributes=id,name.givenName',
        ),
        ("access_token=s3cr3t", "access_token=•••"),
        ("count=ada", "count=•••"),
        ("sortBy=userName&sortOrder=descending", "sortBy=userName&sortOrder=descending"),
        ("ada=1", "•••=•••"),
        ("cursor=opaque", "cursor=•••"),
        ("aadOptscim062020", "aadOptscim062020=•••"),
        ("attributes=ada@example.com,id", "attributes=•••,id"),
    ],
)
def test_a_query_keeps_what_is_of_the_protocol(text, shown):
    assert redaction.query(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/Users/1600000101", "/Users/1600000101"),
        ("/Users/.search", "/Users/.search"),
        ("/Users/ada@example.com", "/Users/•••"),
        ("/", "/"),
    ],
)
def test_a_path_keeps_types_and_ids(text, shown):
    assert redaction.path(text) == shown


def test_a_user_keeps_names_and_structure():
    shown = body_of(
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "id": "1600000101",
            "userName": "ada@example.com",
            "active": True,
            "name": {"givenName": "Ada"},
            "emails": [{"type": "work", "primary": True, "value": "ada@example.com"}],
            ENTERPRISE: {"department": "Labs", "employeeNumber": 4411},
            "title": "",
            "nickName": None,
        }
    )
    assert json.loads(shown) == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": "1600000101",
        "userName": "•••",
        "active": True,
        "name": {"givenName": "•••"},
        "emails": [{"type": "work", "primary": True, "value": "•••"}],
        ENTERPRISE: {"department": "•••", "employeeNumber": "•••"},
        "title": "",
        "nickName": None,
    }


def test_a_patch_keeps_operations_and_paths():
    shown = body_of(
        {
            "schemas": [PATCH],
            "Operations": [
                {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada@example.com"},
                {"op": "remove", "path": 'members[value eq "42"]'},
                {"op": "replace", "value": {'emails[type eq "work"].value': "x@y", "active": "False"}},
            ],
        }
    )
    assert json.loads(shown)["Operations"] == [
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "•••"},
        {"op": "remove", "path": 'members[value eq "•••"]'},
        {"op": "replace", "value": {'emails[type eq "work"].value': "•••", "active": "False"}},
    ]


def test_a_long_list_is_counted():
    shown = json.loads(body_of({"totalResults": 90, "Resources": [{"userName": f"p{n}"} for n in range(5)]}))

    assert shown == {"totalResults": 90, "Resources": [{"userName": "•••"}] * 3 + ["… 2 more"]}


def test_a_body_that_is_large_or_no_json_is_only_measured():
    body = Body()
    body.add(b"[" * LARGEST_BODY)
    body.add(b"[")
    assert redaction.body(body.kept, of=body.size) == f"{LARGEST_BODY + 1} bytes"
    assert redaction.body(b"ada=moss", of=8) == "8 bytes, not JSON"
    assert redaction.body(b"", of=0) is None


def test_the_sentence_of_an_error_loses_what_the_request_said():
    asked = json.dumps({"userName": "ada.moss@example.com", "name": {"familyName": "Moss"}}).encode()
    answer = json.dumps(
        {
            "detail": "Moss (ada.moss@example.com, 'hr-4411', +1 650 5550002) is taken by Ext; uniqueness of userName"
        }
    ).encode()

    said = redaction.error(answer, asked, "", "/Users")

    assert said == "••• (•••, '•••', +1 650 ••• is taken by Ext; uniqueness of userName"


def test_the_sentence_of_an_error_keeps_what_is_of_the_protocol():
    for said in (
        "Request rate exceeded.",
        "Parameter [extension.contact.businessAddress.state] value is invalid.",
    ):
        answer = json.dumps({"errorCode": "CMN-301", "message": said}).encode()
        assert redaction.error(answer, b"", "", "/Users") == said


def observed(**given):
    seen = Observed(
        at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
        method="POST",
        path="/Users",
        query=b"",
        headers=[(b"authorization", b"Bearer s3cr3t"), (b"user-agent", b"okta/2.1 (ada's laptop)")],
        answer_headers=[(b"X-Rate-Limit-Group", b"heavy"), (b"X-Rate-Limit-Remaining", b"7")],
        status=409,
        duration=0.0123,
    )
    for name, value in given.items():
        setattr(seen, name, value)
    return seen


def test_a_row_tells_the_client_the_group_and_the_time_and_no_token():
    row = redacting.row(observed(), "ringcentral")

    assert (row["client"], row["rate_group"], row["rate_remaining"], row["duration"]) == (
        "okta/2.1",
        "heavy",
        7,
        12300,
    )
    assert "s3cr3t" not in repr(row)


@pytest.mark.parametrize(
    ("caller", "shown"), [("3f9a12", "3f9a12"), ("gwen@example.com", "•••"), (None, None)]
)
def test_a_caller_is_an_id_and_never_an_address(caller, shown):
    assert redacting.row(observed(caller=caller), "full")["caller"] == shown


WORD = "zqx"
"""Begins every value below, and no name."""

texts = some.text(alphabet=some.sampled_from("abé\"'\\[](). @0123456789-_:/\n,"), max_size=12).map(
    lambda text: f"{WORD}{text}"
)
names = some.sampled_from(
    ["userName", "value", "name", "externalId", "title", "op", "type", "schemas", ENTERPRISE]
)
documents = some.recursive(
    texts | some.booleans() | some.integers(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(documents, texts, texts, some.lists(texts, max_size=2))
def test_no_value_of_a_request_is_ever_in_its_row(document, value, parameter, said):
    quoted = json.dumps(value, ensure_ascii=False)
    raw = json.dumps({"Operations": [document]}, ensure_ascii=False).encode()
    detail = " and ".join(f"{each!r}" for each in [value, *said] if "'" not in each)
    answer = json.dumps({"detail": f"{detail} {value} is wrong", "Resources": [document]}).encode()
    seen = observed(
        query=f"filter=userName+eq+{quote(quoted)}&cursor={quote(parameter)}&{quote(parameter)}=1".encode(),
        body=Body(size=len(raw), kept=raw),
        answer=Body(size=len(answer), kept=answer),
    )

    row = redacting.row(seen, "full")

    assert WORD not in repr(row)
