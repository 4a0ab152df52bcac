"""What a visitor sent with a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_FORM = 256 * 1024
"""Bytes; the longest form here edits a few knobs."""

MOST_FIELDS = 1000


class Form:
    """The fields of a form: texts by name, stripped of surrounding blanks where asked for one."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def text(self, name: str) -> str:
        """The text of a field without surrounding blanks; empty where it was not sent."""
        return self.exact(name).strip()

    def exact(self, name: str) -> str:
        """The text of a field as it was typed, such as a password's."""
        return self._fields.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return list(self._fields.get(name, []))

    def has(self, name: str) -> bool:
        """Whether the field was sent, such as a ticked box."""
        return name in self._fields

    def names(self) -> list[str]:
        return list(self._fields)

    def values(self) -> Mapping[str, str]:
        """The last value of each field, to fill a form again."""
        return MappingProxyType({name: values[-1] for name, values in self._fields.items()})


async def read(request: Request) -> Form:
    """The form a request carries.

    :raises HTTPException: 413 when it is too large, 415 when it is not the kind of form our pages send.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in {"application/x-www-form-urlencoded", ""}:
        raise HTTPException(415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    return Form((name, value.replace("\0", "")) for name, value in fields)
