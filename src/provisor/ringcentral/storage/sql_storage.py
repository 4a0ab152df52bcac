"""The SCIM resources in SQL: a document each, found through the rows of `attribute_values`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import orjson
import sqlalchemy
from scim2_models import (
    Meta,
    Mutability,
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

from provisor.ringcentral.storage import attribute_index, filter_sql, left_out, paging, tables
from provisor.ringcentral.storage.attribute_index import AttributeIndex, Element, StoredElement, Value
from provisor.ringcentral.storage.database import Access, Database

Clock = Callable[[], dt.datetime]
"""The current moment, with its time zone."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
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


class ResourceRules:
    """What a profile adds to the storage, inside the transaction of the write. These rules add nothing."""

    def new_id(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> str:  # noqa: ARG002 - for rules that give what they have
        """The id of a resource about to be created, never one given before. An error refuses the write."""
        return uuid.uuid4().hex

    def creating(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
        """Complete a resource, whose id is known, before it is stored. An error refuses the write."""

    def updating(
        self, connection: sqlalchemy.Connection, resource: Resource[Any], stored: Resource[Any]
    ) -> None:
        """Complete the new state of a resource before it is stored. An error refuses the write."""

    def deleted(self, connection: sqlalchemy.Connection, storage: SqlStorage, resource_id: str) -> None:
        """Let go of what a resource held, and of what referred to it."""

    def listed(self) -> filter_sql.Condition | None:
        """Which resources lists and searches show; None for all."""
        return None

    def reading(self, connection: sqlalchemy.Connection, resources: Sequence[Resource[Any]]) -> None:
        """Complete resources with what is computed and not stored."""

    @property
    def filters(self) -> filter_sql.Meaning:
        """What filters mean beyond the RFC."""
        return filter_sql.Meaning()


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
        self._write_only = {model: _write_only(model) for model in self._models.values()}

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
            page.resources = [_Stored(self._models, row, unread[row.type]).resource for row in rows]
            self._rules.reading(connection, page.resources)
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        name = str(resource_type.name)
        created = resource.model_copy(deep=True)
        with self._database.transaction(Access.WRITE) as connection:
            created.id = self._rules.new_id(connection, created)
            moment = _microseconds(self._clock())
            created.meta = _meta(name, moment, moment, 1)
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
            stored = self._load(connection, name, resource.id or "", Access.WRITE)
            _check_version(stored.resource, expected_version)
            self._rules.updating(connection, updated, stored.resource)
            self._store(connection, stored, updated)
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
            stored = self._load(connection, str(resource_type.name), resource_id, Access.WRITE)
            _check_version(stored.resource, expected_version)
            connection.execute(delete(_values).where(_values.c.resource == stored.sequence))
            connection.execute(delete(_resources).where(_resources.c.sequence == stored.sequence))
            self._rules.deleted(connection, self, resource_id)

    def decoded(self, row: sqlalchemy.Row[Any]) -> Resource[Any]:
        """The resource of a row that has every column of `tables.resources`."""
        return _Stored(self._models, row).resource

    def rewrite(
        self, connection: sqlalchemy.Connection, sequence: int, change: Callable[[Resource[Any]], None]
    ) -> None:
        """Change a stored resource in place, inside a transaction that is already open; one that is gone stays gone."""
        row = connection.execute(_BY_SEQUENCE, {"of": sequence}).one_or_none()
        if row is None:
            return
        stored = _Stored(self._models, row)
        updated = stored.resource.model_copy(deep=True)
        change(updated)
        self._store(connection, stored, updated)

    def reindex(self, connection: sqlalchemy.Connection, names: Iterable[str]) -> None:
        """Write the rows that are missing for resources of these types, and take away those that are superfluous."""
        for name in names:
            of_type = select(_resources).where(_resources.c.type == name).order_by(_resources.c.sequence)
            for row in connection.execute(of_type).all():
                before = _read_index(connection, row.sequence)
                elements = self._indexes[name].elements(self.decoded(row))
                change = attribute_index.difference(before, elements)
                self._write_index(connection, row.sequence, name, change)

    def _load(
        self,
        connection: sqlalchemy.Connection,
        name: str,
        resource_id: str,
        access: Access,
        unread: Iterable[str] = (),
    ) -> _Stored:
        row = None
        if "\0" not in resource_id:
            named = {"type": name, "id": resource_id}
            row = connection.execute(_STATEMENT_BY_ACCESS[access], named).one_or_none()
        if row is None:
            raise NotFoundException(detail=f"{name} {resource_id!r} not found")
        return _Stored(self._models, row, unread)

    def _store(self, connection: sqlalchemy.Connection, stored: _Stored, updated: Resource[Any]) -> None:
        modified = _microseconds(self._clock())
        updated.meta = _meta(stored.name, stored.created, modified, stored.version + 1)
        connection.execute(
            _UPDATE_RESOURCE,
            {
                "of": stored.sequence,
                "version": stored.version + 1,
                "last_modified": modified,
                "document": self._document(updated),
            },
        )
        before = _read_index(connection, stored.sequence)
        change = attribute_index.difference(before, self._indexes[stored.name].elements(updated))
        self._write_index(connection, stored.sequence, stored.name, change)

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
        document = resource.model_dump(mode="json", exclude={"id", "meta"})
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


class _Stored:
    """A stored resource and the columns that are not part of its document."""

    def __init__(
        self,
        models: dict[str, type[Resource[Any]]],
        row: sqlalchemy.Row[Any],
        unread: Iterable[str] = (),
    ) -> None:
        self.sequence: int = row.sequence
        self.name: str = row.type
        self.version: int = row.version
        self.created: int = row.created
        document = orjson.loads(row.document)
        for name in unread:
            document.pop(name, None)
        document["id"] = row.id
        self.resource = models[row.type].model_validate(document)
        self.resource.meta = _meta(row.type, row.created, row.last_modified, row.version)


def _read_index(connection: sqlalchemy.Connection, sequence: int) -> list[StoredElement]:
    grouped: dict[tuple[str, int], list[Value]] = {}
    for element, *columns in connection.execute(_VALUES_OF, {"of": sequence}):
        value = Value(*columns)
        grouped.setdefault((attribute_index.head_of(value.path), element), []).append(value)
    return [
        StoredElement(element, Element(head=head, values=frozenset(values)))
        for (head, element), values in grouped.items()
    ]


def _write_only(model: type[Resource[Any]]) -> list[str]:
    return [
        name
        for name in model.model_fields
        if model.get_field_annotation(name, Mutability) == Mutability.write_only
    ]


def _meta(name: str, created: int, modified: int, version: int) -> Meta:
    return Meta(
        resource_type=name,
        created=_EPOCH + dt.timedelta(microseconds=created),
        last_modified=_EPOCH + dt.timedelta(microseconds=modified),
        version=f'W/"{version}"',
    )


def _microseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def _check_version(resource: Resource[Any], expected: str | None) -> None:
    if expected is not None and resource.meta is not None and resource.meta.version != expected:
        raise PreconditionFailedException
