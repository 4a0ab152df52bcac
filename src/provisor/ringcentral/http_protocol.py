"""What the HTTP server answers by itself, in the form of SCIM."""

from __future__ import annotations

import orjson

from provisor.ringcentral.faults.connections import ClosableProtocol

_BODY = orjson.dumps(
    {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "400",
        "detail": "This is no HTTP request, its method is not known, or its first line is far too long.",
    }
)
_ANSWER = b"\r\n".join(
    [
        b"HTTP/1.1 400 Bad Request",
        b"content-type: application/scim+json",
        b"content-length: " + str(len(_BODY)).encode(),
        b"connection: close",
        b"",
        _BODY,
    ]
)


class ScimHttpProtocol(ClosableProtocol):
    """Answers what it cannot read as HTTP by a SCIM error (RFC 7644 section 3.12) and closes the connection."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's word for it tells no more
        self.transport.write(_ANSWER)
        self.transport.close()
