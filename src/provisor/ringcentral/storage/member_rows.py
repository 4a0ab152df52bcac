"""The members of groups, one row each beside the group's document: one more in fifty thousand writes one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy
from sqlalchemy import bindparam, delete, func, insert, select

from provisor.ringcentral.storage import tables

TYPE = "Group"
ATTRIBUTE = "members"

_members = tables.members
_CHUNK = 500
_OF_ONE = (
    select(_members.c.number, _members.c.document)
    .where(_members.c.resource == bindparam("of"))
    .order_by(_members.c.number)
)
_INSERT = insert(_members)
_DELETE = delete(_members).where(_members.c.resource == bindparam("of"), _members.c.number == bindparam("at"))
_LAST = select(func.max(_members.c.number)).where(_members.c.resource == bindparam("of"))


def documents(members: Sequence[bytes]) -> list[dict[str, Any]]:
    """Members as a group's document has them."""
    found: list[dict[str, Any]] = orjson.loads(b"[" + b",".join(members) + b"]")
    return found


def read(connection: sqlalchemy.Connection, sequences: Sequence[int]) -> Mapping[int, list[bytes]]:
    """The documents of the members of these groups, in the order in which they became members."""
    found: dict[int, list[bytes]] = {}
    for start in range(0, len(sequences), _CHUNK):
        rows = connection.execute(
            select(_members.c.resource, _members.c.document)
            .where(_members.c.resource.in_(sequences[start : start + _CHUNK]))
            .order_by(_members.c.resource, _members.c.number)
        )
        for resource, document in rows:
            found.setdefault(resource, []).append(document)
    return found


def write(
    connection: sqlalchemy.Connection, sequence: int, members: Iterable[Mapping[str, Any]] | None
) -> None:
    """Make these the members of a group; those that stay keep their rows where their order allows it."""
    wanted = [(member.get("value"), orjson.dumps(member)) for member in members or ()]
    held = connection.execute(_OF_ONE, {"of": sequence}).all()
    stay = {document for _, document in wanted}
    kept = [row for row in held if row.document in stay]
    if [row.document for row in kept] != [document for _, document in wanted[: len(kept)]]:
        kept = []
    numbers = {row.number for row in kept}
    remove(connection, sequence, [row.number for row in held if row.number not in numbers])
    add(connection, sequence, wanted[len(kept) :])


def add(
    connection: sqlalchemy.Connection, sequence: int, members: Sequence[tuple[str | None, bytes]]
) -> None:
    """Append members, each its id and its document."""
    if not members:
        return
    last = connection.execute(_LAST, {"of": sequence}).scalar_one()
    first = 0 if last is None else last + 1
    connection.execute(
        _INSERT,
        [
            {"resource": sequence, "number": first + place, "value": value, "document": document}
            for place, (value, document) in enumerate(members)
        ],
    )


def remove(connection: sqlalchemy.Connection, sequence: int, numbers: Sequence[int]) -> None:
    """Take members out, by the numbers of their rows."""
    if numbers:
        connection.execute(_DELETE, [{"of": sequence, "at": number} for number in numbers])


def held(connection: sqlalchemy.Connection, sequence: int, ids: Sequence[str]) -> Mapping[str, int]:
    """Those of these ids that are members of a group already, with the numbers of their rows."""
    found: dict[str, int] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(
            select(_members.c.value, _members.c.number).where(
                _members.c.resource == sequence, _members.c.value.in_(ids[start : start + _CHUNK])
            )
        )
        found.update((value, number) for value, number in rows)
    return found
