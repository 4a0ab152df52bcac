"""The order of found resources, and the pages cut from it: by index, or by keyset for cursors (RFC 9865).

A keyset holds the sort value and the number of a resource, so that a page stays where it is while resources come and
go around it. Texts are ordered by their key: those of more than 500 characters that begin alike, by their digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy
from scim2_models import InvalidCursorException, Resource, SearchRequest
from scim2_server.storage import SearchPage
from sqlalchemy import and_, case, func, or_

from provisor.ringcentral.storage import attribute_index, tables

_resources = tables.resources
_values = tables.attribute_values

Rows = Sequence[sqlalchemy.Row[Any]]
LARGEST_OFFSET = 2**31 - 1
_KEYSET = ("sort_missing", "sort_number", "sort_text")

Keyset = tuple[int, float, str, int]
"""Whether the sort value is missing, the value as number and as text, and the sequence of the resource."""


class Direction(StrEnum):
    """Which way a page lies from its keyset."""

    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The keyset a page begins after, or ends before. It travels, sealed, in the client's cursor."""

    direction: Direction
    keyset: Keyset

    def as_json(self) -> list[Any]:
        """The form the server seals into a cursor."""
        return [self.direction.value, *self.keyset]

    @classmethod
    def read(cls, sealed: Any) -> Position:
        """The position `as_json` gave.

        :raises InvalidCursorException: for anything else.
        """
        match sealed:
            case [str(word), int(missing), float() | int() as number, str(text), int(sequence)]:
                return cls(direction=Direction(word), keyset=(missing, number, text, sequence))
            case _:
                raise InvalidCursorException


class Order:
    """The order a search asks for: by its `sortBy`, then in the order of creation.

    Resources without a value come last when ascending, first when descending (RFC 7644 section 3.4.2.3); a
    multi-valued attribute counts with its primary value, or else its first.
    """

    def __init__(self, models: Mapping[str, type[Resource[Any]]], search_request: SearchRequest[Any]) -> None:
        self._leading = _leading_value(models, search_request)
        missing = case((and_(_values.c.key.is_(None), _values.c.number.is_(None)), 1), else_=0)
        self._columns: list[sqlalchemy.ColumnElement[Any]] = [
            missing,
            func.coalesce(_values.c.number, 0.0),
            func.coalesce(_values.c.key, ""),
        ]
        self._is_descending = search_request.sort_order == SearchRequest.SortOrder.descending

    def select(self, matching: sqlalchemy.ColumnElement[bool]) -> sqlalchemy.Select[Any]:
        """The matching resources, each with the columns of its keyset, in no order yet."""
        if self._leading is None:
            return sqlalchemy.select(_resources).where(matching)
        keys = (column.label(name) for name, column in zip(_KEYSET, self._columns, strict=True))
        return sqlalchemy.select(_resources, *keys).outerjoin(_values, self._leading).where(matching)

    def forwards(self, query: sqlalchemy.Select[Any]) -> sqlalchemy.Select[Any]:
        """The query in the order asked for."""
        return query.order_by(
            *(column.desc() if descends else column.asc() for column, descends in self._directed())
        )

    def from_position(self, query: sqlalchemy.Select[Any], position: Position) -> sqlalchemy.Select[Any]:
        """What lies beyond a position, nearest first: a previous page comes out backwards."""
        is_back = position.direction is Direction.PREVIOUS
        columns = [(column, descends is not is_back) for column, descends in self._directed()]
        query = query.where(_beyond(columns, self._anchor(position)))
        return query.order_by(*(column.desc() if descends else column.asc() for column, descends in columns))

    def keyset(self, row: sqlalchemy.Row[Any]) -> Keyset:
        """The keyset of a selected resource."""
        if self._leading is None:
            return (0, 0.0, "", row.sequence)
        return (row.sort_missing, row.sort_number, row.sort_text, row.sequence)

    def _directed(self) -> list[tuple[sqlalchemy.ColumnElement[Any], bool]]:
        """The columns, each with whether it descends; resources of equal value stay in the order of creation."""
        if self._leading is None:
            return [(_resources.c.sequence, False)]
        return [*((column, self._is_descending) for column in self._columns), (_resources.c.sequence, False)]

    def _anchor(self, position: Position) -> Sequence[Any]:
        return position.keyset if self._leading is not None else position.keyset[-1:]


class Found:
    """What a search matches, in its order."""

    def __init__(
        self, connection: sqlalchemy.Connection, order: Order, matching: sqlalchemy.ColumnElement[bool]
    ) -> None:
        self._connection = connection
        self._order = order
        self._matching = matching
        self._all = order.select(matching)

    def by_index(self, search_request: SearchRequest[Any]) -> tuple[SearchPage, Rows]:
        # A start beyond every resource is an empty page, also where it is beyond the database's integers.
        skipped = min(search_request.start_index_0 or 0, LARGEST_OFFSET)
        query = self._order.forwards(self._all).limit(search_request.count).offset(skipped)
        rows = self._connection.execute(query).all()
        total = len(rows)
        if skipped or (search_request.count is not None and len(rows) >= search_request.count):
            total = self._total()
        return SearchPage(total=total, resources=[]), rows

    def by_cursor(self, search_request: SearchRequest[Any], sealed: Any) -> tuple[SearchPage, Rows]:
        page = SearchPage(total=self._total(), resources=[])
        if search_request.count == 0:
            return page, []
        position = Position.read(sealed) if sealed is not None else None
        rows, has_more = self._rows(position, search_request.count)
        if not rows:
            return page, rows
        goes_back = position is not None and position.direction is Direction.PREVIOUS
        before = self._beyond(Direction.PREVIOUS, rows[0])
        after = self._beyond(Direction.NEXT, rows[-1])
        if has_more if goes_back else position is not None and self._exists(before):
            page.previous = before.as_json()
        if self._exists(after) if goes_back else has_more:
            page.next = after.as_json()
        return page, rows

    def _rows(self, position: Position | None, count: int | None) -> tuple[Rows, bool]:
        """The resources of a page in their order, and whether there are more beyond it."""
        if position is None:
            query = self._order.forwards(self._all)
        else:
            query = self._order.from_position(self._all, position)
        rows = self._connection.execute(query.limit(None if count is None else count + 1)).all()
        page = rows[:count]
        if position is not None and position.direction is Direction.PREVIOUS:
            page = page[::-1]
        return page, len(rows) > len(page)

    def _beyond(self, direction: Direction, row: sqlalchemy.Row[Any]) -> Position:
        return Position(direction=direction, keyset=self._order.keyset(row))

    def _exists(self, position: Position) -> bool:
        query = self._order.from_position(self._all, position).limit(1)
        return self._connection.execute(query).first() is not None

    def _total(self) -> int:
        counted = sqlalchemy.select(func.count()).select_from(_resources).where(self._matching)
        return self._connection.execute(counted).scalar_one()


def _leading_value(
    models: Mapping[str, type[Resource[Any]]], search_request: SearchRequest[Any]
) -> sqlalchemy.ColumnElement[bool] | None:
    """Which row of `attribute_values` orders a resource, or None for a search that is not sorted.

    The type is asked of the resource, not of its value: else SQLite may look a value up by type and path, among all.
    """
    bindings = {name: search_request.sort_binding(model) for name, model in models.items()}
    paths = [
        and_(_resources.c.type == name, _values.c.path == attribute_index.path_of(binding))
        for name, binding in bindings.items()
        if binding is not None
    ]
    if not paths:
        return None
    return and_(_values.c.resource == _resources.c.sequence, _values.c.leading, or_(*paths))


def _beyond(
    columns: Sequence[tuple[sqlalchemy.ColumnElement[Any], bool]], anchor: Sequence[Any]
) -> sqlalchemy.ColumnElement[bool]:
    """Whether a row stands after the anchor, column by column."""
    conditions = []
    for place, ((column, descends), value) in enumerate(zip(columns, anchor, strict=True)):
        further = column < value if descends else column > value
        equal = [
            earlier == known for (earlier, _), known in zip(columns[:place], anchor[:place], strict=True)
        ]
        conditions.append(and_(*equal, further))
    return or_(*conditions)
