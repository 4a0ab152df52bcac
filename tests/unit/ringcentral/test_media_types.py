"""Which media type an answer has (RFC 7644 section 3.8, RFC 9110 section 12.5.1)."""

import pytest

from provisor.ringcentral.protocol import media_types

SCIM, JSON = media_types.SCIM, media_types.JSON


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, SCIM),
        ("", SCIM),
        (" , ", SCIM),
        ("*/*", SCIM),
        ("application/*", SCIM),
        ("application/scim+json", SCIM),
        ("application/json", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/json, text/plain, */*", JSON),
        ("text/html, */*;q=0.1", SCIM),
        ("application/json, application/scim+json", JSON),
        ("application/scim+json, application/json", SCIM),
        ("application/json;q=0.5, application/scim+json", SCIM),
        ("application/scim+json;q=0.5, application/json;q=0.9", JSON),
        ("application/scim+json;q=0, */*", JSON),
        ("application/json;q=0, application/*;q=0.3", SCIM),
        ("application/json;q=high", JSON),
        ("application/json;q=nan", JSON),
        ("text/html", None),
        ("*/*;q=0", None),
        ("application/json;q=0", None),
    ],
)
def test_the_client_gets_the_form_it_wants_most(accept, expected):
    assert media_types.negotiate(accept) == expected
