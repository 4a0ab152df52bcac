"""Resources as they stand in the database, and the columns that are not part of their documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy
from scim2_models import Meta, Mutability, Resource

from provisor.ringcentral.storage import member_rows

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Stored:
    """A stored resource and the columns that are not part of its document.

    :param members: the documents of its members, which stand apart; None where they are not to be read.
    """

    def __init__(
        self,
        models: dict[str, type[Resource[Any]]],
        row: sqlalchemy.Row[Any],
        unread: Iterable[str],
        members: Sequence[bytes] | None,
    ) -> None:
        self.sequence: int = row.sequence
        self.name: str = row.type
        self.version: int = row.version
        self.created: int = row.created
        document = orjson.loads(row.document)
        for name in unread:
            document.pop(name, None)
        if members:
            document[member_rows.ATTRIBUTE] = member_rows.documents(members)
        document["id"] = row.id
        self.resource = models[row.type].model_validate(document)
        self.resource.meta = meta(row.type, row.created, row.last_modified, row.version)


def read(
    connection: sqlalchemy.Connection,
    models: dict[str, type[Resource[Any]]],
    rows: Sequence[sqlalchemy.Row[Any]],
    unread: Mapping[str, Iterable[str]],
) -> list[Stored]:
    """The resources of rows; what is `unread`, by resource type, is not made into objects at all."""
    with_members = [
        row.sequence
        for row in rows
        if row.type == member_rows.TYPE and member_rows.ATTRIBUTE not in unread.get(row.type, ())
    ]
    members = member_rows.read(connection, with_members)
    return [Stored(models, row, unread.get(row.type, ()), members.get(row.sequence)) for row in rows]


def meta(name: str, created: int, modified: int, version: int) -> Meta:
    """The `meta` of a resource from its columns."""
    return Meta(
        resource_type=name,
        created=_EPOCH + dt.timedelta(microseconds=created),
        last_modified=_EPOCH + dt.timedelta(microseconds=modified),
        version=f'W/"{version}"',
    )


def microseconds(moment: dt.datetime) -> int:
    """A moment as columns have it: microseconds since 1970."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def write_only(model: type[Resource[Any]]) -> list[str]:
    """The attributes of a model that nobody may read, such as a password."""
    return [
        name
        for name in model.model_fields
        if model.get_field_annotation(name, Mutability) == Mutability.write_only
    ]
