"""Adding and removing members of one group without reading the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy
from scim2_models import GroupMember, Resource
from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from provisor.ringcentral.storage import member_rows, tables
from provisor.ringcentral.storage.attribute_index import AttributeIndex, Element

_values = tables.attribute_values
_HEAD = member_rows.ATTRIBUTE
_VALUE = f"{_HEAD}.value"
_CHUNK = 500

_OF_GROUP = _values.c.resource == bindparam("of")


def _below(head: str) -> sqlalchemy.ColumnElement[bool]:
    """The rows of an attribute and its sub-attributes, as a span that an index answers: `/` comes after `.`."""
    return and_(_values.c.path >= head, _values.c.path < f"{head}/")


# one at a time: SQLite finds either end in an index at once, and both together by reading everything
_OF_VALUES = (_OF_GROUP, _values.c.path == _VALUE)
_SPAN = select(
    select(func.min(_values.c.element)).where(*_OF_VALUES).scalar_subquery(),
    select(func.max(_values.c.element)).where(*_OF_VALUES).scalar_subquery(),
)
_META = "meta"
_DELETE_META = delete(_values).where(_OF_GROUP, _below(_META))
_DELETE = delete(_values).where(_OF_GROUP, _below(_HEAD), _values.c.element == bindparam("at"))
_LEAD = (
    update(_values).where(_OF_GROUP, _below(_HEAD), _values.c.element == bindparam("at")).values(leading=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """Some members added, then some removed by their ids."""

    added: Sequence[GroupMember] = field(default=())
    removed: frozenset[str] = frozenset()


class MemberRows:
    """The rows of one group's members, and those they are found by, inside a transaction that may write."""

    def __init__(self, connection: sqlalchemy.Connection, sequence: int, index: AttributeIndex) -> None:
        self._connection = connection
        self._sequence = sequence
        self._index = index

    def difference(self, changes: Sequence[MemberChange]) -> tuple[list[GroupMember], dict[str, int]]:
        """Who becomes a member by these changes, and who is one no more, with the numbers of their rows.

        Adding a member a group has changes nothing (RFC 7644 section 3.5.2.1), and so does removing one it has not.
        """
        named = {str(member.value) for change in changes for member in change.added}
        named.update(*(change.removed for change in changes))
        held = member_rows.held(self._connection, self._sequence, sorted(named))
        members: dict[str, GroupMember | None] = dict.fromkeys(held)
        for change in changes:
            for member in change.added:
                members.setdefault(str(member.value), member)
            for gone in change.removed:
                members.pop(gone, None)
        added = [member for value, member in members.items() if value not in held and member is not None]
        return added, {value: number for value, number in held.items() if value not in members}

    def add(self, members: Sequence[GroupMember]) -> None:
        """Write the rows of new members."""
        if not members:
            return
        documents = [
            (member.value, orjson.dumps(member.model_dump(mode="json", exclude_none=True)))
            for member in members
        ]
        member_rows.add(self._connection, self._sequence, documents)
        _first, last = self._span()
        rows = [
            {
                "resource": self._sequence,
                "type": member_rows.TYPE,
                "element": place,
                **value._asdict(),
                "leading": value.leading and last is None,
            }
            for place, element in enumerate(self._elements(members), start=0 if last is None else last + 1)
            for value in element.values
        ]
        self._connection.execute(insert(_values), rows)

    def remove(self, numbers: dict[str, int]) -> None:
        """Delete the rows of members, given with the numbers of their rows."""
        if not numbers:
            return
        member_rows.remove(self._connection, self._sequence, list(numbers.values()))
        first, _last = self._span()
        places = list(self._places([GroupMember(value=value, ref=None, type=None) for value in numbers]))
        self._connection.execute(_DELETE, [{"of": self._sequence, "at": place} for place in places])
        if first in places:
            next_first, _last = self._span()
            if next_first is not None:
                self._connection.execute(_LEAD, {"of": self._sequence, "at": next_first})

    def note_version(self, group: Resource[Any]) -> None:
        """Have the group found by the version and the moment it has now."""
        self._connection.execute(_DELETE_META, {"of": self._sequence})
        rows = [
            {"resource": self._sequence, "type": member_rows.TYPE, "element": 0, **value._asdict()}
            for element in self._index.elements(group)
            if element.head == _META
            for value in element.values
        ]
        if rows:
            self._connection.execute(insert(_values), rows)

    def _span(self) -> tuple[int | None, int | None]:
        """The numbers of the first and the last element members are found by."""
        first, last = self._connection.execute(_SPAN, {"of": self._sequence}).one()
        return first, last

    def _elements(self, members: Sequence[GroupMember]) -> Iterable[Element]:
        group = self._index.model.model_construct(members=list(members))
        return (element for element in self._index.elements(group) if element.head == _HEAD)

    def _places(self, members: Sequence[GroupMember]) -> Iterator[int]:
        """The numbers of the elements by which these members are found."""
        keys = [
            value.key
            for element in self._elements(members)
            for value in element.values
            if value.path == _VALUE and value.key is not None
        ]
        for start in range(0, len(keys), _CHUNK):
            found = select(_values.c.element).where(
                and_(
                    _values.c.type == member_rows.TYPE,
                    _values.c.path == _VALUE,
                    _values.c.key.in_(keys[start : start + _CHUNK]),
                    _values.c.resource == self._sequence,
                )
            )
            yield from self._connection.execute(found).scalars()
