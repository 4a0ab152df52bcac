"""What the demonstration plays on: both ends of the wire, in a folder of its own."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from provisor import bootstrap
from provisor.core import errors
from provisor.demo import folder as folders
from provisor.engine import cycle
from provisor.ringcentral import background, serving
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.console import mounting
from provisor.ringcentral.profile_names import ProfileName
from provisor.settings import Settings
from provisor.store.unit_of_work import SqlStore

READS_PER_MINUTE = 300
WRITES_PER_MINUTE = 1000
"""What RingCentral allows an account whose limits it raised; the gallery's template keeps to the same."""

_SEATS_TO_SPARE = 1000


class Limits(enum.Enum):
    """Whether RingCentral's limits on requests are in force, on both ends."""

    LIFTED = "lifted"
    IN_FORCE = "inForce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen for a demonstration."""

    people: int
    limits: Limits
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Two parties who only know each other over HTTP: RingCentral, and Provisor with its directory.

    `audit_token` is a second SCIM token, for reads that are not Provisor's; `store` is Provisor's own.
    """

    choices: Choices
    provider: background.RunningProvider
    audit_token: str
    services: cycle.Services
    store: SqlStore

    def console_link(self) -> str:
        """A one-time link that makes an administrator of RingCentral's console."""
        url = _database_url(self.choices.folder, "ringcentral")
        path = mounting.invite_administrator(url, mounting.Invitation.ALWAYS, serving.utc_now)
        return self.provider.base_url.removesuffix(serving.BASE_PATH) + str(path)

    @property
    def csv_folder(self) -> Path:
        """Where the company's files are."""
        return self.choices.folder / "company"

    @property
    def database_url(self) -> str:
        """Provisor's own database."""
        return _database_url(self.choices.folder, "provisor")


@contextlib.contextmanager
def opened(choices: Choices) -> Iterator[Scene]:
    """The scene, with both parties running until the block ends.

    Raises `InvalidInputError` where the folder cannot be used, `ProvisorError` where RingCentral does not start.
    """
    with contextlib.ExitStack() as running:
        folder = running.enter_context(folders.fresh(choices.folder))
        provider = _start_provider(running, choices)
        token = serving.create_token(_database_url(folder, "ringcentral"), ProfileName.RINGCENTRAL)
        store = running.enter_context(bootstrap.opened_store(_settings(folder)))
        services = bootstrap.services_on(store)
        yield Scene(choices=choices, provider=provider, audit_token=token, services=services, store=store)


def _start_provider(running: contextlib.ExitStack, choices: Choices) -> background.RunningProvider:
    throttling = Throttling(light=READS_PER_MINUTE, heavy=WRITES_PER_MINUTE)
    provider = background.running_provider(
        database_url=_database_url(choices.folder, "ringcentral"),
        profile=ProfileName.RINGCENTRAL,
        throttling=throttling if choices.limits is Limits.IN_FORCE else None,
        seats=choices.people + _SEATS_TO_SPARE,
        console=serving.Console.ON,
    )
    try:
        return running.enter_context(provider)
    except RuntimeError as error:
        raise errors.ProvisorError(f"{error} Try again; nothing but {choices.folder} was touched.") from error


def _settings(folder: Path) -> Settings:
    return Settings(database_url=_database_url(folder, "provisor"), key_file=folder / "provisor.key")


def _database_url(folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.db"
