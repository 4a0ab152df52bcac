"""The shape of RingCentral's answers, where it is not what RFC 7643 would give (section A.4 of the documentation)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any

from provisor.ringcentral.account.knobs import Knobs, ListShape, Shown

NOT_IN_LISTS = ("addresses", "phoneNumbers")
"""What lists and searches leave out since January 2025; only a read by id returns it."""

JsonObject = dict[str, Any]


class Primary(Enum):
    """Whether values carry `"primary": false`: by id they do, in the answer to PUT they do not."""

    SHOWN = "shown"
    HIDDEN = "hidden"


def user(body: JsonObject, primary: Primary, knobs: Knobs) -> JsonObject:
    """A user read by id or written: empty lists are emitted, times have milliseconds."""
    shown = _without_hidden(body, knobs)
    for name in NOT_IN_LISTS:
        shown.setdefault(name, [])
    if primary is Primary.SHOWN:
        for name in ("emails", "addresses"):
            shown[name] = [{"primary": False, **value} for value in shown.get(name, [])]
    return _with_times(shown)


def row(body: JsonObject, knobs: Knobs) -> JsonObject:
    """A user in a list."""
    if knobs.list_shape is ListShape.LEGACY:
        return user(body, Primary.HIDDEN, knobs)
    shown = _without_hidden(body, knobs)
    return _with_times({name: value for name, value in shown.items() if name not in NOT_IN_LISTS})


def _without_hidden(body: JsonObject, knobs: Knobs) -> JsonObject:
    hidden = {"photos"} if knobs.photos_read_back is Shown.HIDDEN else set()
    return {name: value for name, value in body.items() if name not in hidden}


def _with_times(body: JsonObject) -> JsonObject:
    meta = dict(body.get("meta", {}))
    for name in ("created", "lastModified"):
        if name in meta:
            moment = dt.datetime.fromisoformat(str(meta[name])).astimezone(dt.UTC)
            meta[name] = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    return {**body, "meta": meta}


def service_provider_config(knobs: Knobs) -> JsonObject:
    """The document of `/ServiceProviderConfig`."""
    [scheme] = _SERVICE_PROVIDER_CONFIG["authenticationSchemes"]
    if knobs.scheme_type is Shown.SHOWN:
        scheme = {"type": "oauthbearertoken", **scheme}
    return {
        **_SERVICE_PROVIDER_CONFIG,
        "filter": {"supported": True, "maxResults": knobs.max_count},
        "authenticationSchemes": [scheme],
    }


_SERVICE_PROVIDER_CONFIG: JsonObject = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": False},
    # Left over from SCIM 1.1, and still declared.
    "xmlDataFormat": {"supported": False},
    "authenticationSchemes": [
        {
            "name": "OAuth Bearer Token",
            "description": "Authentication by a bearer token",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "documentationUri": "https://developers.ringcentral.com/",
            "primary": True,
        }
    ],
}
"""The suggested document of section A.4.2: the real values are not published. `type` is absent, as there."""
