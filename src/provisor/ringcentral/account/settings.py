"""What an administrator can change while a provider runs: stored, read through a snapshot, overridden by options."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from provisor.ringcentral import moments
from provisor.ringcentral.account import knob_texts
from provisor.ringcentral.account.knobs import Knobs
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

Clock = Callable[[], dt.datetime]

TRUST = dt.timedelta(seconds=1)
"""How long a snapshot is not read again, which is how late a change made by another process is noticed."""

DEFAULT_ROLE = "Standard (International)"
"""The role new users get unless an administrator chose another."""

ROLES = (
    "Super Admin",
    "Phone System Admin",
    "Billing Admin",
    "User Admin",
    "Manager",
    DEFAULT_ROLE,
    "Standard",
)
"""The roles every account has."""


class StaleSettingError(ProviderError):
    """Somebody else has changed the setting since it was read; nothing was written."""


class ScimService(StrEnum):
    """Whether the account answers SCIM requests."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class DirectoryProvider(StrEnum):
    """The one directory an account takes its people from."""

    NONE = "none"
    SCIM = "scim"
    GOOGLE = "google"
    OKTA = "okta"


class Name(StrEnum):
    """What can be stored; each has a field of `Settings`."""

    SCIM_SERVICE = "scim_service"
    DIRECTORY_PROVIDER = "directory_provider"
    THROTTLING = "throttling"
    KNOBS = "knobs"
    FAULTS = "faults"
    DEFAULT_ROLE = "default_role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One state of the settings.

    :param throttling: the limits of each token; None for none.
    :param faults: the faults on demand, in the text the `faults` room reads; empty for none.
    """

    scim_service: ScimService = ScimService.ENABLED
    directory_provider: DirectoryProvider = DirectoryProvider.SCIM
    throttling: Throttling | None = None
    knobs: Knobs = field(default_factory=Knobs)
    faults: str = ""
    default_role: str = DEFAULT_ROLE

    @property
    def answers_scim(self) -> bool:
        """Whether SCIM requests are served."""
        return (
            self.scim_service is ScimService.ENABLED and self.directory_provider is not DirectoryProvider.NONE
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line says, above anything stored.

    :param values: settings by name, whole.
    :param knobs: single knobs, by field.
    """

    values: Mapping[Name, Any] = field(default_factory=dict)
    knobs: Mapping[str, Any] = field(default_factory=dict)

    def applied(self, settings: Settings) -> Settings:
        """Settings with what the command line says."""
        changed = replace(settings, **{name.value: value for name, value in self.values.items()})
        return replace(changed, knobs=knob_texts.with_values(changed.knobs, self.knobs))

    def names(self) -> frozenset[str]:
        """What cannot be changed by storing it: settings, and knobs as `knobs.NAME`."""
        by_field = {knob.field: name for name, knob in knob_texts.KNOBS.items()}
        return frozenset(
            {name.value for name in self.values} | {f"knobs.{by_field[each]}" for each in self.knobs}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stored setting: its value, how often it was written, when and by whom last."""

    value: Any
    version: int
    updated: dt.datetime
    updated_by: str


class SettingsStore:
    """The settings of one profile in its database.

    :param defaults: what holds where nothing is stored.
    """

    def __init__(
        self,
        database: Database,
        profile: str,
        *,
        clock: Clock,
        defaults: Settings | None = None,
        overrides: Overrides | None = None,
    ) -> None:
        self._database = database
        self._profile = profile
        self._clock = clock
        self._defaults = defaults or Settings()
        self._overrides = overrides or Overrides()
        self._read_at: dt.datetime | None = None
        self._snapshot = self._defaults

    @property
    def overridden(self) -> frozenset[str]:
        """What the command line decides, so that storing it changes nothing while this process runs."""
        return self._overrides.names()

    def current(self) -> Settings:
        """The settings in force, at most `TRUST` old."""
        now = self._clock()
        if self._read_at is None or not self._read_at <= now < self._read_at + TRUST:
            with self._database.transaction(Access.READ) as connection:
                stored = _read(connection, self._profile)
            decoded = {name.value: _DECODE[name](each.value) for name, each in stored.items()}
            self._snapshot = self._overrides.applied(replace(self._defaults, **decoded))
            self._read_at = now
        return self._snapshot

    def stored(self) -> Mapping[Name, Stored]:
        """What is stored, whatever the command line says."""
        with self._database.transaction(Access.READ) as connection:
            return {
                name: replace(each, value=_DECODE[name](each.value))
                for name, each in _read(connection, self._profile).items()
            }

    def write(self, name: Name, value: Any, *, by: str, expected_version: int | None = None) -> None:
        """Store a setting; this process goes by it at once.

        :param value: of the type its field of `Settings` has.
        :param expected_version: the version it was read at, 0 where it was not stored; None overwrites any.
        :raises StaleSettingError: when it has another version by now.
        """
        encoded = json.dumps(_ENCODE[name](value))
        with self._database.transaction(Access.WRITE) as connection:
            held = _read(connection, self._profile).get(name)
            version = held.version if held is not None else 0
            if expected_version not in (None, version):
                raise _stale(name)
            row = {
                "value": encoded,
                "version": version + 1,
                "updated": moments.microseconds(self._clock()),
                "updated_by": by,
            }
            _write(connection, self._profile, name, version, row)
        self._read_at = None

    def write_knobs(self, values: Mapping[str, Any], *, by: str, expected_version: int | None = None) -> None:
        """Change some of the stored knobs, by field."""
        held = self.stored().get(Name.KNOBS)
        before = held.value if held is not None else self._defaults.knobs
        version = expected_version if expected_version is not None else (held.version if held else 0)
        self.write(Name.KNOBS, knob_texts.with_values(before, values), by=by, expected_version=version)


_KNOWN = frozenset(name.value for name in Name)


def _read(connection: sqlalchemy.Connection, profile: str) -> dict[Name, Stored]:
    rows = connection.execute(select(tables.settings).where(tables.settings.c.profile == profile))
    return {
        Name(row.name): Stored(
            value=json.loads(row.value),
            version=row.version,
            updated=moments.moment(row.updated),
            updated_by=row.updated_by,
        )
        for row in rows
        if row.name in _KNOWN
    }


def _write(
    connection: sqlalchemy.Connection, profile: str, name: Name, version: int, row: dict[str, Any]
) -> None:
    table = tables.settings
    if version == 0:
        try:
            connection.execute(insert(table), {"profile": profile, "name": name.value, **row})
        except IntegrityError as error:
            raise _stale(name) from error
        return
    seen = (table.c.profile == profile, table.c.name == name.value, table.c.version == version)
    if connection.execute(update(table).where(*seen).values(row)).rowcount == 0:
        raise _stale(name)


def _stale(name: Name) -> StaleSettingError:
    return StaleSettingError(
        f"The setting {name.value} was changed by somebody else meanwhile. Nothing was written; look at it again."
    )


def _throttling_to_json(throttling: Throttling | None) -> Any:
    if throttling is None:
        return None
    return {
        "light": throttling.light,
        "medium": throttling.medium,
        "heavy": throttling.heavy,
        "auth": throttling.auth,
        "window": throttling.window.total_seconds(),
        "penalty": throttling.penalty.total_seconds(),
    }


def _throttling_from_json(stored: Any) -> Throttling | None:
    if stored is None:
        return None
    durations = {name: dt.timedelta(seconds=stored[name]) for name in ("window", "penalty")}
    return Throttling(**{**stored, **durations})


_ENCODE: Mapping[Name, Callable[[Any], Any]] = {
    Name.SCIM_SERVICE: str,
    Name.DIRECTORY_PROVIDER: str,
    Name.THROTTLING: _throttling_to_json,
    Name.KNOBS: knob_texts.to_json,
    Name.FAULTS: str,
    Name.DEFAULT_ROLE: str,
}
_DECODE: Mapping[Name, Callable[[Any], Any]] = {
    Name.SCIM_SERVICE: ScimService,
    Name.DIRECTORY_PROVIDER: DirectoryProvider,
    Name.THROTTLING: _throttling_from_json,
    Name.KNOBS: knob_texts.from_json,
    Name.FAULTS: str,
    Name.DEFAULT_ROLE: str,
}
