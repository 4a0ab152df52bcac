"""What the engine keeps, and the transactions it keeps it in.

Every part is used within one transaction of a `Store`; what is done in it is committed together or not at all.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from provisor.core import identifiers
from provisor.ports.store.applications import Applications
from provisor.ports.store.audit import Audit
from provisor.ports.store.candidates import Candidates
from provisor.ports.store.departures import Departures
from provisor.ports.store.directory import Directory
from provisor.ports.store.directory_search import DirectorySearch
from provisor.ports.store.escrows import Escrows
from provisor.ports.store.held_rows import HeldRows
from provisor.ports.store.imports import Imports
from provisor.ports.store.incidents import Incidents, Outbox
from provisor.ports.store.jobs import Jobs
from provisor.ports.store.kept_values import KeptValues
from provisor.ports.store.links import Links
from provisor.ports.store.measures import Measures
from provisor.ports.store.plans import Plans
from provisor.ports.store.protections import Protections
from provisor.ports.store.provisioning_log import ProvisioningLog
from provisor.ports.store.references import References
from provisor.ports.store.retention import Retention
from provisor.ports.store.schemas import Schemas
from provisor.ports.store.scope_turns import ScopeTurns
from provisor.ports.store.snapshots import Snapshots
from provisor.ports.store.unowned import UnownedAccounts


class UnitOfWork(Protocol):
    """One transaction; every part of it sees the same state and is committed together."""

    @property
    def directory(self) -> Directory:
        """Users, groups and memberships."""
        ...

    @property
    def search(self) -> DirectorySearch:
        """Listing and searching users and groups."""
        ...

    @property
    def imports(self) -> Imports:
        """The scratch of imports."""
        ...

    @property
    def applications(self) -> Applications:
        """Applications, assignments, credentials."""
        ...

    @property
    def jobs(self) -> Jobs:
        """Jobs and their leases."""
        ...

    @property
    def plans(self) -> Plans:
        """Plans and their rows."""
        ...

    def candidates(self, application_id: identifiers.ApplicationId) -> Candidates:
        """Whom the application's plans look at."""
        ...

    def held(self, application_id: identifiers.ApplicationId) -> HeldRows:
        """The rows of the application's plans that the guard holds."""
        ...

    def departures(self, application_id: identifiers.ApplicationId) -> Departures:
        """How long the application's leavers kept their accounts."""
        ...

    def kept_values(self, application_id: identifiers.ApplicationId) -> KeptValues:
        """What the application kept although it was told to clear it."""
        ...

    def protections(self, application_id: identifiers.ApplicationId) -> Protections:
        """The application's protected accounts."""
        ...

    def links(self, application_id: identifiers.ApplicationId) -> Links:
        """The application's links."""
        ...

    def references(self, application_id: identifiers.ApplicationId) -> References:
        """The application's references."""
        ...

    def escrows(self, application_id: identifiers.ApplicationId) -> Escrows:
        """The application's failures."""
        ...

    def log(self, application_id: identifiers.ApplicationId) -> ProvisioningLog:
        """The application's provisioning log."""
        ...

    @property
    def audit(self) -> Audit:
        """What administrators did."""
        ...

    def schemas(self, application_id: identifiers.ApplicationId) -> Schemas:
        """The application's earlier schemas, and drafts of the next."""
        ...

    def scope_turns(self, application_id: identifiers.ApplicationId) -> ScopeTurns:
        """When the application's objects must be judged again although nothing changes."""
        ...

    def unowned(self, application_id: identifiers.ApplicationId) -> UnownedAccounts:
        """The application's accounts that nobody is linked to."""
        ...

    @property
    def measures(self) -> Measures:
        """Counting for figures."""
        ...

    @property
    def retention(self) -> Retention:
        """Forgetting what was kept long enough."""
        ...

    @property
    def incidents(self) -> Incidents:
        """What is or was wrong with jobs."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Notices to be sent."""
        ...

    def snapshot(self, plan_id: identifiers.PlanId) -> Snapshots:
        """What a plan's listing of the target showed."""
        ...

    def tenant_id(self) -> str:
        """The id of this directory: a GUID made with the database."""
        ...

    def signal(self) -> int:
        """The number of the latest thing a running service must react to."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that only reads."""
        ...

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that is committed at its end; an exception undoes all of it."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
