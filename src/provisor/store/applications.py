"""Applications, their assignments, and their credentials, which leave the store decrypted only for the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from provisor.core import application as model
from provisor.core import assignments, identifiers, objects
from provisor.core.errors import AlreadyExistsError
from provisor.core.links import Link
from provisor.store import encoding, signals, tables
from provisor.store.database import upsert
from provisor.store.links import link_of
from provisor.store.secrecy import Keyring

_applications = tables.applications
_assignments = tables.assignments
_objects = tables.objects
_secrets = tables.secrets

BASE_ADDRESS = "BaseAddress"
SECRET_TOKEN = "SecretToken"  # noqa: S105  # the name of the key in Graph's list of secrets


class Applications:
    """Applications within one transaction."""

    def __init__(self, connection: sa.Connection, keyring: Keyring) -> None:
        self._connection = connection
        self._keyring = keyring

    # -- applications ----------------------------------------------------

    def add(self, item: model.Application, schema: Mapping[str, Any], job_id: str, now: datetime) -> None:
        if self.find(item.name) is not None:
            raise AlreadyExistsError(
                f"An application named {item.name!r} exists already; choose another name."
            )
        self._connection.execute(
            _applications.insert(),
            {
                "id": item.id,
                "name": item.name,
                "lookup_key": item.name.casefold(),
                "template_id": item.template_id,
                "roles": encoding.document(msgspec.to_builtins(item.roles)),
                "settings": encoding.document(msgspec.to_builtins(item.settings)),
                "schema": encoding.document(schema),
                "schema_version": item.schema_version,
                "created": encoding.instant(now),
            },
        )
        self._connection.execute(
            tables.jobs.insert(),
            {"application_id": item.id, "id": job_id, "schedule_state": "Disabled", "lease_epoch": 0},
        )

    def find(self, name_or_id: str) -> model.Application | None:
        row = self._connection.execute(
            sa.select(_applications).where(
                sa.or_(
                    _applications.c.id == name_or_id.lower(),
                    _applications.c.lookup_key == name_or_id.casefold(),
                )
            )
        ).first()
        return None if row is None else self._application(row)

    def all(self) -> Sequence[model.Application]:
        rows = self._connection.execute(sa.select(_applications).order_by(_applications.c.lookup_key)).all()
        return [self._application(row) for row in rows]

    def linked_to(
        self, object_id: identifiers.ObjectId
    ) -> Sequence[tuple[identifiers.ApplicationId, str, Link]]:
        held = tables.links
        rows = self._connection.execute(
            sa.select(held, _applications.c.name)
            .join(_applications, _applications.c.id == held.c.application_id)
            .where(held.c.object_id == object_id)
            .order_by(_applications.c.lookup_key)
        ).all()
        return [(identifiers.ApplicationId(row.application_id), row.name, link_of(row)) for row in rows]

    def remove(self, application_id: identifiers.ApplicationId) -> None:
        self._connection.execute(
            tables.plan_rows.delete().where(tables.plan_rows.c.application_id == application_id)
        )
        self._connection.execute(_applications.delete().where(_applications.c.id == application_id))
        signals.raise_signal(self._connection)

    def save_settings(
        self,
        application_id: identifiers.ApplicationId,
        settings: model.ApplicationSettings,
        *,
        schema_version: int,
    ) -> None:
        self._update(
            application_id,
            schema_version,
            settings=encoding.document(msgspec.to_builtins(settings)),
        )

    def schema(self, application_id: identifiers.ApplicationId) -> Mapping[str, Any]:
        text = self._connection.execute(
            sa.select(_applications.c.schema).where(_applications.c.id == application_id)
        ).scalar_one()
        found: Mapping[str, Any] = encoding.parsed(text)
        return found

    def save_schema(
        self, application_id: identifiers.ApplicationId, schema: Mapping[str, Any], *, schema_version: int
    ) -> None:
        self._update(application_id, schema_version, schema=encoding.document(schema))

    def _update(self, application_id: str, schema_version: int, **columns: str) -> None:
        self._connection.execute(
            _applications.update()
            .where(_applications.c.id == application_id)
            .values(schema_version=schema_version, **columns)
        )
        signals.raise_signal(self._connection)

    def _application(self, row: sa.Row[Any]) -> model.Application:
        address = self._secret(row.id, BASE_ADDRESS)
        has_token = self._connection.execute(
            sa.select(sa.literal(1)).where(
                _secrets.c.application_id == row.id, _secrets.c.key == SECRET_TOKEN
            )
        ).first()
        return model.Application(
            id=row.id,
            name=row.name,
            template_id=row.template_id,
            roles=msgspec.convert(encoding.parsed(row.roles), tuple[assignments.AppRole, ...]),
            settings=msgspec.convert(encoding.parsed(row.settings), model.ApplicationSettings),
            schema_version=row.schema_version,
            tenant_url=address,
            has_secret_token=has_token is not None,
        )

    # -- credentials -----------------------------------------------------

    def save_credentials(
        self, application_id: identifiers.ApplicationId, tenant_url: str, secret_token: str | None
    ) -> None:
        self._save_secret(application_id, BASE_ADDRESS, tenant_url)
        if secret_token is not None:
            self._save_secret(application_id, SECRET_TOKEN, secret_token)
        signals.raise_signal(self._connection)

    def secret_token(self, application_id: identifiers.ApplicationId) -> str | None:
        return self._secret(application_id, SECRET_TOKEN)

    def _secret(self, application_id: str, key: str) -> str | None:
        value = self._connection.execute(
            sa.select(_secrets.c.value).where(
                _secrets.c.application_id == application_id, _secrets.c.key == key
            )
        ).scalar_one_or_none()
        return None if value is None else self._keyring.decrypt(value)

    def _save_secret(self, application_id: str, key: str, value: str) -> None:
        statement = upsert(self._connection, _secrets)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "key"], set_={"value": statement.excluded.value}
            ),
            {"application_id": application_id, "key": key, "value": self._keyring.encrypt(value)},
        )

    # -- assignments -----------------------------------------------------

    def assign(self, item: assignments.Assignment, now: datetime) -> None:
        known = self._connection.execute(
            sa.select(_assignments.c.id).where(
                _assignments.c.application_id == item.application_id,
                _assignments.c.principal_id == item.principal_id,
                _assignments.c.role_id == item.role_id,
            )
        ).first()
        if known is not None:
            raise AlreadyExistsError(
                f"{item.principal_display_name!r} already has this role in the application."
            )
        self._connection.execute(
            _assignments.insert(),
            {
                "id": item.id,
                "application_id": item.application_id,
                "principal_id": item.principal_id,
                "principal_type": item.principal_type,
                "role_id": item.role_id,
                "created": encoding.instant(now),
            },
        )
        self.review(item.application_id, [item.principal_id])

    def unassign(self, item: assignments.Assignment) -> None:
        self._connection.execute(_assignments.delete().where(_assignments.c.id == item.id))
        self.review(item.application_id, [item.principal_id])

    def assignments(
        self,
        application_id: identifiers.ApplicationId,
        principal_id: identifiers.ObjectId | None = None,
    ) -> Sequence[assignments.Assignment]:
        query = (
            sa.select(_assignments, _objects.c.display_name)
            .join(_objects, _objects.c.id == _assignments.c.principal_id)
            .where(_assignments.c.application_id == application_id)
            .order_by(_objects.c.display_name, _assignments.c.id)
        )
        if principal_id is not None:
            query = query.where(_assignments.c.principal_id == principal_id)
        return [
            assignments.Assignment(
                id=row.id,
                application_id=row.application_id,
                principal_id=row.principal_id,
                principal_type=objects.ObjectType(row.principal_type),
                principal_display_name=row.display_name,
                role_id=row.role_id,
            )
            for row in self._connection.execute(query)
        ]

    def review(self, application_id: identifiers.ApplicationId, ids: Sequence[identifiers.ObjectId]) -> None:
        if not ids:
            return
        distinct = sorted(set(ids))
        numbers = signals.take(self._connection, len(distinct))
        statement = upsert(self._connection, tables.reviews)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "object_id"], set_={"sequence": statement.excluded.sequence}
            ),
            [
                {"application_id": application_id, "object_id": object_id, "sequence": number}
                for object_id, number in zip(distinct, numbers, strict=True)
            ],
        )
