"""The store as the engine sees it: transactions, and what can be done within one."""

from __future__ import annotations

import contextlib
import functools
import pathlib
from collections.abc import Iterator

import sqlalchemy as sa

from provisor.core import identifiers
from provisor.store import signals, tables
from provisor.store.applications import Applications
from provisor.store.audit import Audit
from provisor.store.candidates import Candidates
from provisor.store.database import Database
from provisor.store.departures import Departures
from provisor.store.directory import Directory
from provisor.store.directory_search import DirectorySearch
from provisor.store.escrows import Escrows
from provisor.store.held_rows import HeldRows
from provisor.store.imports import Imports
from provisor.store.incidents import Incidents, Outbox
from provisor.store.jobs import Jobs
from provisor.store.kept_values import KeptValues
from provisor.store.links import Links
from provisor.store.measures import Measures
from provisor.store.migrations import upgrade
from provisor.store.plans import Plans
from provisor.store.protections import Protections
from provisor.store.provisioning_log import ProvisioningLog
from provisor.store.references import References
from provisor.store.retention import Retention
from provisor.store.schemas import Schemas
from provisor.store.scope_turns import ScopeTurns
from provisor.store.secrecy import Keyring, open_keyring
from provisor.store.snapshots import Snapshots
from provisor.store.unowned import UnownedAccounts


class UnitOfWork:
    """One transaction; every part of it sees the same state and is committed together."""

    def __init__(self, connection: sa.Connection, keyring: Keyring) -> None:
        self._connection = connection
        self._keyring = keyring

    @functools.cached_property
    def directory(self) -> Directory:
        return Directory(self._connection)

    @functools.cached_property
    def search(self) -> DirectorySearch:
        return DirectorySearch(self._connection)

    @functools.cached_property
    def imports(self) -> Imports:
        return Imports(self._connection)

    @functools.cached_property
    def applications(self) -> Applications:
        return Applications(self._connection, self._keyring)

    @functools.cached_property
    def jobs(self) -> Jobs:
        return Jobs(self._connection)

    @functools.cached_property
    def plans(self) -> Plans:
        return Plans(self._connection)

    @functools.cached_property
    def audit(self) -> Audit:
        return Audit(self._connection)

    @functools.cached_property
    def measures(self) -> Measures:
        return Measures(self._connection)

    @functools.cached_property
    def retention(self) -> Retention:
        return Retention(self._connection)

    @functools.cached_property
    def incidents(self) -> Incidents:
        return Incidents(self._connection)

    @functools.cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._connection)

    def candidates(self, application_id: identifiers.ApplicationId) -> Candidates:
        return Candidates(self._connection, application_id)

    def held(self, application_id: identifiers.ApplicationId) -> HeldRows:
        return HeldRows(self._connection, application_id)

    def departures(self, application_id: identifiers.ApplicationId) -> Departures:
        return Departures(self._connection, application_id)

    def kept_values(self, application_id: identifiers.ApplicationId) -> KeptValues:
        return KeptValues(self._connection, application_id)

    def protections(self, application_id: identifiers.ApplicationId) -> Protections:
        return Protections(self._connection, application_id)

    def links(self, application_id: identifiers.ApplicationId) -> Links:
        return Links(self._connection, application_id)

    def references(self, application_id: identifiers.ApplicationId) -> References:
        return References(self._connection, application_id)

    def escrows(self, application_id: identifiers.ApplicationId) -> Escrows:
        return Escrows(self._connection, application_id)

    def log(self, application_id: identifiers.ApplicationId) -> ProvisioningLog:
        return ProvisioningLog(self._connection, application_id)

    def schemas(self, application_id: identifiers.ApplicationId) -> Schemas:
        return Schemas(self._connection, application_id)

    def scope_turns(self, application_id: identifiers.ApplicationId) -> ScopeTurns:
        return ScopeTurns(self._connection, application_id)

    def unowned(self, application_id: identifiers.ApplicationId) -> UnownedAccounts:
        return UnownedAccounts(self._connection, application_id)

    def snapshot(self, plan_id: identifiers.PlanId) -> Snapshots:
        return Snapshots(self._connection, plan_id)

    def tenant_id(self) -> str:
        return str(self._connection.execute(sa.select(tables.tenant.c.id)).scalar_one())

    def signal(self) -> int:
        return signals.current(self._connection)


class SqlStore:
    """The store on one database, its schema up to date."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    @contextlib.contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        with self._database.reading() as connection:
            yield UnitOfWork(connection, self._keyring)

    @contextlib.contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        with self._database.writing() as connection:
            yield UnitOfWork(connection, self._keyring)

    @property
    def transactions(self) -> Database:
        """Plain transactions on the same database, for the portal's sign-in."""
        return self._database

    def close(self) -> None:
        self._database.dispose()


def open_store(url: str, *, secret_key: str | None, key_file: pathlib.Path) -> SqlStore:
    """Open a database, bring its schema up to date, and open the keyring."""
    database = Database(url)
    try:
        upgrade(database)
        return SqlStore(database, open_keyring(secret_key, key_file))
    except BaseException:
        database.dispose()
        raise
