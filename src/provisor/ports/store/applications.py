"""Applications, their assignments and their credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from provisor.core import application as model
from provisor.core import assignments, identifiers
from provisor.core.links import Link


class Applications(Protocol):
    """Applications within one transaction."""

    def add(self, item: model.Application, schema: Mapping[str, Any], job_id: str, now: datetime) -> None:
        """Keep a new application with its schema and a job that was never started.

        Raises `AlreadyExistsError` where the name is taken, whatever its case.
        """
        ...

    def find(self, name_or_id: str) -> model.Application | None:
        """The application with this name (whatever its case) or id."""
        ...

    def all(self) -> Sequence[model.Application]:
        """Every application, by name."""
        ...

    def linked_to(
        self, object_id: identifiers.ObjectId
    ) -> Sequence[tuple[identifiers.ApplicationId, str, Link]]:
        """The applications an object has an account in, by name, as (id, name, link)."""
        ...

    def remove(self, application_id: identifiers.ApplicationId) -> None:
        """Forget an application with its job, links and log; accounts in the target stay as they are."""
        ...

    def save_settings(
        self,
        application_id: identifiers.ApplicationId,
        settings: model.ApplicationSettings,
        *,
        schema_version: int,
    ) -> None:
        """Keep settings; a new `schema_version` makes the next cycle look at everybody."""
        ...

    def schema(self, application_id: identifiers.ApplicationId) -> Mapping[str, Any]:
        """The schema document of the application's job."""
        ...

    def save_schema(
        self, application_id: identifiers.ApplicationId, schema: Mapping[str, Any], *, schema_version: int
    ) -> None:
        """Keep a schema document; the next cycle looks at everybody."""
        ...

    def save_credentials(
        self, application_id: identifiers.ApplicationId, tenant_url: str, secret_token: str | None
    ) -> None:
        """Keep the tenant URL and, where given, the secret token, both encrypted."""
        ...

    def secret_token(self, application_id: identifiers.ApplicationId) -> str | None:
        """The secret token, decrypted: only for the target that needs it."""
        ...

    def assign(self, item: assignments.Assignment, now: datetime) -> None:
        """Keep an assignment. Raises `AlreadyExistsError` where it exists."""
        ...

    def unassign(self, item: assignments.Assignment) -> None:
        """End an assignment."""
        ...

    def assignments(
        self,
        application_id: identifiers.ApplicationId,
        principal_id: identifiers.ObjectId | None = None,
    ) -> Sequence[assignments.Assignment]:
        """The assignments of an application, or those of one principal in it, by name."""
        ...

    def review(self, application_id: identifiers.ApplicationId, ids: Sequence[identifiers.ObjectId]) -> None:
        """Have the next incremental cycle look at these objects (of a group: at its members too)."""
        ...
