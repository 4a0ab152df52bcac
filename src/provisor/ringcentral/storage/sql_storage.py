"""The SCIM resources in SQL: a document each, found through the rows of `attribute_values`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import orjson
import sqlalchemy
from scim2_models import (
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage
from sqlalchemy import and_, bindparam, delete, false, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from provisor.ringcentral.storage import (
    attribute_index,
    filter_sql,
    left_out,
    member_rows,
    paging,
    stored,
    tables,
)
from provisor.ringcentral.storage.attribute_index import AttributeIndex, Element, StoredElement, Value
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.group_members import MemberChange, MemberRows
from provisor.ringcentral.storage.resource_rules import ResourceRules
from provisor.ringcentral.storage.stored import Stored

Clock = Callable[[], dt.datetime]
"""The current moment, with its time zone."""

_resources = tables.resources
_values = tables.attribute_values

# Statements of the hot path are built once: building one costs as much as running it.
_BY_ID = select(_resources).where(_resources.c.type == bindparam("type"), _resources.c.id == bindparam("id"))
# A resource that is about to change is locked against other changes, and not against being referred to.
_STATEMENT_BY_ACCESS = {Access.READ: _BY_ID, Access.WRITE: _BY_ID.with_for_update(key_share=True)}
_BY_SEQUENCE = (
    select(_resources).where(_resources.c.sequence == bindparam("of")).with_for_update(key_share=True)
)
_INSERT_RESOURCE = insert(_resources).returning(_resources.c.sequence)
_UPDATE_RESOURCE = update(_resources).where(_resources.c.sequence == bindparam("of"))
_INSERT_VALUES = insert(_values)
_DELETE_VALUES = delete(_values).where(
    _values.c.resource == bindparam("of"),
    _values.c.element == bindparam("number"),
    or_(
        _values.c.path == bindparam("head"),
        func.substr(_values.c.path, 1, bindparam("length")) == bindparam("prefix"),
    ),
)
_VALUES_OF = select(*(_values.c[name] for name in ("element", *Value._fields))).where(
    _values.c.resource == bindparam("of")
)


class SqlStorage(ScimStorage):
    """Resources in SQLite or PostgreSQL; filters, sorting and paging are answered by the database.

    Strings are compared in the form the `comparison_key` of the policy in force gives, so one database serves one
    policy. Write-only attributes, such as `password`, are not kept: nothing here would read them.

    :param provider: the resource types and their models.
    :param clock: the moment of each write.
    :param indexed: for each resource type by name, the only paths to index; a type that is absent has all indexed.
    """

    supports_cursors = True

    def __init__(
        self,
        database: Database,
        provider: ScimProvider,
        *,
        clock: Clock,
        rules: ResourceRules | None = None,
        indexed: dict[str, frozenset[str]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules or ResourceRules()
        self._models: dict[str, type[Resource[Any]]] = {
            str(each.name): provider.model_for(each)  # type: ignore[misc]
            for each in provider.resource_types
        }
        self._indexes = {
            name: AttributeIndex(model, (indexed or {}).get(name)) for name, model in self._models.items()
        }
        self._write_only = {model: stored.write_only(model) for model in self._models.values()}

    def operation(self) -> AbstractContextManager[None]:
        """One transaction for everything the handler does with one request."""
        return self._database.unit()

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """A resource. Read without `response_parameters` it is about to be changed, so it is locked."""
        name = str(resource_type.name)
        access = Access.WRITE if response_parameters is None else Access.READ
        unread = left_out.of(self._models[name], response_parameters)
        with self._database.transaction(access) as connection:
            resource = self._load(connection, name, resource_id, access, unread).resource
            self._rules.reading(connection, [resource])
            return resource

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """One page; with a cursor it begins at `position`, else at the start index."""
        names = [str(each.name) for each in resource_types]
        order = paging.Order({name: self._models[name] for name in names}, search_request)
        matching = self._matching(names, search_request)
        if (listed := self._rules.listed()) is not None:
            matching = and_(matching, listed)
        with self._database.transaction(Access.READ) as connection:
            found = paging.Found(connection, order, matching)
            if search_request.cursor is None:
                page, rows = found.by_index(search_request)
            else:
                page, rows = found.by_cursor(search_request, position)
            unread = {name: left_out.of(self._models[name], search_request) for name in names}
            page.resources = [each.resource for each in self._read(connection, rows, unread)]
            self._rules.reading(connection, page.resources)
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        name = str(resource_type.name)
        created = resource.model_copy(deep=True)
        with self._database.transaction(Access.WRITE) as connection:
            created.id = self._rules.new_id(connection, created)
            moment = stored.microseconds(self._clock())
            created.meta = stored.meta(name, moment, moment, 1)
            self._rules.creating(connection, created)
            sequence = connection.execute(
                _INSERT_RESOURCE,
                {
                    "type": name,
                    "id": created.id,
                    "version": 1,
                    "created": moment,
                    "last_modified": moment,
                    "document": self._document(created),
                },
            ).scalar_one()
            self._write_members(connection, sequence, name, created)
            change = attribute_index.difference([], self._indexes[name].elements(created))
            self._write_index(connection, sequence, name, change)
        return created

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        name = str(resource_type.name)
        updated = resource.model_copy(deep=True)
        with self._database.transaction(Access.WRITE) as connection:
            found = self._load(connection, name, resource.id or "", Access.WRITE)
            _check_version(found.resource, expected_version)
            self._rules.updating(connection, updated, found.resource)
            self._store(connection, found, updated)
            self._rules.reading(connection, [updated])
        return updated

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        with self._database.transaction(Access.WRITE) as connection:
            unread = frozenset({member_rows.ATTRIBUTE})
            found = self._load(connection, str(resource_type.name), resource_id, Access.WRITE, unread)
            _check_version(found.resource, expected_version)
            for table in (_values, tables.members):
                connection.execute(delete(table).where(table.c.resource == found.sequence))
            connection.execute(delete(_resources).where(_resources.c.sequence == found.sequence))
            self._rules.deleted(connection, self, resource_id)

    def decoded(self, row: sqlalchemy.Row[Any]) -> Resource[Any]:
        """The resource of a row that has every column of `tables.resources`; a group without its members."""
        return Stored(self._models, row, (), None).resource

    def rewrite(
        self, connection: sqlalchemy.Connection, sequence: int, change: Callable[[Resource[Any]], None]
    ) -> None:
        """Change a stored resource in place, inside a transaction that is already open; one that is gone stays gone."""
        row = connection.execute(_BY_SEQUENCE, {"of": sequence}).one_or_none()
        if row is None:
            return
        [found] = self._read(connection, [row])
        updated = found.resource.model_copy(deep=True)
        change(updated)
        self._store(connection, found, updated)

    def change_members(
        self,
        resource_type: ResourceType,
        group_id: str,
        changes: Sequence[MemberChange],
        check: Callable[[Resource[Any]], object],
    ) -> Resource[Any]:
        """Add and remove members of a group by their ids, in time that does not grow with the group.

        :param check: given the group as it is, without its members, once it is locked; an error refuses the change.
        :returns: the group without its members; its version is a new one where anything is different.
        """
        name = str(resource_type.name)
        with self._database.transaction(Access.WRITE) as connection:
            found = self._load(connection, name, group_id, Access.WRITE, {member_rows.ATTRIBUTE})
            check(found.resource)
            self._change_members(connection, found, changes)
        return found.resource

    def take_member_out(self, connection: sqlalchemy.Connection, sequence: int, member_id: str) -> None:
        """Remove a member of a group that may be gone itself, inside a transaction that is already open."""
        row = connection.execute(_BY_SEQUENCE, {"of": sequence}).one_or_none()
        if row is not None:
            [found] = self._read(connection, [row], {member_rows.TYPE: {member_rows.ATTRIBUTE}})
            self._change_members(connection, found, [MemberChange(removed=frozenset({member_id}))])

    def reindex(self, connection: sqlalchemy.Connection, names: Iterable[str]) -> None:
        """Write the rows that are missing for resources of these types, and take away those that are superfluous."""
        for name in names:
            of_type = select(_resources).where(_resources.c.type == name).order_by(_resources.c.sequence)
            for row in connection.execute(of_type).all():
                before = _read_index(connection, row.sequence)
                [found] = self._read(connection, [row])
                elements = self._indexes[name].elements(found.resource)
                change = attribute_index.difference(before, elements)
                self._write_index(connection, row.sequence, name, change)

    def _load(
        self,
        connection: sqlalchemy.Connection,
        name: str,
        resource_id: str,
        access: Access,
        unread: Iterable[str] = (),
    ) -> Stored:
        row = None
        if "\0" not in resource_id:
            named = {"type": name, "id": resource_id}
            row = connection.execute(_STATEMENT_BY_ACCESS[access], named).one_or_none()
        if row is None:
            raise NotFoundException(detail=f"{name} {resource_id!r} not found")
        [found] = self._read(connection, [row], {name: unread})
        return found

    def _read(
        self,
        connection: sqlalchemy.Connection,
        rows: Sequence[sqlalchemy.Row[Any]],
        unread: Mapping[str, Iterable[str]] | None = None,
    ) -> list[Stored]:
        return stored.read(connection, self._models, rows, unread or {})

    def _store(self, connection: sqlalchemy.Connection, found: Stored, updated: Resource[Any]) -> None:
        modified = stored.microseconds(self._clock())
        updated.meta = stored.meta(found.name, found.created, modified, found.version + 1)
        connection.execute(
            _UPDATE_RESOURCE,
            {
                "of": found.sequence,
                "version": found.version + 1,
                "last_modified": modified,
                "document": self._document(updated),
            },
        )
        self._write_members(connection, found.sequence, found.name, updated)
        before = _read_index(connection, found.sequence)
        change = attribute_index.difference(before, self._indexes[found.name].elements(updated))
        self._write_index(connection, found.sequence, found.name, change)

    def _change_members(
        self, connection: sqlalchemy.Connection, found: Stored, changes: Sequence[MemberChange]
    ) -> None:
        rows = MemberRows(connection, found.sequence, self._indexes[found.name])
        added, removed = rows.difference(changes)
        if not added and not removed:
            return
        self._rules.adding_members(connection, added)
        rows.remove(removed)
        rows.add(added)
        modified = stored.microseconds(self._clock())
        found.resource.meta = stored.meta(found.name, found.created, modified, found.version + 1)
        rows.note_version(found.resource)
        connection.execute(
            _UPDATE_RESOURCE,
            {"of": found.sequence, "version": found.version + 1, "last_modified": modified},
        )

    def _write_members(
        self, connection: sqlalchemy.Connection, sequence: int, name: str, resource: Resource[Any]
    ) -> None:
        if name == member_rows.TYPE:
            held = getattr(resource, member_rows.ATTRIBUTE, None) or ()
            documents = [member.model_dump(mode="json", exclude_none=True) for member in held]
            member_rows.write(connection, sequence, documents)

    def _write_index(
        self, connection: sqlalchemy.Connection, sequence: int, name: str, change: attribute_index.IndexChange
    ) -> None:
        if change.deletions:
            gone = [
                {
                    "of": sequence,
                    "number": number,
                    "head": head,
                    "length": len(head) + 1,
                    "prefix": f"{head}.",
                }
                for head, number in change.deletions
            ]
            connection.execute(_DELETE_VALUES, gone)
        rows = [
            {"resource": sequence, "type": name, "element": stored.element, **value._asdict()}
            for stored in change.insertions
            for value in stored.content.values
        ]
        if not rows:
            return
        try:
            connection.execute(_INSERT_VALUES, rows)
        except IntegrityError as error:
            taken = sorted({row["path"] for row in rows if row["is_unique"]})
            raise UniquenessException(detail=f"another {name} has this {' or '.join(taken)}") from error

    def _document(self, resource: Resource[Any]) -> bytes:
        """The resource as it is stored; it loses what is not kept."""
        for field in self._write_only[type(resource)]:
            setattr(resource, field, None)
        # The schemas a client lists beside the ones that are ours are not echoed (RFC 7643 section 3).
        extensions = type(resource).get_extension_models().items()
        held = [
            urn for urn, model in extensions if attribute_index.is_present(getattr(resource, model.__name__))
        ]
        resource.schemas = [str(type(resource).__schema__), *held]
        is_group = resource.meta is not None and resource.meta.resource_type == member_rows.TYPE
        # the members of a group have rows of their own
        apart = {"id", "meta", member_rows.ATTRIBUTE} if is_group else {"id", "meta"}
        document = resource.model_dump(mode="json", exclude=apart)
        return orjson.dumps(document)

    def _matching(self, names: Iterable[str], search_request: SearchRequest[Any]) -> filter_sql.Condition:
        meaning = self._rules.filters
        matching = []
        for name in dict.fromkeys(names):
            conditions = [_resources.c.type == name]
            if search_request.filter is not None:
                model = self._models[name]
                conditions.append(filter_sql.condition(search_request.filter, name, model, meaning))
            matching.append(and_(*conditions))
        return or_(false(), *matching)


def _read_index(connection: sqlalchemy.Connection, sequence: int) -> list[StoredElement]:
    grouped: dict[tuple[str, int], list[Value]] = {}
    for element, *columns in connection.execute(_VALUES_OF, {"of": sequence}):
        value = Value(*columns)
        grouped.setdefault((attribute_index.head_of(value.path), element), []).append(value)
    return [
        StoredElement(element, Element(head=head, values=frozenset(values)))
        for (head, element), values in grouped.items()
    ]


def _check_version(resource: Resource[Any], expected: str | None) -> None:
    if expected is not None and resource.meta is not None and resource.meta.version != expected:
        raise PreconditionFailedException
