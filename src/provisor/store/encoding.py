"""How values become columns: JSON documents, instants, identifiers derived from anchors."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson

from provisor.core import guard, identifiers, objects, plan

_NAMESPACE = uuid.UUID("5f0c3ac1-44a0-4c1e-9a06-0d2e5a9f3a77")

_details_encoder = msgspec.json.Encoder()
_details_decoder = msgspec.json.Decoder(plan.RowDetails)
_hold_decoder = msgspec.json.Decoder(guard.Hold)
_attributes_decoder = msgspec.json.Decoder(dict[str, str | bool | int | tuple[str, ...] | None])


def document(value: Any) -> str:
    """A JSON document as text, keys sorted, so that equal documents are equal texts."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def parsed(text: str) -> Any:
    """The JSON document in a column."""
    return orjson.loads(text)


def attributes(text: str) -> dict[str, objects.Value]:
    """The attributes of a directory object; multi-valued ones are tuples."""
    return _attributes_decoder.decode(text)


def details(value: plan.RowDetails) -> str:
    """A row's details as text."""
    return _details_encoder.encode(value).decode()


def parsed_details(text: str) -> plan.RowDetails:
    """The details in a column."""
    return _details_decoder.decode(text)


def hold(value: guard.Hold) -> str:
    """Why rows of a plan are held, as text."""
    return _details_encoder.encode(value).decode()


def parsed_hold(text: str | None) -> guard.Hold | None:
    """The hold in a column, if there is one."""
    return None if text is None else _hold_decoder.decode(text)


def instant(moment: datetime) -> str:
    """An aware instant as text of one length, so that texts sort like instants."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parsed_instant(text: str | None) -> datetime | None:
    """The instant in a column, if there is one."""
    return None if text is None else datetime.fromisoformat(text)


def object_id(source: str, object_type: objects.ObjectType, anchor: str) -> identifiers.ObjectId:
    """The directory id of a source's object: always the same for the same anchor.

    A manager or member can therefore be named before it has arrived.
    """
    return identifiers.ObjectId(
        str(uuid.uuid5(_NAMESPACE, f"{source}\x1f{object_type}\x1f{anchor.casefold()}"))
    )
